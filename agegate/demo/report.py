"""What the demo tells: steps in plain words, what went over the wire, and a table at the end.

Owns printing and the comparison of what came with what should have come. A difference ends the demo.
"""

import json
from contextlib import suppress
from dataclasses import dataclass, field

import httpx
from rich.console import Console
from rich.markup import escape
from rich.table import Table

WIDEST = 400
HIDDEN = {"authorization"}


class Differs(Exception):
    """A step of the demo came out differently from what it should be."""


@dataclass(slots=True)
class Report:
    """The story so far."""

    console: Console = field(default_factory=lambda: Console(highlight=False, soft_wrap=True))
    rows: list[tuple[str, str]] = field(default_factory=list)

    def step(self, words: str) -> None:
        """Begins a step."""
        self.console.print(f"\n[bold]{len(self.rows) + 1}. {escape(words)}[/bold]")

    def came(self, outcome: str) -> None:
        """Ends a step: what came of it, for the table."""
        title = f"step {len(self.rows) + 1}"
        self.rows.append((title, outcome))
        self.console.print(f"   [green]✓ {escape(outcome)}[/green]")

    def note(self, words: str) -> None:
        """A remark."""
        self.console.print(f"   {escape(words)}")

    def expect(self, found: object, wanted: object, what: str) -> None:
        """Ends the demo if something is not what it should be."""
        if found != wanted:
            raise Differs(f"{what} should be {wanted!r} and is {found!r}.")

    def wire(self, response: httpx.Response) -> None:
        """Shows one exchange: request line and body, status and body. Keys are not shown."""
        request = response.request
        request.read()
        self._line("→", f"{request.method} {request.url}", request.content)
        self._line("←", f"{response.status_code} {response.headers.get('content-type', '')}", response.content)

    def summary(self, seconds: float) -> None:
        """The table of all steps."""
        table = Table("step", "what came of it", title="The whole road", title_justify="left")
        for number, (_, outcome) in enumerate(self.rows, 1):
            table.add_row(str(number), escape(outcome))
        self.console.print()
        self.console.print(table)
        self.console.print(f"{len(self.rows)} steps, {seconds:.1f} seconds, everything as it should be.")

    def _line(self, arrow: str, head: str, body: bytes) -> None:
        self.console.print(f"   [cyan]{arrow} {escape(head)}[/cyan]")
        if text := _short(body):
            self.console.print(f"     [dim]{escape(text)}[/dim]")


def _short(body: bytes) -> str:
    text = body.decode(errors="replace").strip()
    if text.startswith(("<!", "<html")):
        return f"(a page of {len(text)} characters)"
    with suppress(ValueError):
        text = json.dumps(json.loads(text), ensure_ascii=False)
    return text if len(text) <= WIDEST else f"{text[:WIDEST]} … ({len(text)} characters)"
