"""Two processes are told two dates of birth for one subject, or change the rules meanwhile: the younger date counts."""

from dataclasses import replace

import pytest

from agegate.app import _decide_again
from agegate.flows.rule_book import RuleBook
from agegate.house import House
from agegate.law.loader import shipped_profiles
from agegate.store.redecisions import begin_redecision
from agegate.store.transaction import Transaction
from tests.houses import Home
from tests.journeys.new_rules import LAW
from tests.journeys.people import ADULT, FIFTEEN, SIXTEEN, TWELVE, decision, sign_up
from tests.processes.between import Scene, everywhere

LOOSER = RuleBook.of(LAW, {name: replace(profile, consent_below=16) for name, profile in shipped_profiles(LAW).items()})


def test_a_younger_date_told_while_rules_loosen_lets_nobody_in(postgres_home: Home) -> None:
    home = postgres_home

    def scene(name: str) -> Scene:
        sign_up(home, name, SIXTEEN)
        home.house.store.write_now(lambda tx: begin_redecision(tx, "all", home.clock()))

        def decides(house: House) -> object:
            flow = _decide_again(replace(house, rules=LOOSER))

            def unit(tx: Transaction) -> int:
                return flow(tx, "all", home.clock())

            return house.store.write_now(unit)

        return decides, lambda _: sign_up(home, name, FIFTEEN).status_code, lambda: decision(home, name)

    met = everywhere(home, scene)
    assert met
    assert {(each.end, each.fell) for each in met} <= {("consent_required", False), ("restricted", False)}


@pytest.mark.parametrize(
    ("born", "meanwhile", "ends"),
    [
        pytest.param(TWELVE, ADULT, {"blocked", "restricted"}, id="told no while another lets it in"),
        pytest.param(ADULT, TWELVE, {"blocked", "restricted"}, id="let in while another says no"),
        pytest.param(SIXTEEN, TWELVE, {"blocked", "purged"}, id="asks a guardian while another says no"),
    ],
)
def test_of_two_first_signups_at_once_the_no_counts(
    postgres_home: Home, born: str, meanwhile: str, ends: set[str]
) -> None:
    home = postgres_home

    def scene(name: str) -> Scene:
        def signs_up(house: House) -> int:
            beside = Home(house, home.clock)
            beside.keys.update(home.keys)
            return sign_up(beside, name, born).status_code

        return signs_up, lambda _: sign_up(home, name, meanwhile).status_code, lambda: decision(home, name)

    met = everywhere(home, scene)
    assert len(met) > 2
    assert {(each.end, each.fell) for each in met} <= {(end, False) for end in ends}
