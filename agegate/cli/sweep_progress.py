"""The progress of a sweep: how far, how fast, how long still; on stderr, only for people."""

import os
import stat
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agegate.sweeping.file_pass import FilePass
    from agegate.sweeping.row_reader import Account


def watched(reading: "FilePass") -> "Iterator[list[Account]]":
    """The accounts of a file, with a bar where somebody watches."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    console = Console(stderr=True)
    if not console.is_terminal:
        yield from reading.accounts()
        return
    rate = TextColumn("{task.fields[rows]:,} rows, {task.fields[rate]:,.0f} a second")
    columns = SpinnerColumn(), BarColumn(), rate, TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn()
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("rows", total=_size(reading), rows=0, rate=0.0)
        for accounts in reading.accounts():
            yield accounts
            elapsed = progress.tasks[task].elapsed or 1.0
            progress.update(task, completed=reading.lines.read, rows=reading.rows, rate=reading.rows / elapsed)


def _size(reading: "FilePass") -> int | None:
    """The length of the file; unknown for what comes through a pipe."""
    found = os.fstat(reading.stream.fileno())
    return found.st_size if stat.S_ISREG(found.st_mode) else None
