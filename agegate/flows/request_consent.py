"""Ask a guardian: a pending request, its mail and its expiry, in one transaction.

The same mailbox again gets the same request; at most two guardians are asked at a time. The address is sealed under
the subject's key and goes when the subject goes.
"""

from dataclasses import dataclass
from datetime import datetime

from agegate.entropy import Entropy, new_id
from agegate.flows.due import Due
from agegate.flows.forms import ConsentRequestForm
from agegate.flows.rule_book import RuleBook
from agegate.rules.consent import RequestState, SubjectState
from agegate.rules.errors import (
    AgeGateError,
    ConsentNotNeeded,
    ControllerIncomplete,
    Fault,
    InputRefused,
    SubjectUnknown,
    TooManyRequests,
)
from agegate.rules.profile import Profile
from agegate.signing.links import LinkKind, Links
from agegate.store import agenda
from agegate.store.consents import add_request, count_open, open_request_to, request_by_id
from agegate.store.digests import Digests
from agegate.store.records import ConsentRequest, Service, Subject
from agegate.store.subjects import find_subject
from agegate.store.transaction import Transaction
from agegate.store.vault import Cell, Vault

MOST_OPEN = 2


@dataclass(frozen=True, slots=True)
class RequestConsent:
    """Creates the question to one guardian."""

    rules: RuleBook
    vault: Vault
    digests: Digests
    links: Links
    entropy: Entropy

    def __call__(
        self, tx: Transaction, service: Service, subject: str, form: ConsentRequestForm, now: datetime
    ) -> ConsentRequest | AgeGateError:
        """The request, new or the one that waits already."""
        held = find_subject(tx, service.name, subject)
        if held is None:
            return SubjectUnknown()
        guardian = self.digests.address(service.name, form.guardian_email)
        if refusal := why_not(service, held, guardian):
            return refusal
        if waiting := open_request_to(tx, held.id, guardian):
            return waiting
        if count_open(tx, held.id) >= MOST_OPEN:
            return TooManyRequests()
        return self._ask(tx, service, held, form, guardian, now)

    def _ask(
        self,
        tx: Transaction,
        service: Service,
        held: Subject,
        form: ConsentRequestForm,
        guardian: str,
        now: datetime,
    ) -> ConsentRequest | AgeGateError:
        profile = self.rules.profile(service.profile)
        row = new_id(self.entropy, now)
        add_request(
            tx,
            self._sealed(row, form, held)
            | self._agreed(form, profile, held)
            | {
                "id": row,
                "service": service.name,
                "subject_id": held.id,
                "guardian_digest": guardian,
                "created_at": now,
                "expires_at": now + profile.retention.request_expiry,
            },
        )
        agenda.put(tx, new_id(self.entropy, now), Due.REQUEST_MAIL, row, now)
        agenda.put(tx, new_id(self.entropy, now), Due.REQUEST_EXPIRY, row, now + profile.retention.request_expiry)
        return request_by_id(tx, row) or SubjectUnknown()

    def _sealed(self, row: str, form: ConsentRequestForm, held: Subject) -> dict[str, object]:
        key = self.vault.open_key(held.id, held.wrapped_key)
        name = form.child_name
        return {
            "sealed_guardian": self.vault.seal(key, guardian_cell(row), form.guardian_email),
            "sealed_child_name": self.vault.seal(key, child_name_cell(row), name) if name else None,
            "link_digest": self.links.digest(self.links.link(LinkKind.ANSWER, row)),
            "manage_digest": self.links.digest(self.links.link(LinkKind.MANAGE, row)),
            "confirm_digest": self.links.digest(self.links.link(LinkKind.CONFIRM, row)),
            "stop_digest": self.links.digest(self.links.link(LinkKind.STOP, row)),
            "mailbox_digest": self.digests.mailbox(form.guardian_email),
        }

    def _agreed(self, form: ConsentRequestForm, profile: Profile, held: Subject) -> dict[str, object]:
        notice = self.rules.notice(profile, form.locale)
        return UNANSWERED | {
            "locale": notice.locale,
            "assurance": held.assurance,
            "profile": profile.label,
            "policy_version": profile.policy_version,
            "notice_sha256": notice.sha256,
        }


UNANSWERED: dict[str, object] = {
    "state": RequestState.PENDING,
    "mailed_at": None,
    "decided_at": None,
    "receipt_id": None,
    "delete_at": None,
}


def why_not(service: Service, held: Subject, guardian: str) -> AgeGateError | None:
    """Why this guardian cannot be asked for this subject, or None."""
    if held.state != SubjectState.CONSENT_REQUIRED:
        return ConsentNotNeeded()
    if not service.controller_complete:
        return ControllerIncomplete()
    if guardian == held.email_digest:
        return InputRefused(Fault("/guardian_email", "guardian_same_as_child", GUARDIAN_REFUSED))
    return None


GUARDIAN_REFUSED = "This address cannot be the guardian's. Give the address of a parent or guardian."


def guardian_cell(row: str) -> Cell:
    """Where a guardian's address is sealed, under the subject's key."""
    return Cell("consent_requests", "sealed_guardian", row)


def child_name_cell(row: str) -> Cell:
    """Where the name that the page may show is sealed, under the subject's key."""
    return Cell("consent_requests", "sealed_child_name", row)
