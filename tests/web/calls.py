"""Every call of the API once, as a service makes it, with the scopes that may make it."""

from dataclasses import dataclass

from tests.houses import SCOPES, Home, Json


@dataclass(frozen=True)
class Call:
    """A call with a body that is well-formed."""

    method: str
    path: str
    scopes: frozenset[str]
    body: Json | None = None

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


SIGNUP, CONSENT, TOKEN, REPORT, PURGE = (frozenset({scope}) for scope in SCOPES)
HOLDER = frozenset({"holder"})
OPERATOR = frozenset({"operator"})
EVIDENCE = {"kind": "document", "reference": "7", "assurance": "high", "obtained_at": "2026-11-01T00:00:00Z"}
SHA = "0f" * 32
SIGN_UP: Json = {"date_of_birth": "1996-05-01", "country": "US"}
ASSENT: Json = {"policy_version": "2024-12-05", "locale": "en", "notice_sha256": SHA}
CALLS = [
    Call("GET", "/v1/requirements?country=US", SIGNUP),
    Call("PUT", "/v1/subjects/new", SIGNUP, SIGN_UP),
    Call("GET", "/v1/subjects/alex", SIGNUP),
    Call("PUT", "/v1/subjects/alex/assent", SIGNUP, ASSENT),
    Call("DELETE", "/v1/subjects/alex/assent", SIGNUP),
    Call("POST", "/v1/subjects/alex/consent-requests", CONSENT, {"guardian_email": "guardian@example.org"}),
    Call("GET", "/v1/subjects/alex/consent-requests/some", CONSENT),
    Call("POST", "/v1/subjects/alex/consent-requests/some/mails", CONSENT),
    Call("POST", "/v1/tokens", TOKEN, {"subject": "alex", "audience": "chat"}),
    Call("POST", "/v1/reports", REPORT, {"subject": "nobody", "basis": "other"}),
    Call("POST", "/v1/reports/some/subject", REPORT | OPERATOR, {"subject": "alex"}),
    Call("POST", "/v1/reports/some/contest", REPORT | OPERATOR, {"evidence": EVIDENCE}),
    Call("PUT", "/v1/reports/some/ruling", OPERATOR, {"ruling": "plausible", "reason": "as seen"}),
    Call("DELETE", "/v1/subjects/alex", PURGE),
    Call("POST", "/v1/purges", PURGE, {"subject": "alex", "reason": "subject_request"}),
    Call("GET", "/v1/purges", PURGE | HOLDER),
    Call("GET", "/v1/purges/some", PURGE | HOLDER),
    Call("PUT", "/v1/purges/some/legs/logs", HOLDER, {"status": "completed"}),
    Call("GET", "/v1/purges/some/certificate", PURGE),
    Call("GET", "/v1/events", SIGNUP),
]
WITH_BODY = [call for call in CALLS if call.body is not None and call.scopes != OPERATOR]


def codes(
    home: Home, method: str, path: str, body: object, key: str | None = None
) -> tuple[int, list[tuple[str, str]]]:
    """Status and faults of a refused call of `game`."""
    reply = home.call(method, path, body, key=key or home.keys["game"])
    return reply.status_code, [(fault["pointer"], fault["code"]) for fault in reply.json()["errors"]]


def slug(home: Home, method: str, path: str, body: object = None, key: str | None = None) -> tuple[int, str]:
    """Status and kind of a refused call of `game`."""
    reply = home.call(method, path, body, key=key or home.keys["game"])
    return reply.status_code, str(reply.json().get("type", "")).rpartition("/")[2]
