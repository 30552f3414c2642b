"""What a profile and the rows of a place ask of whom: each demand holds below one age.

Owns the reading of rows and profiles as demands. Joining the demands on one person into an answer is
`plan.py`'s business; which rows count is `law.py`'s.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from agegate.rules.assurance import Assurance
from agegate.rules.birth_date import LeapRule
from agegate.rules.law_row import ConsentMethod, LawRow
from agegate.rules.outcome import Reason
from agegate.rules.profile import Profile

LINK_REASON = Reason(
    "guardian_link",
    "The service itself must tie this account to the guardian's own account; this is not done here",
)


@dataclass(frozen=True, slots=True)
class Demand:
    """Holds for everybody who has not reached `age`; without an assurance it is a block."""

    age: int
    leap: LeapRule
    assurance: Assurance | None
    reasons: tuple[Reason, ...]
    assent: bool = False


def demands(profile: Profile, rows: tuple[LawRow, ...]) -> tuple[Demand, ...]:
    """Everything that the profile and these rows ask, in no particular order."""
    return (*_of_profile(profile, rows), *(demand for row in rows for demand in _of_row(row, profile)))


def needed_assurance(row: LawRow, profile: Profile) -> Assurance:
    """How sure a row wants us to be that a guardian answered."""
    if row.mark == "default":
        # Nobody demands a proof here, so we ask for the best this service offers, up to the confirmed e-mail.
        offered = (method for method in profile.methods if method <= Assurance.EMAIL_PLUS)
        return max(offered, default=Assurance.EMAIL)
    if row.consent_method is ConsentMethod.GUARDIAN_LINK:
        return Assurance.VERIFIED
    if row.consent_method is ConsentMethod.VERIFIABLE_GUARDIAN:
        return Assurance.VERIFIED if profile.discloses else Assurance.EMAIL_PLUS
    return Assurance.EMAIL


def lacking(profile: Profile, row: LawRow) -> Assurance | None:
    """What a row asks for and this profile, which lets in children of that age, cannot offer."""
    below = row.consent_below
    if below is None or row.consent_method in {ConsentMethod.NONE_POSSIBLE, ConsentMethod.NONE_REQUIRED}:
        return None
    blocked = profile.block_below
    if blocked is not None and (not isinstance(blocked, int) or blocked >= below):
        return None
    needed = needed_assurance(row, profile)
    return None if any(method >= needed for method in profile.methods) else needed


def reason_of(row: LawRow) -> Reason:
    """The row as a reason, saying so where the number is not the law's own."""
    if row.mark == "fallback":
        return Reason(row.id, f"{row.citation} (fallback: this law gives no number, {row.fallback_age} is used)")
    return Reason(row.id, row.citation)


def _of_row(row: LawRow, profile: Profile) -> Iterator[Demand]:
    reason = reason_of(row)
    if row.block_age is not None:
        yield Demand(row.block_age, row.leap_day, None, (reason,))
    if row.consent_below is None:
        return
    if row.consent_method is ConsentMethod.NONE_POSSIBLE:
        yield Demand(row.consent_below, row.leap_day, None, (reason,))
        return
    linked = row.consent_method is ConsentMethod.GUARDIAN_LINK
    yield Demand(
        row.consent_below,
        row.leap_day,
        needed_assurance(row, profile),
        (reason, LINK_REASON) if linked else (reason,),
        assent=row.consent_method is ConsentMethod.JOINT,
    )


def _of_profile(profile: Profile, rows: tuple[LawRow, ...]) -> Iterator[Demand]:
    policy = f"Policy {profile.policy_version} of {profile.name}"
    blocked = Reason(profile.label, f"{policy}: not open below this age")
    guarded = Reason(profile.label, f"{policy}: a guardian has to consent")
    for age, leap, reasons in _limits(profile.block_below, rows, blocked):
        yield Demand(age, leap, None, reasons)
    if profile.block_floor:
        yield Demand(profile.block_floor, LeapRule.UNKNOWN, None, (blocked,))
    for age, leap, reasons in _limits(profile.consent_below, rows, guarded):
        yield Demand(age, leap, profile.assurance, reasons, profile.assent_needed)


def _limits(
    limit: int | str | None, rows: tuple[LawRow, ...], reason: Reason
) -> Iterator[tuple[int, LeapRule, tuple[Reason, ...]]]:
    """A fixed limit as it stands; `consent_age` as the limit of each row, of which the highest then bites."""
    if limit is None:
        return
    if isinstance(limit, int):
        yield limit, LeapRule.UNKNOWN, (reason,)
        return
    for row in rows:
        if row.consent_below is not None:
            yield row.consent_below, row.leap_day, (reason, reason_of(row))
