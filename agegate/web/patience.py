"""Waits for something no longer than so many seconds, and begins a timer only where there is something to wait for.

Most bodies are there with their request; a timer for each would cost more than reading them.
"""

import asyncio
from collections.abc import Coroutine, Generator
from typing import Generic, TypeVar

T = TypeVar("T")


async def within(seconds: float, work: Coroutine[object, None, T]) -> T:
    """What the work returns, or TimeoutError where that is not there in time."""
    try:
        waits_for = work.send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    async with asyncio.timeout(seconds):
        return await _Begun(work, waits_for)


class _Begun(Generic[T]):
    """The rest of a coroutine that has run up to where it first waits."""

    def __init__(self, work: Coroutine[object, None, T], waits_for: object) -> None:
        self._work = work
        self._waits_for = waits_for

    def __await__(self) -> Generator[object, None, T]:
        """Waits for what the work waits for, and hands on to it whatever comes: also that it is cancelled."""
        try:
            while True:
                try:
                    yield self._waits_for
                except BaseException as stopped:  # noqa: BLE001 - it is the work's to hear and to raise again
                    self._waits_for = self._work.throw(stopped)
                else:
                    self._waits_for = self._work.send(None)
        except StopIteration as done:
            result: T = done.value
            return result
