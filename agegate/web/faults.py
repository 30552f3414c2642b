"""Turns what pydantic finds wrong with a body into faults of our own.

Owns the codes and their sentences. The library's messages stop here: they change between releases, and they
repeat what was submitted.
"""

from typing import Final

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from agegate.rules.errors import Fault, InputRefused
from agegate.web.json_text import pointer_to

MAX_FAULTS: Final = 32

SENTENCES: Final = {
    "required": "This member is required.",
    "unknown_field": "This call knows no such member.",
    "invalid_type": "The member has the wrong JSON type. A member that is not known is left out, not null.",
    "invalid_format": "The text does not have the form that this member takes.",
    "invalid_value": "The value is none of those that this member takes.",
    "out_of_range": "The value lies outside the range that can be meant.",
    "too_long": "The value is longer than this member takes.",
    "too_short": "The value is shorter than this member takes.",
    "not_a_date": "There is no such day in the calendar.",
    "in_future": "The time lies in the future.",
    "not_iso3166_alpha2": "A country is named by its ISO 3166-1 alpha-2 code in capital letters.",
    "reserved_code": "This code is reserved and names no country of ISO 3166-1.",
    "not_iso3166_2": "A region is named by its full ISO 3166-2 code, such as US-CA.",
    "region_of_other_country": "This region lies in another country than the one given.",
    "without_country": "A region is only read together with its country.",
    "unknown_time_zone": "The time zone database knows no such zone.",
    "invalid_reference": "A reference is 1 to 64 characters of A-Z a-z 0-9 . _ : / - with a digit; it is no name.",
    "invalid_subject": "A subject id is 1 to 128 characters of A-Z a-z 0-9 . _ : -",
    "subject_is_personal": "A subject id must be opaque; an e-mail address is personal data.",
    "invalid_email": "The address cannot be mailed to.",
    "non_ascii_local": "The part before the @ must be plain ASCII.",
    "confusable_domain": "The domain mixes scripts so that it can be taken for another one.",
    "invalid_name": "A first name has at most 60 characters, no line breaks and no invisible characters.",
}
FROM_LIBRARY: Final = {
    "missing": "required",
    "extra_forbidden": "unknown_field",
    "invalid_key": "unknown_field",
    "string_too_long": "too_long",
    "string_too_short": "too_short",
    "string_pattern_mismatch": "invalid_format",
    "string_unicode": "invalid_format",
    "greater_than_equal": "out_of_range",
    "less_than_equal": "out_of_range",
    "too_long": "too_long",
    "too_short": "too_short",
}


def fault(pointer: str, code: str) -> Fault:
    """A fault with the sentence of its code."""
    return Fault(pointer, code, SENTENCES.get(code, "The value cannot be used."))


def wrong(code: str) -> PydanticCustomError:
    """What a member's reader raises: the code travels as the error's type, no text and no input with it."""
    return PydanticCustomError("agegate", "{code}", {"code": code})


def refusal(found: ValidationError) -> InputRefused:
    """All faults of one body, in the order of its members."""
    parts = found.errors(include_url=False, include_input=False)
    faults = []
    for part in parts[:MAX_FAULTS]:
        code = part["ctx"]["code"] if part["type"] == "agegate" else _own_code(part["type"])
        faults.append(fault(_pointer(part["loc"]), code))
    return InputRefused(*dict.fromkeys(faults))


def _own_code(library_type: str) -> str:
    if library_type in FROM_LIBRARY:
        return FROM_LIBRARY[library_type]
    return "invalid_type" if library_type.endswith("_type") else "invalid_format"


def _pointer(place: tuple[int | str, ...]) -> str:
    pointer = ""
    for step in place:
        # pydantic writes "[key]" where the name itself, not the member's value, is at fault.
        if step != "[key]":
            pointer = pointer_to(pointer, step)
    return pointer
