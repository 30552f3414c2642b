"""The questions about subjects, in the domain's words."""

from collections.abc import Collection, Sequence
from dataclasses import MISSING, fields
from operator import itemgetter

from sqlalchemy import Connection, bindparam, delete, select, update

from agegate.rules.consent import SubjectState
from agegate.signing.status_list import Status
from agegate.store.lookahead import Key, Lookup, fetch_by_name
from agegate.store.prebuilt import Prebuilt
from agegate.store.records import Subject
from agegate.store.status_entries import mark_entries, retire_entries
from agegate.store.tables import SubjectRow
from agegate.store.transaction import Transaction, Values, as_values, columns_for, first, table_of

SUBJECTS = table_of(SubjectRow)

_TABLE = str(SubjectRow.__tablename__)
_BROUGHT = itemgetter(*(each.name for each in fields(Subject) if each.default is MISSING))
"""What every new row says; the rest comes later, if at all."""

_BY_NAME = columns_for(SubjectRow, Subject).where(
    SUBJECTS.c.service == bindparam("in_service"), SUBJECTS.c.subject == bindparam("named")
)
_BY_ADDRESS = columns_for(SubjectRow, Subject).where(
    SUBJECTS.c.service == bindparam("in_service"), SUBJECTS.c.email_digest == bindparam("address")
)
_MANY = Prebuilt(
    columns_for(SubjectRow, Subject).where(SUBJECTS.c.service == bindparam("in_service")),
    Subject,
    SUBJECTS.c.subject,
)
_BY_NAME_HELD = _BY_NAME.with_for_update()
_HOLD = select(SUBJECTS.c.id).where(SUBJECTS.c.id == bindparam("wanted")).with_for_update()
_BY_ID = columns_for(SubjectRow, Subject).where(SUBJECTS.c.id == bindparam("wanted"))
_BY_ID_HELD = _BY_ID.with_for_update()


def subject_lookup(service: str, subject: str) -> Lookup:
    """Announces a `find_subject`."""
    return _TABLE, (service, subject)


def add_subject(tx: Transaction, row: Values) -> None:
    """Appends a subject; its natural key is service and subject."""
    tx.append(SubjectRow, row, (str(row["service"]), str(row["subject"])))


def subject_of(row: Values) -> Subject:
    """The subject that a row just added describes."""
    return Subject(*_BROUGHT(row))


def find_subject(tx: Transaction, service: str, subject: str) -> Subject | None:
    """The subject a service means, or None."""
    ahead = tx.ahead.get(_TABLE, (service, subject))
    if ahead is not None:
        return first([found for found in ahead if isinstance(found, Subject)])
    values = {"in_service": service, "named": subject}
    if tx.awaits(SubjectRow, (service, subject)):
        tx.flush()
    return first(as_values(Subject, tx.rows_unflushed(_BY_NAME, values)))


def find_subject_held(tx: Transaction, service: str, subject: str) -> Subject | None:
    """The same, held until the commit: whoever shuts the subject meanwhile waits, or was first and is seen."""
    if tx.awaits(SubjectRow, (service, subject)):
        tx.flush()
    return first(as_values(Subject, tx.rows_unflushed(_BY_NAME_HELD, {"in_service": service, "named": subject})))


def subjects_at(tx: Transaction, service: str, address_digest: str) -> list[Subject]:
    """The subjects of a service that gave this address at signup."""
    return as_values(Subject, tx.rows(_BY_ADDRESS, {"in_service": service, "address": address_digest}))


def subject_by_id(tx: Transaction, row: str) -> Subject | None:
    """The subject with that row id, or None."""
    return first(as_values(Subject, tx.rows(_BY_ID, {"wanted": row})))


def subject_held(tx: Transaction, row: str) -> Subject | None:
    """The same, held until the commit."""
    return first(as_values(Subject, tx.rows(_BY_ID_HELD, {"wanted": row})))


def hold_subject(tx: Transaction, row: str) -> bool:
    """Holds the row until the commit; False when it is gone."""
    return bool(tx.rows(_HOLD, {"wanted": row}))


def change_subject(tx: Transaction, row: str, from_states: Collection[str], values: Values) -> bool:
    """Sets columns if the subject is in one of those states; False when it is not, or a legal hold keeps it as it is.

    With a new state the status of every token of the subject follows, in this transaction.
    """
    free = SUBJECTS.c.id == row, SUBJECTS.c.state.in_(from_states), SUBJECTS.c.held_state.is_(None)
    if tx.change(update(SUBJECTS).where(*free).values(**values)) != 1:
        return False
    if "state" in values:
        _let_tokens_follow(tx, row, from_states, SubjectState(str(values["state"])))
    return True


def _let_tokens_follow(tx: Transaction, row: str, from_states: Collection[str], to: SubjectState) -> None:
    if to == SubjectState.RESTRICTED:
        mark_entries(tx, row, Status.SUSPENDED)
    elif to == SubjectState.CONSENT_REQUIRED:
        retire_entries(tx, row)
    elif SubjectState.RESTRICTED in from_states:
        mark_entries(tx, row, Status.VALID)


def delete_subject(tx: Transaction, row: str) -> bool:
    """Deletes the row and with it the wrapped data key; False when somebody else did, or a legal hold forbids it."""
    # First the row, so that an entry somebody takes for it at this moment was committed before and is seen below.
    free = SUBJECTS.c.id == row, SUBJECTS.c.held_state.is_(None)
    deleted = tx.change(delete(SUBJECTS).where(*free)) == 1
    if deleted:
        retire_entries(tx, row)
    return deleted


def fetch_subjects(connection: Connection, keys: Sequence[Key]) -> dict[Key, list[object]]:
    """The subjects with those names, for a batch that announced them."""
    return fetch_by_name(connection, keys, _MANY, lambda held: held.subject)
