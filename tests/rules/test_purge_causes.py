"""What each cause leads to: the whole table, written down a second time by hand."""

import pytest

from agegate.rules.purge import PurgeReason
from agegate.rules.purge_causes import ASKED, FOUND, REASONS, Cause, Effect, effect_of
from agegate.rules.report import RESTRICTING

NEVER, ONCE = False, True
PURGE, RESTRICT = Effect.PURGE, Effect.RESTRICT
TABLE = {
    "declined": (PURGE, PURGE),
    "expired": (PURGE, RESTRICT),
    "withdrawn": (PURGE, PURGE),
    "guardian_asked": (PURGE, PURGE),
    "subject_asked": (PURGE, PURGE),
    "service_asked": (PURGE, PURGE),
    "report_upheld": (PURGE, PURGE),
    "silence": (PURGE, PURGE),
    "younger_date": (PURGE, RESTRICT),
    "signal": (PURGE, RESTRICT),
    "corrected_date": (PURGE, RESTRICT),
    "sweep": (PURGE, RESTRICT),
    "rules_changed": (PURGE, RESTRICT),
    "consent_needed": (PURGE, RESTRICT),
    "policy_changed": (PURGE, RESTRICT),
}
"""Cause → for whom was never admitted, for whom was."""


@pytest.mark.parametrize("cause", list(Cause))
def test_every_cause_leads_to_what_the_table_says(cause: Cause) -> None:
    assert (effect_of(cause, ever_admitted=NEVER), effect_of(cause, ever_admitted=ONCE)) == TABLE[cause]


def test_a_cause_was_asked_for_or_found_and_never_both() -> None:
    assert ASKED | set(FOUND) == set(Cause)
    assert not ASKED & set(FOUND)


def test_every_cause_has_its_reason_and_every_reason_its_cause() -> None:
    assert set(REASONS) == set(Cause)
    assert set(REASONS.values()) == set(PurgeReason)


def test_what_was_found_opens_a_case_that_shuts() -> None:
    assert {basis for _, basis in FOUND.values()} <= RESTRICTING
