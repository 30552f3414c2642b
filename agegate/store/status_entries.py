"""The questions about status list entries and audiences, in the domain's words.

An entry is taken with the first token of a subject and an audience. Once invalid it names nobody any more, stays, and
is never given again; the next token takes a new one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, bindparam, func, insert, select, tuple_, update

from agegate.signing.status_list import PLACES, Status
from agegate.store.lookahead import Key, Lookup
from agegate.store.records import Audience
from agegate.store.token_tables import NOT_VALID, AudienceRow, StatusEntryRow
from agegate.store.transaction import Transaction, Values, as_values, columns_for, first, table_of

ENTRIES = table_of(StatusEntryRow)
AUDIENCES = table_of(AudienceRow)

_TAKE = insert(ENTRIES).returning(ENTRIES.c.seq)
_OF = select(ENTRIES.c.seq).where(
    ENTRIES.c.subject_id == bindparam("owner"), ENTRIES.c.audience == bindparam("for_audience")
)
_RETIRE = (
    update(ENTRIES)
    .where(ENTRIES.c.subject_id == bindparam("owner"))
    .values(status=int(Status.INVALID), subject_id=None, audience=None)
)
_MARK = (
    update(ENTRIES)
    .where(ENTRIES.c.subject_id == bindparam("owner"), ENTRIES.c.status != bindparam("mark"))
    .values(status=bindparam("mark"))
)
_TABLE = str(AudienceRow.__tablename__)
_MANY = columns_for(AudienceRow, Audience).where(
    tuple_(AUDIENCES.c.service, AUDIENCES.c.name).in_(bindparam("keys", expanding=True))
)
_AUDIENCE = columns_for(AudienceRow, Audience).where(
    AUDIENCES.c.service == bindparam("in_service"), AUDIENCES.c.name == bindparam("named")
)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry; without a subject it is invalid for good."""

    seq: int
    subject_id: str | None
    audience: str | None = field(repr=False)
    status: int


def take_entry(tx: Transaction, subject: str, audience: str) -> int:
    """A new entry's number. The subject's own row may still wait to be written."""
    values = {"subject_id": subject, "audience": audience, "status": int(Status.VALID)}
    return int(tx.rows_unflushed(_TAKE, values)[0]["seq"])


def entry_of(tx: Transaction, subject: str, audience: str) -> int | None:
    """The number of the live entry of a subject and an audience, or None."""
    found = tx.rows_unflushed(_OF, {"owner": subject, "for_audience": audience})
    return int(found[0]["seq"]) if found else None


def entry_at(tx: Transaction, seq: int) -> Entry | None:
    """The entry with that number, or None."""
    return first(as_values(Entry, tx.rows(columns_for(StatusEntryRow, Entry).where(ENTRIES.c.seq == seq))))


def retire_entries(tx: Transaction, subject: str) -> None:
    """Every token the subject has is invalid from now on, for good; the entries forget it."""
    tx.change(_RETIRE, {"owner": subject})


def mark_entries(tx: Transaction, subject: str, status: Status) -> None:
    """Suspends a subject's tokens, or lets them count again."""
    tx.change(_MARK, {"owner": subject, "mark": int(status)})


def marks_of(tx: Transaction, number: int) -> list[tuple[int, int]] | None:
    """What is not valid in a list, as (entry, status); None when there is no such list."""
    before = (number - 1) * PLACES
    last = tx.rows(select(func.max(ENTRIES.c.seq).label("last")))[0]["last"]
    if number < 1 or before >= max(int(last or 0), 1):
        return None
    wanted = select(ENTRIES.c.seq, ENTRIES.c.status).where(
        NOT_VALID, ENTRIES.c.seq > before, ENTRIES.c.seq <= before + PLACES
    )
    return [(int(row["seq"]), int(row["status"])) for row in tx.rows(wanted)]


def audience_lookup(service: str, name: str) -> Lookup:
    """Announces a `find_audience`."""
    return _TABLE, (service, name)


def fetch_audiences(connection: Connection, keys: Sequence[Key]) -> dict[Key, list[object]]:
    """The audiences with those names, for a batch that announced them."""
    rows = connection.execute(_MANY, {"keys": keys}).mappings()
    return {(row["service"], row["name"]): [Audience(**row)] for row in rows}


def add_audience(tx: Transaction, row: Values) -> None:
    """Appends an audience."""
    tx.append(AudienceRow, row)


def change_audience(tx: Transaction, service: str, name: str, values: Values) -> bool:
    """Sets facts of an audience; False when the service has none of that name."""
    known = update(AUDIENCES).where(AUDIENCES.c.service == service, AUDIENCES.c.name == name)
    return tx.change(known.values(**values)) == 1


def find_audience(tx: Transaction, service: str, name: str) -> Audience | None:
    """The audience of that name, or None where it is not registered."""
    ahead = tx.ahead.get(_TABLE, (service, name))
    if ahead is not None:
        return first([found for found in ahead if isinstance(found, Audience)])
    return first(as_values(Audience, tx.rows_unflushed(_AUDIENCE, {"in_service": service, "named": name})))
