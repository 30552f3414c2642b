"""A third-party verifier that tells its result by a signed webhook (Standard Webhooks), bound to one consent request.

Owns the signature, the age of a message and the form of a result; a minor's result is the same as none. The guardian
is sent to the verifier's page where it has one; whoever comes back from there brings nothing that counts.
"""

import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from standardwebhooks import Webhook

from agegate.provider_settings import ThirdPartySettings
from agegate.remote.guardian_verifier import NotShown, Reason, Shown, SignIn
from agegate.rules.case_reference import case_reference_fault
from agegate.rules.guardian_proof import GuardianMethod

TYPE: Final = "guardian.verified"
ADULT: Final = "adult"
FRESH_FOR: Final = timedelta(minutes=5)
REQUEST: Final = re.compile(r"[0-9a-z]{26}", re.ASCII)
MOST_SIGNATURES: Final = 8
SIGNED: Final = ("webhook-id", "webhook-timestamp", "webhook-signature")


class ResultRefused(Exception):
    """The message is not a result of this verifier."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a verifier says of one request; `shown` is None where it saw no adult."""

    request: str
    shown: Shown | None


@dataclass(frozen=True, slots=True)
class GuardianWebhook:
    """One third-party verifier."""

    settings: ThirdPartySettings
    secret: str = field(repr=False)

    @property
    def name(self) -> str:
        """The provider's name in the settings."""
        return self.settings.name

    @property
    def label(self) -> str:
        """What the guardian reads."""
        return self.settings.label

    def serves(self, service: str) -> bool:
        """Whether guardians of that service may use it."""
        return self.settings.serves(service)

    async def begin(self, sign_in: SignIn, now: datetime) -> str | NotShown:
        """The verifier's page, told which request and where to send the guardian back."""
        del now
        if self.settings.start_url is None:
            return NotShown(Reason.UNREACHABLE, "no_page")
        joint = "&" if "?" in self.settings.start_url else "?"
        asked = {"request": sign_in.request, "return_to": sign_in.back_to}
        return f"{self.settings.start_url}{joint}{urlencode(asked)}"

    async def finish(
        self, sign_in: SignIn, came_back: Mapping[str, str], today: date, now: datetime
    ) -> Shown | NotShown:
        """Nothing: what a browser brings is not signed."""
        del sign_in, came_back, today, now
        return NotShown(Reason.FORGED, "not_signed")

    def read(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Result:
        """The result in a signed message. Raises ResultRefused."""
        identity, stated, signatures = (headers.get(name, "") for name in SIGNED)
        try:
            sent = datetime.fromtimestamp(int(stated), UTC)
            # The library would judge the age of a message by the wall clock, so only its signature is asked for.
            wanted = Webhook(self.secret).sign(identity, sent, body.decode("utf-8"))
            told = json.loads(body)
        except (ValueError, OverflowError, OSError, RecursionError):
            raise ResultRefused from None
        known = [
            hmac.compare_digest(wanted.encode(), each.encode()) for each in signatures.split(" ")[:MOST_SIGNATURES]
        ]
        if not identity or not any(known) or abs(now - sent) > FRESH_FOR:
            raise ResultRefused
        return self._result(told)

    def _result(self, told: object) -> Result:
        about = told.get("data") if isinstance(told, dict) and told.get("type") == TYPE else None
        if not isinstance(about, dict):
            raise ResultRefused
        request, result, reference = (about.get(name) for name in ("request", "result", "reference"))
        if not isinstance(request, str) or not REQUEST.fullmatch(request) or not isinstance(result, str):
            raise ResultRefused
        if result != ADULT:
            return Result(request, None)
        if not isinstance(reference, str) or case_reference_fault(reference):
            raise ResultRefused
        return Result(request, Shown(GuardianMethod.THIRD_PARTY, self.name, reference))
