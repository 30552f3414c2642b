"""Turns rounds into medians, ratios, a table for people and a page with a picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Self

from rich.console import Console
from rich.table import Table

from bench.figure import WIDTH, Figure, lines, show

Figures = dict[str, float]
HEADINGS = ("server", "call", "connections", "requests/s", "spread", "p99 ms", "processor µs")
GROWN = "## Size, processes and due work"
"""What `bench/scale/run.py` adds to the page."""


@dataclass(frozen=True, slots=True)
class Row:
    """One server at one call: medians of the rounds, and how far they spread."""

    name: str
    call: str
    connections: int
    rate: float
    spread: tuple[float, float]
    p99_ms: float
    cpu_us: float

    @classmethod
    def of(cls, name: str, call: str, connections: int, results: list[Figures]) -> Self:
        """The medians of several rounds."""
        rates = [result["rate"] for result in results]
        return cls(
            name,
            call,
            connections,
            median(rates),
            (min(rates), max(rates)),
            median(result["p99_ms"] for result in results),
            median(result["cpu_us"] for result in results),
        )

    @property
    def cells(self) -> tuple[str, ...]:
        """What stands in a table, in the order of `HEADINGS`."""
        spread = f"{self.spread[0]:.0f}-{self.spread[1]:.0f}"
        rate, p99, spent = f"{self.rate:.0f}", f"{self.p99_ms:.1f}", f"{self.cpu_us:.0f}"
        return self.name, self.call, str(self.connections), rate, spread, p99, spent


HANDWRITTEN = {"SQLite": 8.0, "PostgreSQL": 5.0}
FLOOR = 0.6
REFRESH = 4.0
P99 = 0.25
PROCESSOR = (
    "processor time: one interpreter does it all, three fifths of it on the event loop (the HTTP server, reading, "
    "judging, sealing, signing), the rest in the batch; and on PostgreSQL each statement wakes the database's "
    "process while the interpreter is held, on two cores that the load needs, too."
)
BARE = (
    "the floor writes the same rows and signs the same claims, but looks nobody up, reads nothing strictly, judges "
    "and digests nothing, commits to no audit entry, sends no security headers and logs no line."
)
LAYERS = "two statements in one snapshot, and the layers of the HTTP server."
WAITS = "whoever comes while a batch is under way waits for that one and its own."


def ratios(engine: str, rows: Sequence[Row]) -> list[Figure]:
    """What is compared with what, and what we want to reach."""
    found: list[Figure] = []
    crowds = dict.fromkeys(row.connections for row in rows)
    signups = {number: _by_name(rows, "signup", number) for number in crowds}
    for number, by in signups.items():
        hand = _better(by).rate
        what = f"signup rate against handwritten, {number} connections"
        found.append(Figure(what, by["ours"].rate / hand, HANDWRITTEN[engine], why=PROCESSOR))
    for floor in ("floor", "floor in one statement"):
        for number, by in signups.items():
            if floor in by:
                what = f"signup rate against the {floor}, {number} connections"
                found.append(Figure(what, by["ours"].rate / by[floor].rate, FLOOR, why=BARE))
    few = min(crowds)
    tokens, by = _by_name(rows, "token", few), signups[few]
    refresh = tokens["ours"].rate / _better(tokens).rate
    found.append(Figure(f"token refresh rate against handwritten, {few} connections", refresh, REFRESH, why=LAYERS))
    late = by["ours"].p99_ms / _better(by).p99_ms
    return [*found, Figure(f"signup p99 against handwritten, {few} connections", late, P99, less=True, why=WAITS)]


def _by_name(rows: Sequence[Row], call: str, connections: int) -> dict[str, Row]:
    return {row.name: row for row in rows if (row.call, row.connections) == (call, connections)}


def _better(by: dict[str, Row]) -> Row:
    """The faster one of its synchronous and asynchronous variants."""
    return max((row for name, row in by.items() if name.startswith("handwritten")), key=lambda row: row.rate)


def publish(tables: dict[str, list[Row]], machine: str, out: Path | None) -> None:
    """Prints every table and, with `out`, writes the page and its picture."""
    console = Console(width=WIDTH)
    for engine, rows in tables.items():
        table = Table(*HEADINGS, title=engine)
        for row in rows:
            table.add_row(*row.cells)
        console.print(table)
        show(engine, ratios(engine, rows))
    if out is not None:
        out.write_text(page(tables, machine), "utf-8")
        console.print(f"written: {out}")


def page(tables: dict[str, list[Row]], machine: str) -> str:
    """The page in Markdown."""
    told = ["# Benchmarks", "", f"{datetime.now(UTC):%Y-%m-%d}, {machine}; `make bench`. Trust the ratios.", ""]
    for engine, rows in tables.items():
        told += [f"## {engine}", "", "| " + " | ".join(HEADINGS) + " |", "|---" * len(HEADINGS) + "|"]
        told += ["| " + " | ".join(row.cells) + " |" for row in rows]
        told += ["", *lines(ratios(engine, rows)), "", *_picture(engine, rows), ""]
    return "\n".join(told)


def _picture(engine: str, rows: Sequence[Row]) -> list[str]:
    few = min(row.connections for row in rows)
    shown = [row for name, row in _by_name(rows, "signup", few).items() if name != "empty"]
    return [
        "```mermaid",
        "xychart-beta",
        f'  title "Signups per second, {engine}, {few} connections"',
        "  x-axis [" + ", ".join(f'"{row.name}"' for row in shown) + "]",
        "  bar [" + ", ".join(f"{row.rate:.0f}" for row in shown) + "]",
        "```",
    ]


def add_to(page: Path, figures: Sequence[Figure]) -> None:
    """Puts figures of size at the end of the page, in place of earlier ones."""
    before = page.read_text("utf-8").partition(GROWN)[0].rstrip()
    page.write_text("\n".join([before, "", GROWN, "", *lines(figures), ""]), "utf-8")
