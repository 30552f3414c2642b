"""A figure with its goal, as a table for people and as lines of the benchmarks' page."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

WIDTH = 140
"""Of what is printed, where nobody watches, too."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure; `less` is better where it says so. Without a goal it is told beside another."""

    what: str
    measured: float
    goal: float | None
    less: bool = False
    why: str = ""
    """What stands in the way where the goal is not reached."""

    @property
    def reached(self) -> str:
        """Yes or not yet."""
        if self.goal is None:
            return ""
        return "yes" if (self.measured <= self.goal if self.less else self.measured >= self.goal) else "not yet"

    @property
    def cells(self) -> tuple[str, str, str, str]:
        """What, how much, the goal, and whether it is reached."""
        sign = "≤" if self.less else "≥"
        goal = "" if self.goal is None else f"{sign} {self.goal:g}"
        return self.what, f"{self.measured:.3g}", goal, self.reached


def show(title: str, figures: Sequence[Figure]) -> None:
    """Prints them."""
    table = Table("figure", "measured", "goal", "reached", title=title)
    for figure in figures:
        table.add_row(*figure.cells)
    Console(width=WIDTH).print(table)


def lines(figures: Sequence[Figure]) -> list[str]:
    """A table in Markdown, then why, for those that are not reached; a reason that several share stands once."""
    listed = ["| figure | measured | goal | reached |", "|---|---|---|---|"]
    listed += ["| " + " | ".join(figure.cells) + " |" for figure in figures]
    short: dict[str, list[str]] = {}
    for figure in figures:
        if figure.reached == "not yet":
            short.setdefault(figure.why, []).append(figure.what)
    listed += [""] if short else []
    return listed + [f"* Why not yet, {' and '.join(whats)}: {why}" for why, whats in short.items()]
