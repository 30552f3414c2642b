"""The allow-list of the log: which events there are and what each may say. What is not here is dropped, not masked.

A field takes values by their kind, so that a text can only be a word known beforehand: an exception is told by its
class, a place in the code by its traceback, a route by the table of routes. No message, no argument, no exception text.
"""

import errno
import re
from collections.abc import Callable, Mapping
from traceback import extract_tb
from types import MappingProxyType, TracebackType
from typing import Final

Value = str | int | float
Reader = Callable[[object], Value | None]
REQUEST_ID: Final = re.compile(r"(?:urn:uuid:)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")
KID: Final = re.compile(r"[A-Za-z0-9_-]{43}")
METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "OTHER"})
DEEPEST: Final = 5

EVENTS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "request": ("method", "route", "status", "ms", "request"),
        "unavailable": ("request", "fault"),
        "unexpected": ("request", "fault", "place"),
        "act-failed": ("kind", "fault"),
        "chore-failed": ("kind", "fault"),
        "store-unavailable": ("kind",),
        "key-published": ("kid",),
        "key-revoked": ("kid",),
        "anchor-unwritable": ("fault",),
        "key-file-unwritable": ("fault",),
        "traces-not-installed": (),
        "ledger-behind": ("tombstones",),
        "ledger-contended": (),
        "ledger-applied": ("tombstones", "subjects"),
        "ledger-broken": ("fault",),
        "crashed": ("fault", "place"),
        "lines-dropped": ("lines",),
        "unlisted": ("source", "line", "fault", "errno"),
    }
)
"""Event by event, in the order in which people read the fields. `unlisted` stands for every line of anybody else."""


def fault_of(given: object) -> str | None:
    """The name of an exception's class; a text is none."""
    return given.__name__ if isinstance(given, type) and issubclass(given, BaseException) else None


def place_of(given: object) -> str | None:
    """Files and lines of a traceback, the innermost first."""
    if not isinstance(given, TracebackType):
        return None
    frames = extract_tb(given)[-DEEPEST:]
    return " < ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in reversed(frames))


def errno_of(given: object) -> str | None:
    """The name of an operating system's error, such as EADDRINUSE."""
    return errno.errorcode.get(given.errno or 0) if isinstance(given, OSError) else None


def _number(given: object) -> int | float | None:
    return given if type(given) in {int, float} else None  # type: ignore[return-value]  # narrowed by its exact type


def _matching(pattern: re.Pattern[str]) -> Reader:
    def read(given: object) -> str | None:
        found = pattern.fullmatch(given) if isinstance(given, str) else None
        return found[found.lastindex or 0] if found else None

    return read


def _one_of(words: frozenset[str]) -> Reader:
    return lambda given: str(given) if isinstance(given, str) and given in words else None


def readers(routes: frozenset[str], kinds: frozenset[str], sources: frozenset[str]) -> Mapping[str, Reader]:
    """How each field is read; the closed sets are those of the program that runs."""
    return {
        "method": _one_of(METHODS),
        "route": _one_of(routes | {"-"}),
        "status": _number,
        "ms": _number,
        "request": _matching(REQUEST_ID),
        "kid": _matching(KID),
        "kind": _one_of(kinds),
        "fault": fault_of,
        "place": place_of,
        "errno": errno_of,
        "source": _one_of(sources),
        "line": _number,
        "lines": _number,
        "tombstones": _number,
        "subjects": _number,
    }
