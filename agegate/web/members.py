"""The members that several bodies share, each with its one reader.

Owns the form of a text member and the code of what is wrong with it; the meaning of dates, places and zones
is asked of `rules` and `law`. An optional member is left out: null is a wrong type everywhere.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Final, TypeVar

from pydantic import GetCoreSchemaHandler, PlainValidator, StringConstraints, ValidationInfo
from pydantic_core import CoreSchema

from agegate.law.civil_day import latest_today, time_zone_fault
from agegate.law.places import country_fault, region_fault
from agegate.rules.birth_date import BirthDate, BirthDateRefused
from agegate.rules.case_reference import case_reference_fault
from agegate.rules.evidence import EvidenceAssurance, EvidenceKind
from agegate.rules.guardian_proof import ATTESTED, GuardianMethod
from agegate.rules.hold import LONGEST_HOLD, HoldReason
from agegate.rules.purge import CALLERS_REASONS, CLOCK_TOLERANCE, LegState, PurgeReason
from agegate.rules.report import CLAIMS, Basis, Ruling
from agegate.rules.subject_id import subject_id_fault
from agegate.web.addresses import AddressRefused, read_address
from agegate.web.child_name import is_child_name
from agegate.web.faults import wrong

T = TypeVar("T")

INSTANT: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})", re.ASCII)
DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class NeverNull:
    """Marks a member that may be left out: None stands for that in Python, and for nothing in JSON."""

    def __get_pydantic_core_schema__(self, source: type, handler: GetCoreSchemaHandler) -> CoreSchema:
        """The schema of what may stand there. Null and absent would be two words for one thing."""
        schema = handler(source)
        return schema["schema"] if schema["type"] == "nullable" else schema


Maybe = Annotated[T | None, NeverNull()]


def text_of(value: object) -> str:
    """The member's text; lone surrogates were refused by the reader already."""
    if not isinstance(value, str):
        raise wrong("invalid_type")
    return value


def now_of(info: ValidationInfo) -> datetime:
    """The instant of the call, which `forms` hands down as the context."""
    now = info.context
    if not isinstance(now, datetime):
        raise TypeError("bodies are read with the instant of the call as context")
    return now


def judged_by(fault_of: Callable[[str], str | None]) -> PlainValidator:
    """Takes a text that the given question finds no fault with."""

    def read(value: object) -> str:
        text = text_of(value)
        if code := fault_of(text):
            raise wrong(code)
        return text

    return PlainValidator(read)


def one_of(choices: frozenset[T]) -> PlainValidator:
    """Takes the name of one of the choices."""
    named = {str(choice): choice for choice in choices}

    def read(value: object) -> T:
        text = text_of(value)
        if text not in named:
            raise wrong("invalid_value")
        return named[text]

    return PlainValidator(read)


def read_birth_date(value: object, info: ValidationInfo) -> BirthDate:
    try:
        return BirthDate.read(text_of(value), latest_today(now_of(info)))
    except BirthDateRefused as refused:
        raise wrong(refused.code) from None


def read_region(country_member: str) -> PlainValidator:
    """Takes a region of the country that stands in the other member, if that one could be read."""

    def read(value: object, info: ValidationInfo) -> str:
        region, country = text_of(value), info.data.get(country_member, "")
        if country is None:
            raise wrong("without_country")
        # A country that was refused is not in the data: one fault is told, not two.
        if country and (code := region_fault(country, region)):
            raise wrong(code)
        return region

    return PlainValidator(read)


def read_email(value: object) -> str:
    try:
        return read_address(text_of(value))
    except AddressRefused as refused:
        raise wrong(refused.code) from None


def read_child_name(value: object) -> str:
    if not is_child_name(text := text_of(value)):
        raise wrong("invalid_name")
    return text


def read_past_instant(value: object, info: ValidationInfo) -> datetime:
    text = text_of(value)
    if not INSTANT.fullmatch(text):
        raise wrong("invalid_format")
    try:
        at = datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        raise wrong("not_a_date") from None
    if at > now_of(info) + CLOCK_TOLERANCE:
        raise wrong("in_future")
    return at


def read_hold_end(value: object, info: ValidationInfo) -> datetime:
    text = text_of(value)
    if not INSTANT.fullmatch(text):
        raise wrong("invalid_format")
    try:
        at = datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        raise wrong("not_a_date") from None
    if not timedelta(0) < at - now_of(info) <= LONGEST_HOLD:
        raise wrong("out_of_range")
    return at


def read_day(value: object) -> date:
    text = text_of(value)
    if not (DAY.fullmatch(text) or INSTANT.fullmatch(text)):
        raise wrong("invalid_format")
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        raise wrong("not_a_date") from None


BirthDateMember = Annotated[BirthDate, PlainValidator(read_birth_date)]
Country = Annotated[str, judged_by(country_fault)]
Region = Annotated[str, read_region("country")]
HintedRegion = Annotated[str, read_region("country_hint")]
TimeZone = Annotated[str, judged_by(time_zone_fault)]
Email = Annotated[str, PlainValidator(read_email)]
ChildName = Annotated[str, PlainValidator(read_child_name)]
PastInstant = Annotated[datetime, PlainValidator(read_past_instant)]
Day = Annotated[date, PlainValidator(read_day)]
Subject = Annotated[str, judged_by(subject_id_fault)]
KindOfEvidence = Annotated[EvidenceKind, one_of(frozenset(EvidenceKind))]
StrengthOfEvidence = Annotated[EvidenceAssurance, one_of(frozenset(EvidenceAssurance))]
AttestedMethod = Annotated[GuardianMethod, one_of(ATTESTED)]
CaseReference = Annotated[str, judged_by(case_reference_fault)]
WhyHeld = Annotated[HoldReason, one_of(frozenset(HoldReason))]
HoldEnd = Annotated[datetime, PlainValidator(read_hold_end)]
CallersReason = Annotated[PurgeReason, one_of(CALLERS_REASONS)]
ClaimedBasis = Annotated[Basis, one_of(CLAIMS)]
PersonsRuling = Annotated[Ruling, one_of(frozenset(Ruling))]
HoldersWord = Annotated[LegState, one_of(frozenset({LegState.IN_PROGRESS, LegState.COMPLETED, LegState.REFUSED}))]

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_.:-]{0,63}$")]
Line = Annotated[str, StringConstraints(pattern=r"^[^\p{C}\p{Zl}\p{Zp}]+$", max_length=200)]
Remark = Annotated[str, StringConstraints(pattern=r"^(?:[^\p{C}]|[\n\t])+$", max_length=2000)]
Category = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._:/-]{0,63}$")]
Locale = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,4}$")]
PolicyVersion = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,64}$")]
Audience = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,256}$")]
Digest = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9+/=_-]{16,128}$")]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
