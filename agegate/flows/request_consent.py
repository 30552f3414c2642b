"""Ask a guardian: a pending request, its mail, its reminder and its expiry, in one transaction.

The same mailbox again gets the same request; at most two guardians are asked at a time. The address is sealed under
the subject's key and goes when the subject goes. Who may be asked is `judge_guardian.py`'s business, whether a mail
may be sent `allow_mail.py`'s: the answer is the same either way.
"""

from dataclasses import dataclass
from datetime import datetime

from agegate.entropy import Entropy, new_id
from agegate.flows.allow_mail import Mailbox, allow_mail
from agegate.flows.due import Due
from agegate.flows.forms import ConsentRequestForm
from agegate.flows.judge_guardian import FLAG_DISPOSABLE, JudgeGuardian
from agegate.flows.write_audit import About, WriteAudit
from agegate.law.disposable import is_disposable
from agegate.rules.audit import Act, of_service
from agegate.rules.consent import RequestState
from agegate.rules.errors import AgeGateError, SubjectUnknown, TooManyRequests
from agegate.rules.profile import Profile
from agegate.rules.switches import switches_of
from agegate.signing.links import LinkKind, Links
from agegate.store import agenda
from agegate.store.consents import add_request, count_open, open_request_to, request_by_id
from agegate.store.digests import Digests
from agegate.store.records import ConsentRequest, Service, Subject
from agegate.store.subjects import find_subject_held
from agegate.store.transaction import Transaction
from agegate.store.vault import Cell, Vault

MOST_OPEN = 2


@dataclass(frozen=True, slots=True)
class RequestConsent:
    """Creates the question to one guardian."""

    judge: JudgeGuardian
    vault: Vault
    digests: Digests
    links: Links
    entropy: Entropy
    audit: WriteAudit

    def __call__(
        self, tx: Transaction, service: Service, subject: str, form: ConsentRequestForm, now: datetime
    ) -> ConsentRequest | AgeGateError:
        """The request, new or the one that waits already."""
        held = find_subject_held(tx, service.name, subject)
        if held is None:
            return SubjectUnknown()
        if refusal := self.judge(tx, service, held, form, now):
            return refusal
        if waiting := open_request_to(tx, held.id, self.digests.address(service.name, form.guardian_email)):
            return waiting
        if count_open(tx, held.id) >= MOST_OPEN:
            return TooManyRequests()
        return self.ask(tx, service, held, form, now)

    def ask(
        self, tx: Transaction, service: Service, held: Subject, form: ConsentRequestForm, now: datetime
    ) -> ConsentRequest | AgeGateError:
        """The new request. What nobody outside may tell is written with it: whether its mail is held back."""
        profile = self.judge.judge.rules.profile(service.profile)
        row = new_id(self.entropy, now)
        guardian, mailbox = self.digests.address(service.name, form.guardian_email), self._mailbox(form)
        hold = allow_mail(tx, Mailbox(mailbox, guardian, service.name, held.id), now)
        ends = now + profile.retention.request_ends((held.country, held.hint_country))
        add_request(
            tx,
            self._sealed(row, form, held)
            | self._agreed(form, profile, held)
            | {
                "id": row,
                "service": service.name,
                "subject_id": held.id,
                "guardian_digest": guardian,
                "mailbox_digest": mailbox,
                "mail_hold": hold,
                "created_at": now,
                "expires_at": ends,
            },
        )
        about, facts = About(service.name, held.id, row), {"profile": profile.label, "assurance": held.assurance}
        self.audit(tx, Act.CONSENT_REQUESTED, about, now, actor=of_service(service.name), facts=facts)
        agenda.put(tx, new_id(self.entropy, now), Due.REQUEST_MAIL, row, now)
        agenda.put(tx, new_id(self.entropy, now), Due.REQUEST_EXPIRY, row, ends)
        if (remind_at := now + profile.retention.reminder) < ends:
            agenda.put(tx, new_id(self.entropy, now), Due.REQUEST_REMINDER, row, remind_at)
        return request_by_id(tx, row) or SubjectUnknown()

    def _mailbox(self, form: ConsentRequestForm) -> str:
        return self.digests.mailbox(form.guardian_email)

    def _sealed(self, row: str, form: ConsentRequestForm, held: Subject) -> dict[str, object]:
        key = self.vault.open_key(held.id, held.wrapped_key)
        name = form.child_name
        sealed: dict[str, object] = {
            "sealed_guardian": self.vault.seal(key, guardian_cell(row), form.guardian_email),
            "sealed_child_name": self.vault.seal(key, child_name_cell(row), name) if name else None,
        }
        return sealed | {name: self.links.digest(self.links.link(kind, row)) for name, kind in DIGESTS.items()}

    def _agreed(self, form: ConsentRequestForm, profile: Profile, held: Subject) -> dict[str, object]:
        # Both have to agree to one text: without a word to the contrary the guardian reads the minor's language.
        notice = self.judge.judge.rules.notice(profile, form.locale or held.assent_locale)
        return UNANSWERED | {
            **notice.bound_to(profile.label),
            "assurance": held.assurance,
            "purposes_asked": list(switches_of(profile)),
            "flags": [FLAG_DISPOSABLE] if is_disposable(form.guardian_email) else [],
        }


DIGESTS = {
    "link_digest": LinkKind.ANSWER,
    "manage_digest": LinkKind.MANAGE,
    "confirm_digest": LinkKind.CONFIRM,
    "stop_digest": LinkKind.STOP,
}
UNANSWERED: dict[str, object] = {
    "state": RequestState.PENDING,
    "mailed_at": None,
    "decided_at": None,
    "receipt_id": None,
    "delete_at": None,
}


def guardian_cell(row: str) -> Cell:
    """Where a guardian's address is sealed, under the subject's key."""
    return Cell("consent_requests", "sealed_guardian", row)


def child_name_cell(row: str) -> Cell:
    """Where the name that the page may show is sealed, under the subject's key."""
    return Cell("consent_requests", "sealed_child_name", row)
