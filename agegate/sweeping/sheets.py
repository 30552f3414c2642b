"""From a line to its ten columns: CSV by the names in its first line, or NDJSON by its members.

Every line is one account: no column of ours can hold a line break, so a quote that stays open is a fault of that line
alone. What the columns mean is `row_reader.py`'s business.
"""

import csv
import json
from collections.abc import Callable
from operator import itemgetter
from typing import Final, NamedTuple

COLUMNS: Final = (
    "subject",
    "date_of_birth",
    "country",
    "region",
    "email",
    "guardian_email",
    "locale",
    "created_at",
    "consent_at",
    "consent_reference",
)
DEMANDED: Final = COLUMNS[:3]
Cells = tuple[str, ...]
"""One text for each of `COLUMNS`; empty where nothing is given."""


class Fault(NamedTuple):
    """What is wrong with a line, without what stands in it."""

    column: str
    code: str


class RowRefused(ValueError):
    """A line that is no account."""

    def __init__(self, column: str, code: str) -> None:
        super().__init__(code)
        self.fault = Fault(column, code)


Sheet = Callable[[str], Cells]
"""Raises RowRefused."""


class HeaderRefused(ValueError):
    """The first line names no columns that can be swept; the text says what to do."""


def csv_sheet(header: str) -> Sheet:
    """Reads lines in the order of the columns that the header names."""
    names = _quoted(header) if '"' in header else header.split(",")
    _check(names)
    width = len(names)
    places = [names.index(column) if column in names else width for column in COLUMNS]
    pick = itemgetter(*places)

    def read(line: str) -> Cells:
        try:
            cells = _quoted(line) if '"' in line else line.split(",")
        except csv.Error:
            raise RowRefused("line", "unclosed_quote") from None
        if len(cells) != width:
            raise RowRefused("line", "wrong_number_of_columns")
        cells.append("")
        picked: Cells = pick(cells)
        return picked

    return read


def _quoted(line: str) -> list[str]:
    return next(csv.reader([line], strict=True))


def _check(names: list[str]) -> None:
    if unknown := [place for place, name in enumerate(names, 1) if name not in COLUMNS]:
        raise HeaderRefused(
            f"its first line names columns that a sweep does not know (number {', '.join(map(str, unknown))}). "
            f"Leave out what is not needed, separate by commas, and name them: {', '.join(COLUMNS)}."
        )
    if len(set(names)) != len(names):
        raise HeaderRefused("its first line names a column twice. Leave one of them out.")
    if lacking := [name for name in DEMANDED if name not in names]:
        raise HeaderRefused(f"its first line lacks {', '.join(lacking)}. Without these nobody can be judged.")


def ndjson_sheet(line: str) -> Cells:
    """Reads one JSON object; its members are the columns, null is the same as left out."""
    try:
        members = json.loads(line, object_pairs_hook=_once)
    except (ValueError, RecursionError) as fault:
        raise RowRefused("line", "repeated_member" if isinstance(fault, _Twice) else "invalid_json") from None
    if not isinstance(members, dict):
        raise RowRefused("line", "invalid_json")
    if not KNOWN.issuperset(members):
        raise RowRefused("line", "unknown_member")
    cells = []
    for column in COLUMNS:
        cell = members.get(column)
        if cell is None:
            cell = ""
        elif not isinstance(cell, str):
            raise RowRefused(column, "invalid_type")
        cells.append(cell)
    return tuple(cells)


KNOWN = frozenset(COLUMNS)


class _Twice(ValueError):
    """A member stands twice in one object."""


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _Twice
    return members
