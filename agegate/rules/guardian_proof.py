"""By which ways a guardian can be asked, how sure each makes us, and what a "yes" leads to.

Owns the one rule that a weaker way never grants what a stronger one is demanded for. How a way works is the flows'
and `remote`'s business; which level a law demands is `demands.py`'s.
"""

from enum import Enum, StrEnum
from typing import Final

from agegate.rules.assurance import Assurance


class GuardianMethod(StrEnum):
    """How it was seen that a guardian answered; the values are what receipts and the API say."""

    EMAIL = "email"
    EMAIL_PLUS = "email_plus"
    OIDC = "oidc"
    """A sign-in at a provider that vouches for an adult."""

    SIGNED_FORM = "signed_form"
    CALL = "call"
    VIDEO_CALL = "video_call"
    THIRD_PARTY = "third_party"
    """A verifier that signs its result."""


REACHES: Final = {
    GuardianMethod.EMAIL: Assurance.EMAIL,
    GuardianMethod.EMAIL_PLUS: Assurance.EMAIL_PLUS,
    GuardianMethod.OIDC: Assurance.VERIFIED,
    GuardianMethod.SIGNED_FORM: Assurance.VERIFIED,
    GuardianMethod.CALL: Assurance.VERIFIED,
    GuardianMethod.VIDEO_CALL: Assurance.VERIFIED,
    GuardianMethod.THIRD_PARTY: Assurance.VERIFIED,
}

ATTESTED: Final = frozenset({GuardianMethod.SIGNED_FORM, GuardianMethod.CALL, GuardianMethod.VIDEO_CALL})
"""A person of the operator vouches for what was seen or heard (16 CFR 312.5(b)(2)(i), (iii), (iv))."""


class AfterYes(Enum):
    """What a guardian's "yes" leads to."""

    GRANT = "grant"
    CONFIRM = "confirm"
    """A second mail, and a second "yes"."""

    VERIFY = "verify"
    """Nothing yet: an adult has to be shown first."""


def after_yes(needed: Assurance, reached: Assurance, *, discloses: bool) -> AfterYes:
    """Where a "yes" of that strength leads when that much is needed.

    A confirmed mail is no way where data is disclosed (16 CFR 312.5(b)(2)(viii)); an adult has to be shown instead.
    """
    needed = demanded(needed, discloses=discloses)
    if reached >= needed:
        return AfterYes.GRANT
    return AfterYes.CONFIRM if needed is Assurance.EMAIL_PLUS else AfterYes.VERIFY


def demanded(needed: Assurance, *, discloses: bool) -> Assurance:
    """The level that counts: the confirmed mail becomes a verified adult where data is disclosed."""
    return Assurance.VERIFIED if discloses and needed is Assurance.EMAIL_PLUS else needed
