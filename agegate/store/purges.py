"""The questions about purges and their legs, in the domain's words."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import bindparam, delete, select, update

from agegate.rules.purge import ANSWERED_LEG, LegState, PurgeState
from agegate.store.records import Purge, PurgeLeg
from agegate.store.tables import PurgeLegRow, PurgeRow
from agegate.store.transaction import Transaction, Values, as_values, columns_for, first, table_of
from agegate.store.unheld import hold_name

PURGES = table_of(PurgeRow)
LEGS = table_of(PurgeLegRow)
PAGE = 100

_PURGE = columns_for(PurgeRow, Purge)
_LEG = columns_for(PurgeLegRow, PurgeLeg)
_BY_ID = _PURGE.where(PURGES.c.id == bindparam("wanted"))
_BY_ID_HELD = _BY_ID.with_for_update()
_BY_SUBJECT = _PURGE.where(
    PURGES.c.service == bindparam("in_service"), PURGES.c.subject_digest == bindparam("digest")
).order_by(PURGES.c.ordered_at.desc())
_LEGS_OF = _LEG.where(LEGS.c.purge_id == bindparam("wanted")).order_by(LEGS.c.holder)
_LEG_BY_ID = _LEG.where(LEGS.c.id == bindparam("wanted"))


def add_purge(tx: Transaction, row: Values) -> None:
    """Appends a purge."""
    tx.append(PurgeRow, row)


def add_leg(tx: Transaction, row: Values) -> None:
    """Appends a leg."""
    tx.append(PurgeLegRow, row)


def purge_by_id(tx: Transaction, row: str) -> Purge | None:
    """The purge with that id, or None."""
    return first(as_values(Purge, tx.rows(_BY_ID, {"wanted": row})))


def purge_held(tx: Transaction, row: str) -> Purge | None:
    """The same, held until the commit: of two last answers that come at once, the second sees the first."""
    return first(as_values(Purge, tx.rows(_BY_ID_HELD, {"wanted": row})))


def latest_purge(tx: Transaction, service: str, subject_digest: str) -> Purge | None:
    """The last purge of a subject, or None."""
    found = tx.rows(_BY_SUBJECT, {"in_service": service, "digest": subject_digest})
    return first(as_values(Purge, found))


def latest_purge_awaited(tx: Transaction, service: str, subject_digest: str) -> Purge | None:
    """The same of a subject without a row to hold: whoever orders it this very moment is waited for."""
    hold_name(tx, subject_digest)
    return latest_purge(tx, service, subject_digest)


def purges_committed(tx: Transaction, commitments: Collection[str]) -> list[Purge]:
    """The purges that carry one of those commitments, oldest first."""
    return as_values(Purge, tx.rows(_PURGE.where(PURGES.c.commitment.in_(commitments)).order_by(PURGES.c.ordered_at)))


def held_purge(tx: Transaction, service: str, subject_digest: str) -> Purge | None:
    """The purge that waits for a hold to end, or None."""
    found = latest_purge(tx, service, subject_digest)
    return found if found is not None and found.state == PurgeState.HELD else None


def renew_purge(tx: Transaction, row: Values) -> bool:
    """Sets everything of a purge that waited for a hold; False when there is none of that id."""
    held = update(PURGES).where(PURGES.c.id == row["id"], PURGES.c.state == PurgeState.HELD)
    return tx.change(held.values(**row)) == 1


def legs_of(tx: Transaction, purge: str) -> list[PurgeLeg]:
    """The legs of a purge, by holder."""
    return as_values(PurgeLeg, tx.rows(_LEGS_OF, {"wanted": purge}))


def leg_by_id(tx: Transaction, row: str) -> PurgeLeg | None:
    """The leg with that id, or None."""
    return first(as_values(PurgeLeg, tx.rows(_LEG_BY_ID, {"wanted": row})))


def purges_after(tx: Transaction, service: str, state: str | None, holder: str | None, cursor: str) -> list[Purge]:
    """Up to `PAGE` purges of a service in the order of their ids, after the cursor.

    With a holder: those in which that holder's leg is still open.
    """
    wanted = _PURGE.where(PURGES.c.service == service, PURGES.c.id > cursor)
    if state is not None:
        wanted = wanted.where(PURGES.c.state == state)
    if holder is not None:
        waiting = select(LEGS.c.purge_id).where(LEGS.c.holder == holder, LEGS.c.state.not_in(ANSWERED_LEG))
        wanted = wanted.where(PURGES.c.id.in_(waiting))
    return as_values(Purge, tx.rows(wanted.order_by(PURGES.c.id).limit(PAGE)))


def answer_leg(tx: Transaction, row: str, values: Values) -> bool:
    """Sets a leg's facts while it is not answered; False when it already is: the first answer stands."""
    open_leg = update(LEGS).where(LEGS.c.id == row, LEGS.c.state.not_in(ANSWERED_LEG))
    return tx.change(open_leg.values(**values)) == 1


def mark_escalated(tx: Transaction, row: str, now: datetime) -> bool:
    """Notes that an open leg's lateness was told; False when it is answered, or was told before."""
    late = update(LEGS).where(LEGS.c.id == row, LEGS.c.state.not_in(ANSWERED_LEG), LEGS.c.escalated_at.is_(None))
    return tx.change(late.values(escalated_at=now)) == 1


def ask_closing(tx: Transaction, row: str, values: Values) -> bool:
    """Notes the first person's wish to close an open leg; False when one is noted, or the leg is answered."""
    unasked = update(LEGS).where(LEGS.c.id == row, LEGS.c.state.not_in(ANSWERED_LEG), LEGS.c.closing_by.is_(None))
    return tx.change(unasked.values(**values)) == 1


def approve_closing(tx: Transaction, row: str, values: Values, person: str) -> bool:
    """Closes an open leg whose closing another person asked for; False when nobody else did."""
    asked = update(LEGS).where(LEGS.c.id == row, LEGS.c.state.not_in(ANSWERED_LEG), LEGS.c.closing_by != person)
    return tx.change(asked.values(**values)) == 1


def count_attempt(tx: Transaction, row: str, error: str | None) -> None:
    """Counts a delivery attempt and keeps the code of what went wrong."""
    tx.change(update(LEGS).where(LEGS.c.id == row).values(attempts=LEGS.c.attempts + 1, last_error=error))


def mark_leg_delivered(tx: Transaction, row: str, now: datetime) -> None:
    """Notes the delivery; a queued leg becomes delivered, one that was answered meanwhile stays as it is."""
    tx.change(update(LEGS).where(LEGS.c.id == row).values(delivered_at=now))
    queued = update(LEGS).where(LEGS.c.id == row, LEGS.c.state == LegState.QUEUED)
    tx.change(queued.values(state=LegState.DELIVERED))


def complete_purge(tx: Transaction, row: str, values: Values) -> bool:
    """Closes an open purge; False when it is closed already."""
    still_open = update(PURGES).where(PURGES.c.id == row, PURGES.c.state == PurgeState.OPEN)
    return tx.change(still_open.values(state=PurgeState.COMPLETED, **values)) == 1


def destroy_purge(tx: Transaction, row: str) -> bool:
    """Deletes a completed purge with its legs and its certificate; False while it is open, or when it is gone."""
    done = select(PURGES.c.id).where(PURGES.c.id == row, PURGES.c.state == PurgeState.COMPLETED)
    tx.change(delete(LEGS).where(LEGS.c.purge_id.in_(done)))
    return tx.change(delete(PURGES).where(PURGES.c.id == row, PURGES.c.state == PurgeState.COMPLETED)) == 1


def forget_subject_of(tx: Transaction, row: str) -> bool:
    """Destroys a purge's own key and what is under it: the subject id, and a letter that nobody sent."""
    named = update(PURGES).where(PURGES.c.id == row, PURGES.c.wrapped_key.is_not(None))
    return tx.change(named.values(wrapped_key=None, sealed_subject=None, sealed_letter=None)) == 1


def clear_letter(tx: Transaction, row: str) -> None:
    """Forgets the last letter of a purge."""
    tx.change(update(PURGES).where(PURGES.c.id == row).values(sealed_letter=None))
