"""Note in a receipt's record what became of the consent: a further signed entry, never a change of the receipt.

Each entry names the one before it by its digest, so that none can be left out or put elsewhere. A request without a
receipt has no record, and nothing is noted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from agegate.clock import rfc3339
from agegate.signing.strict_jws import JsonValue
from agegate.signing.verify import Kind
from agegate.store.consents import add_evidence, receipt_commitment, receipt_record
from agegate.store.key_book import KeyBook
from agegate.store.records import ConsentRequest
from agegate.store.transaction import Transaction


class ConsentEvent(StrEnum):
    """What can become of a consent, in the words of the Data Privacy Vocabulary."""

    SWITCHED = "dpv:ConsentGiven"
    """Given as before, for other purposes."""

    RENEWED = "dpv:RenewedConsentGiven"
    WITHDRAWN = "dpv:ConsentWithdrawn"
    EXPIRED = "dpv:ConsentExpired"
    """The minor came of age."""

    INVALIDATED = "dpv:ConsentInvalidated"


@dataclass(frozen=True, slots=True)
class NoteConsentEvent:
    """Signs an entry and appends it."""

    keys: KeyBook

    def __call__(
        self,
        tx: Transaction,
        asked: ConsentRequest,
        event: ConsentEvent,
        now: datetime,
        purposes: Mapping[str, str] | None = None,
    ) -> None:
        """`purposes` says `granted` or `refused` per purpose, where that is what changed."""
        record = receipt_record(tx, asked.id)
        if not record or asked.receipt_id is None:
            return
        row = f"{asked.receipt_id}.{len(record):04}"
        claims: dict[str, JsonValue] = {
            "iat": int(now.timestamp()),
            "jti": row,
            "receipt_id": asked.receipt_id,
            "record_id": asked.id,
            "number": len(record),
            "previous": sha256(record[-1].encode()).hexdigest(),
            "event": {"state": event, "at": rfc3339(now)},
        }
        if purposes is not None:
            claims["purposes"] = dict(purposes)
        signed = self.keys.signer_in(tx, now).sign(Kind.CONSENT_EVENT, claims)
        kept = {"id": row, "service": asked.service, "kind": Kind.CONSENT_EVENT, "request_id": asked.id}
        commitment = receipt_commitment(tx, asked.receipt_id)
        add_evidence(tx, kept | {"commitment": commitment, "jws": signed, "issued_at": now})
