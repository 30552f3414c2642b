"""The bodies of the API, member by member: nothing else is let in.

Owns which members each call takes, their limits, and that all faults of a body are told at once. How a member
is read stands in `members`; what becomes of a body in `forms`.
"""

from datetime import datetime
from typing import Annotated, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from agegate.web import members
from agegate.web.faults import refusal, wrong
from agegate.web.json_text import JsonObject
from agegate.web.members import Maybe


class Body(BaseModel):
    """What every body has in common. The repr shows no member, since any may be personal."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"

    __str__ = __repr__


B = TypeVar("B", bound=Body)


def read_body(model: type[B], body: JsonObject, now: datetime) -> B:
    """The body as its model; InputRefused with every fault there is."""
    try:
        return model.model_validate(body, context=now)
    except ValidationError as found:
        raise refusal(found) from None


class AssentBody(Body):
    policy_version: members.PolicyVersion
    locale: members.Locale
    notice_sha256: members.Sha256


class SignalBody(Body):
    source: members.Code
    age_lower: Maybe[Annotated[int, Field(ge=0, le=125)]] = None
    age_upper: Maybe[Annotated[int, Field(ge=0, le=125)]] = None
    assurance: members.Code

    @model_validator(mode="after")
    def _refuse_empty_range(self) -> Self:
        if self.age_lower is not None and self.age_upper is not None and self.age_lower > self.age_upper:
            raise wrong("out_of_range")
        return self


class SignupBody(Body):
    date_of_birth: members.BirthDateMember
    country: members.Country
    region: Maybe[members.Region] = None
    country_hint: Maybe[members.Country] = None
    region_hint: Maybe[members.HintedRegion] = None
    time_zone: Maybe[members.TimeZone] = None
    locale: Maybe[members.Locale] = None
    email: Maybe[members.Email] = None
    device_digest: Maybe[members.Digest] = None
    signals: Annotated[list[SignalBody], Field(max_length=16, default_factory=list)]
    assent: Maybe[AssentBody] = None
    audience: Maybe[members.Audience] = None


class ConsentRequestBody(Body):
    guardian_email: members.Email
    locale: Maybe[members.Locale] = None
    child_name: Maybe[members.ChildName] = None


class EvidenceBody(Body):
    kind: members.KindOfEvidence
    reference: members.Line
    assurance: members.StrengthOfEvidence
    obtained_at: members.PastInstant


class CorrectionBody(Body):
    date_of_birth: members.BirthDateMember
    evidence: EvidenceBody


class ReportBody(Body):
    subject: members.Subject
    basis: members.ClaimedBasis
    reporter: Maybe[members.Line] = None
    detail: Maybe[members.Remark] = None


class NamedBody(Body):
    subject: members.Subject


class ContestBody(Body):
    evidence: EvidenceBody


class RulingBody(Body):
    ruling: members.PersonsRuling
    reason: members.Line


class AttestationBody(Body):
    method: members.AttestedMethod
    reference: members.CaseReference


class ReviewBody(Body):
    approve: bool


class HoldBody(Body):
    reason: members.WhyHeld
    owner: members.Category
    ends_at: members.HoldEnd
    reference: Maybe[members.CaseReference] = None


class TokenBody(Body):
    subject: members.Subject
    audience: members.Audience


class PurgeBody(Body):
    subject: members.Subject
    reason: members.CallersReason


class ClosingBody(Body):
    reason: members.Code


class LegExceptionBody(Body):
    category: members.Category
    legal_basis: members.Line
    until: Maybe[members.Day] = None


class LegBody(Body):
    status: members.HoldersWord
    completed_at: Maybe[members.PastInstant] = None
    counts: Annotated[dict[members.Category, Annotated[int, Field(ge=0)]], Field(max_length=64)] = {}
    exceptions: Annotated[list[LegExceptionBody], Field(max_length=64)] = []
