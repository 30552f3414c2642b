"""Look at a subject: held, told "no" a while ago, or purged."""

from dataclasses import dataclass
from datetime import datetime

from agegate.flows.standing import PURGED, Standing, SubjectView, strictest, view_of, view_standing
from agegate.rules.errors import SubjectUnknown
from agegate.store.digests import Digests
from agegate.store.purges import latest_purge
from agegate.store.records import Service
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
            return view_of(held)
        digest = self.digests.subject(service.name, subject)
        if purge := latest_purge(tx, service.name, digest):
            return SubjectView(subject, PURGED, [["purge", purge.reason]], service.profile)
        if told := find_noes(tx, service.name, [digest], now):
            return view_standing(subject, strictest(Standing.stuck(answer) for answer in told))
        return SubjectUnknown()
