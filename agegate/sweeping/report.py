"""What a sweep found, in figures: by place and answer, and the rows that could not be read.

Owns the report's members and the files it is written to. Nothing in them names or describes a person.
"""

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TextIO

from agegate.clock import rfc3339
from agegate.law.places import countries
from agegate.sweeping.jurisdictions import Found
from agegate.sweeping.sheets import Fault

WITHOUT_CONSENT = (Found.CONSENT_REQUIRED, Found.BLOCKED)
"""Accounts of children that were collected without a consent."""

Counts = Mapping[Found, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One pass over one file."""

    service: str
    profile: str
    at: datetime
    rows: int
    rejected: Mapping[Fault, int]
    places: Mapping[str, Counts]
    done: Mapping[str, int] | None
    """What was written, where the sweep was applied."""

    @property
    def totals(self) -> dict[Found, int]:
        """All places together."""
        return {found: sum(counts[found] for counts in self.places.values()) for found in Found}

    @property
    def bad(self) -> int:
        """Rows that were passed over."""
        return sum(self.rejected.values())

    def facts(self) -> dict[str, object]:
        """The report in the words of JSON."""
        return {
            "service": self.service,
            "profile": self.profile,
            "at": rfc3339(self.at),
            "applied": self.done is not None,
            "rows": self.rows,
            "judged": self.rows - self.bad,
            "rejected": self.bad,
            "rejected_for": [
                {"column": column, "reason": reason, "rows": count}
                for (column, reason), count in sorted(self.rejected.items())
            ],
            "found": named(self.totals),
            "without_consent": without_consent(self.totals),
            "jurisdictions": [
                {"code": code, "name": place_label(code), **named(counts), "without_consent": without_consent(counts)}
                for code, counts in self.places.items()
            ],
            "done": None if self.done is None else dict(self.done),
        }

    def write(self, path: Path) -> None:
        """As JSON."""
        path.write_text(json.dumps(self.facts(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def named(counts: Counts) -> dict[str, int]:
    """The counts by their names."""
    return {found.value: counts[found] for found in Found}


def without_consent(counts: Counts) -> int:
    """How many accounts nobody consented to."""
    return sum(counts[found] for found in WITHOUT_CONSENT)


def place_label(code: str) -> str:
    """A place for people: a subdivision by its code, a country by its name."""
    return code if "-" in code else countries()[code].name


class Rejects:
    """The file of the rows that were passed over: line, column, reason. It is there only when it says something."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: TextIO | None = None
        path.unlink(missing_ok=True)

    def __call__(self, line: int, fault: Fault) -> None:
        """One more."""
        if self._file is None:
            self._file = self.path.open("w", encoding="utf-8", newline="")
            csv.writer(self._file).writerow(("line", "column", "reason"))
        csv.writer(self._file).writerow((line, *fault))

    def close(self) -> None:
        """No more will come."""
        if self._file is not None:
            self._file.close()
