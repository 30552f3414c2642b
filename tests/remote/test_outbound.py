"""The pinned client against servers that behave badly, and what reaches a good one."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from agegate.remote.outbound import Answer, Outbound, RemoteUnreachable
from tests.remote.loopback import Canary, Talk, answering, dripping, resolving, serving

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
OUTBOUND = Outbound(allow_loopback=True, total=timedelta(seconds=0.4), clock=lambda: NOW)
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
BEYOND_BUFFERS = 30 * 1024 * 1024

Behaviour = Callable[[Canary], Talk]


def posted(behaviour: Behaviour) -> tuple[Answer, Canary]:
    async def scene() -> tuple[Answer, Canary]:
        async with serving(behaviour) as canary:
            return await OUTBOUND.post(canary.url, b'{"a":1}', {"X-Mark": "1"}), canary

    return asyncio.run(scene())


def refused(behaviour: Behaviour) -> str:
    with pytest.raises(RemoteUnreachable) as caught:
        posted(behaviour)
    return caught.value.code


def test_body_headers_and_path_arrive_as_given() -> None:
    _, canary = posted(answering(200))
    head, _, body = canary.requests[0].partition(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    assert lines[0] == b"post /hook http/1.1"
    assert b"x-mark: 1" in lines
    assert f"host: 127.0.0.1:{canary.port}".encode() in lines
    assert body == b'{"a":1}'


@pytest.mark.parametrize("status", [200, 204, 301, 302, 400, 404, 410, 429, 500, 503])
def test_any_status_is_an_answer(status: int) -> None:
    assert posted(answering(status))[0] == Answer(status, None)


@pytest.mark.parametrize(
    ("text", "wait"),
    [
        ("0", timedelta(0)),
        ("120", timedelta(seconds=120)),
        ("1000000000", timedelta(hours=24)),  # nobody postpones us for ever
        ("9" * 400, timedelta(hours=24)),
        ("Sun, 22 Nov 2026 12:01:00 GMT", timedelta(minutes=1)),
        ("Sun, 22 Nov 2026 11:00:00 GMT", timedelta(0)),
        ("Sun, 22 Nov 2099 11:00:00 GMT", timedelta(hours=24)),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("", None),
    ],
)
def test_retry_after_is_read_in_both_spellings_and_bounded(text: str, wait: timedelta | None) -> None:
    assert posted(answering(503, f"Retry-After: {text}"))[0].retry_after == wait


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(status: int) -> None:
    async def scene() -> tuple[int, int]:
        async with serving() as inner, serving(answering(status, f"Location: {inner.url}")) as canary:
            answer = await OUTBOUND.post(canary.url, b"", {})
            return answer.status, inner.connections

    assert asyncio.run(scene()) == (status, 0)


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"])
def test_a_proxy_of_the_environment_is_not_used(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scene() -> int:
        async with serving() as proxy, serving() as canary:
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
            await OUTBOUND.post(canary.url, b"", {})
            return proxy.connections

    assert asyncio.run(scene()) == 0


@pytest.mark.parametrize(
    "behaviour",
    [
        dripping(),
        dripping(b"H", b"T"),
        dripping(b"HTTP/1.1 200 OK\r\nX-Long: ", b"x"),
        dripping(b"HTTP/1.1 103 Early Hints\r\n\r\n"),
    ],
    ids=["accepts and says nothing", "a byte at a time", "a header without end", "a flood of 1xx"],
)
def test_a_slow_remote_is_cut_by_the_total_limit(behaviour: Behaviour) -> None:
    began = time.monotonic()
    assert refused(behaviour) == "timeout"
    assert time.monotonic() - began < 2


def test_a_slow_resolver_is_cut_by_the_same_limit() -> None:
    async def never(_host: str, _port: int) -> list[str]:
        await asyncio.sleep(30)
        return []

    slow = Outbound(allow_loopback=True, resolve=never, total=timedelta(seconds=0.1))
    with pytest.raises(RemoteUnreachable, match="timeout"):
        asyncio.run(slow.post("http://hook.example/", b"", {}))


@pytest.mark.parametrize(
    "behaviour",
    [
        dripping(b"garbage\r\n\r\n"),
        dripping(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 40_000),
        dripping(b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"),
        dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"),
    ],
    ids=["garbage", "240 kB of headers", "negative length", "two lengths"],
)
def test_what_is_no_http_is_a_protocol_error(behaviour: Behaviour) -> None:
    assert refused(behaviour) == "protocol_error"


def test_nobody_there_is_a_failed_connection() -> None:
    async def scene() -> str:
        async with serving() as canary:
            pass
        with pytest.raises(RemoteUnreachable) as caught:
            await OUTBOUND.post(canary.url, b"", {})
        return caught.value.code

    assert asyncio.run(scene()) == "connection_failed"


@pytest.mark.parametrize(
    "behaviour",
    [
        dripping(CHUNKED, b"1\r\nx\r\n"),
        dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n"),
        dripping(CHUNKED + b"zz\r\n"),
    ],
    ids=["a body without end", "a body that never comes", "a broken chunk"],
)
def test_a_status_that_arrived_counts_though_its_body_is_hostile(behaviour: Behaviour) -> None:
    patient = Outbound(allow_loopback=True, total=timedelta(seconds=5))

    async def scene() -> int:
        async with serving(behaviour) as canary:
            return (await patient.post(canary.url, b"", {})).status

    assert asyncio.run(scene()) == 200


def test_at_most_a_little_of_a_large_body_is_read() -> None:
    sent = 0

    def flooding(canary: Canary) -> Talk:
        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal sent
            canary.requests.append(await reader.readuntil(b"\r\n\r\n"))
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
            while not writer.is_closing():
                writer.write(b"x" * 65536)
                await writer.drain()
                sent += 65536

        return talk

    assert posted(flooding)[0].status == 200
    assert sent < BEYOND_BUFFERS  # what the operating system buffers; a reader to the end would take 1 GB


def test_the_next_address_is_tried_while_none_was_connected() -> None:
    async def scene() -> int:
        async with serving(host="127.0.0.2") as canary:
            both = Outbound(allow_loopback=True, resolve=resolving(["127.0.0.1", "127.0.0.2"]))
            await both.post(f"http://hook.example:{canary.port}/", b"", {})
            return canary.connections

    assert asyncio.run(scene()) == 1


def test_nothing_is_posted_twice_when_an_answer_fails() -> None:
    async def scene() -> int:
        async with serving(dripping(b"garbage\r\n\r\n")) as canary:
            twice = Outbound(allow_loopback=True, resolve=resolving(["127.0.0.1", "127.0.0.2"]))
            with pytest.raises(RemoteUnreachable):
                await twice.post(f"http://hook.example:{canary.port}/", b"", {})
            return canary.connections

    assert asyncio.run(scene()) == 1
