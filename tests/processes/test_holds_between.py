"""The end of a legal hold, and another process between any two of its statements: nobody is shut or open by chance."""

from agegate.flows.end_hold import EndHold
from agegate.flows.forms import ReportForm
from agegate.flows.place_hold import ApproveHold
from agegate.flows.report_subject import ReportSubject
from agegate.rules.report import Basis
from agegate.store.holds import find_hold
from agegate.store.subjects import find_subject
from agegate.store.transaction import Transaction
from tests.holds.holding import approve, ask, two
from tests.houses import Home
from tests.journeys.people import ADULT, sign_up
from tests.processes.between import Act, Scene, everywhere, writes
from tests.processes.test_consents_between import game


def ends(home: Home, hold: str) -> Act:
    """A person's word that a hold is over."""
    now = home.clock()
    return writes(
        lambda house: (
            lambda tx: EndHold(house.purge, house.announce, house.settle.consent).release(
                tx, "game", hold, "jo-smith", now
            )
        )
    )


def stands(home: Home, hold: str, subject: str) -> object:
    """The hold's state, and the subject's with the one that the hold keeps for it."""

    def look(tx: Transaction) -> object:
        kept, held = find_hold(tx, hold), find_subject(tx, "game", subject)
        return (kept.state, held.state, held.held_state) if kept and held else None

    return home.house.store.read_now(look)


def test_a_hold_that_is_approved_and_ended_at_once_keeps_nobody(postgres_home: Home) -> None:
    home, (one, _) = postgres_home, two(postgres_home)

    def scene(subject: str) -> Scene:
        sign_up(home, subject, ADULT)
        hold, now = str(ask(home, one, subject).json()["id"]), home.clock()
        second = writes(lambda house: lambda tx: ApproveHold(house.announce)(tx, "game", hold, "al-jones", now))
        return ends(home, hold), second, lambda: stands(home, hold, subject)

    found = everywhere(home, scene)
    assert len(found) > 2
    assert [met for met in found if met.fell or met.end != ("ended", "allowed", None)] == []


def test_a_report_at_the_end_of_a_hold_shuts_its_subject(postgres_home: Home) -> None:
    home, (one, other) = postgres_home, two(postgres_home)

    def scene(subject: str) -> Scene:
        sign_up(home, subject, ADULT)
        hold, now = str(ask(home, one, subject).json()["id"]), home.clock()
        approve(home, other, hold)
        claim = ReportForm(subject, Basis.SELF_STATEMENT)
        reports = writes(lambda house: lambda tx: ReportSubject(house.cases)(tx, game(tx), claim, now))
        return ends(home, hold), reports, lambda: stands(home, hold, subject)

    found = everywhere(home, scene)
    assert len(found) > 2
    assert [met for met in found if met.fell or met.end != ("ended", "restricted", None)] == []
