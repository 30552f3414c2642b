"""Note that an adult was shown: by which method, when, under which reference. No name, no date of birth, no token.

It answers nothing: the guardian still has to choose. What a "yes" then leads to is `rules/guardian_proof.py`.
"""

from collections.abc import Callable
from datetime import datetime

from agegate.rules.assurance import Assurance
from agegate.rules.consent import OPEN
from agegate.rules.errors import AgeGateError, AlreadyAnswered, LinkUnknown, RequestExpired
from agegate.rules.guardian_proof import REACHES, GuardianMethod, demanded
from agegate.rules.profile import Profile
from agegate.store.consents import note_verified, request_by_id, request_held
from agegate.store.records import ConsentRequest, Subject
from agegate.store.transaction import Transaction

VERIFYING = frozenset(method for method, level in REACHES.items() if level is Assurance.VERIFIED)


def verify_guardian(
    tx: Transaction,
    request: str,
    method: GuardianMethod,
    reference: str,
    now: datetime,
    *,
    person: str | None = None,
    first: Callable[[], None] | None = None,
) -> ConsentRequest | AgeGateError:
    """The request with the proof. The first one stands, and `first` is called for it; again is the same as once."""
    if request_held(tx, request) is None:  # after an answer that is being given, not beside it
        return LinkUnknown()
    proof = {"method": method, "method_reference": reference, "method_at": now, "method_by": person}
    if note_verified(tx, request, proof, VERIFYING, now) and first is not None:
        first()
    asked = request_by_id(tx, request)
    if asked is None:
        return LinkUnknown()
    if asked.state not in OPEN:
        return AlreadyAnswered()
    return RequestExpired() if asked.expires_at <= now else asked


def reached_by(asked: ConsentRequest) -> Assurance:
    """How sure a request makes us so far: its link came back from the mailbox, or an adult was shown besides."""
    known = {each.value: each for each in VERIFYING}
    return REACHES[known[asked.method]] if asked.method in known else Assurance.EMAIL


def needed_of(profile: Profile, asked: ConsentRequest, subject: Subject) -> Assurance:
    """How sure a yes has to make us: what was asked for, or more where the rules changed or data is disclosed."""
    wanted = max(Assurance(asked.assurance), Assurance(subject.assurance or asked.assurance))
    return demanded(wanted, discloses=profile.discloses)


def by(method: GuardianMethod, now: datetime) -> dict[str, object]:
    """The proof of a yes that only the mailbox vouches for."""
    return {"method": method, "method_reference": None, "method_at": now}
