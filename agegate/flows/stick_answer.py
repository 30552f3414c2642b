"""Make the first "no" stick: a child who was told no and tries again with an older date gets the same answer.

Recognised by the service's subject id, the address given and the device digest, each as a keyed digest of this
service only, for the time the profile says (16 CFR 312 FAQ H.3: stop the back button). Nothing else is kept.
"""

from dataclasses import dataclass
from datetime import datetime

from agegate.entropy import Entropy, new_id
from agegate.flows.forms import SignupForm
from agegate.flows.standing import Standing
from agegate.store.digests import Digests
from agegate.store.records import StickyAnswer
from agegate.store.subjects import find_sticky, stick
from agegate.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class StickAnswer:
    """Remembers an answer under every digest by which its person may come back."""

    digests: Digests
    entropy: Entropy

    def __call__(
        self,
        tx: Transaction,
        service: str,
        subject: str,
        form: SignupForm,
        standing: Standing,
        until: datetime,
        now: datetime,
    ) -> None:
        """Writes one row per digest; a repeat renews the time."""
        for digest in self._of(service, subject, form):
            stick(
                tx,
                {
                    "id": new_id(self.entropy, now),
                    "service": service,
                    "digest": digest,
                    "decision": standing.decision,
                    "assurance": standing.assurance,
                    "assent_needed": standing.assent_needed,
                    "reasons": standing.reasons,
                    "profile": standing.profile,
                    "expires_at": until,
                },
            )

    def earlier(
        self, tx: Transaction, service: str, subject: str, form: SignupForm, now: datetime
    ) -> list[StickyAnswer]:
        """The answers that still hold for this person."""
        return find_sticky(tx, service, self._of(service, subject, form), now)

    def _of(self, service: str, subject: str, form: SignupForm) -> list[str]:
        known = [self.digests.subject(service, subject)]
        if form.email is not None:
            known.append(self.digests.address(service, form.email))
        if form.device_digest is not None:
            known.append(self.digests.device(service, form.device_digest))
        return known
