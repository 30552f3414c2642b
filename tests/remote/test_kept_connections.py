"""A connection that is kept saves the next question a handshake, and never leads where it could not be opened now."""

import asyncio
from collections.abc import Sequence

from agegate.remote.kept import MOST_IDLE, Kept
from agegate.remote.outbound import AddressRefused, Outbound
from tests.remote.loopback import Canary, Talk, answering, dripping, read_request, serving


def patient(canary: Canary) -> Talk:
    """Answers one question after the other on the same connection."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            canary.requests.append(await read_request(reader))
            writer.write(b"HTTP/1.1 204 X\r\n\r\n")
            await writer.drain()

    return talk


class Names:
    """Resolves to what the test says at that moment."""

    def __init__(self) -> None:
        self.answers = ["127.0.0.1"]

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        del host, port
        return self.answers


def kept(names: Names) -> Outbound:
    return Outbound(allow_loopback=True, resolve=names, kept=Kept())


async def closed(outbound: Outbound) -> None:
    assert outbound.kept is not None
    await outbound.kept.aclose()


def test_the_second_question_finds_the_connection_of_the_first() -> None:
    async def scene() -> tuple[int, int]:
        outbound = kept(Names())
        async with serving(patient) as canary:
            for _ in range(3):
                await outbound.post(f"http://hook.example:{canary.port}/", b"{}", {})
            await closed(outbound)
            return canary.connections, len(canary.requests)

    assert asyncio.run(scene()) == (1, 3)


def test_another_name_at_the_same_address_gets_a_connection_of_its_own() -> None:
    async def scene() -> int:
        outbound = kept(Names())
        async with serving(patient) as canary:
            for name in ("one.example", "two.example", "one.example"):
                await outbound.post(f"http://{name}:{canary.port}/", b"{}", {})
            await closed(outbound)
            return canary.connections

    assert asyncio.run(scene()) == 2


def test_a_name_that_leads_inside_by_now_is_refused_though_a_connection_is_kept() -> None:
    async def scene() -> tuple[str, int]:
        names = Names()
        outbound, came = kept(names), "answered"
        async with serving(patient) as canary:
            await outbound.post(f"http://hook.example:{canary.port}/", b"{}", {})
            names.answers = ["10.0.0.1"]
            try:
                await outbound.post(f"http://hook.example:{canary.port}/", b"{}", {})
            except AddressRefused:
                came = "refused"
            await closed(outbound)
            return came, len(canary.requests)

    assert asyncio.run(scene()) == ("refused", 1)


def test_a_connection_that_the_other_side_ended_is_opened_anew() -> None:
    async def scene() -> tuple[list[int], int]:
        outbound = kept(Names())
        async with serving(answering(200)) as canary:
            url = f"http://hook.example:{canary.port}/"
            seen = [(await outbound.post(url, b"{}", {})).status for _ in range(20)]
            await closed(outbound)
            return seen, len(canary.requests)

    assert asyncio.run(scene()) == ([200] * 20, 20)


def test_an_answer_that_is_not_read_to_its_end_ends_its_connection() -> None:
    async def scene() -> int:
        outbound = kept(Names())
        async with serving(dripping(b"HTTP/1.1 200 X\r\nContent-Length: 900000\r\n\r\n", b"x" * 40_000)) as canary:
            for _ in range(2):
                await outbound.post(f"http://hook.example:{canary.port}/", b"{}", {})
            await closed(outbound)
            return canary.connections

    assert asyncio.run(scene()) == 2


def test_two_questions_at_once_have_a_connection_each() -> None:
    async def scene() -> tuple[int, int]:
        outbound = kept(Names())
        async with serving(patient) as canary:
            for _ in range(3):
                await asyncio.gather(*(outbound.post(f"http://hook.example:{canary.port}/", b"", {}) for _ in "ab"))
            await closed(outbound)
            return canary.connections, len(canary.requests)

    assert asyncio.run(scene()) == (2, 6)


def test_of_many_idle_connections_the_oldest_is_ended() -> None:
    async def scene() -> tuple[int, int]:
        outbound = kept(Names())
        async with serving(patient) as canary:
            for name in [*range(MOST_IDLE + 1), MOST_IDLE, 0]:
                await outbound.post(f"http://hook-{name}.example:{canary.port}/", b"{}", {})
            await closed(outbound)
            return canary.connections, len(canary.requests)

    assert asyncio.run(scene()) == (MOST_IDLE + 2, MOST_IDLE + 3)
