"""The headers that stand on every response, errors included.

Owns their values. A response may bring its own of the same name (a public key set its caching, a guardian's
page its referrer policy); what is missing is added.
"""

from collections.abc import Iterable
from typing import Final

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SWITCHED_OFF: Final = (
    "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "encrypted-media",
    "fullscreen", "geolocation", "gyroscope", "identity-credentials-get", "idle-detection", "magnetometer",
    "microphone", "midi", "payment", "picture-in-picture", "publickey-credentials-get", "screen-wake-lock",
    "serial", "usb", "web-share", "xr-spatial-tracking",
)  # fmt: skip
EVERYWHERE: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in SWITCHED_OFF),
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
}
WITH_TLS: Final = {"Strict-Transport-Security": "max-age=63072000; includeSubDomains"}


class SecurityHeaders:
    """The headers of one installation; HSTS only where the issuer has TLS."""

    def __init__(self, issuer: str) -> None:
        stated = EVERYWHERE | (WITH_TLS if issuer.startswith("https://") else {})
        self._headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in stated.items()]
        self._names = frozenset(name for name, _ in self._headers)

    def beside(self, brought: Iterable[tuple[bytes, bytes]], request_id: str) -> list[tuple[bytes, bytes]]:
        """What the response brings, what it does not bring itself, and the id of its request."""
        own = self._names.intersection([name.lower() for name, _ in brought])
        added = [header for header in self._headers if header[0] not in own] if own else self._headers
        return [*brought, *added, (b"x-request-id", request_id.encode())]
