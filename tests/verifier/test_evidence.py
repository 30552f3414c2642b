"""Receipts and certificates, checked with public keys alone: what holds, and that nothing altered does."""

import copy
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import orjson
import pytest

from agegate.base64url import base64url
from agegate.notices.linked_receipt import linked_receipt
from agegate.notices.receipt_page import receipt_page
from agegate.signing.keys import SigningKey
from agegate.signing.signer import Signer
from agegate.signing.strict_jws import JsonValue, decode, read_object
from agegate.signing.verify import Kind
from agegate.verifier.evidence import Evidence, EvidenceRefused, named_issuer, verify_evidence

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
ISSUER = "https://age.example"
KEY, OTHER = SigningKey.generate(), SigningKey.generate()
LIVE = Signer(KEY, ISSUER, "production")
RECEIPT: dict[str, JsonValue] = {
    "iat": int(NOW.timestamp()),
    "jti": "r1",
    "schema": "agegate/consent-receipt/1",
    "receipt_id": "r1",
    "record_id": "q1",
    "principal": {"ref": "c" * 43, "type": "dpv:Child"},
    "expressed_by": {
        "ref": "g" * 22,
        "type": "dpv:GuardianOfDataSubject",
        "assurance": "email",
        "method": "email",
        "verified_at": None,
    },
    "controller": {"id": "game", "name": "Example <Games> & Co", "address": "1 Street", "contact": "p@example.com"},
    "jurisdiction": "US-CA",
    "policy": "deepseek@1",
    "rules": ["US-coppa-2025"],
    "notice": {"url": "https://example.com", "version": "1", "language": "en", "sha256": "a" * 64},
    "processing": [
        {
            "purpose": "provide",
            "categories": ["account"],
            "necessity": "dpv:Required",
            "retention": "a year",
            "decision": "granted",
        }
    ],
    "disclosure": "refused",
    "recipients": ["hosting"],
    "storage_places": ["Ireland"],
    "events": [{"state": "dpv:ConsentGiven", "at": "2026-11-22T09:00:00Z"}],
    "method": "web form",
    "rights": "to see",
    "authority": "the authority",
    "withdrawal": "one step",
}


def archive(*keys: tuple[SigningKey, datetime, datetime | None]) -> dict[str, object]:
    """A key archive: each key with the time in which it was in use."""
    shown: list[dict[str, object]] = []
    for key, begins, ends in keys:
        shown.append({**key.public_jwk(), "nbf": int(begins.timestamp())})
        if ends is not None:
            shown[-1]["exp"] = int(ends.timestamp())
    return {"keys": shown}


IN_USE = archive((KEY, NOW - timedelta(days=1), None))


def receipt(**changed: JsonValue) -> str:
    """A live receipt."""
    return LIVE.sign(Kind.CONSENT_RECEIPT, {**RECEIPT, **changed})


def entry(number: int, previous: str, **changed: JsonValue) -> str:
    """A further entry of its record."""
    claims: dict[str, JsonValue] = {
        "iat": RECEIPT["iat"],
        "jti": f"r1.{number:04}",
        "receipt_id": "r1",
        "record_id": "q1",
        "number": number,
        "previous": sha256(previous.encode()).hexdigest(),
        "event": {"state": "dpv:ConsentWithdrawn", "at": "2026-11-23T09:00:00Z"},
    }
    return LIVE.sign(Kind.CONSENT_EVENT, {**claims, **changed})


def checked(text: str, keys: object = IN_USE, *, accept_test: bool = False, issuer: str = ISSUER) -> Evidence:
    """The one evidence in a text, years later."""
    later = NOW + timedelta(days=2000)
    (found,) = verify_evidence(text, keys, issuer=issuer, now=later, accept_test=accept_test)
    return found


def test_a_receipt_holds_years_later() -> None:
    found = checked(receipt())
    assert (found.kind, found.environment, found.issued_at, found.entries) == (Kind.CONSENT_RECEIPT, "live", NOW, ())


def test_a_certificate_holds_too() -> None:
    signed = LIVE.sign(Kind.PURGE_CERTIFICATE, {"iat": RECEIPT["iat"], "jti": "c1", "purge": "p1"})
    assert checked(signed).claims["purge"] == "p1"


def test_a_record_holds_with_its_entries_in_whatever_order_the_lines_are() -> None:
    first = receipt()
    second = entry(1, first)
    third = entry(2, second)
    found = checked(f"{third}\n{first}\n{second}")
    assert [each["number"] for each in found.entries] == [1, 2]


def test_the_page_carries_its_own_proof() -> None:
    first = receipt()
    assert checked(receipt_page([first, entry(1, first)])).claims["receipt_id"] == "r1"


def test_the_page_escapes_what_it_repeats() -> None:
    assert "Example &lt;Games&gt; &amp; Co" in receipt_page([receipt()])


def test_a_key_that_retired_after_it_signed_still_counts() -> None:
    keys = archive((OTHER, NOW + timedelta(days=1), None), (KEY, NOW - timedelta(days=1), NOW + timedelta(days=1)))
    assert checked(receipt(), keys).claims["jti"] == "r1"


def leaves(value: JsonValue, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Where every single value of a claim set stands."""
    if isinstance(value, dict):
        return [place for name, each in value.items() for place in leaves(each, (*path, name))]
    if isinstance(value, list):
        return [place for index, each in enumerate(value) for place in leaves(each, (*path, index))]
    return [path]


def with_change(claims: Mapping[str, JsonValue], path: tuple[str | int, ...]) -> dict[str, JsonValue]:
    """The claims with one value changed."""
    changed = copy.deepcopy(dict(claims))
    at: JsonValue = changed
    for step in path[:-1]:
        at = at[step]  # type: ignore[index]  # the path was taken from the same value
    at[path[-1]] = "changed" if at[path[-1]] != "changed" else 1  # type: ignore[index]  # the same
    return changed


SIGNED = receipt()
PARTS = SIGNED.split(".")


@pytest.mark.parametrize("path", leaves(dict(RECEIPT)), ids=lambda path: ".".join(str(step) for step in path))
def test_no_changed_field_holds(path: tuple[str | int, ...]) -> None:
    claims = read_object(_decoded(PARTS[1]))
    payload = base64url(orjson.dumps(with_change(claims, path))).decode()
    with pytest.raises(EvidenceRefused, match="was changed"):
        checked(f"{PARTS[0]}.{payload}.{PARTS[2]}")


@pytest.mark.parametrize("place", range(0, len(SIGNED), 7))
def test_no_changed_character_holds(place: int) -> None:
    other = "A" if SIGNED[place] != "A" else "B"
    with pytest.raises(EvidenceRefused):
        checked(SIGNED[:place] + other + SIGNED[place + 1 :])


def broken_records() -> dict[str, str]:
    """Records of which something is missing, twice, or another's."""
    first = receipt()
    second, foreign = entry(1, first), entry(1, first, record_id="q2")
    third = entry(2, second)
    return {
        "an entry is missing": f"{first}\n{third}",
        "two entries claim one place": "\n".join([first, second, entry(1, first, jti="r1.0001b")]),
        "an entry follows another receipt": "\n".join([first, entry(1, receipt(jurisdiction="DE"))]),
        "an entry of another record": f"{first}\n{foreign}",
        "an entry without its receipt": second,
        "an altered entry": "\n".join([first, second[:-4] + ("AAAA" if second[-4:] != "AAAA" else "BBBB")]),
    }


@pytest.mark.parametrize("name", broken_records())
def test_no_record_holds_that_is_not_whole(name: str) -> None:
    with pytest.raises(EvidenceRefused):
        checked(broken_records()[name])


def test_test_evidence_is_never_accepted_live() -> None:
    signed = Signer(KEY, ISSUER, "test").sign(Kind.CONSENT_RECEIPT, RECEIPT)
    with pytest.raises(EvidenceRefused, match="test environment"):
        checked(signed)
    assert checked(signed, accept_test=True).environment == "test"


def test_a_live_receipt_with_a_test_entry_is_no_live_record() -> None:
    first = receipt()
    claims = read_object(_decoded(entry(1, first).split(".")[1]))
    mixed = Signer(KEY, ISSUER, "test").sign(Kind.CONSENT_EVENT, claims)
    with pytest.raises(EvidenceRefused, match="test environment"):
        checked(f"{first}\n{mixed}")


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (archive((OTHER, NOW, None)), "No key of the archive"),
        (archive((KEY, NOW + timedelta(days=1), None)), "not in use at the time"),
        (archive((KEY, NOW - timedelta(days=9), NOW - timedelta(days=8))), "not in use at the time"),
        ({"keys": "none"}, "no key set"),
        ([], "no key set"),
        ({"keys": []}, "No key of the archive"),
    ],
)
def test_a_refusal_says_what_is_wrong_with_the_keys(keys: object, said: str) -> None:
    with pytest.raises(EvidenceRefused, match=said):
        checked(receipt(), keys)


def test_another_issuer_s_receipt_is_refused() -> None:
    with pytest.raises(EvidenceRefused, match="Another issuer"):
        checked(receipt(), issuer="https://other.example")


@pytest.mark.parametrize("kind", [Kind.STATUS_LIST, Kind.PURGE_ORDER])
def test_other_signed_texts_are_no_evidence(kind: Kind) -> None:
    with pytest.raises(EvidenceRefused, match="neither a consent receipt"):
        checked(LIVE.sign(kind, RECEIPT))


@pytest.mark.parametrize("text", ["", "nothing", "eyJ.eyJ.", "<!doctype html><p>no proof</p>"])
def test_a_file_without_anything_signed_is_refused(text: str) -> None:
    with pytest.raises(EvidenceRefused, match="Nothing signed"):
        checked(text)


@pytest.mark.parametrize("text", ["x" * (2 * 1024 * 1024 + 1), " ".join(f"eyJ.{n}.a" for n in range(1001))])
def test_a_file_that_is_too_much_is_refused(text: str) -> None:
    with pytest.raises(EvidenceRefused, match="Give"):
        checked(text)


def test_the_named_issuer_is_read_without_believing_it() -> None:
    assert (named_issuer(f"eyJh.bm8.x {receipt()}"), named_issuer("eyJh.bm8.x")) == (ISSUER, "")


def test_the_linked_record_says_what_the_receipt_says() -> None:
    first = receipt()
    found = checked(f"{first}\n{entry(1, first)}")
    linked = linked_receipt(found.claims, found.entries)
    statuses = linked["dpv:hasConsentStatus"]
    assert isinstance(statuses, list)
    assert [each["@type"] for each in statuses] == ["dpv:ConsentGiven", "dpv:ConsentWithdrawn"]
    assert (linked["dct:identifier"], linked["dpv:hasJurisdiction"]) == ("r1", "US-CA")


def _decoded(segment: str) -> bytes:
    return decode(segment.encode())
