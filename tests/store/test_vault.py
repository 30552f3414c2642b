"""What is sealed opens in its own place and nowhere else."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agegate.entropy import system_entropy
from agegate.store.keyring import Keyring
from agegate.store.vault import Cell, SealBroken, Vault

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
KEYRING = Keyring.make(system_entropy, NOW)
VAULT = Vault(KEYRING, system_entropy)
CELL = Cell("subjects", "sealed_birth_date", "row-1")
words = st.text(st.characters(codec="utf-8"), max_size=20)
cells = st.builds(Cell, words, words, words)


@given(words, cells)
def test_a_sealed_value_opens_in_its_cell(plain: str, cell: Cell) -> None:
    key = VAULT.new_key("owner")
    assert VAULT.open(key, cell, VAULT.seal(key, cell, plain)) == plain


@given(cells, cells)
def test_a_sealed_value_does_not_open_in_another_cell(cell: Cell, other: Cell) -> None:
    key = VAULT.new_key("owner")
    sealed = VAULT.seal(key, cell, "2010-03-01")
    if cell.bound("data") != other.bound("data"):
        with pytest.raises(SealBroken):
            VAULT.open(key, other, sealed)


@pytest.mark.parametrize(
    "other",
    [
        Cell("purges", "sealed_birth_date", "row-1"),
        Cell("subjects", "sealed_guardian", "row-1"),
        Cell("subjects", "sealed_birth_date", "row-2"),
    ],
    ids=["table", "column", "row"],
)
def test_a_sealed_value_cannot_be_moved(other: Cell) -> None:
    key = VAULT.new_key("owner")
    sealed = VAULT.seal(key, CELL, "2010-03-01")
    with pytest.raises(SealBroken):
        VAULT.open(key, other, sealed)


def test_a_sealed_value_does_not_open_with_another_owners_key() -> None:
    sealed = VAULT.seal(VAULT.new_key("owner"), CELL, "2010-03-01")
    with pytest.raises(SealBroken):
        VAULT.open(VAULT.new_key("owner"), CELL, sealed)


def test_a_wrapped_key_opens_for_its_owner() -> None:
    key = VAULT.new_key("owner")
    sealed = VAULT.seal(key, CELL, "2010-03-01")
    assert VAULT.open(VAULT.open_key("owner", key.wrapped), CELL, sealed) == "2010-03-01"


def test_a_wrapped_key_does_not_open_for_another_owner() -> None:
    with pytest.raises(SealBroken):
        VAULT.open_key("other", VAULT.new_key("owner").wrapped)


def test_a_key_of_an_epoch_that_is_gone_does_not_open() -> None:
    wrapped = VAULT.new_key("owner").wrapped
    later = Vault(Keyring(KEYRING.root, {"2027-01": b"k" * 32}, "2027-01"), system_entropy)
    with pytest.raises(SealBroken):
        later.open_key("owner", wrapped)


def test_a_key_cannot_be_passed_off_as_one_of_another_epoch() -> None:
    epochs = {**KEYRING.epochs, "2027-01": KEYRING.epochs[KEYRING.current]}
    both = Vault(Keyring(KEYRING.root, epochs, "2027-01"), system_entropy)
    sealed = VAULT.new_key("owner").wrapped.partition(".")[2]
    with pytest.raises(SealBroken):
        both.open_key("owner", f"2027-01.{sealed}")


def test_an_earlier_epoch_still_opens() -> None:
    wrapped = VAULT.new_key("owner").wrapped
    later = Vault(Keyring(KEYRING.root, {**KEYRING.epochs, "2027-01": b"k" * 32}, "2027-01"), system_entropy)
    assert later.open_key("owner", wrapped).wrapped == wrapped


@given(st.integers(0, 37), st.integers(0, 7))
def test_a_flipped_bit_does_not_open(byte: int, bit: int) -> None:
    key = VAULT.new_key("owner")
    raw = bytearray(urlsafe_b64decode(VAULT.seal(key, CELL, "2010-03-01")))
    raw[byte] ^= 1 << bit
    with pytest.raises(SealBroken):
        VAULT.open(key, CELL, urlsafe_b64encode(raw).decode())


@given(st.text(max_size=60))
def test_what_was_never_sealed_does_not_open(text: str) -> None:
    with pytest.raises(SealBroken):
        VAULT.open(VAULT.new_key("owner"), CELL, text)


@pytest.mark.parametrize("sealed", [None, "", "A", "AAAA"])
def test_what_is_gone_does_not_open(sealed: str | None) -> None:
    with pytest.raises(SealBroken):
        VAULT.open(VAULT.own, CELL, sealed)


@pytest.mark.parametrize("wrapped", [None, "", ".", "2026-11.", "2026-11.AAAA", "nothing"])
def test_a_key_that_is_gone_does_not_open(wrapped: str | None) -> None:
    with pytest.raises(SealBroken):
        VAULT.open_key("owner", wrapped)


def test_the_same_value_is_sealed_differently_each_time() -> None:
    key = VAULT.new_key("owner")
    assert len({VAULT.seal(key, CELL, "2010-03-01") for _ in range(20)}) == 20


def test_no_repr_shows_a_key() -> None:
    told = repr(KEYRING) + repr(VAULT) + repr(VAULT.new_key("owner"))
    assert not [key for key in (KEYRING.root, *KEYRING.epochs.values()) if repr(key)[2:10] in told]
