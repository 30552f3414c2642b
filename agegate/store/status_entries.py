"""The questions about status list entries and audiences, in the domain's words.

An entry is taken with the first token of a subject and an audience. Once invalid it names nobody any more, stays, and
is never given again; the next token takes a new one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, bindparam, func, select, update

from agegate.signing.status_list import PLACES, Status
from agegate.store.lookahead import Key, Lookup, fetch_by_name
from agegate.store.prebuilt import Prebuilt
from agegate.store.records import Audience, Subject
from agegate.store.tables import SubjectRow
from agegate.store.token_tables import NOT_VALID, AudienceRow, StatusEntryRow
from agegate.store.transaction import Transaction, Values, as_values, columns_for, first, table_of

ENTRIES = table_of(StatusEntryRow)
AUDIENCES = table_of(AudienceRow)

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
_ENTRIES_TABLE = str(StatusEntryRow.__tablename__)
_AUDIENCE = columns_for(AudienceRow, Audience).where(
    AUDIENCES.c.service == bindparam("in_service"), AUDIENCES.c.name == bindparam("named")
)


@dataclass(frozen=True, slots=True)
class _Taken:
    subject: str
    audience: str
    seq: int


_SUBJECTS = table_of(SubjectRow)
_TAKEN = Prebuilt(
    select(_SUBJECTS.c.subject, ENTRIES.c.audience, ENTRIES.c.seq)
    .join_from(_SUBJECTS, ENTRIES, ENTRIES.c.subject_id == _SUBJECTS.c.id)
    .where(_SUBJECTS.c.service == bindparam("in_service")),
    _Taken,
    _SUBJECTS.c.subject,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry; without a subject it is invalid for good."""

    seq: int
    subject_id: str | None
    audience: str | None = field(repr=False)
    status: int


def take_entry(tx: Transaction, subject: Subject, audience: str) -> int:
    """A new entry's number. The entry is written with the batch."""
    seq = tx.number()
    row = {"seq": seq, "subject_id": subject.id, "audience": audience, "status": int(Status.VALID)}
    tx.append(StatusEntryRow, row, (subject.id, audience))
    tx.ahead.drop(entry_lookup(subject.service, subject.subject))
    return seq


def entry_of(tx: Transaction, subject: Subject, audience: str) -> int | None:
    """The number of the live entry of a subject and an audience, or None."""
    ahead = tx.ahead.get(_ENTRIES_TABLE, (subject.service, subject.subject))
    if ahead is not None:
        return first([each.seq for each in ahead if isinstance(each, _Taken) and each.audience == audience])
    if tx.awaits(StatusEntryRow, (subject.id, audience)):
        tx.flush()
    found = tx.rows_unflushed(_OF, {"owner": subject.id, "for_audience": audience})
    return int(found[0]["seq"]) if found else None


def entry_lookup(service: str, subject: str) -> Lookup:
    """Announces an `entry_of` that subject."""
    return _ENTRIES_TABLE, (service, subject)


def fetch_entries(connection: Connection, keys: Sequence[Key]) -> dict[Key, list[object]]:
    """The live entries of the subjects with those names, for a batch that announced them."""
    return fetch_by_name(connection, keys, _TAKEN, lambda taken: taken.subject)


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


def add_audience(tx: Transaction, row: Values) -> None:
    """Appends an audience."""
    tx.append(AudienceRow, row)


def change_audience(tx: Transaction, service: str, name: str, values: Values) -> bool:
    """Sets facts of an audience; False when the service has none of that name."""
    known = update(AUDIENCES).where(AUDIENCES.c.service == service, AUDIENCES.c.name == name)
    return tx.change(known.values(**values)) == 1


def find_audience(tx: Transaction, service: str, name: str) -> Audience | None:
    """The audience of that name, or None where it is not registered."""
    return first(as_values(Audience, tx.rows_unflushed(_AUDIENCE, {"in_service": service, "named": name})))
