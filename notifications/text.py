"""How foreign text and instants appear in a mail.

Owns the cleaning of names and addresses that people typed, and the writing of instants. Escaping for HTML is
the template engine's work; what a name may be at all is judged where it comes in.
"""

from datetime import UTC, datetime
from unicodedata import category

BIDI_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that reorder the text around them, so that a name could rewrite the sentence it stands in."""

LINE_ENDERS = frozenset({"Cc", "Zl", "Zp"})

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


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


def long_instant(at: datetime, locale: str) -> str:
    """An instant as people read it. Only English is written here so far, whatever the locale."""
    del locale
    there = at.astimezone(UTC)
    return f"{there.day} {MONTHS[there.month - 1]} {there.year}, {there:%H:%M} UTC"
