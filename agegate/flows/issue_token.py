"""Issue an age-status token: only for whom the rules or a guardian admit, and only for one audience.

The claims are made here, the signature by whoever hands the token out, after the commit. A token says a decision,
never a date of birth, an age, an address or a country.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from agegate.entropy import Entropy, opaque
from agegate.flows.forms import TokenForm
from agegate.flows.rule_book import RuleBook
from agegate.flows.standing import BLOCKED
from agegate.rules.consent import ADMITTED, SubjectState
from agegate.rules.errors import (
    AgeGateError,
    ConsentRequired,
    SubjectBlocked,
    SubjectPurged,
    SubjectRestricted,
    SubjectUnknown,
)
from agegate.store.digests import Digests
from agegate.store.purges import latest_purge
from agegate.store.records import Service, Subject
from agegate.store.subjects import find_sticky, find_subject
from agegate.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Grant:
    """The right to one token: its claims, and when it ends."""

    claims: Mapping[str, str | int]
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class IssueToken:
    """Reads only. `now` is taken before the read, so no token is dated after a withdrawal that it did not see."""

    rules: RuleBook
    digests: Digests
    entropy: Entropy

    def __call__(self, tx: Transaction, service: Service, form: TokenForm, now: datetime) -> Grant | AgeGateError:
        """The grant, or why there is none."""
        subject = find_subject(tx, service.name, form.subject)
        if subject is None:
            return self._absence(tx, service, form.subject, now)
        if subject.state == SubjectState.RESTRICTED:
            return SubjectRestricted()
        open_while_pending = self.rules.profile(service.profile).limited_access_while_pending
        if subject.state not in ADMITTED and not open_while_pending:
            return ConsentRequired()
        return self.grant(service, subject, form.audience, now)

    def grant(self, service: Service, subject: Subject, audience: str, now: datetime) -> Grant:
        """The claims that `openapi.yaml` lists; life from the profile, at most 15 minutes."""
        life = self.rules.profile(service.profile).retention.token_life
        issued = int(now.timestamp())
        claims: dict[str, str | int] = {
            "aud": audience,
            "sub": subject.subject,
            "iat": issued,
            "nbf": issued,
            "exp": issued + int(life.total_seconds()),
            "jti": opaque(self.entropy),
            "age_decision": subject.state,
            "age_method": "self_declared",
            "policy": subject.profile,
        }
        if subject.consent_request is not None:
            claims["consent"] = self.digests.reference("consent", audience, subject.consent_request)
        return Grant(claims, now.replace(microsecond=0) + timedelta(seconds=int(life.total_seconds())))

    def _absence(self, tx: Transaction, service: Service, subject: str, now: datetime) -> AgeGateError:
        digest = self.digests.subject(service.name, subject)
        if any(answer.decision == BLOCKED for answer in find_sticky(tx, service.name, [digest], now)):
            return SubjectBlocked()
        return SubjectPurged() if latest_purge(tx, service.name, digest) else SubjectUnknown()
