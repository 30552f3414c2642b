"""Look at a subject: held, told "no" a while ago, or purged."""

from dataclasses import dataclass, replace
from datetime import datetime

from agegate.flows.open_case import lacks_only_consent
from agegate.flows.standing import PURGED, Standing, SubjectView, strictest, view_of, view_standing
from agegate.rules.errors import SubjectUnknown
from agegate.store.digests import Digests
from agegate.store.purges import latest_purge
from agegate.store.records import Service, Subject
from agegate.store.sticky import find_noes
from agegate.store.subjects import find_subject
from agegate.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class ViewSubject:
    """Reads only."""

    digests: Digests

    def __call__(self, tx: Transaction, service: Service, subject: str, now: datetime) -> SubjectView | SubjectUnknown:
        """The view a service may see."""
        held = find_subject(tx, service.name, subject)
        if held is not None:
            view = view_of(held)
            helps = lacks_only_consent(tx, self.digests, held)
            return replace(view, assurance=held.assurance, assent_needed=_unassented(held)) if helps else view
        digest = self.digests.subject(service.name, subject)
        if purge := latest_purge(tx, service.name, digest):
            return SubjectView(subject, PURGED, [["purge", purge.reason]], service.profile)
        if told := find_noes(tx, service.name, [digest], now):
            return view_standing(subject, strictest(Standing.stuck(answer) for answer in told))
        return SubjectUnknown()


def _unassented(held: Subject) -> bool:
    return held.assent_needed and held.assent_sha256 is None
