"""The questions about answers that stick, in the domain's words."""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, bindparam, delete, or_, update

from agegate.store.lookahead import Key, Lookup, fetch_by_name
from agegate.store.prebuilt import Prebuilt
from agegate.store.records import StickyAnswer
from agegate.store.tables import StickyAnswerRow
from agegate.store.transaction import Transaction, Values, as_values, columns_for, first, table_of

STICKY = table_of(StickyAnswerRow)


class KeyKind(StrEnum):
    """What a row is recognised by; or that it holds a corrected date of birth, recognised by the subject."""

    SUBJECT = "subject"
    ADDRESS = "address"
    DEVICE = "device"
    CORRECTED = "corrected"


_TABLE = str(StickyAnswerRow.__tablename__)
_HELD = columns_for(StickyAnswerRow, StickyAnswer).where(
    STICKY.c.service == bindparam("in_service"),
    STICKY.c.digest.in_(bindparam("digests", expanding=True)),
    STICKY.c.expires_at > bindparam("now"),
)
_KNOWN = (
    columns_for(StickyAnswerRow, StickyAnswer)
    .where(
        STICKY.c.service == bindparam("in_service"),
        STICKY.c.digest == bindparam("by"),
        STICKY.c.owner == bindparam("owned"),
    )
    .with_for_update()
)

_MANY = Prebuilt(
    columns_for(StickyAnswerRow, StickyAnswer).where(STICKY.c.service == bindparam("in_service")),
    StickyAnswer,
    STICKY.c.digest,
)


def sticky_lookup(service: str, digest: str) -> Lookup:
    """Announces a `find_sticky` with that digest."""
    return _TABLE, (service, digest)


def fetch_sticky(connection: Connection, keys: Sequence[Key]) -> dict[Key, list[object]]:
    """What is remembered under those digests, for a batch that announced them."""
    return fetch_by_name(connection, keys, _MANY, lambda answer: answer.digest)


def find_sticky(tx: Transaction, service: str, digests: Collection[str], now: datetime) -> list[StickyAnswer]:
    """What is remembered under any of those digests: every "no", and corrected dates of birth."""
    ahead = [found for digest in digests if (found := tx.ahead.get(_TABLE, (service, digest))) is not None]
    if ahead and len(ahead) == len(digests):
        return [row for found in ahead for row in found if isinstance(row, StickyAnswer) and row.expires_at > now]
    if any(tx.awaits(StickyAnswerRow, (service, digest)) for digest in digests):
        tx.flush()
    return as_values(
        StickyAnswer, tx.rows_unflushed(_HELD, {"in_service": service, "digests": list(digests), "now": now})
    )


def find_noes(tx: Transaction, service: str, digests: Collection[str], now: datetime) -> list[StickyAnswer]:
    """The "no"s that still hold for any of those digests."""
    return [answer for answer in find_sticky(tx, service, digests, now) if answer.kind != KeyKind.CORRECTED]


def known_answer(tx: Transaction, service: str, digest: str, owner: str) -> StickyAnswer | None:
    """What is remembered under a digest for an owner, held until the commit; also what its time is over of."""
    if tx.awaits(StickyAnswerRow, (service, digest)):
        tx.flush()
    found = tx.rows_unflushed(_KNOWN, {"in_service": service, "by": digest, "owned": owner})
    return first(as_values(StickyAnswer, found))


def stick(tx: Transaction, row: Values, known: StickyAnswer | None) -> None:
    """Remembers an answer under a digest for its owner, in place of the known one of the same owner."""
    if known is not None:
        kept = {name: value for name, value in row.items() if name not in {"id", "wrapped_key", "sealed_birth_date"}}
        # A corrected date that stood here is gone with its key: what is told now is newer.
        gone = {"wrapped_key": row.get("wrapped_key"), "sealed_birth_date": row.get("sealed_birth_date")}
        tx.change(update(STICKY).where(STICKY.c.id == known.id).values(**kept, **gone))
    else:
        stick_new(tx, row)


def stick_new(tx: Transaction, row: Values) -> None:
    """The same for an owner who was never told anything: there is nothing to replace."""
    kept = {"wrapped_key": None, "sealed_birth_date": None} | dict(row)
    tx.append(StickyAnswerRow, kept, (str(row["service"]), str(row["digest"])))


def lift_sticky(tx: Transaction, service: str, subject_digest: str) -> int:
    """Deletes what that subject was told, under every digest, and what it was told because of others."""
    of_subject = or_(STICKY.c.owner == subject_digest, STICKY.c.digest == subject_digest)
    return tx.change(delete(STICKY).where(STICKY.c.service == service, of_subject))


def forget_corrected(tx: Transaction, service: str, subject_digest: str) -> int:
    """Deletes the corrected date of birth of a subject, with its key."""
    held = STICKY.c.service == service, STICKY.c.digest == subject_digest, STICKY.c.kind == KeyKind.CORRECTED
    return tx.change(delete(STICKY).where(*held))


def forget_sticky(tx: Transaction, now: datetime) -> int:
    """Deletes the answers whose time is over."""
    return tx.change(delete(STICKY).where(STICKY.c.expires_at <= now))
