"""The questions about subjects and about answers that stick, in the domain's words."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import bindparam, delete, select, update

from agegate.store.records import StickyAnswer, Subject
from agegate.store.tables import StickyAnswerRow, SubjectRow
from agegate.store.transaction import Transaction, Values, as_values, columns_for, first, table_of

SUBJECTS = table_of(SubjectRow)
STICKY = table_of(StickyAnswerRow)

_BY_NAME = columns_for(SubjectRow, Subject).where(
    SUBJECTS.c.service == bindparam("in_service"), SUBJECTS.c.subject == bindparam("named")
)
_BY_ID = columns_for(SubjectRow, Subject).where(SUBJECTS.c.id == bindparam("wanted"))
_STICKY = columns_for(StickyAnswerRow, StickyAnswer).where(
    STICKY.c.service == bindparam("in_service"),
    STICKY.c.digest.in_(bindparam("digests", expanding=True)),
    STICKY.c.expires_at > bindparam("now"),
)


def add_subject(tx: Transaction, row: Values) -> None:
    """Appends a subject; its natural key is service and subject."""
    tx.append(SubjectRow, row, (str(row["service"]), str(row["subject"])))


def find_subject(tx: Transaction, service: str, subject: str) -> Subject | None:
    """The subject a service means, or None."""
    values = {"in_service": service, "named": subject}
    if tx.awaits(SubjectRow, (service, subject)):
        tx.flush()
    return first(as_values(Subject, tx.rows_unflushed(_BY_NAME, values)))


def subject_by_id(tx: Transaction, row: str) -> Subject | None:
    """The subject with that row id, or None."""
    return first(as_values(Subject, tx.rows(_BY_ID, {"wanted": row})))


def change_subject(tx: Transaction, row: str, from_states: Collection[str], values: Values) -> bool:
    """Sets columns if the subject is in one of those states; False when it is not."""
    changed = update(SUBJECTS).where(SUBJECTS.c.id == row, SUBJECTS.c.state.in_(from_states)).values(**values)
    return tx.change(changed) == 1


def delete_subject(tx: Transaction, row: str) -> bool:
    """Deletes the row and with it the wrapped data key; False when somebody else did."""
    return tx.change(delete(SUBJECTS).where(SUBJECTS.c.id == row)) == 1


def find_sticky(tx: Transaction, service: str, digests: Collection[str], now: datetime) -> list[StickyAnswer]:
    """The "no"s that still hold for any of those digests."""
    values = {"in_service": service, "digests": list(digests), "now": now}
    if any(tx.awaits(StickyAnswerRow, (service, digest)) for digest in digests):
        tx.flush()
    return as_values(StickyAnswer, tx.rows_unflushed(_STICKY, values))


def stick(tx: Transaction, row: Values) -> None:
    """Remembers a "no" under a digest; a newer one replaces an older one."""
    service, digest = str(row["service"]), str(row["digest"])
    if tx.awaits(StickyAnswerRow, (service, digest)):
        tx.flush()
    known = select(STICKY.c.id).where(STICKY.c.service == service, STICKY.c.digest == digest)
    if found := tx.rows_unflushed(known, {}):
        kept = {name: value for name, value in row.items() if name != "id"}
        tx.change(update(STICKY).where(STICKY.c.id == found[0]["id"]).values(**kept))
    else:
        tx.append(StickyAnswerRow, row, (service, digest))


def forget_sticky(tx: Transaction, now: datetime) -> int:
    """Deletes the answers whose time is over."""
    return tx.change(delete(STICKY).where(STICKY.c.expires_at <= now))
