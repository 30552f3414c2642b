"""Issue an age-status token: only for whom the rules or a guardian admit, and only for one audience.

The claims are made here, the signature by whoever hands the token out, after the commit. A token says a decision and
the thresholds its audience is registered for, never a date of birth, an age, an address or a country.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from agegate.entropy import Entropy, opaque
from agegate.flows.forms import TokenForm
from agegate.flows.judge_again import Opened
from agegate.flows.rule_book import RuleBook
from agegate.flows.settle_consent import lacks_only_assent
from agegate.flows.show_ages import ShowAges
from agegate.flows.standing import BLOCKED
from agegate.rules.consent import ADMITTED, SubjectState
from agegate.rules.errors import (
    AgeGateError,
    AssentRequired,
    ConsentRequired,
    SubjectBlocked,
    SubjectPurged,
    SubjectRestricted,
    SubjectUnknown,
)
from agegate.signing.status_places import StatusPlaces
from agegate.signing.strict_jws import JsonValue
from agegate.store.digests import Digests
from agegate.store.lookahead import Lookup
from agegate.store.purges import latest_purge
from agegate.store.records import Audience, Service, Subject
from agegate.store.status_entries import entry_lookup, entry_of, take_entry
from agegate.store.sticky import find_noes
from agegate.store.subjects import find_subject, find_subject_held, subject_lookup
from agegate.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Grant:
    """The right to one token: its claims, and when it ends."""

    claims: Mapping[str, JsonValue]
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class IssueToken:
    """`now` is taken before the read, so no token is dated after a withdrawal that it did not see."""

    rules: RuleBook
    digests: Digests
    entropy: Entropy
    ages: ShowAges
    places: StatusPlaces
    issuer: str

    @staticmethod
    def looks_for(service: Service, subject: str) -> list[Lookup]:
        """The rows that `again` will ask for."""
        return [subject_lookup(service.name, subject), entry_lookup(service.name, subject)]

    def again(
        self, tx: Transaction, service: Service, form: TokenForm, audience: Audience, now: datetime
    ) -> Grant | AgeGateError | None:
        """The grant, or why there is none; None for a first token, which has to be written. Reads only."""
        subject = find_subject(tx, service.name, form.subject)
        if fault := self._fault(tx, service, form.subject, subject, now):
            return fault
        entry = entry_of(tx, subject, audience.name) if subject else None
        return self._grant(service, subject, audience, entry, now) if subject and entry else None

    def __call__(
        self, tx: Transaction, service: Service, form: TokenForm, audience: Audience, now: datetime
    ) -> Grant | AgeGateError:
        """The grant, or why there is none. The first token for an audience takes an entry of a status list."""
        subject = find_subject_held(tx, service.name, form.subject)
        if fault := self._fault(tx, service, form.subject, subject, now):
            return fault
        return self.grant(tx, service, subject, audience, now) if subject else SubjectUnknown()

    def grant(
        self,
        tx: Transaction,
        service: Service,
        subject: Subject,
        audience: Audience,
        now: datetime,
        opened: Opened | None = None,
    ) -> Grant:
        """A grant for somebody who may have one, and who is held; or is new in this transaction, `opened` already."""
        # Somebody new in this transaction has no entry that one could look for.
        known = entry_of(tx, subject, audience.name) if opened is None else None
        entry = known or take_entry(tx, subject, audience.name)
        return self._grant(service, subject, audience, entry, now, opened)

    def _grant(
        self,
        service: Service,
        subject: Subject,
        audience: Audience,
        entry: int,
        now: datetime,
        opened: Opened | None = None,
    ) -> Grant:
        """The claims that `openapi.yaml` lists; life from the profile, at most 15 minutes."""
        profile = self.rules.profile(service.profile)
        begins = int(now.timestamp())
        ends = begins + int(profile.retention.token_life.total_seconds())
        if subject.expires_at is not None:
            ends = min(ends, int(subject.expires_at.timestamp()))
        number, index = self.places.place(entry)
        claims: dict[str, JsonValue] = {
            "aud": audience.name,
            "sub": self._sub(subject, audience),
            "iat": begins,
            "nbf": begins,
            "exp": ends,
            "jti": opaque(self.entropy),
            "age_decision": subject.state,
            **self.ages(profile, subject, audience.over, now, opened),
            "age_method": "self_declared",
            "policy": subject.profile,
            "status": {"status_list": {"idx": index, "uri": f"{self.issuer}/status/{number}"}},
        }
        if subject.consent_request is not None:
            claims["consent"] = self.digests.reference("consent", audience.name, subject.consent_request)
        return Grant(claims, datetime.fromtimestamp(ends, UTC))

    def _sub(self, subject: Subject, audience: Audience) -> str:
        if not audience.pairwise:
            return subject.subject
        return self.digests.pairwise(subject.service, audience.name, subject.subject)

    def _fault(
        self, tx: Transaction, service: Service, name: str, subject: Subject | None, now: datetime
    ) -> AgeGateError | None:
        if subject is None:
            return self._absence(tx, service, name, now)
        if subject.state == SubjectState.RESTRICTED:
            return SubjectRestricted()
        open_while_pending = self.rules.profile(service.profile).limited_access_while_pending
        late = subject.expires_at is not None and subject.expires_at <= now
        if subject.state not in ADMITTED and (late or not open_while_pending):
            return AssentRequired() if lacks_only_assent(tx, subject) else ConsentRequired()
        return None

    def _absence(self, tx: Transaction, service: Service, subject: str, now: datetime) -> AgeGateError:
        digest = self.digests.subject(service.name, subject)
        if any(answer.decision == BLOCKED for answer in find_noes(tx, service.name, [digest], now)):
            return SubjectBlocked()
        return SubjectPurged() if latest_purge(tx, service.name, digest) else SubjectUnknown()
