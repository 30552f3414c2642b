"""Rules that are decided again while another process is told a younger date: nobody comes in on the older one."""

from dataclasses import replace

from agegate.app import _decide_again
from agegate.flows.rule_book import RuleBook
from agegate.house import House
from agegate.law.loader import shipped_profiles
from agegate.store.redecisions import begin_redecision
from agegate.store.transaction import Transaction
from tests.houses import Home
from tests.journeys.new_rules import LAW
from tests.journeys.people import FIFTEEN, SIXTEEN, decision, sign_up
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
