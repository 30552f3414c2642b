"""The scope of a change of the rules, as the agenda names it: a place, a version of a profile, or everything.

Owns the spelling: `law:US-CA`, `profile:deepseek@1`, `all`. Whom that means is the store's question.
"""

from agegate.rules.place import Place
from agegate.store.redecisions import EVERYBODY, Concerned, young_by_profile, young_in

ALL = "all"
LAW, PROFILE = "law:", "profile:"


def law_scope(code: str) -> str:
    """Everybody who declared that place, or hinted at it."""
    return LAW + code


def profile_scope(label: str) -> str:
    """Everybody who was last decided by that version of a profile."""
    return PROFILE + label


def scope_of(scope: str) -> Concerned:
    """Whom a scope concerns."""
    if scope.startswith(LAW):
        place = place_of(scope.removeprefix(LAW))
        return young_in(place.country, place.region)
    return young_by_profile(scope.removeprefix(PROFILE)) if scope.startswith(PROFILE) else EVERYBODY


def place_of(code: str) -> Place:
    """The place that a code of ours names: `US` or `US-CA`."""
    country, _, region = code.partition("-")
    return Place(country, code if region else None)
