"""Two processes are told two dates of birth for one subject, or change the rules meanwhile: the younger date counts."""

from dataclasses import replace

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


def test_a_child_told_no_while_another_process_lets_it_in_is_shut_out_again(postgres_home: Home) -> None:
    home = postgres_home

    def scene(name: str) -> Scene:
        def told_no(house: House) -> int:
            beside = Home(house, home.clock)
            beside.keys.update(home.keys)
            return sign_up(beside, name, TWELVE).status_code

        return told_no, lambda _: sign_up(home, name, ADULT).status_code, lambda: decision(home, name)

    met = everywhere(home, scene)
    assert met
    assert {(each.end, each.fell) for each in met} <= {("blocked", False), ("restricted", False)}


def test_somebody_let_in_while_another_process_says_no_is_shut_out_again(postgres_home: Home) -> None:
    home = postgres_home

    def scene(name: str) -> Scene:
        def let_in(house: House) -> int:
            beside = Home(house, home.clock)
            beside.keys.update(home.keys)
            return sign_up(beside, name, ADULT).status_code

        return let_in, lambda _: sign_up(home, name, TWELVE).status_code, lambda: decision(home, name)

    met = everywhere(home, scene)
    assert len(met) > 2
    assert {(each.end, each.fell) for each in met} <= {("blocked", False), ("restricted", False)}


def test_a_child_that_waits_while_another_process_says_no_is_gone(postgres_home: Home) -> None:
    home = postgres_home

    def scene(name: str) -> Scene:
        def asks(house: House) -> int:
            beside = Home(house, home.clock)
            beside.keys.update(home.keys)
            return sign_up(beside, name, SIXTEEN).status_code

        return asks, lambda _: sign_up(home, name, TWELVE).status_code, lambda: decision(home, name)

    met = everywhere(home, scene)
    assert len(met) > 2
    assert {(each.end, each.fell) for each in met} <= {("blocked", False), ("purged", False)}
