"""How long a profile keeps what.

Owns the spans, their defaults and their hard limits. Deleting in time is the agenda's work and the flows'.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import timedelta

SHORTER_REQUEST_EXPIRY = {"KR": timedelta(days=5)}
"""By country, where an unconfirmed question must end sooner (Korea, guideline on PIPA Art. 22-2: within 5 days)."""

MAX_REQUEST_EXPIRY = timedelta(days=14)
MAX_WITHDRAWAL_GRACE = timedelta(days=30)
MAX_TOKEN_LIFE = timedelta(minutes=15)
NOTHING = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """The spans of one profile."""

    request_expiry: timedelta = timedelta(days=7)
    """An unanswered consent request and the address in it."""

    reminder: timedelta = timedelta(days=3)
    """After this the guardian is reminded, once, while the question is open."""

    subject_expiry: timedelta = timedelta(days=14)
    """A signup that waits for a consent nobody gives."""

    sticky: timedelta = timedelta(hours=72)
    """The first under-age answer, against a second try with an older date."""

    withdrawal_grace: timedelta = timedelta(days=3)
    """Between a withdrawal and the purge it leads to."""

    contest: timedelta = timedelta(days=30)
    """To object to a restriction."""

    evidence_retention: timedelta = timedelta(days=1096)
    """Receipts and certificates, after the end: three years."""

    token_life: timedelta = timedelta(minutes=10)

    def request_ends(self, countries: Iterable[str | None]) -> timedelta:
        """How long a question may stay open for a subject of those countries."""
        shorter = [SHORTER_REQUEST_EXPIRY[each] for each in countries if each in SHORTER_REQUEST_EXPIRY]
        return min([self.request_expiry, *shorter])

    def faults(self) -> tuple[tuple[str, str], ...]:
        """Each span outside its limits, with the reason."""
        longest = {
            "request_expiry": MAX_REQUEST_EXPIRY,
            "withdrawal_grace": MAX_WITHDRAWAL_GRACE,
            "token_life": MAX_TOKEN_LIFE,
        }
        found = []
        for each in fields(self):
            span = getattr(self, each.name)
            if span > longest.get(each.name, span):
                found.append((each.name, f"must be at most {longest[each.name]}"))
            if span < NOTHING or (span == NOTHING and each.name != "withdrawal_grace"):
                found.append((each.name, "must be longer than nothing"))
        return tuple(found)
