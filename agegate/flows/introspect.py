"""Say of a token whether it counts at this moment (RFC 7662): by the keys, the entry and the subject as they are now.

Reads only, and never from a cache: a revoked key or a shut subject is refused at once. A token of another service is
as unknown as no token.
"""

from dataclasses import dataclass
from datetime import datetime

from agegate.rules.consent import ADMITTED, SubjectState
from agegate.signing.public_keys import PublicKeys
from agegate.signing.status_list import Status
from agegate.signing.status_places import StatusPlaces
from agegate.signing.strict_jws import TokenRefused, read_object, take_apart
from agegate.signing.verify import Claims, Kind, verify
from agegate.store.key_book import KeyBook
from agegate.store.records import Service, Subject
from agegate.store.status_entries import entry_at
from agegate.store.subjects import subject_by_id
from agegate.store.transaction import Transaction

LONGEST = 4096


@dataclass(frozen=True, slots=True)
class Introspect:
    """From a token to its claims, or None: it does not count, for whatever reason."""

    keys: KeyBook
    places: StatusPlaces
    issuer: str
    accept_test: bool

    def __call__(self, tx: Transaction, service: Service, token: str, now: datetime) -> Claims | None:
        """The claims of a token of this service that counts."""
        try:
            claims = self._verified(tx, token, now)
        except TokenRefused:
            return None
        match claims.get("status"):
            case {"status_list": {"idx": int(index), "uri": str(uri)}} if (number := self._number(uri)) is not None:
                held = self._holder(tx, self.places.entry(number, index))
                return claims if held and held.service == service.name and still_stands(held, claims) else None
        return None

    def _verified(self, tx: Transaction, token: str, now: datetime) -> Claims:
        # Who the token is for is the token's own word here; the signature below is what makes it count.
        audience = read_object(take_apart(token, longest=LONGEST).payload).get("aud")
        return verify(
            token,
            PublicKeys.from_jwks(self.keys.read(tx).published_at(now)),
            kind=Kind.AGE_STATUS,
            issuer=self.issuer,
            audience=audience if isinstance(audience, str) else None,
            now=now,
            accept_test=self.accept_test,
        )

    def _number(self, uri: str) -> int | None:
        number = uri.removeprefix(f"{self.issuer}/status/")
        return int(number) if number.isascii() and number.isdigit() and len(number) < len(uri) else None

    @staticmethod
    def _holder(tx: Transaction, seq: int) -> Subject | None:
        entry = entry_at(tx, seq)
        if entry is None or entry.subject_id is None or entry.status != Status.VALID:
            return None
        return subject_by_id(tx, entry.subject_id)


def still_stands(held: Subject, claims: Claims) -> bool:
    """Whether the subject may still have what the token says; growing older never takes it away."""
    if held.state in ADMITTED:
        return True
    return held.state == claims.get("age_decision") == SubjectState.CONSENT_REQUIRED
