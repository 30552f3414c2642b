"""The one table that knows HTTP's word for every "no", and its RFC 9457 form.

Owns status, slug and headers of refusals. The sentences stand at the error classes; nothing submitted is ever
repeated. `type` is `<issuer>/problems/<slug>`: absolute, stable, and a page to read (`problem_text`).
"""

from dataclasses import dataclass

import orjson
from starlette.responses import Response

from agegate.rules import errors as rules
from agegate.rules.errors import AgeGateError, Fault, InputRefused
from agegate.web import refusals as web

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = {429: 600, 503: 5}


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem: the HTTP status and the last part of its type address."""

    status: int
    slug: str

    @property
    def title(self) -> str:
        """The slug as words."""
        return self.slug.replace("-", " ").capitalize()


PROBLEMS: dict[type[AgeGateError], Kind] = {
    rules.InputRefused: Kind(422, "input-refused"),
    rules.SubjectUnknown: Kind(404, "subject-unknown"),
    rules.RequestUnknown: Kind(404, "consent-request-unknown"),
    rules.ConsentRequired: Kind(403, "consent-required"),
    rules.AssentRequired: Kind(403, "assent-required"),
    rules.SubjectBlocked: Kind(403, "blocked"),
    rules.SubjectRestricted: Kind(403, "restricted"),
    rules.SubjectPurged: Kind(410, "purged"),
    rules.ConsentNotNeeded: Kind(409, "consent-not-needed"),
    rules.ControllerIncomplete: Kind(409, "controller-incomplete"),
    rules.NoticeMismatch: Kind(409, "notice-mismatch"),
    rules.TooManyRequests: Kind(409, "too-many-open-requests"),
    rules.VerificationNeeded: Kind(403, "verification-needed"),
    rules.PurgeUnknown: Kind(404, "purge-unknown"),
    rules.LegUnknown: Kind(404, "leg-unknown"),
    rules.ReportUnknown: Kind(404, "report-unknown"),
    rules.ReportNotNamed: Kind(409, "report-not-named"),
    rules.ReportOver: Kind(409, "report-over"),
    rules.ReportLimitReached: Kind(429, "report-limit-reached"),
    rules.SubjectHeld: Kind(409, "subject-held"),
    rules.StillUnderAge: Kind(409, "still-under-age"),
    rules.LegAnswered: Kind(409, "leg-answered"),
    rules.CertificateNotReady: Kind(409, "certificate-not-ready"),
    rules.LinkUnknown: Kind(404, "link-unknown"),
    rules.AlreadyAnswered: Kind(409, "already-answered"),
    rules.RequestExpired: Kind(410, "request-expired"),
    rules.SignInOver: Kind(409, "sign-in-over"),
    rules.AdultNotShown: Kind(403, "adult-not-shown"),
    rules.ProviderUnavailable: Kind(503, "provider-unavailable"),
    rules.ResultNotSigned: Kind(403, "result-not-signed"),
    rules.ChoiceMissing: Kind(422, "choice-missing"),
    rules.FormForged: Kind(403, "form-forged"),
    rules.ServiceUnknown: Kind(404, "service-unknown"),
    rules.HolderUnknown: Kind(404, "holder-unknown"),
    rules.OperatorUnknown: Kind(404, "operator-unknown"),
    rules.SecondApproverRequired: Kind(403, "second-approver-required"),
    rules.HoldUnknown: Kind(404, "hold-unknown"),
    rules.HoldExists: Kind(409, "hold-exists"),
    rules.NameTaken: Kind(409, "name-taken"),
    web.BodyTooLarge: Kind(413, "body-too-large"),
    web.BodyTooSlow: Kind(408, "body-too-slow"),
    web.WrongContentType: Kind(415, "wrong-content-type"),
    web.MalformedJson: Kind(400, "malformed-json"),
    web.MalformedRequest: Kind(400, "malformed-request"),
    web.NotAuthenticated: Kind(401, "not-authenticated"),
    web.ScopeMissing: Kind(403, "scope-missing"),
    web.PathUnknown: Kind(404, "path-unknown"),
    web.MethodNotAllowed: Kind(405, "method-not-allowed"),
    web.NotAcceptable: Kind(406, "not-acceptable"),
    web.HostRefused: Kind(400, "host-refused"),
    web.AddressTooLong: Kind(414, "address-too-long"),
    web.HeadersTooLarge: Kind(431, "headers-too-large"),
    web.Unavailable: Kind(503, "unavailable"),
    web.Unexpected: Kind(500, "unexpected"),
}


def kind_of(error: AgeGateError) -> Kind:
    """The row of the error's class or of its nearest ancestor; one without a row is our own mistake: 500."""
    return next((PROBLEMS[cls] for cls in type(error).__mro__ if cls in PROBLEMS), PROBLEMS[web.Unexpected])


def problem(error: AgeGateError, instance: str, issuer: str) -> Response:
    """The refusal as application/problem+json; `instance` is the `urn:uuid:` of the request."""
    kind = kind_of(error)
    body = {
        "type": f"{issuer}/problems/{kind.slug}",
        "title": kind.title,
        "status": kind.status,
        "detail": str(error),
        "instance": instance,
        "errors": [{"pointer": fault.pointer, "code": fault.code, "detail": fault.detail} for fault in _faults(error)],
    }
    return Response(orjson.dumps(body), kind.status, headers_of(error), media_type=MEDIA_TYPE)


def headers_of(error: AgeGateError) -> dict[str, str]:
    """The headers that HTTP demands beside this status."""
    status = kind_of(error).status
    headers: dict[str, str] = {}
    if status in RETRY_AFTER_SECONDS:
        headers["Retry-After"] = str(RETRY_AFTER_SECONDS[status])
    if isinstance(error, web.NotAuthenticated):
        headers["WWW-Authenticate"] = 'Bearer realm="agegate"'
    if isinstance(error, web.ScopeMissing):
        headers["WWW-Authenticate"] = 'Bearer realm="agegate", error="insufficient_scope"'
    if isinstance(error, web.MethodNotAllowed):
        headers["Allow"] = ", ".join(error.allowed)
    # What was not read of the body must not be taken for the next request.
    if isinstance(error, web.BodyTooLarge | web.BodyTooSlow):
        headers["Connection"] = "close"
    return headers


def problem_text(slug: str) -> str | None:
    """What the page at a problem's type address says, or None for an unknown slug."""
    return next((str(cls()) for cls, kind in PROBLEMS.items() if kind.slug == slug), None)


def _faults(error: AgeGateError) -> tuple[Fault, ...]:
    if isinstance(error, InputRefused):
        return error.faults
    if isinstance(error, web.MalformedJson):
        return (Fault("", error.code, web.JSON_FAULTS[error.code]),)
    return ()
