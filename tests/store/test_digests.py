"""Keyed digests: the same name is recognised, in its service and for its purpose only."""

import hmac
import struct
from base64 import urlsafe_b64encode
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agegate.entropy import system_entropy
from agegate.store.digests import Digests, keyed, salted
from agegate.store.keyring import Keyring

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
DIGESTS = Digests(Keyring.make(system_entropy, NOW))
words = st.text(max_size=20)


@given(words, words)
def test_a_name_is_recognised_again(service: str, name: str) -> None:
    assert DIGESTS.subject(service, name) == DIGESTS.subject(service, name)


@given(st.lists(words, max_size=4), st.lists(words, max_size=4))
def test_different_parts_give_different_digests(one: list[str], other: list[str]) -> None:
    assert (keyed(b"k" * 32, *one) == keyed(b"k" * 32, *other)) == (one == other)


@pytest.mark.parametrize(("one", "other"), [(("a", "bc"), ("ab", "c")), (("a", ""), ("", "a")), (("ab",), ("a", "b"))])
def test_parts_do_not_run_into_each_other(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assert keyed(b"k" * 32, *one) != keyed(b"k" * 32, *other)


@given(st.binary(min_size=1, max_size=80), st.lists(words, max_size=4))
def test_a_digest_is_the_hmac_of_its_parts_with_their_lengths(key: bytes, parts: list[str]) -> None:
    message = b"".join(struct.pack(">I", len(part.encode())) + part.encode() for part in parts)
    expected = urlsafe_b64encode(hmac.new(key, message, "sha256").digest()).decode().rstrip("=")
    assert keyed(key, *parts) == expected


@given(words, words)
def test_a_digest_under_a_salt_is_the_same_as_under_that_key(salt: str, name: str) -> None:
    assert salted(salt, name) == keyed(salt.encode(), name)


def test_no_digest_matches_one_of_another_service_purpose_or_installation() -> None:
    elsewhere = Digests(Keyring.make(system_entropy, NOW))
    found = [
        DIGESTS.subject("game", "a@x.org"),
        DIGESTS.subject("scan", "a@x.org"),
        DIGESTS.address("game", "a@x.org"),
        DIGESTS.device("game", "a@x.org"),
        elsewhere.subject("game", "a@x.org"),
    ]
    assert len(set(found)) == len(found)


@pytest.mark.parametrize("spelling", ["Robin@Mail.example", "robin+x@mail.example", "ROBIN@mail.example"])
def test_a_mailbox_is_recognised_in_every_spelling(spelling: str) -> None:
    assert DIGESTS.address("game", spelling) == DIGESTS.address("game", "robin@mail.example")


def test_the_commitment_of_evidence_is_salted_per_row() -> None:
    assert DIGESTS.evidence("row-1", "game", "alex") != DIGESTS.evidence("row-2", "game", "alex")


def test_a_reference_differs_per_audience_and_tells_nothing() -> None:
    found = {DIGESTS.reference("consent", audience, "row-1") for audience in ("chat", "forum")}
    assert (len(found), {len(each) for each in found}) == (2, {22})
