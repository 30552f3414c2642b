"""Which call is meant by an address and a method.

Owns the finding: word by word, so that an address costs the same however many there are, and a second spelling of one
is another one. The calls themselves are the library's `Route`, as a record of address, methods and coroutine.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from starlette.routing import BaseRoute, Route
from starlette.types import Scope

from agegate.web.refusals import MethodNotAllowed, PathUnknown


@dataclass(slots=True)
class Place:
    """Where one gets to by the words of an address."""

    words: "dict[str, Place]" = field(default_factory=dict)
    filled: "Place | None" = None
    """Where any word leads to that the caller fills in, `{subject}`."""

    calls: dict[str, Route] = field(default_factory=dict)


class CallTable:
    """The calls of an application by address and method."""

    def __init__(self, routes: Iterable[BaseRoute]) -> None:
        self._top = Place()
        for route in routes:
            if not isinstance(route, Route):
                raise TypeError("a call is one address with its methods")
            self._add(route)

    def find(self, scope: Scope) -> Route:
        """The call; the words that were filled in are `path_params` then. Raises PathUnknown or MethodNotAllowed."""
        place, filled = self._top, []
        for word in scope["path"].split("/"):
            following = place.words.get(word)
            if following is None:
                following = place.filled
                if following is None or not word:
                    raise PathUnknown
                filled.append(word)
            place = following
        if not place.calls:
            raise PathUnknown
        call = place.calls.get(scope["method"])
        if call is None:
            scope["route"] = next(iter(place.calls.values()))
            raise MethodNotAllowed(place.calls)
        scope["route"] = call
        scope["path_params"] = dict(zip(call.param_convertors, filled, strict=True))
        return call

    def _add(self, route: Route) -> None:
        place = self._top
        for word in route.path.split("/"):
            if word.startswith("{"):
                place.filled = place.filled or Place()
                following = place.filled
            else:
                following = place.words.setdefault(word, Place())
            if place.filled and place.words:
                raise ValueError(f"{route.path}: the same word would be known and filled in")
            place = following
        place.calls |= dict.fromkeys(route.methods or (), route)
