"""Facts on stdout: as JSON for programs, as tables for people.

Owns how our values look in JSON and how wide a table may be. Which facts there are is each command's business.
"""

import json
import sys
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from rich.table import Table

WIDTH_UNSEEN = 150
"""Columns of a table that goes into a pipe or a file, where nobody can say how wide the window is."""


def print_json(value: object) -> None:
    """A value of ours, as indented JSON."""
    typer.echo(json_text(value))


def json_text(value: object) -> str:
    """The same as a text."""
    return json.dumps(plain(value), indent=2, ensure_ascii=False)


def plain(value: object) -> object:
    """A value in the words of JSON: records by their fields, days as texts, choices by their value."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [plain(each) for each in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    return value


def table_text(table: "Table") -> str:
    """A table for people, as wide as their window."""
    from rich.console import Console

    seen = sys.stdout.isatty()
    console = Console(width=None if seen else WIDTH_UNSEEN, markup=False, highlight=False)
    with console.capture() as captured:
        console.print(table)
    return captured.get()
