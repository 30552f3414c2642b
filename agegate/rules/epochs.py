"""When a wrapping key's epoch begins, and when its key may be destroyed. An epoch is a calendar month in UTC."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

BACKUP_LIFE = timedelta(days=35)
"""How long a backup may be kept; after it no copy is left that a destroyed key would be needed for."""

DECEMBER = 12


def epoch_at(now: datetime) -> str:
    """The name of the epoch of an instant."""
    return f"{now.astimezone(UTC):%Y-%m}"


def next_epoch(name: str) -> str:
    """The month after."""
    year, month = (int(part) for part in name.split("-"))
    return f"{year + month // DECEMBER:04}-{month % DECEMBER + 1:02}"


def current_epoch(names: Iterable[str], now: datetime) -> str | None:
    """The newest epoch that has begun: it seals. None where none has."""
    begun = [name for name in names if name <= epoch_at(now)]
    return max(begun, default=None)


def destroyable_at(rewrapped_at: datetime) -> datetime:
    """From when a key is needed for no backup: its last data key was wrapped anew that long ago."""
    return rewrapped_at + BACKUP_LIFE


def backups_clear_by(ordered_at: datetime) -> datetime:
    """When the last backup that may hold what was purged then is gone: the epoch's end, and a backup's life."""
    first_after = datetime.fromisoformat(f"{next_epoch(epoch_at(ordered_at))}-01").replace(tzinfo=UTC)
    return first_after + BACKUP_LIFE
