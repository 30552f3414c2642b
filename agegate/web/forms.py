"""From the JSON of a call to the frozen form that a flow takes.

Every 422 of a body is born behind these doors, all faults of a body at once. What a form leads to, and
everything that needs the database, is the flow's judgement.
"""

from datetime import datetime
from types import MappingProxyType

from agegate.flows.forms import (
    AssentForm,
    AttestationForm,
    ConsentRequestForm,
    CorrectionForm,
    EvidenceForm,
    HoldForm,
    LegException,
    LegForm,
    PurgeForm,
    ReportForm,
    RulingForm,
    SignupForm,
    TokenForm,
)
from agegate.rules.errors import InputRefused
from agegate.rules.place import Place
from agegate.rules.purge import LegState
from agegate.rules.signals import AgeSignal, SignalAssurance
from agegate.rules.subject_id import subject_id_fault
from agegate.web import bodies
from agegate.web.faults import fault
from agegate.web.json_text import JsonObject


def parse_subject(text: str) -> str:
    """The subject id of a path, for the call that creates it; a look-up answers 404 by itself."""
    if code := subject_id_fault(text):
        raise InputRefused(fault("/subject", code))
    return text


def parse_signup(body: JsonObject, now: datetime) -> SignupForm:
    read = bodies.read_body(bodies.SignupBody, body, now)
    places = [Place(read.country, read.region)]
    if read.country_hint is not None:
        places.append(Place(read.country_hint, read.region_hint))
    return SignupForm(
        birth_date=read.date_of_birth,
        places=tuple(places),
        time_zone=read.time_zone,
        locale=read.locale,
        email=read.email,
        device_digest=read.device_digest,
        assent=None if read.assent is None else _assent(read.assent),
        audience=read.audience,
        signals=tuple(map(_signal, read.signals)),
    )


def parse_assent(body: JsonObject, now: datetime) -> AssentForm:
    return _assent(bodies.read_body(bodies.AssentBody, body, now))


def parse_consent_request(body: JsonObject, now: datetime) -> ConsentRequestForm:
    read = bodies.read_body(bodies.ConsentRequestBody, body, now)
    return ConsentRequestForm(read.guardian_email, read.locale, read.child_name)


def parse_correction(body: JsonObject, now: datetime) -> CorrectionForm:
    read = bodies.read_body(bodies.CorrectionBody, body, now)
    told = read.evidence
    return CorrectionForm(read.date_of_birth, told.kind, told.reference, told.assurance, told.obtained_at)


def parse_attestation(body: JsonObject, now: datetime) -> AttestationForm:
    read = bodies.read_body(bodies.AttestationBody, body, now)
    return AttestationForm(read.method, read.reference)


def parse_review(body: JsonObject, now: datetime) -> bool:
    return bodies.read_body(bodies.ReviewBody, body, now).approve


def parse_hold(body: JsonObject, now: datetime) -> HoldForm:
    read = bodies.read_body(bodies.HoldBody, body, now)
    return HoldForm(read.reason, read.owner, read.ends_at, read.reference)


def parse_report(body: JsonObject, now: datetime) -> ReportForm:
    read = bodies.read_body(bodies.ReportBody, body, now)
    return ReportForm(read.subject, read.basis, read.reporter, read.detail)


def parse_named(body: JsonObject, now: datetime) -> str:
    return bodies.read_body(bodies.NamedBody, body, now).subject


def parse_contest(body: JsonObject, now: datetime) -> EvidenceForm:
    told = bodies.read_body(bodies.ContestBody, body, now).evidence
    return EvidenceForm(told.kind, told.reference, told.assurance, told.obtained_at)


def parse_ruling(body: JsonObject, now: datetime) -> RulingForm:
    read = bodies.read_body(bodies.RulingBody, body, now)
    return RulingForm(read.ruling, read.reason)


def parse_token(body: JsonObject, now: datetime) -> TokenForm:
    read = bodies.read_body(bodies.TokenBody, body, now)
    return TokenForm(read.subject, read.audience)


def parse_purge(body: JsonObject, now: datetime) -> PurgeForm:
    read = bodies.read_body(bodies.PurgeBody, body, now)
    return PurgeForm(read.subject, read.reason)


def parse_closing(body: JsonObject, now: datetime) -> str:
    return bodies.read_body(bodies.ClosingBody, body, now).reason


def parse_leg(body: JsonObject, now: datetime) -> LegForm:
    read = bodies.read_body(bodies.LegBody, body, now)
    if read.status is LegState.REFUSED and not read.exceptions:
        raise InputRefused(fault("/exceptions", "required"))
    exceptions = tuple(LegException(kept.category, kept.legal_basis, kept.until) for kept in read.exceptions)
    return LegForm(read.status, read.completed_at, MappingProxyType(dict(read.counts)), exceptions)


def _assent(read: bodies.AssentBody) -> AssentForm:
    return AssentForm(read.policy_version, read.locale, read.notice_sha256)


def _signal(read: bodies.SignalBody) -> AgeSignal:
    # A strength that we do not know by name is no reason to lose a signal: signals only ever restrict.
    known = {strength.value: strength for strength in SignalAssurance}
    strength = known.get(read.assurance, SignalAssurance.UNKNOWN)
    return AgeSignal(source=read.source, age_lower=read.age_lower, age_upper=read.age_upper, assurance=strength)
