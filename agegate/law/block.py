"""One table of a TOML page, read key by key with types.

Owns the checks that do not know what a key means: presence, type, range, choice, span, and keys nobody asked
for. After a fault a getter gives a stand-in and reading goes on; the page then refuses the whole file.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import Enum
from typing import TypeVar

from agegate.law.page import Page

Choice = TypeVar("Choice", bound=Enum)
Kind = TypeVar("Kind")

_SPAN = re.compile(r"(\d{1,4}) (minute|hour|day|year)s?", re.ASCII)
_SPANS = {
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "year": timedelta(days=365, hours=6),
}


class Block:
    """The values below one header."""

    def __init__(self, page: Page, values: Mapping[str, object], header: str = "", nth: int = 0) -> None:
        self._page = page
        self._values = values
        self._header = header
        self._nth = nth
        self._asked: set[str] = set()

    def refuse(self, key: str | None, reason: str) -> None:
        """Note a fault at the line of that key."""
        words = f"{key} {reason}" if key else reason
        self._page.refuse(self._page.line_of(self._header, self._nth, key), words)

    def text(self, key: str) -> str:
        """A text that must be there."""
        value = self.perhaps_text(key)
        if value is None or not value.strip():
            self._missing(key, value)
        return value or ""

    def perhaps_text(self, key: str) -> str | None:
        return self._typed(key, str, 'a text in "quotes"')

    def number(self, key: str, low: int = 0, high: int = 25) -> int:
        """A whole number that must be there."""
        value = self.perhaps_number(key, low, high)
        if value is None:
            self._missing(key, value)
        return value or 0

    def perhaps_number(self, key: str, low: int = 0, high: int = 25) -> int | None:
        value = self._typed(key, int, f"a whole number from {low} to {high}, without quotes")
        if value is not None and not low <= value <= high:
            self.refuse(key, f"must be a whole number from {low} to {high}")
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        value = self._typed(key, bool, "true or false")
        return default if value is None else value

    def day(self, key: str) -> date | None:
        return self._typed(key, date, "a day like 2026-12-01, without quotes")

    def choice(self, key: str, options: type[Choice]) -> Choice:
        """One of the values of an enum."""
        value = self.text(key)
        known = {option.value: option for option in options}
        if value and value not in known:
            self.refuse(key, f"must be one of {', '.join(known)}")
        return known.get(value, next(iter(options)))

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; nothing where the key is absent."""
        values = self._typed(key, list, 'a list of texts, like ["a", "b"]')
        if values is None:
            return ()
        if not all(isinstance(value, str) and value.strip() for value in values):
            self.refuse(key, 'must be a list of texts, like ["a", "b"]')
        return tuple(str(value) for value in values)

    def span(self, key: str, default: timedelta) -> timedelta:
        """A time like `72 hours`."""
        value = self.perhaps_text(key)
        if value is None:
            return default
        match = _SPAN.fullmatch(value)
        if match is None:
            self.refuse(key, 'must be a time in minutes, hours, days or years, like "72 hours"')
            return default
        return _whole_days(int(match[1]) * _SPANS[match[2]], match[2])

    def limit(self, key: str) -> int | str | None:
        """An age or a word; the reader judges the word."""
        if isinstance(self._values.get(key), str):
            return self.perhaps_text(key)
        return self.perhaps_number(key)

    def table(self, key: str) -> "Block":
        """A table below this one; an empty one where it is absent."""
        value = self._typed(key, dict, f"a table: [{self._below(key)}]")
        return Block(self._page, value or {}, self._below(key))

    def tables(self, key: str) -> tuple["Block", ...]:
        """A list of tables below this one."""
        header = self._below(key)
        values = self._typed(key, list, f"a list of tables, each below [[{header}]]") or []
        if not all(isinstance(value, dict) for value in values):
            self.refuse(key, f"must be a list of tables, each below [[{header}]]")
        return tuple(
            Block(self._page, value, header, nth) for nth, value in enumerate(values) if isinstance(value, dict)
        )

    def keys(self) -> tuple[str, ...]:
        return tuple(self._values)

    def refuse_the_rest(self) -> None:
        """A key that nobody asked for is a slip of the pen, and a rule that would silently not apply."""
        for key in self._values:
            if key not in self._asked:
                self.refuse(key, "is not a known key here. Correct its spelling or take it out")

    def _below(self, key: str) -> str:
        return f"{self._header}.{key}" if self._header else key

    def _missing(self, key: str, value: object) -> None:
        if value is not None or key not in self._values:
            self.refuse(key, "is missing. Write it into this block")

    def _typed(self, key: str, kind: type[Kind], words: str) -> Kind | None:
        self._asked.add(key)
        value = self._values.get(key)
        if value is None:
            return None
        disguised = isinstance(value, (bool, datetime)) and kind is not bool
        if not isinstance(value, kind) or disguised:
            self.refuse(key, f"must be {words}")
            return None
        return value


def _whole_days(span: timedelta, unit: str) -> timedelta:
    return timedelta(days=-(-span // timedelta(days=1))) if unit == "year" else span
