"""The questions about reports of subjects under age, in the domain's words.

Every move is a conditional update along the transition table. What ends a case empties it of everything personal.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import bindparam, delete, distinct, func, select, update

from agegate.rules.report import LIVE, TRANSITIONS, ReportState
from agegate.store.report_tables import ReportRow
from agegate.store.transaction import Transaction, Values, as_values, columns_for, first, table_of

REPORTS = table_of(ReportRow)
PAGE = 100
EMPTY: Values = {
    "reporter_digest": None,
    "wrapped_key": None,
    "sealed_subject": None,
    "sealed_account": None,
    "sealed_words": None,
    "sealed_former": None,
}
"""What is left of what people said, once a case is over: nothing."""


@dataclass(frozen=True, slots=True)
class Report:
    """A case as it is stored."""

    id: str
    service: str
    basis: str
    state: str
    subject_digest: str | None = field(repr=False)
    wrapped_key: str | None = field(repr=False)
    sealed_subject: str | None = field(repr=False)
    sealed_account: str | None = field(repr=False)
    sealed_words: str | None = field(repr=False)
    sealed_former: str | None = field(repr=False)
    restricts: bool
    flags: list[str]
    ruling: str | None
    ruled_by: str | None
    created_at: datetime
    stated_at: datetime
    contest_ends: datetime | None
    ended_at: datetime | None


_REPORT = columns_for(ReportRow, Report)
_BY_ID = _REPORT.where(REPORTS.c.id == bindparam("wanted"))


def add_report(tx: Transaction, row: Values) -> None:
    """Appends a case."""
    tx.append(ReportRow, row)


def report_by_id(tx: Transaction, row: str) -> Report | None:
    """The case with that id, or None."""
    return first(as_values(Report, tx.rows(_BY_ID, {"wanted": row})))


def live_reports(tx: Transaction, service: str, subject_digest: str) -> list[Report]:
    """The cases on a subject that are not over, oldest first."""
    wanted = _REPORT.where(
        REPORTS.c.service == service, REPORTS.c.subject_digest == subject_digest, REPORTS.c.state.in_(LIVE)
    )
    return as_values(Report, tx.rows(wanted.order_by(REPORTS.c.id)))


def contested_among(tx: Transaction, service: str, subject_digests: Collection[str]) -> set[str]:
    """Those of these subjects on whom a case is open that was contested."""
    wanted = select(REPORTS.c.subject_digest).where(
        REPORTS.c.service == service,
        REPORTS.c.subject_digest.in_(subject_digests),
        REPORTS.c.state == ReportState.CONTESTED,
    )
    return {str(row["subject_digest"]) for row in tx.rows(wanted)} if subject_digests else set()


def same_call(
    tx: Transaction, service: str, basis: str, subject_digest: str, reporter_digest: str | None, since: datetime
) -> str | None:
    """The id of the live case that the same claim opened a moment ago."""
    wanted = select(REPORTS.c.id).where(
        REPORTS.c.service == service,
        REPORTS.c.basis == basis,
        REPORTS.c.subject_digest == subject_digest,
        REPORTS.c.reporter_digest.is_not_distinct_from(reporter_digest),
        REPORTS.c.state.in_(LIVE),
        REPORTS.c.stated_at > since,
    )
    found = tx.rows(wanted.order_by(REPORTS.c.id).limit(1))
    return str(found[0]["id"]) if found else None


def count_from(tx: Transaction, reporter_digest: str, since: datetime) -> tuple[int, int]:
    """How many reports one reporter made since, and on how many subjects."""
    counted = select(func.count().label("reports"), func.count(distinct(REPORTS.c.subject_digest)).label("targets"))
    found = tx.rows(counted.where(REPORTS.c.reporter_digest == reporter_digest, REPORTS.c.created_at > since))
    return int(found[0]["reports"]), int(found[0]["targets"])


def count_on(tx: Transaction, service: str, subject_digest: str, since: datetime) -> int:
    """How many reports there were on one subject since, whatever became of them."""
    counted = select(func.count().label("reports")).where(
        REPORTS.c.service == service, REPORTS.c.subject_digest == subject_digest, REPORTS.c.created_at > since
    )
    return int(tx.rows(counted)[0]["reports"])


def is_cooling(tx: Transaction, service: str, subject_digest: str, basis: str, since: datetime) -> bool:
    """Whether a case of the same kind on the same subject was dismissed since."""
    wanted = select(REPORTS.c.id).where(
        REPORTS.c.service == service,
        REPORTS.c.subject_digest == subject_digest,
        REPORTS.c.basis == basis,
        REPORTS.c.state == ReportState.DISMISSED,
        REPORTS.c.ended_at > since,
    )
    return bool(tx.rows(wanted.limit(1)))


def move_report(
    tx: Transaction, row: str, to: ReportState, values: Values, *, only: Collection[str] = frozenset(ReportState)
) -> bool:
    """Moves a case along the transition table; False when somebody else was first."""
    moved = update(REPORTS).where(REPORTS.c.id == row, REPORTS.c.state.in_(TRANSITIONS[to] & set(only)))
    return tx.change(moved.values(state=to, **values)) == 1


def end_report(tx: Transaction, row: str, to: ReportState, now: datetime, values: Values | None = None) -> bool:
    """The same for an end: nothing of what was said is left."""
    return move_report(tx, row, to, {**EMPTY, "ended_at": now, **(values or {})})


def note_report(tx: Transaction, row: str, values: Values) -> bool:
    """Sets facts of a case that is not over; False when it is."""
    alive = update(REPORTS).where(REPORTS.c.id == row, REPORTS.c.ended_at.is_(None))
    return tx.change(alive.values(**values)) == 1


def unname_reports(tx: Transaction, service: str, subject_digest: str, now: datetime) -> list[str]:
    """Ends every case on a subject that is purged, and forgets whom any was about. Says which were open."""
    of_subject = REPORTS.c.service == service, REPORTS.c.subject_digest == subject_digest
    wanted = select(REPORTS.c.id).where(*of_subject, REPORTS.c.ended_at.is_(None))
    ended = [str(row["id"]) for row in tx.rows(wanted)]
    if ended:
        emptied = {**EMPTY, "subject_digest": None, "ended_at": now, "state": ReportState.ENDED}
        tx.change(update(REPORTS).where(REPORTS.c.id.in_(ended)).values(**emptied))
    tx.change(update(REPORTS).where(*of_subject).values(subject_digest=None))
    return ended


def reports_queue(tx: Transaction, service: str | None, *, ended: bool) -> list[Report]:
    """Up to `PAGE` cases, those that end soonest first."""
    wanted = _REPORT.where(REPORTS.c.ended_at.is_not(None) if ended else REPORTS.c.ended_at.is_(None))
    if service is not None:
        wanted = wanted.where(REPORTS.c.service == service)
    order = (REPORTS.c.contest_ends.is_(None), REPORTS.c.contest_ends, REPORTS.c.id)
    return as_values(Report, tx.rows(wanted.order_by(*order).limit(PAGE)))


def forget_reports(tx: Transaction, ended_before: datetime) -> int:
    """Deletes what is left of cases that were over by then."""
    return tx.change(delete(REPORTS).where(REPORTS.c.ended_at <= ended_before))
