"""A token signed while its grant was made durable counts for that grant and under that key alone."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from agegate.flows.issue_token import Grant
from agegate.flows.sign_up import SignedUp
from agegate.flows.standing import SubjectView
from agegate.signing.keys import SigningKey
from agegate.signing.signer import Signer
from agegate.web.token_ahead import TokenAhead

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
GRANT = Grant({"sub": "ada", "exp": 1}, NOW)
DONE = SignedUp(SubjectView("ada", "allowed", [], "deepseek@1"), created=True, grant=GRANT)


@pytest.fixture
def signer() -> Signer:
    """One key."""
    return Signer(SigningKey.generate(), "https://age.example", "test")


def test_it_counts_for_the_grant_that_it_was_signed_for(signer: Signer) -> None:
    ahead = TokenAhead(signer)
    ahead(DONE)
    assert str(ahead.token_of(GRANT, signer)).count(".") == 2


def test_it_does_not_count_for_the_grant_of_a_later_run(signer: Signer) -> None:
    ahead = TokenAhead(signer)
    ahead(DONE)
    assert ahead.token_of(replace(GRANT), signer) is None


def test_a_later_run_takes_the_place_of_an_earlier_one(signer: Signer) -> None:
    ahead, again = TokenAhead(signer), replace(GRANT)
    ahead(DONE)
    ahead(replace(DONE, grant=again))
    assert ahead.token_of(GRANT, signer) is None
    assert ahead.token_of(again, signer) is not None


def test_it_does_not_count_where_another_key_signs_by_now(signer: Signer) -> None:
    ahead = TokenAhead(signer)
    ahead(DONE)
    assert ahead.token_of(GRANT, replace(signer, key=SigningKey.generate())) is None


@pytest.mark.parametrize("done", [replace(DONE, grant=None), None, LookupError()])
def test_nothing_is_signed_where_nothing_is_granted(signer: Signer, done: object) -> None:
    ahead = TokenAhead(signer)
    ahead(done)
    assert ahead.token_of(GRANT, signer) is None
