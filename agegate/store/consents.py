"""The questions about consent requests and receipts, in the domain's words."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import bindparam, delete, distinct, func, or_, select, update

from agegate.rules.consent import OPEN, TRANSITIONS, MailHold, RequestState
from agegate.store.consent_tables import ConsentRequestRow
from agegate.store.records import ConsentRequest, Evidence
from agegate.store.subjects import hold_subject
from agegate.store.tables import EvidenceRow
from agegate.store.transaction import Transaction, Values, as_values, columns_for, first, table_of

REQUESTS = table_of(ConsentRequestRow)
EVIDENCE = table_of(EvidenceRow)

_REQUEST = columns_for(ConsentRequestRow, ConsentRequest)
_BY_ID = _REQUEST.where(REQUESTS.c.id == bindparam("wanted"))
_BY_LINK = _REQUEST.where(
    or_(
        *(REQUESTS.c[f"{kind}_digest"] == bindparam("digest") for kind in ("link", "manage", "confirm", "stop")),
    )
)
_OF_SUBJECT = _REQUEST.where(REQUESTS.c.subject_id == bindparam("owner")).order_by(REQUESTS.c.created_at)


def add_request(tx: Transaction, row: Values) -> None:
    """Appends a pending request."""
    tx.append(ConsentRequestRow, row)
    tx.count("consents", "requested")


def request_by_id(tx: Transaction, row: str) -> ConsentRequest | None:
    """The request with that id, or None."""
    return first(as_values(ConsentRequest, tx.rows(_BY_ID, {"wanted": row})))


def request_by_link(tx: Transaction, digest: str) -> ConsentRequest | None:
    """The request that a link belongs to, by the digest of the link."""
    return first(as_values(ConsentRequest, tx.rows(_BY_LINK, {"digest": digest})))


def requests_of(tx: Transaction, subject: str) -> list[ConsentRequest]:
    """All requests for a subject, oldest first."""
    return as_values(ConsentRequest, tx.rows(_OF_SUBJECT, {"owner": subject}))


def open_request_to(tx: Transaction, subject: str, guardian_digest: str) -> ConsentRequest | None:
    """The open request to that mailbox, or None."""
    wanted = _OF_SUBJECT.where(REQUESTS.c.guardian_digest == guardian_digest, REQUESTS.c.state.in_(OPEN))
    return first(as_values(ConsentRequest, tx.rows(wanted, {"owner": subject})))


def count_open(tx: Transaction, subject: str) -> int:
    """How many guardians are being asked for a subject."""
    counted = (
        select(func.count().label("open"))
        .select_from(REQUESTS)
        .where(REQUESTS.c.subject_id == subject, REQUESTS.c.state.in_(OPEN))
    )
    return int(tx.rows(counted)[0]["open"])


def move_request(
    tx: Transaction,
    row: str,
    to: RequestState,
    values: Values,
    *,
    before: datetime | None = None,
    only: Collection[RequestState] = frozenset(RequestState),
) -> bool:
    """Moves a request along the transition table; with `before`, only while it has not expired.

    False when it is in no state from which that is possible, or in none of `only`: somebody else was first.
    """
    moved = update(REQUESTS).where(REQUESTS.c.id == row, REQUESTS.c.state.in_(TRANSITIONS[to] & set(only)))
    if before is not None:
        moved = moved.where(REQUESTS.c.expires_at > before)
    if tx.change(moved.values(state=to, **values)) != 1:
        return False
    tx.count("consents", to)
    return True


def settle_others(tx: Transaction, subject: str, to: RequestState, now: datetime) -> list[str]:
    """Moves every open request of a subject, and says which they were."""
    waiting = [request.id for request in requests_of(tx, subject) if request.state in OPEN]
    return [row for row in waiting if move_request(tx, row, to, {"decided_at": now})]


def note_request(tx: Transaction, row: str, values: Values) -> None:
    """Sets facts on a request that are no change of state."""
    tx.change(update(REQUESTS).where(REQUESTS.c.id == row).values(**values))


def note_verified(tx: Transaction, row: str, proof: Values, proofs: Collection[str], now: datetime) -> bool:
    """Sets what showed an adult on an open question; False where one of the `proofs` is there already."""
    open_ones = REQUESTS.c.id == row, REQUESTS.c.state.in_(OPEN), REQUESTS.c.expires_at > now
    unproved = or_(REQUESTS.c.method.is_(None), REQUESTS.c.method.not_in(proofs))
    return tx.change(update(REQUESTS).where(*open_ones, unproved).values(**proof)) == 1


def delete_requests(tx: Transaction, rows: Collection[str]) -> int:
    """Deletes requests, sealed addresses included."""
    return tx.change(delete(REQUESTS).where(REQUESTS.c.id.in_(rows)))


def request_held(tx: Transaction, row: str) -> ConsentRequest | None:
    """The request, its subject held until the commit: all who decide about one subject go one after the other."""
    found = request_by_id(tx, row)
    return request_by_id(tx, row) if found and hold_subject(tx, found.subject_id) else None


def live_consents(tx: Transaction, subject: str) -> list[ConsentRequest]:
    """The granted requests of a subject, newest first."""
    granted = [request for request in requests_of(tx, subject) if request.state == RequestState.GRANTED]
    return granted[::-1]


def refuse_late(tx: Transaction, row: str, now: datetime) -> bool:
    """Notes the refusal of a guardian whose question was superseded; False when it was noted before."""
    superseded = REQUESTS.c.state == RequestState.SUPERSEDED, REQUESTS.c.refused_at.is_(None)
    return tx.change(update(REQUESTS).where(REQUESTS.c.id == row, *superseded).values(refused_at=now)) == 1


def waiting_for_review(tx: Transaction, service: str | None, now: datetime) -> list[ConsentRequest]:
    """The questions that wait for a person's word, whose time ends soonest first."""
    waits = REQUESTS.c.mail_hold == MailHold.REVIEW, REQUESTS.c.reviewed_at.is_(None), REQUESTS.c.state.in_(OPEN)
    wanted = _REQUEST.where(*waits, REQUESTS.c.expires_at > now).order_by(REQUESTS.c.expires_at, REQUESTS.c.id)
    return as_values(ConsentRequest, tx.rows(wanted.where(REQUESTS.c.service == service) if service else wanted))


def note_reviewed(tx: Transaction, row: str, person: str, now: datetime) -> bool:
    """Notes a person's review of a question that waits for one; False when it does not wait."""
    waits = REQUESTS.c.mail_hold == MailHold.REVIEW, REQUESTS.c.reviewed_at.is_(None), REQUESTS.c.state.in_(OPEN)
    reviewed = update(REQUESTS).where(REQUESTS.c.id == row, *waits)
    return tx.change(reviewed.values(reviewed_at=now, reviewed_by=person)) == 1


def hold_mail_to(tx: Transaction, mailbox: str, why: MailHold) -> int:
    """Holds every unasked mail to a mailbox back, of all services."""
    open_ones = REQUESTS.c.mailbox_digest == mailbox, REQUESTS.c.state.in_(OPEN)
    return tx.change(update(REQUESTS).where(*open_ones).values(mail_hold=why))


def children_of(tx: Transaction, service: str, mailbox: str, but: str) -> int:
    """How many other children of a service that mailbox consented for, or is asked about."""
    counted = select(func.count(distinct(REQUESTS.c.subject_id)).label("children")).where(
        REQUESTS.c.service == service,
        REQUESTS.c.mailbox_digest == mailbox,
        REQUESTS.c.subject_id != but,
        REQUESTS.c.state.in_({*OPEN, RequestState.GRANTED}),
    )
    return int(tx.rows(counted)[0]["children"])


def allow_purposes(tx: Transaction, row: str, given: Collection[str]) -> bool:
    """Notes what a consent allows from now on; False when it lives no more."""
    granted = REQUESTS.c.id == row, REQUESTS.c.state == RequestState.GRANTED
    return tx.change(update(REQUESTS).where(*granted).values(purposes_given=list(given))) == 1


def living_by_mailbox(tx: Transaction, mailbox: str) -> list[str]:
    """Every consent that lives or can still be looked at, of all services, that a mailbox gave."""
    manageable = {RequestState.GRANTED, RequestState.WITHDRAWN, RequestState.AGED_OUT}
    found = select(REQUESTS.c.id).where(REQUESTS.c.mailbox_digest == mailbox, REQUESTS.c.state.in_(manageable))
    return [str(row["id"]) for row in tx.rows(found.order_by(REQUESTS.c.id))]


def add_evidence(tx: Transaction, row: Values) -> None:
    """Appends a signed receipt."""
    tx.append(EvidenceRow, row)


def receipts_of(tx: Transaction, commitments: Collection[str]) -> list[Evidence]:
    """The signed documents that carry one of those commitments, oldest first."""
    wanted = columns_for(EvidenceRow, Evidence).where(EVIDENCE.c.commitment.in_(commitments))
    return as_values(Evidence, tx.rows(wanted.order_by(EVIDENCE.c.issued_at)))


def receipt_record(tx: Transaction, request: str) -> list[str]:
    """The receipt of a request and every signed entry after it, in order; empty before there is one."""
    mine = select(EVIDENCE.c.jws).where(EVIDENCE.c.request_id == request).order_by(EVIDENCE.c.id)
    return [str(row["jws"]) for row in tx.rows(mine)]


def receipt_commitment(tx: Transaction, receipt_id: str) -> str:
    """How a receipt names its subject; its entries name it alike, so that they end together."""
    return str(tx.rows(select(EVIDENCE.c.commitment).where(EVIDENCE.c.id == receipt_id))[0]["commitment"])


def end_evidence(tx: Transaction, commitment: str, now: datetime, destroy_at: datetime) -> int:
    """Notes when the evidence of a subject ended, and when it has to go."""
    mine = update(EVIDENCE).where(EVIDENCE.c.commitment == commitment)
    return tx.change(mine.values(ended_at=now, destroy_at=destroy_at))


def destroy_evidence(tx: Transaction, commitment: str) -> int:
    """Deletes the receipts of a subject and the entries after them."""
    return tx.change(delete(EVIDENCE).where(EVIDENCE.c.commitment == commitment))


def receipt(tx: Transaction, row: str) -> str | None:
    """The signed receipt with that id, or None."""
    found = tx.rows(select(EVIDENCE.c.jws).where(EVIDENCE.c.id == row))
    return str(found[0]["jws"]) if found else None
