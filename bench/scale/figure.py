"""A figure with its goal, as a table for people and as a part of the benchmarks' page."""

from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

HEADING = "## Size, processes and due work"


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


def publish(figures: list[Figure], page: Path | None) -> None:
    """Prints the table; with a page, puts it at its end in place of an earlier one."""
    table = Table("figure", "measured", "goal", "reached", title="Size, processes and due work")
    for figure in figures:
        table.add_row(*figure.cells)
    Console(width=140).print(table)
    if page is None:
        return
    lines = [HEADING, "", "| figure | measured | goal | reached |", "|---|---|---|---|"]
    lines += ["| " + " | ".join(figure.cells) + " |" for figure in figures]
    lines += [""] if any(figure.reached == "not yet" for figure in figures) else []
    lines += [f"* Why not yet, {figure.what}: {figure.why}" for figure in figures if figure.reached == "not yet"]
    before = page.read_text("utf-8").partition(HEADING)[0].rstrip()
    page.write_text(before + "\n\n" + "\n".join(lines) + "\n", "utf-8")
