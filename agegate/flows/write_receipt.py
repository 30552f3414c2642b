"""Write the consent receipt: the signed record that guardian and service keep (fields after ISO/IEC TS 27560).

Names subject and guardian by keyed digests only; holds no name, address or date of birth, and outlives the data.
"""

from dataclasses import dataclass
from datetime import datetime

from agegate.clock import rfc3339
from agegate.entropy import Entropy, new_id
from agegate.flows.rule_book import RuleBook
from agegate.notices.notice import Notice
from agegate.notices.receipt_words import METHOD, RIGHTS, WITHDRAWAL
from agegate.rules.notice_terms import Purpose
from agegate.rules.switches import DISCLOSURE
from agegate.signing.strict_jws import JsonValue
from agegate.signing.verify import Kind
from agegate.store.consents import add_evidence, note_request
from agegate.store.digests import Digests
from agegate.store.key_book import KeyBook
from agegate.store.records import ConsentRequest, Service, Subject
from agegate.store.registry import find_service
from agegate.store.subjects import subject_by_id
from agegate.store.transaction import Transaction

SCHEMA = "agegate/consent-receipt/1"


@dataclass(frozen=True, slots=True)
class WriteReceipt:
    """Signs a receipt for a request that was just granted."""

    rules: RuleBook
    digests: Digests
    keys: KeyBook
    entropy: Entropy

    def __call__(self, tx: Transaction, asked: ConsentRequest, now: datetime) -> None:
        """Keeps the receipt and notes it at the request."""
        subject, service = subject_by_id(tx, asked.subject_id), find_service(tx, asked.service)
        if subject is None or service is None:
            return
        row = new_id(self.entropy, now)
        commitment = self.digests.evidence(subject.id, service.name, subject.subject)
        claims = self._claims(asked, subject, service, now) | {"jti": row, "receipt_id": row}
        signed = self.keys.signer_in(tx, now).sign(Kind.CONSENT_RECEIPT, claims)
        kept = {"id": row, "service": service.name, "kind": Kind.CONSENT_RECEIPT, "commitment": commitment}
        add_evidence(tx, kept | {"jws": signed, "issued_at": now, "request_id": asked.id})
        note_request(tx, asked.id, {"receipt_id": row})

    def _claims(self, asked: ConsentRequest, subject: Subject, service: Service, now: datetime) -> dict[str, JsonValue]:
        profile = self.rules.profile(service.profile)
        notice = self.rules.notice(profile, asked.locale)
        terms = profile.terms(notice.locale)  # the words that the guardian read; codes are the same in all languages
        principal = self.digests.evidence(subject.id, service.name, subject.subject)
        return {
            "iat": int(now.timestamp()),
            "schema": SCHEMA,
            "record_id": asked.id,
            "principal": {"ref": principal, "type": "dpv:Child"},
            "expressed_by": self._guardian(asked),
            "controller": {
                "id": service.name,
                "name": service.controller_name,
                "address": service.controller_address,
                "contact": service.controller_contact,
            },
            "jurisdiction": subject.region or subject.country,
            "policy": asked.profile,
            "rules": [rule for rule, _ in subject.reasons],
            "notice": _notice(asked, notice, terms.policy_url),
            "processing": [_processing(purpose, asked.purposes_given) for purpose in terms.purposes],
            "disclosure": _decision(DISCLOSURE, asked.purposes_given) if profile.discloses else "none",
            "recipients": list(terms.recipients),
            "storage_places": list(terms.storage_places),
            "events": [_event("dpv:ConsentRequested", asked.created_at), _event("dpv:ConsentGiven", now)],
            "method": METHOD,
            "rights": RIGHTS,
            "authority": terms.complaint_route,
            "withdrawal": WITHDRAWAL,
        }

    def _guardian(self, asked: ConsentRequest) -> dict[str, JsonValue]:
        return {
            "ref": self.digests.reference("guardian", asked.id),
            "type": "dpv:GuardianOfDataSubject",
            "assurance": asked.assurance,
            "method": asked.method or asked.assurance,
            "verified_at": rfc3339(asked.method_at) if asked.method_at else None,
        }


def _notice(asked: ConsentRequest, notice: Notice, url: str) -> dict[str, JsonValue]:
    return {
        "url": url,
        "version": asked.policy_version,
        "language": notice.locale,
        "sha256": asked.notice_sha256,
    }


def _processing(purpose: Purpose, given: list[str] | None) -> dict[str, JsonValue]:
    return {
        "purpose": purpose.id,
        "title": purpose.title,
        "categories": list(purpose.categories),
        "necessity": "dpv:Required" if purpose.required else "dpv:Optional",
        "retention": purpose.retention,
        # The one "yes" covers what the service cannot do without; nothing optional rides along.
        "decision": "granted" if purpose.required else _decision(purpose.id, given),
    }


def _decision(switch: str, given: list[str] | None) -> str:
    if given is None:
        return "not_asked"
    return "granted" if switch in given else "refused"


def _event(state: str, at: datetime) -> dict[str, JsonValue]:
    return {"state": state, "at": rfc3339(at)}
