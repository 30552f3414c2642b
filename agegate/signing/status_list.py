"""The Token Status List (draft-ietf-oauth-status-list): two bits an entry, packed, deflated, base64url.

Owns the format, both ways, and its bounds. Which entry belongs to whom is the store's business; signing the list
and keeping it are its callers'.
"""

import zlib
from collections.abc import Iterable
from enum import IntEnum

from agegate.base64url import base64url_text
from agegate.signing.strict_jws import JsonValue, TokenRefused, decode

BITS = 2
PER_BYTE = 8 // BITS
SIZE_BITS = 17
PLACES = 1 << SIZE_BITS
LIST_BYTES = PLACES // PER_BYTE
MOST_BYTES = 1 << 20
"""A list of anybody may inflate to this and no further."""


class Status(IntEnum):
    """What an entry says of its tokens (section 7.1 of the draft)."""

    VALID = 0
    INVALID = 1
    SUSPENDED = 2


class ListBroken(ValueError):
    """This is no status list, or the entry lies outside of it."""


def pack(marks: Iterable[tuple[int, int]], size: int = LIST_BYTES) -> bytes:
    """A list in which these (index, status) stand and everything else is valid; index 0 has the lowest bits."""
    octets = bytearray(size)
    for index, status in marks:
        octets[index // PER_BYTE] |= status << (index % PER_BYTE * BITS)
    return bytes(octets)


def deflated(octets: bytes) -> str:
    """The `lst` member: ZLIB at level 9, base64url."""
    return base64url_text(zlib.compress(octets, 9))


def inflated(text: str) -> bytes:
    """The packed octets of a `lst` member, or ListBroken; never more than `MOST_BYTES`."""
    unpacking = zlib.decompressobj()
    try:
        octets = unpacking.decompress(decode(text.encode("ascii")), MOST_BYTES)
    except (zlib.error, UnicodeEncodeError, TokenRefused):
        raise ListBroken("not a deflated list") from None
    if not unpacking.eof or unpacking.unused_data:
        raise ListBroken("longer than it may be, or cut off")
    return octets


def status_at(octets: bytes, index: int) -> Status:
    """What entry `index` says. Outside of the list, or a value of somebody's own, is ListBroken."""
    if not 0 <= index < len(octets) * PER_BYTE:
        raise ListBroken("no such entry")
    try:
        return Status(octets[index // PER_BYTE] >> (index % PER_BYTE * BITS) & 0b11)
    except ValueError:
        raise ListBroken("an unknown status") from None


def is_status_list(value: JsonValue) -> bool:
    """Whether a `status_list` claim is one that we read: two bits an entry, nothing beside."""
    match value:
        case {"bits": int(bits), "lst": str(), **rest} if not rest:
            return type(bits) is int and bits == BITS
    return False
