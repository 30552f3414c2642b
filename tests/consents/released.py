"""Two acts released at one instant, by two threads that waited at a barrier. Owns no expectations.

A millisecond or two of chance after the barrier let either side come first; whether both really ran at the same
time is measured, not assumed.
"""

import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier

DICE = random.Random(6)  # noqa: S311 - who comes first, not a secret
LEAD_SECONDS = 0.002


@dataclass(frozen=True, slots=True)
class Ran:
    """What an act returned, and when it ran."""

    result: object
    began: float
    ended: float


def released(pool: ThreadPoolExecutor, one: Callable[[], object], two: Callable[[], object]) -> tuple[Ran, Ran]:
    """Both of them at once; the pool has two threads."""
    barrier = Barrier(2)

    def run(act: Callable[[], object], lead: float) -> Ran:
        barrier.wait()
        time.sleep(lead)
        began = time.perf_counter()
        return Ran(act(), began, time.perf_counter())

    sides = [pool.submit(run, act, DICE.random() * LEAD_SECONDS) for act in (one, two)]
    return sides[0].result(), sides[1].result()


def side_by_side(one: Ran, two: Ran) -> bool:
    """Whether each began before the other had ended."""
    return max(one.began, two.began) < min(one.ended, two.ended)
