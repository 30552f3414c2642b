"""Which switches a guardian gets, and which of the posted ones count."""

from dataclasses import replace

import pytest

from agegate.rules.notice_terms import Purpose
from agegate.rules.switches import DISCLOSURE, switched_on, switches_of
from tests.rules.samples import NOTICE, PROFILE


def purpose(name: str, *, required: bool) -> Purpose:
    """A purpose of that id."""
    return Purpose(id=name, title="T", text="X", categories=("c",), retention="r", required=required)


PURPOSES = (purpose("provide", required=True), purpose("improve", required=False), purpose("tell", required=False))
HELD = replace(PROFILE, notice=replace(NOTICE, purposes=PURPOSES))


@pytest.mark.parametrize(
    ("discloses", "switches"), [(False, ("improve", "tell")), (True, ("improve", "tell", DISCLOSURE))]
)
def test_what_is_optional_has_a_switch_and_disclosure_always_its_own(
    discloses: bool, switches: tuple[str, ...]
) -> None:
    assert switches_of(replace(HELD, discloses=discloses)) == switches


@pytest.mark.parametrize(
    ("asked", "counted"),
    [
        ((), ()),
        (("tell",), ("tell",)),
        (("tell", "improve"), ("improve", "tell")),
        (("provide", "disclosure", "other"), ()),
    ],
)
def test_only_switches_of_the_profile_count(asked: tuple[str, ...], counted: tuple[str, ...]) -> None:
    assert switched_on(HELD, asked) == counted
