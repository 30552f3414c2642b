"""The questions about what a change of the rules concerns, and how far it has been worked through.

A page of subjects is found by an index of those who are not grown, from a cursor on; nobody else is looked at.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, bindparam, delete, select, true, update

from agegate.store.records import Subject
from agegate.store.rule_tables import CorrectionRow, RedecisionRow, RulePrintRow
from agegate.store.tables import SubjectRow
from agegate.store.transaction import Transaction, Values, as_values, columns_for, table_of

SUBJECTS = table_of(SubjectRow)
PRINTS = table_of(RulePrintRow)
REDECISIONS = table_of(RedecisionRow)
BATCH = 200
WATCH = "watch"
"""The one row of `rule_prints` that is no fingerprint: whoever notes others takes its lock first."""

Concerned = tuple[ColumnElement[bool], ...]
"""Whom a change concerns: any of these conditions, each with an index of its own."""

EVERYBODY: Concerned = (true(),)

_PAGE = (
    columns_for(SubjectRow, Subject)
    .where(SUBJECTS.c.grown.is_(False), SUBJECTS.c.id > bindparam("cursor"))
    .order_by(SUBJECTS.c.id)
    .limit(BATCH)
    .with_for_update()  # decided on what stands: nobody tells a younger date meanwhile
)
_NOT_GROWN = select(SUBJECTS.c.id).where(SUBJECTS.c.grown.is_(False)).limit(1)


def young_in(country: str, region: str | None) -> Concerned:
    """Who declared that place, or hinted at it, as two conditions with an index each."""
    declared, hinted = SUBJECTS.c.country == country, SUBJECTS.c.hint_country == country
    if region is None:
        return declared, hinted
    return declared & (SUBJECTS.c.region == region), hinted & (SUBJECTS.c.hint_region == region)


def young_by_profile(label: str) -> Concerned:
    """Who was last decided by that version of a profile."""
    return (SUBJECTS.c.profile == label,)


def pages(concerned: Concerned) -> list[Select[tuple[object, ...]]]:
    """The statements that find a page, one per condition."""
    return [_PAGE.where(condition) for condition in concerned]


def page_of_young(tx: Transaction, concerned: Concerned, cursor: str) -> list[Subject]:
    """Up to `BATCH` subjects after the cursor, in the order of their ids."""
    rows = (row for page in pages(concerned) for row in tx.rows(page, {"cursor": cursor}))
    found = {held.id: held for held in as_values(Subject, list(rows))}
    return [found[row] for row in sorted(found)][:BATCH]


def anybody_young(tx: Transaction) -> bool:
    """Whether there is anybody whom a change could concern."""
    return bool(tx.rows(_NOT_GROWN))


def ungrow_all(tx: Transaction) -> int:
    """Nobody counts as grown any more: the highest age of the table has risen."""
    return tx.change(update(SUBJECTS).where(SUBJECTS.c.grown.is_(True)).values(grown=False))


def prints(tx: Transaction) -> dict[str, tuple[str, str]]:
    """Fingerprint and label of everything that was recorded, by name."""
    found = tx.rows(select(PRINTS).where(PRINTS.c.name != WATCH))
    return {str(row["name"]): (str(row["fingerprint"]), str(row["label"])) for row in found}


def lock_prints(tx: Transaction) -> None:
    """Keeps every other process from noting fingerprints until this transaction ends."""
    tx.change(update(PRINTS).where(PRINTS.c.name == WATCH).values(label=WATCH))


def note_print(tx: Transaction, name: str, fingerprint: str, label: str, *, known: bool) -> None:
    """Records a fingerprint, in the place of the one that is `known`."""
    if known:
        tx.change(update(PRINTS).where(PRINTS.c.name == name).values(fingerprint=fingerprint, label=label))
    else:
        tx.append(RulePrintRow, {"name": name, "fingerprint": fingerprint, "label": label})


def drop_print(tx: Transaction, name: str) -> None:
    """Forgets the fingerprint of what there is no more."""
    tx.change(delete(PRINTS).where(PRINTS.c.name == name))


def begin_redecision(tx: Transaction, scope: str, now: datetime) -> None:
    """Sets the cursor of a change to the start; one that is under way starts again."""
    again = update(REDECISIONS).where(REDECISIONS.c.scope == scope).values(cursor="", begun_at=now)
    if tx.change(again) == 0:
        tx.append(RedecisionRow, {"scope": scope, "cursor": "", "begun_at": now})


def cursor_of(tx: Transaction, scope: str) -> str | None:
    """Where a change stands; None when it is worked through."""
    found = tx.rows(select(REDECISIONS.c.cursor).where(REDECISIONS.c.scope == scope))
    return str(found[0]["cursor"]) if found else None


def move_cursor(tx: Transaction, scope: str, was: str, to: str) -> bool:
    """Moves the cursor on, if nobody else did."""
    still = REDECISIONS.c.scope == scope, REDECISIONS.c.cursor == was
    return tx.change(update(REDECISIONS).where(*still).values(cursor=to)) == 1


def end_redecision(tx: Transaction, scope: str) -> None:
    """The change is worked through."""
    tx.change(delete(REDECISIONS).where(REDECISIONS.c.scope == scope))


def add_correction(tx: Transaction, row: Values) -> None:
    """Appends the evidence of a correction."""
    tx.append(CorrectionRow, row)
