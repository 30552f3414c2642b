"""The one reader of request bodies and queries.

Owns size, time and media type: a body is refused before it is held, and before anybody parses it. JSON itself
is read by `json_text`, members by `forms`.
"""

from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

from agegate.rules.errors import InputRefused
from agegate.web.faults import fault
from agegate.web.json_text import JsonObject, parse_object
from agegate.web.patience import within
from agegate.web.refusals import BodyTooLarge, BodyTooSlow, MalformedRequest, WrongContentType

MAX_BYTES: Final = 64 * 1024
MAX_SECONDS: Final = 30
MAX_FIELDS: Final = 64
MOST_DIGITS: Final = 18


async def read_json(request: Request) -> JsonObject:
    """The JSON object of the body; every other body is refused (413, 415, 408, 400, 422)."""
    _refuse_type(request, "application/json")
    return parse_object(await _read(request))


async def read_bytes(request: Request, media_type: str) -> bytes:
    """The body as it came, for what is signed."""
    _refuse_type(request, media_type)
    return await _read(request)


async def read_form(request: Request) -> Mapping[str, str]:
    """The fields of an HTML form; a name that stands twice is refused, and so are files."""
    _refuse_type(request, "application/x-www-form-urlencoded")
    return _fields(await _read(request))


def read_query(request: Request) -> Mapping[str, str]:
    """The query parameters. A name that stands twice is refused: readers disagree on which one counts.

    So is a NUL, which no value of ours holds and PostgreSQL does not take.
    """
    return _fields(request.scope["query_string"])


def read_position(request: Request) -> int:
    """The query's cursor where it is a position: how far the caller has read, 0 at first."""
    cursor = read_query(request).get("cursor", "0")
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) <= MOST_DIGITS):
        raise InputRefused(fault("/cursor", "invalid_cursor"))
    return int(cursor)


def _fields(encoded: bytes) -> Mapping[str, str]:
    try:
        pairs = parse_qsl(encoded.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS)
    except ValueError:
        raise MalformedRequest from None
    fields = dict(pairs)
    if len(fields) != len(pairs) or any("\0" in value for value in fields.values()):
        raise MalformedRequest
    return fields


def _refuse_type(request: Request, wanted: str) -> None:
    headers: list[tuple[bytes, bytes]] = request.scope["headers"]
    stated = [value for name, value in headers if name == b"content-type"]
    encoded = [value for name, value in headers if name == b"content-encoding"]
    if stated == [wanted.encode()] and not encoded:
        return
    essence, *parameters = [part.strip().lower() for part in (stated or [b""])[0].decode("latin-1").split(";")]
    charsets = [part.partition("=")[2].strip('"') for part in parameters if part.startswith("charset=")]
    encodings = {encoding.strip().lower() for encoding in encoded}
    if len(stated) != 1 or essence != wanted or charsets not in ([], ["utf-8"]) or encodings - {b"identity"}:
        raise WrongContentType


async def _read(request: Request) -> bytes:
    for name, value in request.scope["headers"]:
        if name == b"content-length" and value.isdigit() and int(value[:20]) > MAX_BYTES:
            raise BodyTooLarge
    try:
        return await within(MAX_SECONDS, _collect(request))
    except TimeoutError:
        raise BodyTooSlow from None


async def _collect(request: Request) -> bytes:
    body, more = b"", True
    while more:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        body += message.get("body", b"")
        if len(body) > MAX_BYTES:
            raise BodyTooLarge
        more = message.get("more_body", False)
    return body
