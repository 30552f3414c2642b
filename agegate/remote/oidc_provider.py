"""An OpenID provider's own words: its endpoints and keys (OpenID Connect Discovery 1.0), fetched and kept for a while.

Owns which of them are believed. Everything comes through the one pinned client; what an ID token says is
`id_token.py`'s business.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from agegate.remote.outbound import AddressRefused, Answer, Outbound, RemoteUnreachable, address_fault

KEEP_FOR: Final = timedelta(minutes=10)
ASK_AGAIN_AFTER: Final = timedelta(seconds=30)
WELL_KNOWN: Final = "/.well-known/openid-configuration"
OK: Final = 200

JsonObject = dict[str, object]


class ProviderFault(Exception):
    """The provider cannot be used now; the code says why and repeats nothing."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Metadata:
    """The part of a provider's configuration that we use."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    names_issuer: bool
    """Whether every answer of the provider names its issuer (RFC 9207)."""

    takes_claims: bool
    """Whether single claims can be asked for."""

    basic_auth: bool
    """Whether the client's secret goes into the Authorization header (the default of Discovery)."""


@dataclass(slots=True)
class OidcProvider:
    """One provider. Its answers are kept for ten minutes; a key that is not among those kept is asked for at once."""

    issuer: str
    outbound: Outbound
    _metadata: tuple[datetime, Metadata] | None = field(default=None, init=False)
    _keys: tuple[datetime, list[JsonObject]] | None = field(default=None, init=False)

    async def metadata(self, now: datetime) -> Metadata:
        """The endpoints. Raises ProviderFault."""
        if self._metadata is None or now - self._metadata[0] >= KEEP_FOR:
            told = await self._document(self.issuer.rstrip("/") + WELL_KNOWN)
            self._metadata = now, self._read(told)
        return self._metadata[1]

    async def keys(self, now: datetime, kid: str | None) -> list[JsonObject]:
        """The public keys that may have signed under that key id. Raises ProviderFault."""
        metadata = await self.metadata(now)
        kept = self._keys
        fresh = kept is not None and now - kept[0] < KEEP_FOR
        if kept is None or not fresh or (not _of(kept[1], kid) and now - kept[0] >= ASK_AGAIN_AFTER):
            told = (await self._document(metadata.jwks_uri)).get("keys")
            if not isinstance(told, list):
                raise ProviderFault("keys_unreadable")
            kept = self._keys = now, [key for key in told if isinstance(key, dict)]
        return _of(kept[1], kid)

    async def exchange(self, url: str, form: bytes, headers: dict[str, str]) -> JsonObject:
        """The answer of the token endpoint. Raises ProviderFault."""
        answer = await self._ask("POST", url, headers | {"Content-Type": "application/x-www-form-urlencoded"}, form)
        if answer.status != OK:
            raise ProviderFault(f"token_http_{answer.status}")
        return _object(answer.body)

    async def _document(self, url: str) -> JsonObject:
        answer = await self._ask("GET", url, {})
        if answer.status != OK:
            raise ProviderFault(f"http_{answer.status}")
        return _object(answer.body)

    async def _ask(self, method: str, url: str, headers: dict[str, str], body: bytes = b"") -> Answer:
        try:
            return await self.outbound.fetch(method, url, headers | {"Accept": "application/json"}, body)
        except AddressRefused:
            raise ProviderFault("address_refused") from None
        except RemoteUnreachable as fault:
            raise ProviderFault(fault.code) from None

    def _read(self, told: JsonObject) -> Metadata:
        # The issuer of the document must be the configured one, or another provider's answers would be believed.
        if told.get("issuer") != self.issuer:
            raise ProviderFault("issuer_differs")
        methods = told.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        return Metadata(
            self._endpoint(told, "authorization_endpoint"),
            self._endpoint(told, "token_endpoint"),
            self._endpoint(told, "jwks_uri"),
            names_issuer=told.get("authorization_response_iss_parameter_supported") is True,
            takes_claims=told.get("claims_parameter_supported") is True,
            basic_auth=isinstance(methods, list) and "client_secret_basic" in methods,
        )

    def _endpoint(self, told: JsonObject, name: str) -> str:
        url = told.get(name)
        if not isinstance(url, str) or address_fault(url, self.outbound.allow_loopback):
            raise ProviderFault("endpoint_refused")
        return url


def _of(keys: list[JsonObject], kid: str | None) -> list[JsonObject]:
    return keys if kid is None else [key for key in keys if key.get("kid") == kid]


def _object(body: bytes) -> JsonObject:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        raise ProviderFault("not_json") from None
    if not isinstance(told, dict):
        raise ProviderFault("not_json")
    return told
