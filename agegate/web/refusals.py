"""Every "no" that belongs to HTTP itself, by meaning: bodies, keys, paths, hosts.

The docstring is the sentence a person reads. What the rules refuse stands in `rules/errors.py`; the statuses
stand in `web/problems.py`.
"""

from collections.abc import Collection

from agegate.rules.errors import AgeGateError


class BodyTooLarge(AgeGateError):
    """The body is larger than 64 KiB. No call needs that much."""


class WrongContentType(AgeGateError):
    """The Content-Type must be the one of this call, in UTF-8, and the body not compressed."""


class BodyTooSlow(AgeGateError):
    """The body did not arrive within 30 seconds. Send the request again."""


JSON_FAULTS = {
    "malformed_json": "The body must be one JSON text in UTF-8, with finite numbers of ordinary size.",
    "duplicate_member": "A member stands twice in one object.",
    "too_deep": "Objects and arrays are nested more than 20 deep.",
}


class MalformedJson(AgeGateError):
    """The body is not one well-formed JSON text. The code says what is wrong with it."""

    def __init__(self, code: str = "malformed_json") -> None:
        super().__init__()
        self.code = code


class MalformedRequest(AgeGateError):
    """The request cannot be read without guessing: a header or a parameter stands twice, or is broken."""


class NotAuthenticated(AgeGateError):
    """A live API key is needed. Send it as: Authorization: Bearer ag_…"""


class ScopeMissing(AgeGateError):
    """This key may not make this call. Use a key that was created with the scope of the call."""


class PathUnknown(AgeGateError):
    """There is nothing at this address. The calls are listed in /openapi.yaml."""


class MethodNotAllowed(AgeGateError):
    """This address does not take this method. The Allow header names those it takes."""

    def __init__(self, allowed: Collection[str] = ()) -> None:
        super().__init__()
        self.allowed = tuple(sorted(allowed))


class NotAcceptable(AgeGateError):
    """The Accept header refuses every form in which this call answers. Accept application/json."""


class HostRefused(AgeGateError):
    """The request needs exactly one Host header, and it must name this server."""


class AddressTooLong(AgeGateError):
    """The address of the request is longer than 8 KiB. No call needs that much."""


class HeadersTooLarge(AgeGateError):
    """The request has more than 100 headers, or more than 16 KiB of them."""


class Unavailable(AgeGateError):
    """The service cannot answer right now. Try again in a moment: repeating a call is safe."""


class Unexpected(AgeGateError):
    """Something went wrong on our side. Repeating the call is safe; the log has it under the instance."""
