"""When a delivery that failed is tried again: the schedule of Standard Webhooks.

Owns the steps and their jitter. Leaves `Retry-After`, the randomness and what happens after the last step to
the caller.
"""

from datetime import timedelta

STEPS = (
    timedelta(0),
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
SPREAD = 0.2


def next_attempt_after(attempts: int, jitter: float, *, obligation: bool = False) -> timedelta | None:
    """How long to wait after that many attempts, or None when this was the last one.

    `jitter` is a random number from 0 to 1; 0.5 changes nothing. An obligation (a purge leg) has no last
    attempt.
    """
    if not 0 <= jitter <= 1:
        raise ValueError("jitter must be between 0 and 1")
    if attempts >= len(STEPS) and not obligation:
        return None
    step = STEPS[min(attempts, len(STEPS) - 1)]
    return step * (1 + SPREAD * (2 * jitter - 1))
