"""How foreign text appears in a mail, and how long its lines are.

Owns the cleaning of names and addresses that people typed, and the breaking of lines. Escaping for HTML is the
template engine's work; what a name may be at all is judged where it comes in.
"""

import re
from dataclasses import fields, is_dataclass, replace
from textwrap import wrap
from unicodedata import category

BIDI_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that reorder the text around them, so that a name could rewrite the sentence it stands in."""

LINE_ENDERS = frozenset({"Cc", "Zl", "Zp"})

LINE_LENGTH = 72
"""Columns of a plain text. Languages without spaces are left to the reader's program, addresses stay whole."""

UNBROKEN = "\x1f"

BULLET = re.compile(r" *(?:- )?")


def one_line(text: str) -> str:
    """The same text on one line: no line ends, control characters, reordering marks or half characters.

    A name can then neither start a paragraph of its own nor end a header.
    """
    kept = (
        " " if category(char) in LINE_ENDERS else char
        for char in text
        if char not in BIDI_OVERRIDES and category(char) != "Cs"
    )
    return " ".join("".join(kept).split())


def header_line(text: str) -> str:
    """The same text for a header: one line, and nothing that starts an encoded word (RFC 2047).

    The stdlib decodes encoded words in what it is given, and some versions write a decoded line end as it is.
    """
    return one_line(text).replace("=?", "= ?")


def tidied(value: object) -> object:
    """A letter's value with every text in it on one line, so that no field can bring line ends of its own."""
    if isinstance(value, str):
        return one_line(value)
    if isinstance(value, tuple):
        return tuple(tidied(each) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{each.name: tidied(getattr(value, each.name)) for each in fields(value)})
    return value


def unbroken(line: str) -> str:
    """A line whose spaces `wrapped` leaves alone. No cleaned text has the mark that stands for them."""
    return line.replace(" ", UNBROKEN)


def wrapped(text: str) -> str:
    """A plain text as it is mailed: lines of a readable length, and never two blank lines after each other."""
    kept: list[str] = []
    for line in text.splitlines():
        if line.strip() or (kept and kept[-1]):
            kept += fill(line.rstrip())
    return "\n".join(kept).strip("\n").replace(UNBROKEN, " ") + "\n"


def fill(line: str) -> list[str]:
    """One line, broken at spaces where it is too long; the rest of a list entry stands under its beginning."""
    start = BULLET.match(line)
    indent = " " * len(start[0]) if start else ""
    broken = wrap(line, LINE_LENGTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
    return broken or [""]
