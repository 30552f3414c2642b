"""Take a stranger's word: "not my child", or "never write to me again". The question ends, the account does not.

A stranger's click must not delete anything of a child's: the request is undeliverable, and the child may name
another guardian until its own time is over. "Never" also keeps every service from writing there unasked.
"""

from dataclasses import dataclass
from datetime import datetime

from agegate.flows.end_undeliverable import EndUndeliverable
from agegate.flows.request_consent import guardian_cell
from agegate.rules.consent import MailHold, RequestState, Stop
from agegate.rules.errors import AgeGateError, AlreadyAnswered, LinkUnknown
from agegate.store.consents import hold_mail_to, request_by_id, request_held
from agegate.store.digests import Digests
from agegate.store.mailboxes import hold_mailbox, suppress
from agegate.store.records import ConsentRequest
from agegate.store.subjects import subject_by_id
from agegate.store.transaction import Transaction
from agegate.store.vault import SealBroken, Vault


@dataclass(frozen=True, slots=True)
class StopRequest:
    """The guardian's way out that is no answer. Saying it twice is the same as once."""

    vault: Vault
    digests: Digests
    end: EndUndeliverable

    def __call__(self, tx: Transaction, request: str, stop: Stop, now: datetime) -> RequestState | AgeGateError:
        """The state it now has. "Never" is remembered whatever the state; "not mine" only ends an open question."""
        asked = request_held(tx, request)
        if asked is None:
            return LinkUnknown()
        if stop is Stop.NEVER_AGAIN and (digest := self._mailbox(tx, asked)):
            hold_mailbox(tx, digest, now)  # whoever is about to write there is waited for, and held back as well
            suppress(tx, digest, now)
            hold_mail_to(tx, digest, MailHold.SUPPRESSED)
        self.end(tx, request, stop, now)
        found = request_by_id(tx, request)
        if found is None:
            return LinkUnknown()
        if found.state != RequestState.UNDELIVERABLE and stop is Stop.NOT_MY_CHILD:
            return AlreadyAnswered()
        return RequestState(found.state)

    def _mailbox(self, tx: Transaction, asked: ConsentRequest) -> str | None:
        if asked.mailbox_digest is not None:
            return asked.mailbox_digest
        subject = subject_by_id(tx, asked.subject_id)
        try:
            key = self.vault.open_key(asked.subject_id, subject.wrapped_key if subject else None)
            return self.digests.mailbox(self.vault.open(key, guardian_cell(asked.id), asked.sealed_guardian))
        except SealBroken:
            return None
