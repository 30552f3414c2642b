"""Values that must turn up nowhere, in the disguises in which they could."""

from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from sqlmodel import SQLModel

from tests.houses import Home

BORN = "2010-07-19"
CHILD = "canary.child.q7x@mail.example"
GUARDIAN = "canary.guardian.q7x@post.example"
NAME = "Zyxwvutsr"
SUBJECT = "canary-subject-q7x"
PERSONAL = (BORN, CHILD, GUARDIAN, NAME)


def disguises(text: str) -> Iterator[bytes]:
    """The text in the clear, percent-encoded, as hex, without its separators, and in base64 wherever it begins."""
    plain = text.encode()
    yield plain
    yield plain.replace(b"@", b"%40")
    yield quote(text, safe="").encode()
    yield plain.hex().encode()
    yield plain.upper()
    if text == BORN:
        yield plain.replace(b"-", b"")
    for shift in range(3):
        for encode in (b64encode, urlsafe_b64encode):
            # The letters at both ends also depend on the neighbours.
            yield encode(b"\0" * shift + plain)[4 if shift else 0 : -4]


def told(text: str, place: bytes) -> bool:
    """Whether a place holds the text in any disguise."""
    return any(disguise in place for disguise in disguises(text))


def every_row(home: Home) -> bytes:
    """All rows of all tables, as text."""
    with home.house.store.engine.connect() as connection:
        rows = [
            f"{table.name} {tuple(row)!r}"
            for table in SQLModel.metadata.sorted_tables
            for row in connection.execute(table.select())
        ]
    return "\n".join(rows).encode()


def every_file(folder: Path) -> bytes:
    """The bytes of every file but the mails, which go to the guardian."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".eml"]
    return b"\n".join(path.read_bytes() for path in files)
