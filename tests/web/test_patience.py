"""What is waited for, how long, and what a cancelled wait leaves behind."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import TypeVar

import pytest
from starlette.requests import Request
from starlette.types import Message

from agegate.web.patience import within
from agegate.web.reader import MAX_SECONDS, read_bytes
from agegate.web.refusals import BodyTooSlow

T = TypeVar("T")
JSON = "application/json"


class Leaping(asyncio.SelectorEventLoop):
    """A loop whose clock a test can set forward."""

    ahead = 0.0

    def time(self) -> float:
        """The seconds of the loop's clock."""
        return super().time() + self.ahead


async def leap(seconds: float) -> None:
    """Lets that many seconds pass at once, and everything happen that is due by then."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, Leaping)
    loop.ahead += seconds
    for _ in range(5):
        await asyncio.sleep(0)


def run(test: Callable[[], Coroutine[object, None, T]]) -> T:
    """Runs a test on such a loop."""
    with asyncio.Runner(loop_factory=Leaping) as runner:
        return runner.run(test())


def posted(*pieces: bytes, every: float) -> Request:
    """A request whose body comes piece by piece, each that many seconds after the one before."""
    waiting = list(pieces)

    async def receive() -> Message:
        await asyncio.sleep(every)
        return {"type": "http.request", "body": waiting.pop(0), "more_body": bool(waiting)}

    return Request({"type": "http", "method": "POST", "headers": [(b"content-type", JSON.encode())]}, receive)


@pytest.mark.parametrize(("pieces", "every"), [((b"{}",), 31.0), ((b"{", b"}", b" ", b" "), 8.0)])
def test_a_body_that_takes_longer_than_30_seconds_is_given_up_at_30(pieces: tuple[bytes, ...], every: float) -> None:
    async def read() -> list[bool]:
        reading, over = asyncio.create_task(read_bytes(posted(*pieces, every=every), JSON)), []
        for second in (0.0, *[1.0] * (MAX_SECONDS - 1), 0.9, 0.2):
            await leap(second)
            over.append(reading.done())
        with pytest.raises(BodyTooSlow):
            await reading
        return over

    assert run(read) == [False] * (MAX_SECONDS + 1) + [True]


@pytest.mark.parametrize("pieces", [(b"{}",), (b"{", b"}"), (b"", b"{", b"", b"}")])
def test_a_body_that_comes_in_time_is_read(pieces: tuple[bytes, ...]) -> None:
    async def read() -> bytes:
        reading = asyncio.create_task(read_bytes(posted(*pieces, every=7.0), JSON))
        for _ in range(30):
            await leap(1.0)
        return reading.result()

    assert run(read) == b"{}"


def test_what_is_there_at_once_is_taken_however_short_the_time() -> None:
    async def work() -> str:
        return "there"

    assert run(lambda: within(0, work())) == "there"


def test_a_wait_that_is_cancelled_is_heard_where_it_waits() -> None:
    heard: list[str] = []

    async def work() -> None:
        try:
            await asyncio.sleep(1000)
        finally:
            await asyncio.sleep(0)
            heard.append("put away")

    async def cancel() -> None:
        waiting = asyncio.create_task(within(30, work()))
        await leap(1)
        waiting.cancel()
        await leap(0)
        assert waiting.cancelled()

    run(cancel)
    assert heard == ["put away"]


@pytest.mark.parametrize("later", [False, True])
def test_what_the_work_raises_is_raised(later: bool) -> None:
    async def work() -> None:
        if later:
            await asyncio.sleep(0)
        raise KeyError

    with pytest.raises(KeyError):
        run(lambda: within(30, work()))
