"""How seldom Python looks for cycles while a file goes by: what a row leaves behind is never part of one.

Owns the thresholds and their end. Looking as often as usual costs a fifth of the time.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

SELDOM: Final = (100_000, 50, 100)
"""More than a batch under way holds, so that one is not gone through while it grows."""


@contextmanager
def few_collections() -> Iterator[None]:
    """As long as it lasts, what a database driver or a fault leaves in cycles is still found, only later."""
    usual = gc.get_threshold()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
