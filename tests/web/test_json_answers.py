"""The JSON of answers: what is not known is left out."""

import pytest

from agegate.web.counter import answer


@pytest.mark.parametrize(
    ("content", "body"),
    [
        ({"a": 1, "b": None}, b'{"a":1}'),
        ({"a": {"b": None, "c": [{"d": None, "e": 2}]}}, b'{"a":{"c":[{"e":2}]}}'),
        ({"a": "b:null", "c": {}}, b'{"a":"b:null","c":{}}'),
    ],
)
def test_a_member_that_is_none_is_left_out_at_every_depth(content: dict[str, object], body: bytes) -> None:
    assert answer(content).body == body
