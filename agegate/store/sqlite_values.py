"""What SQLite gets for a value of ours, in one step each, for what is written and asked in every batch.

SQLAlchemy's own steps write the same and cost more than the database does. Owns nothing of meaning.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Final

import orjson
from sqlalchemy import JSON, Boolean, Date

from agegate.store.columns import UtcDateTime, require_aware

Turn = Callable[[object], object]

NAIVE: Final = 26
"""So much of an instant's text is without the zone, which SQLite's own form leaves out."""

NOTHING: Final = float("nan")
"""SQLite keeps what is not a number as NULL, and the driver hands it over in a tenth of the time that None takes."""

_TRUTH: Final[dict[object, int | None]] = {None: None, False: 0, True: 1}


def turn_for(column_type: object) -> Turn | None:
    """The step for values of that type, or None where it is none of these."""
    return next((turn for kind, turn in _TURNS if isinstance(column_type, kind)), None)


@lru_cache(maxsize=64)
def _instant(value: object) -> str | None:
    # What one request writes it dates alike.
    if not isinstance(value, datetime):
        return None
    require_aware(value)
    return value.astimezone(UTC).isoformat(" ", "microseconds")[:NAIVE]


def _day(value: object) -> str | None:
    return date.isoformat(value) if isinstance(value, date) else None


def _json(value: object) -> str:
    return orjson.dumps(value).decode()


_TURNS: Final[tuple[tuple[type[object], Turn], ...]] = (
    (UtcDateTime, _instant),
    (JSON, _json),
    (Boolean, _TRUTH.__getitem__),
    (Date, _day),
)
