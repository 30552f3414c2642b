"""The headers that stand on every response, errors included.

Owns their values. A response may bring its own of the same name (a public key set its caching, a guardian's
page its referrer policy); what is missing is added.
"""

from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

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
    """Adds to each response the headers it does not bring itself; HSTS only where the issuer has TLS."""

    def __init__(self, app: ASGIApp, issuer: str) -> None:
        self._app = app
        stated = EVERYWHERE | (WITH_TLS if issuer.startswith("https://") else {})
        self._headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in stated.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                brought = message.get("headers", ())
                names = {name.lower() for name, _ in brought}
                message["headers"] = [*brought, *(header for header in self._headers if header[0] not in names)]
            await send(message)

        await self._app(scope, receive, send_with_headers)
