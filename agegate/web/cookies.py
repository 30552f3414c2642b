"""What the guardian's browser carries between the link and the answer, and the proofs that a form is ours.

Owns the cookie, its seal, the form's nonce and the origin check. A cookie names a request, never a person;
whether the request still waits is asked of the store each time.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeAlias
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from agegate.base64url import base64url_text
from agegate.clock import from_epoch

Kind: TypeAlias = Literal["answer", "manage", "confirm", "stop"]

KINDS: Final[dict[str, Kind]] = {"answer": "answer", "manage": "manage", "confirm": "confirm", "stop": "stop"}
SEALED: Final = re.compile(r"([a-z]+)\.([A-Za-z0-9_-]{1,64})\.([0-9]{1,12})\.([A-Za-z0-9_-]{43})", re.ASCII)


@dataclass(frozen=True, slots=True)
class GuardianCookie:
    """The right to see one request's page until an instant; each kind opens its own page only."""

    kind: Kind
    request_id: str
    expires_at: datetime


def seal_cookie(key: bytes, cookie: GuardianCookie) -> str:
    """The cookie's value: readable, but not to be made or changed without the key."""
    stated = f"{cookie.kind}.{cookie.request_id}.{int(cookie.expires_at.timestamp())}"
    return f"{stated}.{_mac(key, 'cookie', stated)}"


def open_cookie(key: bytes, value: str, now: datetime) -> GuardianCookie | None:
    """What a cookie's value says, or None if we did not say it or it is over."""
    parts = SEALED.fullmatch(value)
    if parts is None or parts[1] not in KINDS:
        return None
    stated = value.rpartition(".")[0]
    if not hmac.compare_digest(_mac(key, "cookie", stated), parts[4]):
        return None
    expires_at = from_epoch(int(parts[3]))
    return GuardianCookie(KINDS[parts[1]], parts[2], expires_at) if now < expires_at else None


def form_nonce(key: bytes, cookie_value: str, purpose: str) -> str:
    """What the form for one purpose carries, so that only a page shown to this cookie can post it."""
    return _mac(key, f"form:{purpose}", cookie_value)


def nonce_matches(key: bytes, cookie_value: str, purpose: str, nonce: str) -> bool:
    """Whether the posted nonce is the one of this cookie and purpose, compared in constant time."""
    return hmac.compare_digest(form_nonce(key, cookie_value, purpose).encode(), nonce.encode(errors="replace"))


def cookie_name(issuer: str) -> str:
    """`__Host-guardian`, or `guardian` where there is no TLS (http on loopback, in test)."""
    return "__Host-guardian" if issuer.startswith("https://") else "guardian"


def read_cookie(request: Request, issuer: str) -> str | None:
    """The sealed value that the browser sent, not yet opened."""
    return request.cookies.get(cookie_name(issuer))


def set_cookie(response: Response, issuer: str, value: str, max_age: int) -> None:
    """Give the browser the sealed value. Lax, because Strict is lost on the way from webmail."""
    secure = issuer.startswith("https://")
    response.set_cookie(
        cookie_name(issuer), value, max_age=max_age, path="/", secure=secure, httponly=True, samesite="lax"
    )


def clear_cookie(response: Response, issuer: str) -> None:
    """Take the cookie back."""
    secure = issuer.startswith("https://")
    response.delete_cookie(cookie_name(issuer), path="/", secure=secure, httponly=True, samesite="lax")


def origin_allowed(request: Request, issuer: str) -> bool:
    """Whether a form comes from our own page, as far as the browser says.

    A browser that sends neither header is judged by cookie and nonce alone.
    """
    address = urlsplit(issuer.lower())
    origins = request.headers.getlist("origin")
    sites = request.headers.getlist("sec-fetch-site")
    same_origin = all(origin == f"{address.scheme}://{address.netloc}" for origin in origins)
    return same_origin and all(site in {"same-origin", "none"} for site in sites)


def _mac(key: bytes, purpose: str, text: str) -> str:
    # The purpose is a part of what is signed: a nonce never passes as a cookie, nor one form's as another's.
    digest = hmac.new(key, f"{purpose}\0{text}".encode(), hashlib.sha256).digest()
    return base64url_text(digest)
