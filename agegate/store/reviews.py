"""The questions about the months in which a minor's date of birth has to be looked at again."""

from dataclasses import dataclass

from sqlalchemy import bindparam, or_, update

from agegate.rules.consent import SubjectState
from agegate.store.subjects import SUBJECTS
from agegate.store.tables import CONSENTED, SubjectRow
from agegate.store.transaction import Transaction, as_values, columns_for

BATCH = 200


@dataclass(frozen=True, slots=True)
class Reviewed:
    """Whom to look at: since which month, and whether the guardian was told."""

    id: str
    review_month: str | None
    coming_told: bool | None


_PAGE = (
    columns_for(SubjectRow, Reviewed)
    .where(
        CONSENTED,
        or_(SUBJECTS.c.review_month.is_(None), SUBJECTS.c.review_month <= bindparam("month")),
        SUBJECTS.c.id > bindparam("cursor"),
    )
    .order_by(SUBJECTS.c.id)
    .limit(BATCH)
)


def page_to_review(tx: Transaction, cursor: str, month: str) -> list[Reviewed]:
    """Up to `BATCH` consented minors after the cursor that have no month yet, or one that has come."""
    return as_values(Reviewed, tx.rows(_PAGE, {"cursor": cursor, "month": month}))


def note_review(tx: Transaction, row: str, month: str, *, told: bool | None) -> None:
    """Sets the month in which to look again, while the consent lives."""
    living = SUBJECTS.c.id == row, SUBJECTS.c.state == SubjectState.CONSENTED
    tx.change(update(SUBJECTS).where(*living).values(review_month=month, coming_told=told))
