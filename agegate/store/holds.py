"""The questions about legal holds, in the domain's words: the holds themselves, and the mark they set on a subject."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import update

from agegate.rules.consent import SubjectState
from agegate.rules.hold import HoldState
from agegate.signing.status_list import Status
from agegate.store.hold_tables import LegalHoldRow
from agegate.store.status_entries import mark_entries, retire_entries
from agegate.store.subjects import SUBJECTS
from agegate.store.transaction import Transaction, Values, as_values, columns_for, first, table_of

HOLDS = table_of(LegalHoldRow)


@dataclass(frozen=True, slots=True)
class Hold:
    """A legal hold."""

    id: str
    service: str
    subject_id: str | None = field(repr=False)
    subject_digest: str = field(repr=False)
    state: str
    reason: str
    reference: str | None
    owner: str
    requested_by: str
    requested_at: datetime
    approved_by: str | None
    approved_at: datetime | None
    ends_at: datetime
    ended_at: datetime | None
    ended_by: str | None


_HOLD = columns_for(LegalHoldRow, Hold)


def add_hold(tx: Transaction, row: Values) -> None:
    """Appends a hold."""
    tx.append(LegalHoldRow, row)


def find_hold(tx: Transaction, row: str) -> Hold | None:
    """The hold with that id, or None."""
    return first(as_values(Hold, tx.rows(_HOLD.where(HOLDS.c.id == row))))


def live_hold(tx: Transaction, subject_id: str) -> Hold | None:
    """The hold of a subject that has not ended, or None."""
    live = _HOLD.where(HOLDS.c.subject_id == subject_id, HOLDS.c.state != HoldState.ENDED)
    return first(as_values(Hold, tx.rows(live)))


def holds_of(tx: Transaction, service: str) -> list[Hold]:
    """The holds of a service, the newest first."""
    return as_values(Hold, tx.rows(_HOLD.where(HOLDS.c.service == service).order_by(HOLDS.c.id.desc())))


def approve_hold(tx: Transaction, row: str, person: str, now: datetime) -> bool:
    """Makes a requested hold active, if that person did not request it."""
    asked = update(HOLDS).where(HOLDS.c.id == row, HOLDS.c.state == HoldState.REQUESTED, HOLDS.c.requested_by != person)
    return tx.change(asked.values(state=HoldState.ACTIVE, approved_by=person, approved_at=now)) == 1


def end_hold(tx: Transaction, row: str, by: str, now: datetime) -> bool:
    """Ends a hold, which forgets its subject's row; False when it ended before."""
    live = update(HOLDS).where(HOLDS.c.id == row, HOLDS.c.state != HoldState.ENDED)
    return tx.change(live.values(state=HoldState.ENDED, ended_at=now, ended_by=by, subject_id=None)) == 1


def mark_held(tx: Transaction, subject_id: str) -> bool:
    """Restricts a subject and keeps the state that it had; False when it is gone or held already."""
    free = update(SUBJECTS).where(SUBJECTS.c.id == subject_id, SUBJECTS.c.held_state.is_(None))
    if tx.change(free.values(held_state=SUBJECTS.c.state, state=SubjectState.RESTRICTED)) != 1:
        return False
    mark_entries(tx, subject_id, Status.SUSPENDED)
    return True


def shut_under_hold(tx: Transaction, subject_id: str, states: Collection[SubjectState]) -> None:
    """Lets a subject stay restricted when its hold ends, where it would have had one of those states again."""
    held = SUBJECTS.c.id == subject_id, SUBJECTS.c.held_state.in_(states)
    tx.change(update(SUBJECTS).where(*held).values(held_state=SubjectState.RESTRICTED))


def unmark_held(tx: Transaction, subject_id: str) -> SubjectState | None:
    """Gives a subject back the state that it had, and says which; None when it is not held."""
    held = update(SUBJECTS).where(SUBJECTS.c.id == subject_id, SUBJECTS.c.held_state.is_not(None))
    # In one statement, so that a state which a report set this moment is not overwritten.
    freed = tx.rows(held.values(state=SUBJECTS.c.held_state, held_state=None).returning(SUBJECTS.c.state))
    if not freed:
        return None
    state = SubjectState(freed[0]["state"])
    if state == SubjectState.CONSENT_REQUIRED:
        retire_entries(tx, subject_id)
    elif state != SubjectState.RESTRICTED:
        mark_entries(tx, subject_id, Status.VALID)
    return state
