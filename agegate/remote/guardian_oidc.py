"""A guardian signs in at an OpenID provider: Authorization Code with PKCE, state and nonce (OpenID Connect Core 1.0).

Owns the question to the provider and the way from the code to the answer "an adult". The ID token is read once and
dropped; name, address and date of birth go no further than this room.
"""

import json
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import quote_plus, urlencode

from authlib.oauth2.rfc7636 import create_s256_code_challenge  # type: ignore[import-untyped]  # authlib has no types

from agegate.provider_settings import OidcSettings
from agegate.remote.guardian_verifier import NotShown, Reason, Shown, SignIn
from agegate.remote.id_token import Expected, TokenRefused, adult_claims, checked, key_id
from agegate.remote.oidc_provider import JsonObject, Metadata, OidcProvider, ProviderFault
from agegate.rules.adult_claims import shows_adult
from agegate.rules.guardian_proof import GuardianMethod

LONGEST_CODE = 2048


@dataclass(frozen=True, slots=True)
class GuardianOidc:
    """One provider as a guardian verifier."""

    settings: OidcSettings
    provider: OidcProvider
    secret: str | None = field(repr=False)
    refer: Callable[[str, str, str], str]
    """The opaque reference of a sign-in: a keyed digest of request, issuer and account, different for every request."""

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
        """The provider's page, with the question in the query."""
        try:
            metadata = await self.provider.metadata(now)
        except ProviderFault as fault:
            return NotShown(Reason.UNREACHABLE, fault.code)
        challenge: str = create_s256_code_challenge(sign_in.code_verifier)
        asked = {
            "response_type": "code",
            "client_id": self.settings.client_id,
            "redirect_uri": sign_in.redirect_uri,
            "scope": " ".join(dict.fromkeys(("openid", *self.settings.scopes))),
            "state": sign_in.state,
            "nonce": sign_in.nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            **self._wishes(metadata),
        }
        joint = "&" if "?" in metadata.authorization_endpoint else "?"
        return f"{metadata.authorization_endpoint}{joint}{urlencode(asked)}"

    async def finish(
        self, sign_in: SignIn, came_back: Mapping[str, str], today: date, now: datetime
    ) -> Shown | NotShown:
        """From the code to the answer. The state was matched before: it named this sign-in."""
        if "error" in came_back:
            return NotShown(Reason.REFUSED, "provider_error")
        try:
            metadata = await self.provider.metadata(now)
            code = self._code(came_back, metadata)
            claims = await self._claims(metadata, sign_in, code, now)
        except ProviderFault as fault:
            return NotShown(Reason.UNREACHABLE, fault.code)
        except TokenRefused as fault:
            return NotShown(Reason.FORGED, fault.code)
        if not shows_adult(adult_claims(claims, self.settings, now), today):
            return NotShown(Reason.NOT_ADULT, "claims")
        reference = self.refer(sign_in.request, self.settings.issuer, str(claims["sub"]))
        return Shown(GuardianMethod.OIDC, self.name, reference)

    def _code(self, came_back: Mapping[str, str], metadata: Metadata) -> str:
        issuer, code = self.settings.issuer, came_back.get("code", "")
        # RFC 9207: an answer that another provider mixed in is seen by the issuer it names, or does not name.
        if came_back.get("iss", "" if metadata.names_issuer else issuer) != issuer:
            raise TokenRefused("iss")
        if not 0 < len(code) <= LONGEST_CODE:
            raise TokenRefused("code_missing")
        return code

    async def _claims(self, metadata: Metadata, sign_in: SignIn, code: str, now: datetime) -> JsonObject:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": sign_in.redirect_uri,
            "code_verifier": sign_in.code_verifier,
        }
        more, headers = self._authentication(metadata)
        told = await self.provider.exchange(metadata.token_endpoint, urlencode(form | more).encode(), headers)
        token, access = told.get("id_token"), told.get("access_token")
        if not isinstance(token, str) or not isinstance(access, str):
            raise TokenRefused("no_id_token")
        expected = Expected(
            issuer=self.settings.issuer, client_id=self.settings.client_id, nonce=sign_in.nonce, access_token=access
        )
        return checked(token, await self.provider.keys(now, key_id(token)), expected, now)

    def _authentication(self, metadata: Metadata) -> tuple[dict[str, str], dict[str, str]]:
        """The client's name, and its secret where it has one, in the form or in a header (RFC 6749 section 2.3.1)."""
        name = self.settings.client_id
        if self.secret is None:
            return {"client_id": name}, {}
        if metadata.basic_auth:
            pair = f"{quote_plus(name)}:{quote_plus(self.secret)}".encode()
            return {}, {"Authorization": f"Basic {b64encode(pair).decode('ascii')}"}
        return {"client_id": name, "client_secret": self.secret}, {}

    def _wishes(self, metadata: Metadata) -> dict[str, str]:
        wishes: dict[str, str] = {}
        if self.settings.acr_values:
            wishes["acr_values"] = " ".join(self.settings.acr_values)
        if metadata.takes_claims and self.settings.accepts:
            wanted = {name: {"essential": True} for name in self.settings.accepts}
            wishes["claims"] = json.dumps({"id_token": wanted}, separators=(",", ":"))
        return wishes
