"""A holder that knows subjects by an audience's names is ordered by them."""

import pytest

from agegate.flows.register_audience import aim
from agegate.flows.write_order import WriteOrder
from agegate.rules.errors import HolderUnknown
from agegate.signing.strict_jws import JsonValue
from agegate.store.purges import legs_of
from agegate.store.transaction import Transaction
from tests.houses import ISSUER, Home
from tests.journeys.people import ADULT, sign_up
from tests.tokens.issuing import CHAT, read, register_audience, token_for


def ordered(home: Home) -> tuple[object, object]:
    """The subject in the body of the one order, and the `sub` in its proof."""
    purge = home.call("DELETE", "/v1/subjects/ada", key=home.keys["game"]).json()["purge"]
    write, now = WriteOrder(home.house.vault, home.house.digests, home.house.keys, ISSUER), home.clock()

    def body(tx: Transaction) -> dict[str, JsonValue]:
        order = write(tx, legs_of(tx, purge)[0].id, now)
        assert order is not None
        facts = order.body["data"]
        assert isinstance(facts, dict)
        return facts

    facts = home.house.store.read_now(body)
    return facts["subject"], read(str(facts["order"]))["sub"]


@pytest.mark.parametrize("pairwise", [True, False])
def test_an_order_names_the_subject_as_the_audiences_tokens_do(home: Home, pairwise: bool) -> None:
    register_audience(home, pairwise=pairwise)
    home.register_holder("game", "archive")
    home.house.store.write_now(lambda tx: aim(tx, "game", "archive", CHAT))
    sign_up(home, "ada", ADULT)
    name = read(token_for(home, "ada"))["sub"]
    assert ordered(home) == (name, name)
    assert (name != "ada") is pairwise


def test_a_holder_that_is_not_registered_cannot_be_aimed(home: Home) -> None:
    refused = home.house.store.write_now(lambda tx: aim(tx, "game", "nobody", CHAT))
    assert isinstance(refused, HolderUnknown)
