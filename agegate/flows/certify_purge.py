"""Certify a purge: the signed evidence that every leg was answered, and by whom. Never while one is open, and never
before the ledger outside the database has the tombstone.

Says what was deleted where, and when; names the subject only by the commitment that its receipts carry too.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from agegate.clock import rfc3339
from agegate.entropy import Entropy, new_id
from agegate.flows.announce import Announce, EventType
from agegate.flows.due import Due
from agegate.flows.rule_book import RuleBook
from agegate.flows.write_audit import About
from agegate.rules.audit import Act
from agegate.rules.epochs import backups_clear_by
from agegate.rules.purge import LegState, PurgeState, all_answered
from agegate.rules.retention import Retention
from agegate.signing.strict_jws import JsonValue
from agegate.signing.verify import Kind
from agegate.store import agenda
from agegate.store.consents import end_evidence
from agegate.store.key_book import KeyBook
from agegate.store.purges import complete_purge, legs_of, purge_by_id
from agegate.store.records import Purge, PurgeLeg
from agegate.store.registry import find_service
from agegate.store.salts import set_salts_end
from agegate.store.tombstones import place_of
from agegate.store.transaction import Transaction

MOST_KEPT = Retention().evidence_retention


@dataclass(frozen=True, slots=True)
class CertifyPurge:
    """The last step of a purge."""

    keys: KeyBook
    announce: Announce
    entropy: Entropy
    rules: RuleBook

    def __call__(self, tx: Transaction, purge: str, now: datetime) -> bool:
        """Signs and closes; False while a leg is open or the ledger waits, or when it was certified already."""
        found = purge_by_id(tx, purge)
        if found is None or found.state != PurgeState.OPEN:
            return False
        legs = legs_of(tx, purge)
        buried = place_of(tx, purge)
        if buried is None or not all_answered(LegState(leg.state) for leg in legs):
            return False
        claims = self._claims(found, legs, now) | {"tombstone": buried}
        signed = self.keys.signer_in(tx, now).sign(Kind.PURGE_CERTIFICATE, claims)
        if not complete_purge(tx, purge, {"certificate": signed, "completed_at": now}):
            return False
        facts = {"certificate": sha256(signed.encode()).hexdigest()}
        self.announce.audit(tx, Act.PURGE_CERTIFIED, About(found.service, None, purge), now, facts=facts)
        self._let_evidence_end(tx, found, now)
        if found.sealed_letter is not None:
            agenda.hasten(tx, Due.LAST_MAIL, purge, now)
        self.announce(tx, found.service, EventType.PURGE_COMPLETED, now, purge_id=purge)
        return True

    def _let_evidence_end(self, tx: Transaction, purge: Purge, now: datetime) -> None:
        service = find_service(tx, purge.service)
        kept_for = self.rules.profile(service.profile).retention.evidence_retention if service else MOST_KEPT
        end_evidence(tx, purge.commitment, now, now + kept_for)
        set_salts_end(tx, purge.service, purge.subject_digest, now + kept_for)
        agenda.put(tx, new_id(self.entropy, now), Due.FORGET_EVIDENCE, purge.id, now + kept_for)

    def _claims(self, purge: Purge, legs: list[PurgeLeg], now: datetime) -> dict[str, JsonValue]:
        return {
            "iat": int(now.timestamp()),
            "jti": new_id(self.entropy, now),
            "purge": purge.id,
            "service": purge.service,
            "principal": purge.commitment,
            "reason": purge.reason,
            "ordered_at": rfc3339(purge.ordered_at),
            "completed_at": rfc3339(now),
            "deleted": dict(purge.deleted),
            "legs": [_leg(leg) for leg in legs],
            "unconfirmed": [leg.holder for leg in legs if leg.state == LegState.UNREACHABLE],
            "backups_clear_by": rfc3339(backups_clear_by(purge.ordered_at)),
        }


def _leg(leg: PurgeLeg) -> dict[str, JsonValue]:
    return {
        "holder": leg.holder,
        "status": "unconfirmed" if leg.state == LegState.UNREACHABLE else leg.state,
        "completed_at": rfc3339(leg.completed_at) if leg.completed_at else None,
        "counts": dict(leg.counts),
        "exceptions": [dict(kept) for kept in leg.exceptions],
    }
