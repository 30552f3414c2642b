"""The status list's format against the draft's own vectors, and its places against the promise of a permutation."""

import zlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agegate.base64url import base64url
from agegate.signing.status_list import (
    LIST_BYTES,
    PLACES,
    ListBroken,
    Status,
    deflated,
    inflated,
    is_status_list,
    pack,
    status_at,
)
from agegate.signing.status_places import StatusPlaces
from agegate.signing.strict_jws import JsonValue

KEY = b"a key of this test" * 2
PLACE = StatusPlaces(KEY)
ENTRIES = st.integers(min_value=1, max_value=20 * PLACES)
BOMB = base64url(zlib.compress(bytes(50_000_000), 9)).decode()


def test_the_draft_deflates_to_its_own_vector() -> None:
    assert deflated(bytes.fromhex("b9a3")) == "eNrbuRgAAhcBXQ"


def test_the_drafts_two_bit_example_is_read_entry_by_entry() -> None:
    """Section 4.1 of the draft: twelve entries of two bits in three bytes."""
    statuses = [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3]
    packed = bytes.fromhex("c944f9")
    assert pack(enumerate(statuses), 3) == packed
    assert [packed[n // 4] >> n % 4 * 2 & 3 for n in range(12)] == statuses


def test_the_drafts_two_bit_example_deflates_to_its_vector() -> None:
    assert inflated("eNo76fITAAPfAgc") == bytes.fromhex("c944f9")


@given(st.dictionaries(st.integers(0, PLACES - 1), st.sampled_from([Status.INVALID, Status.SUSPENDED]), max_size=50))
def test_what_is_packed_is_read_back(marks: dict[int, Status]) -> None:
    octets = inflated(deflated(pack(marks.items())))
    assert len(octets) == LIST_BYTES
    assert {index: status_at(octets, index) for index in marks} == marks


def test_an_entry_without_a_mark_is_valid() -> None:
    assert status_at(pack([(5, Status.INVALID)]), 4) is Status.VALID


@pytest.mark.parametrize("index", [-1, PLACES, PLACES + 1])
def test_an_entry_outside_of_the_list_is_refused(index: int) -> None:
    with pytest.raises(ListBroken):
        status_at(pack([]), index)


def test_a_status_of_somebodys_own_is_refused() -> None:
    with pytest.raises(ListBroken):
        status_at(b"\x03", 0)


NO_LISTS: list[JsonValue] = [None, {}, {"bits": 1, "lst": "x"}, {"bits": True, "lst": "x"}, {"bits": 2, "lst": 1}]


@pytest.mark.parametrize("value", NO_LISTS)
def test_only_two_bit_lists_are_taken(value: JsonValue) -> None:
    assert not is_status_list(value)


def test_every_place_of_a_list_is_given_exactly_once() -> None:
    places = [PLACE.place(entry) for entry in range(PLACES + 1, 2 * PLACES + 1)]
    assert {number for number, _ in places} == {2}
    assert sorted(index for _, index in places) == list(range(PLACES))


@given(ENTRIES)
def test_a_place_leads_back_to_its_entry(entry: int) -> None:
    assert PLACE.entry(*PLACE.place(entry)) == entry


@given(ENTRIES)
def test_another_key_or_list_gives_another_order(entry: int) -> None:
    near = range(entry, entry + 16)
    own = [PLACE.place(each) for each in near]
    assert own != [StatusPlaces(b"another key").place(each) for each in near]
    assert own != [PLACE.place(each + PLACES) for each in near]


def test_neighbours_in_time_are_no_neighbours_in_the_list() -> None:
    indexes = [PLACE.place(entry)[1] for entry in range(1, 2001)]
    steps = [abs(one - other) for one, other in pairwise(indexes)]
    assert sum(steps) / len(steps) == pytest.approx(PLACES / 3, rel=0.1)  # what chance gives


def test_the_repr_hides_the_key() -> None:
    assert repr(PLACE) == "StatusPlaces()"
