"""The register of every column that may hold somebody's data: what, whose, in which form, and how a purge clears it.

Owns reading `column_registry.toml`. A column without an entry fails the tests, and so does an entry that is not kept;
`docs/data-map.md` is written from it. Deleting is the flows' business.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

FILE = Path(__file__).with_suffix(".toml")
EVERY = "*"


class Whose(StrEnum):
    """Whom a column is about."""

    SUBJECT = "subject"
    GUARDIAN = "guardian"
    STAFF = "staff"
    SERVICE = "service"
    US = "us"


class Form(StrEnum):
    """How it is written."""

    CLEAR = "clear"
    SEALED = "sealed"
    DIGEST = "digest"
    KEY = "key"
    SIGNED = "signed"


class Cleared(StrEnum):
    """When a purge of the subject is through with it; the file says what each word means."""

    ROW = "row"
    UNNAMED = "unnamed"
    WORK = "work"
    TIME = "time"
    EVIDENCE = "evidence"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Registered:
    """One entry; `column` is `*` where every column of the table is alike."""

    table: str
    column: str
    whose: Whose
    form: Form
    cleared: Cleared


def registered() -> Iterator[Registered]:
    """Every entry, as the file has it."""
    for table, groups in tomllib.loads(FILE.read_text("utf-8")).items():
        for heading, columns in groups.items():
            cleared, _, rest = heading.partition(": ")
            whose, _, form = rest.partition(" ")
            for column in columns.split():
                yield Registered(table, column, Whose(whose), Form(form), Cleared(cleared))
