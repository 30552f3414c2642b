"""Targets that lead inside, at registration and at delivery, with real listeners there: nobody ever connects to them.

The name server is a hostile remote of our own; public answers lead nowhere, since nothing may leave this machine.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from agegate.remote.outbound import Outbound
from agegate.remote.webhooks import Delivered, Refused, Webhooks
from tests.remote.loopback import Canary, answering, serving

SECRET = "whsec_" + "c2VjcmV0IG9mIHRoZSBob2xkZXI="
AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
PUBLIC = "93.184.216.34"

BY_TEXT = [
    *("http://127.0.0.1:{port}/", "https://127.0.0.1:{port}/", "https://127.1:{port}/", "https://127.0.1:{port}/"),
    *("https://0x7f.1:{port}/", "https://0x7f000001:{port}/", "https://2130706433:{port}/", "https://0177.0.0.1:{port}/"),
    *("https://017700000001:{port}/", "https://127.0.0.1.:{port}/", "https://127.8.9.10:{port}/", "https://0:{port}/"),
    *("https://0.0.0.0:{port}/", "https://①②⑦.⓪.⓪.①:{port}/", "https://127。0。0。1:{port}/", "https://localhost:{port}/"),
    *("https://LOCALHOST:{port}/", "https://localhost.:{port}/", "https://a.localhost:{port}/", "http://localhost:{port}/"),
    *("https://[::1]:{port}/", "https://[::]:{port}/", "https://[0:0:0:0:0:0:0:1]:{port}/", "http://[::1]:{port}/"),
    *("https://[::ffff:127.0.0.1]:{port}/", "https://[::127.0.0.1]:{port}/", "https://[64:ff9b::7f00:1]:{port}/"),
    *("https://[2002:7f00:1::]:{port}/", "https://[::1%25lo]:{port}/", "https://%31%32%37.0.0.1:{port}/"),
    *("https://user@127.0.0.1:{port}/", "https://hook.example@127.0.0.1:{port}/", "ftp://127.0.0.1:{port}/"),
    *("https://hook.example\\@127.0.0.1:{port}/", "https://hook.example#@127.0.0.1:{port}/", "gopher://127.0.0.1:{port}/"),
    *("https://127.0.0.1\\.hook.example:{port}/", "HTTPS://127.0.0.1:{port}/", "//127.0.0.1:{port}/"),
    *("https://hook.example:{port}/\r\nHost: 127.0.0.1", "file://127.0.0.1:{port}/", " https://127.0.0.1:{port}/"),
]  # fmt: skip
"""What the address itself tells."""

BY_ANSWER: list[list[list[str]]] = [
    *([[one]] for one in ("127.0.0.1", "127.0.0.2", "0.0.0.0", "::1", "::", "::ffff:127.0.0.1", "::127.0.0.1")),  # noqa: S104 - what a name may resolve to
    *([[one]] for one in ("64:ff9b::7f00:1", "2002:7f00:1::", "10.0.0.1", "192.168.0.1", "169.254.169.254")),
    *([[one]] for one in ("100.64.0.1", "fd00::1", "fe80::1%lo", "224.0.0.1", "not an address")),
    # a public address among inner ones, in any place
    *([[PUBLIC, "127.0.0.1"]], [["127.0.0.1", PUBLIC]], [["::1", PUBLIC]], [["::1", PUBLIC, "127.0.0.1"]]),
    # another answer each time it is asked
    *([[PUBLIC], ["127.0.0.1"]], [[PUBLIC], ["::1"]], [[PUBLIC], ["::ffff:127.0.0.1"]]),
    *([[PUBLIC], [PUBLIC, "127.0.0.1"]], [[], ["127.0.0.1"]]),
]  # fmt: skip
"""What a name resolves to, question by question; the last answer for ever."""

TARGETS = [
    *((url, [["127.0.0.1"]]) for url in BY_TEXT),
    *(("https://hook.example:{port}/", each) for each in BY_ANSWER),
]


@dataclass
class HostileNames:
    """Answers one after the other, whatever is asked."""

    answers: list[list[str]]
    asked: list[str] = field(default_factory=list)

    async def __call__(self, host: str, _port: int) -> Sequence[str]:
        self.asked.append(host)
        return self.answers[min(len(self.asked), len(self.answers)) - 1]


@asynccontextmanager
async def listeners() -> AsyncIterator[list[Canary]]:
    """Servers on every loopback address that a target could mean."""
    async with serving() as first, serving(host="127.0.0.2") as second, serving(host="::1") as third:
        yield [first, second, third]


def test_there_are_more_than_sixty_targets() -> None:
    assert len(TARGETS) >= 60


@pytest.mark.parametrize(("url", "answers"), TARGETS, ids=[str(number) for number in range(len(TARGETS))])
def test_nobody_connects_inside_at_registration_or_at_delivery(url: str, answers: list[list[str]]) -> None:
    async def scene() -> tuple[list[object], int]:
        async with listeners() as canaries:
            came: list[object] = []
            for canary in canaries:
                names, ports = HostileNames(answers), frozenset({443, canary.port})
                outbound = Outbound(allow_loopback=False, resolve=names, ports=ports)
                at = url.format(port=canary.port)
                await outbound.fault_now(at)
                # What was refused is tried all the same, as if it had slipped in.
                inner = HostileNames(answers[1:] or answers)
                told = Webhooks(Outbound(allow_loopback=False, resolve=inner, ports=ports))
                came.append(await told.deliver(at, SECRET, "leg_1", AT, b"{}"))
            return came, sum(canary.connections for canary in canaries)

    came, connections = asyncio.run(scene())
    assert connections == 0
    assert not [each for each in came if isinstance(each, Delivered)]


@pytest.mark.parametrize("url", BY_TEXT)
def test_what_leads_inside_by_its_text_is_refused_in_one_way(url: str) -> None:
    names = HostileNames([[PUBLIC]])
    outbound = Outbound(allow_loopback=False, resolve=names)
    assert asyncio.run(outbound.fault_now(url.format(port=443))) == "not_public_https"
    assert names.asked == []


@pytest.mark.parametrize("answers", [each for each in BY_ANSWER if len(each) == 1])
def test_a_name_that_leads_inside_is_refused_in_the_same_way(answers: list[list[str]]) -> None:
    outbound = Outbound(allow_loopback=False, resolve=HostileNames(answers))
    assert asyncio.run(outbound.fault_now("https://hook.example/")) == "not_public_https"


def test_a_name_that_nobody_knows_yet_may_be_registered() -> None:
    outbound = Outbound(allow_loopback=False, resolve=HostileNames([[]]))
    assert asyncio.run(outbound.fault_now("https://hook.example/")) is None


def test_a_redirect_to_a_listener_is_not_followed() -> None:
    async def scene() -> tuple[object, int]:
        async with serving() as inner, serving(answering(302, f"Location: {inner.url}")) as outer:
            told = Webhooks(Outbound(allow_loopback=True))
            return await told.deliver(outer.url, SECRET, "leg_1", AT, b"{}"), inner.connections

    assert asyncio.run(scene()) == (Refused("http_302"), 0)


def test_a_proxy_of_the_environment_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scene() -> tuple[int, int]:
        async with serving() as proxy, serving() as hook:
            for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
                monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
            await Webhooks(Outbound(allow_loopback=True)).deliver(hook.url, SECRET, "leg_1", AT, b"{}")
            return proxy.connections, hook.connections

    assert asyncio.run(scene()) == (0, 1)
