"""Strict reading of one JSON text into plain values.

Refuses what the usual parsers let pass: duplicate members, NaN, infinities, huge numbers, deep nesting, lone
surrogates. Knows no requests and no members; what a member means is `forms`' business.
"""

import json
import math
import re
from collections.abc import Iterator

from pydantic import JsonValue

from agegate.rules.errors import Fault, InputRefused
from agegate.web.refusals import MalformedJson

JsonObject = dict[str, JsonValue]

MAX_DEPTH = 20
# Beyond 2**53 parsers disagree on which number is meant (RFC 8259 section 6).
MAX_INT = 2**53
MAX_NUMBER_CHARACTERS = 32
BLANKS = " \t\n\r"
LONE_SURROGATE = re.compile("[\ud800-\udfff]")
# The closing quote is optional so that an open string is read once, not once per quote in it.
STRING_OR_BRACKET = re.compile(rb'"(?:[^"\\]|\\.)*+"?|[\[\]{}]', re.DOTALL)


def parse_object(body: bytes) -> JsonObject:
    """The one object that the bytes spell.

    Raises MalformedJson, or InputRefused where the JSON is well-formed but not an object of Unicode text.
    """
    _refuse_depth(body)
    try:
        text = body.decode("utf-8").strip(BLANKS)
        value, end = DECODER.raw_decode(text)
    except (ValueError, RecursionError):
        # The parser's own text repeats a piece of the input, so it stops here.
        raise MalformedJson from None
    if end != len(text):
        raise MalformedJson
    if not isinstance(value, dict):
        raise InputRefused(Fault("", "invalid_type", "The body must be a JSON object."))
    if b"\\u" in body and (faults := tuple(_surrogates(value, ""))):
        raise InputRefused(*faults)
    return value


def pointer_to(parent: str, name: str | int) -> str:
    """The JSON Pointer of a member, or of its parent where the name itself might be personal."""
    if isinstance(name, int) or re.fullmatch(r"[A-Za-z0-9_$.-]{1,64}", name, re.ASCII):
        return f"{parent}/{name}"
    return parent


def _refuse_depth(body: bytes) -> None:
    if body.count(b"[") + body.count(b"{") <= MAX_DEPTH:
        return
    depth = 0
    for found in STRING_OR_BRACKET.finditer(body):
        depth += {b"[": 1, b"{": 1, b"]": -1, b"}": -1}.get(found[0], 0)
        if depth > MAX_DEPTH:
            raise MalformedJson("too_deep")


def _members(pairs: list[tuple[str, JsonValue]]) -> JsonObject:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise MalformedJson("duplicate_member")
    return members


def _integer(text: str) -> int:
    if len(text) > MAX_NUMBER_CHARACTERS or abs(number := int(text)) > MAX_INT:
        raise MalformedJson
    return number


def _finite(text: str) -> float:
    if len(text) > MAX_NUMBER_CHARACTERS or not math.isfinite(number := float(text)):
        raise MalformedJson
    return number


def _refuse_constant(text: str) -> float:
    del text  # NaN, Infinity or -Infinity: JavaScript, not JSON
    raise MalformedJson


DECODER = json.JSONDecoder(
    object_pairs_hook=_members, parse_int=_integer, parse_float=_finite, parse_constant=_refuse_constant
)


def _surrogates(value: JsonValue, pointer: str) -> Iterator[Fault]:
    if isinstance(value, str) and LONE_SURROGATE.search(value):
        yield Fault(pointer, "invalid_format", "Half a surrogate pair is no character.")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _surrogates(item, pointer_to(pointer, index))
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from _surrogates(name, pointer)
            yield from _surrogates(item, pointer_to(pointer, name))
