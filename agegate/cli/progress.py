"""Progress of commands that may take longer than a moment: a count with its rate, on stderr, only for people."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")
EVERY = 1000


def counted(things: Iterable[T], what: str, total: int | None = None) -> Iterator[T]:
    """The same things, counted where somebody watches."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    if not console.is_terminal:
        yield from things
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(what, total=total)
        for number, thing in enumerate(things, 1):
            if number % EVERY == 0:
                progress.update(task, completed=number)
            yield thing
