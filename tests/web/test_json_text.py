"""What counts as one JSON object, and what every other body is called."""

import json
from contextlib import suppress
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agegate.rules.errors import InputRefused
from agegate.web.json_text import parse_object, pointer_to
from agegate.web.refusals import MalformedJson

MALFORMED = [
    b"",
    b" ",
    b"{",
    b'{"a":1,}',
    b'{"a":1}x',
    b'{"a":1}{"a":1}',
    b'\xef\xbb\xbf{"a":1}',  # byte order mark
    b'{"a":"\xff"}',  # not UTF-8
    b'{"a":"\xed\xa0\x80"}',  # half a surrogate pair, as raw bytes
    b'{\x00"a":1}',
    b'{"a":"\n"}',
    b"{'a':1}",
    b'{"a":NaN}',
    b'{"a":Infinity}',
    b'{"a":-Infinity}',
    b'{"a":1e999}',
    b'{"a":01}',
    b'{"a":+1}',
    b'{"a":"\\x"}',
    b'{"a":' + b"9" * 5000 + b"}",
    b'{"a":9007199254740993}',  # 2**53 + 1: readers disagree from here on
    b'{"a":1.' + b"0" * 100 + b"}",
    "{}".encode("utf-16"),
]


@pytest.mark.parametrize("body", MALFORMED)
def test_what_is_not_json_is_malformed(body: bytes) -> None:
    with pytest.raises(MalformedJson) as refused:
        parse_object(body)
    assert refused.value.code == "malformed_json"


@pytest.mark.parametrize("body", [b'{"a":1,"a":1}', b'{"x":[{"b":1,"b":2}]}', b'{"a":1,"\\u0061":2}'])
def test_a_member_that_stands_twice_is_refused(body: bytes) -> None:
    with pytest.raises(MalformedJson) as refused:
        parse_object(body)
    assert refused.value.code == "duplicate_member"


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"a":' * 21 + b"1" + b"}" * 21, b"[" * 21 + b"]" * 21])
def test_deep_nesting_is_refused_by_name(body: bytes) -> None:
    with pytest.raises(MalformedJson) as refused:
        parse_object(body)
    assert refused.value.code == "too_deep"


def test_twenty_levels_are_not_too_deep() -> None:
    assert parse_object(b'{"a":' * 20 + b"1" + b"}" * 20)


def test_brackets_inside_of_text_are_not_nesting() -> None:
    assert parse_object(json.dumps({"a": '[{"' * 50}).encode()) == {"a": '[{"' * 50}


@pytest.mark.parametrize("body", [b"[]", b'[{"a":1}]', b'"a"', b"1", b"true", b"null"])
def test_a_root_that_is_no_object_is_a_fault_of_the_whole(body: bytes) -> None:
    with pytest.raises(InputRefused) as refused:
        parse_object(body)
    assert [(fault.pointer, fault.code) for fault in refused.value.faults] == [("", "invalid_type")]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (rb'{"email":"a\ud800@x.org"}', "/email"),
        (rb'{"email":"\udc00\ud800"}', "/email"),
        (rb'{"signals":[{"source":"\ud83d"}]}', "/signals/0/source"),
        (rb'{"a\ud800":1}', ""),
    ],
)
def test_half_a_surrogate_pair_is_pointed_at(body: bytes, pointer: str) -> None:
    with pytest.raises(InputRefused) as refused:
        parse_object(body)
    assert [(fault.pointer, fault.code) for fault in refused.value.faults] == [(pointer, "invalid_format")]


def test_a_whole_surrogate_pair_is_a_character() -> None:
    assert parse_object(rb'{"a":"\ud83d\ude00"}') == {"a": "\U0001f600"}


@pytest.mark.parametrize("name", ["someone@example.org", "2010-03-01T00:00/+", "a b", "", "x" * 65, "ä"])
def test_a_member_name_that_may_be_personal_is_not_pointed_at(name: str) -> None:
    assert pointer_to("/signals", name) == "/signals"


@pytest.mark.parametrize("body", [b'"' * 65_536, b'"\\' * 32_768, b'["' * 32_768, b'{"a":"' + b"\\u" * 30_000])
def test_no_body_takes_long(body: bytes) -> None:
    started = perf_counter()
    with pytest.raises(MalformedJson):
        parse_object(body)
    assert perf_counter() - started < 0.25


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(-1e6, 1e6) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text(), VALUES, max_size=5))
def test_ordinary_objects_are_read_as_they_are(members: dict[str, object]) -> None:
    assert parse_object(json.dumps(members).encode()) == members


@given(st.binary(max_size=200))
def test_any_bytes_give_an_object_or_a_refusal(body: bytes) -> None:
    with suppress(MalformedJson, InputRefused):
        assert isinstance(parse_object(body), dict)
