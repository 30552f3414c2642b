"""Turns rounds into medians, ratios, a table for people and a page with a picture."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Self

from rich.console import Console
from rich.table import Table

Figures = dict[str, float]


@dataclass(frozen=True, slots=True)
class Row:
    """One server at one call: medians of the rounds, and how far they spread."""

    name: str
    call: str
    rate: float
    spread: tuple[float, float]
    p99_ms: float
    cpu_us: float

    @classmethod
    def of(cls, name: str, call: str, results: list[Figures]) -> Self:
        """The medians of several rounds."""
        rates = [result["rate"] for result in results]
        return cls(
            name,
            call,
            median(rates),
            (min(rates), max(rates)),
            median(result["p99_ms"] for result in results),
            median(result["cpu_us"] for result in results),
        )


GOALS = {
    "signup rate against handwritten": {"SQLite": 8.0, "PostgreSQL": 5.0},
    "signup rate against the floor": {"SQLite": 0.6, "PostgreSQL": 0.6},
    "token refresh rate against handwritten": {"SQLite": 4.0, "PostgreSQL": 4.0},
    "signup p99 against handwritten": {"SQLite": 0.25, "PostgreSQL": 0.25},
}
"""What we want to reach; for the last one less is better."""

WHY = {
    "signup rate against handwritten": (
        "processor time: one interpreter does it all, three fifths of it on the event loop (the HTTP server, reading, "
        "judging, sealing, signing), the rest in the batch; and on PostgreSQL each statement wakes the database's "
        "process while the interpreter is held, on two cores that the load needs, too."
    ),
    "signup rate against the floor": (
        "the floor writes the same rows and signs the same claims, but looks nobody up, reads nothing strictly, judges "
        "and digests nothing, commits to no audit entry, sends no security headers and logs no line."
    ),
    "token refresh rate against handwritten": "two statements in one snapshot, and the layers of the HTTP server.",
    "signup p99 against handwritten": "whoever comes while a batch is under way waits for that one and its own.",
}
"""What stands in the way where a ratio is not reached."""


def reached(engine: str, what: str, ratio: float) -> str:
    """Yes or not yet."""
    goal = GOALS[what][engine]
    good = ratio <= goal if what.startswith("signup p99") else ratio >= goal
    return "yes" if good else "not yet"


def ratios(rows: list[Row]) -> list[tuple[str, float]]:
    """What is compared with what: the figures to reach."""
    by = {(row.name, row.call): row for row in rows}
    mine, floor, token = by["ours", "signup"], by["floor", "signup"], by["ours", "token"]
    hands = [row for row in rows if row.name.startswith("handwritten")]
    signup = max((row for row in hands if row.call == "signup"), key=lambda row: row.rate)
    refresh = max((row for row in hands if row.call == "token"), key=lambda row: row.rate)
    return [
        ("signup rate against handwritten", mine.rate / signup.rate),
        ("signup rate against the floor", mine.rate / floor.rate),
        ("token refresh rate against handwritten", token.rate / refresh.rate),
        ("signup p99 against handwritten", mine.p99_ms / signup.p99_ms),
    ]


def not_yet(engine: str, rows: list[Row]) -> list[str]:
    """Why, for each ratio that is not reached; and an empty line after them."""
    short = [what for what, ratio in ratios(rows) if reached(engine, what, ratio) != "yes"]
    return [*(f"* Why not yet, {what}: {WHY[what]}" for what in short), ""] if short else []


def publish(tables: dict[str, list[Row]], machine: str, out: Path | None) -> None:
    """Prints every table and, with `out`, writes the page and its picture."""
    console = Console()
    for engine, rows in tables.items():
        table = Table("server", "call", "requests/s", "spread", "p99 ms", "processor µs", title=engine)
        for row in rows:
            spread = f"{row.spread[0]:.0f}-{row.spread[1]:.0f}"
            table.add_row(row.name, row.call, f"{row.rate:.0f}", spread, f"{row.p99_ms:.1f}", f"{row.cpu_us:.0f}")
        console.print(table)
        for what, ratio in ratios(rows):
            console.print(f"  {what}: {ratio:.2f}")
    if out is not None:
        out.write_text(page(tables, machine), "utf-8")
        console.print(f"written: {out}")


def page(tables: dict[str, list[Row]], machine: str) -> str:
    """The page in Markdown."""
    lines = ["# Benchmarks", "", f"{datetime.now(UTC):%Y-%m-%d}, {machine}; `make bench`. Trust the ratios.", ""]
    for engine, rows in tables.items():
        lines += [
            f"## {engine}",
            "",
            "| server | call | requests/s | spread | p99 ms | processor µs |",
            "|---|---|---|---|---|---|",
        ]
        for row in rows:
            spread = f"{row.spread[0]:.0f}-{row.spread[1]:.0f}"
            lines.append(
                f"| {row.name} | {row.call} | {row.rate:.0f} | {spread} | {row.p99_ms:.1f} | {row.cpu_us:.0f} |"
            )
        lines += ["", "| ratio | measured | goal | reached |", "|---|---|---|---|"]
        lines += [
            f"| {what} | {ratio:.2f} | {GOALS[what][engine]} | {reached(engine, what, ratio)} |"
            for what, ratio in ratios(rows)
        ]
        lines += ["", *not_yet(engine, rows)]
        lines += ["```mermaid", "xychart-beta", f'  title "Signups per second, {engine}"']
        shown = [row for row in rows if row.call == "signup" and row.name != "empty"]
        lines.append("  x-axis [" + ", ".join(f'"{row.name}"' for row in shown) + "]")
        lines += ["  bar [" + ", ".join(f"{row.rate:.0f}" for row in shown) + "]", "```", ""]
    return "\n".join(lines)
