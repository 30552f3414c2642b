"""Attest a guardian: a person of the operator vouches for a signed form, a call or a video call.

The papers stay with the operator; what is kept here is the method, the time, the case number and who vouched. The audit
log keeps who, how, and a keyed digest of the case number, by which whoever has the papers can find the entry.
"""

from dataclasses import dataclass
from datetime import datetime

from agegate.flows.forms import AttestationForm
from agegate.flows.verify_guardian import verify_guardian
from agegate.flows.view_request import RequestView, view_request
from agegate.flows.write_audit import About, WriteAudit
from agegate.rules.audit import Act, of_operator
from agegate.rules.errors import AgeGateError, OperatorUnknown, RequestUnknown
from agegate.store.consents import request_by_id
from agegate.store.records import ConsentRequest, Service
from agegate.store.registry import has_person
from agegate.store.transaction import Transaction

Vouched = tuple[AttestationForm, str]
"""What was shown, and the person who says so."""


@dataclass(frozen=True, slots=True)
class AttestGuardian:
    """A person's word on one guardian. The first stands; saying it again is the same as once."""

    audit: WriteAudit

    def __call__(
        self, tx: Transaction, service: Service, subject: str, request: str, vouched: Vouched, now: datetime
    ) -> RequestView | AgeGateError:
        """The request as its service sees it, its guardian shown to be an adult."""
        found = view_request(tx, service, subject, request)
        return found if isinstance(found, AgeGateError) else self._attest(tx, found.request, vouched, now)

    def by_id(self, tx: Transaction, request: str, vouched: Vouched, now: datetime) -> RequestView | AgeGateError:
        """The same by the request's id alone, for the command line."""
        asked = request_by_id(tx, request)
        if asked is None:
            return RequestUnknown()
        if not has_person(tx, asked.service, vouched[1]):
            return OperatorUnknown()
        return self._attest(tx, asked, vouched, now)

    def _attest(
        self, tx: Transaction, asked: ConsentRequest, vouched: Vouched, now: datetime
    ) -> RequestView | AgeGateError:
        form, person = vouched

        def keep() -> None:
            reference = self.audit.digests.reference("attestation", asked.service, form.reference)
            about, facts = About(asked.service, asked.subject_id, asked.id), {"method": form.method}
            self.audit(
                tx, Act.GUARDIAN_ATTESTED, about, now, actor=of_operator(person), facts=facts | {"reference": reference}
            )

        shown = verify_guardian(tx, asked.id, form.method, form.reference, now, person=person, first=keep)
        return shown if isinstance(shown, AgeGateError) else RequestView(shown, None)
