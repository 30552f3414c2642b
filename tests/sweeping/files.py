"""Files of accounts for tests, written and made up."""

import json
import random
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path

HEADER = "subject,date_of_birth,country"
FULL = f"{HEADER},region,email,guardian_email,locale,created_at,consent_at,consent_reference"
PLACES = ("US,US-CA", "US,", "DE,", "BR,", "KR,", "IN,", "AQ,")
OLD, TEEN, CHILD = "1990-05-04", "2011-05-04", "2020-05-04"


def write_csv(path: Path, rows: Iterable[str], header: str = HEADER) -> Path:
    """A CSV of those lines."""
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def write_ndjson(path: Path, rows: Iterable[object]) -> Path:
    """A file with one JSON value a line."""
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def made_up(count: int, seed: int = 1, places: Sequence[str] = PLACES) -> Iterable[str]:
    """Rows of `FULL`: mostly adults, some minors, some of these with a guardian or a consent from elsewhere."""
    chance = random.Random(seed)  # noqa: S311 - the same file for the same seed
    for number in range(count):
        minor = chance.random() < 0.15
        days = chance.randrange(365 * 12, 365 * 17) if minor else chance.randrange(365 * 25, 365 * 70)
        born = date(2026, 11, 22) - timedelta(days=days)
        guardian = f"guardian-{number}@example.org" if minor and chance.random() < 0.5 else ""
        claim = f"2024-05-01,case-{number}" if minor and chance.random() < 0.2 else ","
        yield (
            f"account-{number:08d},{born},{chance.choice(places)},"
            f"user-{number}@mail-{number % 97}.example.com,{guardian},en,2023-07-11,{claim}"
        )
