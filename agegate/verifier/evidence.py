"""Verifies evidence offline, years later: consent receipts with their entries, and purge certificates.

Owns finding the signed texts in a file (bare, one a line, or inside the HTML receipt), the order of a record's
entries, and whether a key was in use at the time. The strict check of each text is `agegate.signing.verify`.
"""

import json
import re
from base64 import urlsafe_b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from html import unescape

from agegate.clock import from_epoch
from agegate.signing.verify import Claims, Kind, PublicKeys, Reason, TokenRefused, verify

SIGNED = re.compile(r"(?<![A-Za-z0-9_.-])eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+(?![A-Za-z0-9_.-])", re.ASCII)
KINDS = (Kind.CONSENT_RECEIPT, Kind.CONSENT_EVENT, Kind.PURGE_CERTIFICATE)
LONGEST_FILE = 2 * 1024 * 1024
MOST_TEXTS = 1000
TOLERANCE = timedelta(minutes=5)


class EvidenceRefused(Exception):
    """The evidence does not hold; the text says what is wrong, why, and what to do."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What holds: a receipt or a certificate, and the entries that were signed after a receipt, in order."""

    kind: Kind
    claims: Claims
    entries: tuple[Claims, ...] = ()

    @property
    def environment(self) -> str:
        """`live` or `test`."""
        return "test" if "environment" in self.claims else "live"

    @property
    def issued_at(self) -> datetime:
        """When it was signed."""
        return _issued_at(self.claims)


def verify_evidence(
    text: str, archive: object, *, issuer: str, now: datetime, accept_test: bool = False
) -> tuple[Evidence, ...]:
    """Every receipt and certificate in a text, each with its entries. Raises EvidenceRefused.

    `archive` is the issuer's key archive (or its key set), as JSON: keys that retired still verify what they signed.
    """
    signed = signed_texts(text)
    if not signed:
        raise EvidenceRefused(
            "Nothing signed was found in it. Give the receipt as it was mailed, or the certificate as it was fetched."
        )
    check = _Check(_Archive.of(archive), issuer, now, accept_test)
    read = [(each, *check(each)) for each in signed]
    return tuple(Evidence(kind, claims, _entries(each, claims, read)) for each, kind, claims in _whole(read))


def signed_texts(text: str) -> list[str]:
    """The signed texts in a file, each once, in their order."""
    if len(text) > LONGEST_FILE:
        raise EvidenceRefused("The file is larger than any evidence of ours. Give the receipt or certificate itself.")
    found = list(dict.fromkeys(SIGNED.findall(unescape(text))))
    if len(found) > MOST_TEXTS:
        raise EvidenceRefused("The file holds more than 1,000 signed texts. Give one receipt or certificate at a time.")
    return found


def named_issuer(text: str) -> str:
    """The issuer that the first signed text names: to be believed only where the keys are trusted by themselves."""
    for signed in signed_texts(text):
        payload = signed.split(".")[1]
        try:
            named = json.loads(urlsafe_b64decode(payload + "=="))["iss"]
        except (ValueError, KeyError, TypeError, RecursionError):
            continue
        if isinstance(named, str):
            return named
    return ""


Read = tuple[str, Kind, Claims]


def _whole(read: Sequence[Read]) -> list[Read]:
    whole = [each for each in read if each[1] is not Kind.CONSENT_EVENT]
    receipts = {each[2].get("receipt_id") for each in whole}
    if any(each[1] is Kind.CONSENT_EVENT and each[2]["receipt_id"] not in receipts for each in read):
        raise EvidenceRefused("An entry is there without its receipt. Put the receipt and its entries into one file.")
    return whole


def _entries(signed: str, receipt: Claims, read: Sequence[Read]) -> tuple[Claims, ...]:
    mine = [
        each for each in read if each[1] is Kind.CONSENT_EVENT and each[2]["receipt_id"] == receipt.get("receipt_id")
    ]
    last = signed
    for number, (text, _, claims) in enumerate(sorted(mine, key=lambda each: str(each[2]["jti"])), 1):
        follows = claims["previous"] == sha256(last.encode()).hexdigest()
        if claims["number"] != number or claims["record_id"] != receipt.get("record_id") or not follows:
            raise EvidenceRefused(
                f"The entries after the receipt are not whole: entry {number} is missing or belongs to another record. "
                "Ask the service for the whole record."
            )
        last = text
    return tuple(each[2] for each in sorted(mine, key=lambda each: str(each[2]["jti"])))


@dataclass(frozen=True, slots=True)
class _Archive:
    """Keys with the time in which each was in use."""

    listed: tuple[Mapping[str, object], ...]

    @classmethod
    def of(cls, document: object) -> "_Archive":
        listed = document.get("keys") if isinstance(document, Mapping) else None
        if not isinstance(listed, list) or not all(isinstance(each, Mapping) for each in listed):
            raise EvidenceRefused(
                "The key file is no key set. Save the issuer's /.well-known/jwks-archive.json and name that file."
            )
        return cls(tuple(listed))

    def at(self, instant: datetime | None) -> PublicKeys:
        """The keys that signed at an instant; all of them without one. A plain key set names no times."""
        used = [each for each in self.listed if instant is None or _in_use(each, instant)]
        return PublicKeys.from_jwks({"keys": used})


@dataclass(frozen=True, slots=True)
class _Check:
    archive: _Archive
    issuer: str
    now: datetime
    accept_test: bool

    def __call__(self, text: str) -> tuple[Kind, Claims]:
        for kind in KINDS:
            try:
                claims = self._verify(text, kind, self.archive.at(None))
                self._verify(text, kind, self.archive.at(_issued_at(claims)), WHY_TIME)
            except _WrongKind:
                continue
            else:
                return kind, claims
        raise EvidenceRefused(
            "It is signed, but it is neither a consent receipt nor a purge certificate. "
            "Tokens and orders are no evidence."
        )

    def _verify(self, text: str, kind: Kind, keys: PublicKeys, unknown_key: str = "") -> Claims:
        try:
            return verify(
                text,
                keys,
                kind=kind,
                issuer=self.issuer,
                audience=None,
                now=self.now,
                accept_test=self.accept_test,
            )
        except TokenRefused as refused:
            if refused.reason is Reason.WRONG_KIND:
                raise _WrongKind from None
            said = unknown_key if refused.reason is Reason.UNKNOWN_KEY and unknown_key else WHY.get(refused.reason)
            raise EvidenceRefused(
                said or f"It is not well formed ({refused.reason}). Use the file as it came."
            ) from None


class _WrongKind(Exception):
    """Some other kind may fit."""


def _issued_at(claims: Claims) -> datetime:
    issued = claims["iat"]
    return from_epoch(issued if isinstance(issued, int) else 0)


def _in_use(key: Mapping[str, object], instant: datetime) -> bool:
    seconds, slack = instant.timestamp(), TOLERANCE.total_seconds()
    begins, ends = key.get("nbf", 0), key.get("exp")
    begun = isinstance(begins, int) and begins - slack <= seconds
    return begun and (ends is None or (isinstance(ends, int) and seconds <= ends + slack))


WHY_TIME = (
    "The key that signed it was not in use at the time it names, so the time or the key is false. "
    "Ask the issuer for the original."
)
WHY: Mapping[Reason, str] = {
    Reason.BAD_SIGNATURE: "The signature does not fit: something in it was changed. Use the original as it was mailed.",
    Reason.UNKNOWN_KEY: (
        "No key of the archive signed it: it is another issuer's, its key was revoked, or the archive is older. "
        "Save the issuer's /.well-known/jwks-archive.json anew and try again."
    ),
    Reason.WRONG_ISSUER: "Another issuer signed it than the one you named. Check --issuer.",
    Reason.NOT_YET_VALID: "It is dated in the future. Check this machine's clock.",
    Reason.TEST_EVIDENCE: (
        "It comes from a test environment and proves nothing about real people. "
        "To look at it all the same, say --accept-test."
    ),
    Reason.KEYS_UNAVAILABLE: "The key file is no key set, or has more than 64 keys. Save the issuer's archive anew.",
}
