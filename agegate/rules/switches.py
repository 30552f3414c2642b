"""What a guardian may switch on one by one: the optional purposes, and always apart from them the disclosure.

Owns which switches a profile has and which of the asked ones count. Nothing is on beforehand; how switches look is
the page's, what a consent remembers the store's.
"""

from collections.abc import Collection

from agegate.rules.profile import Profile

DISCLOSURE = "disclosure"
"""The switch for passing data to third parties (16 CFR 312.5(a)(2)); no purpose may take this id."""


def switches_of(profile: Profile) -> tuple[str, ...]:
    """The ids, in the order of the notice; disclosure comes last."""
    optional = tuple(purpose.id for purpose in profile.notice.purposes if not purpose.required)
    return (*optional, DISCLOSURE) if profile.discloses else optional


def switched_on(profile: Profile, asked: Collection[str]) -> tuple[str, ...]:
    """Those of the asked ones that are switches of this profile; any other name is ignored."""
    return tuple(switch for switch in switches_of(profile) if switch in asked)
