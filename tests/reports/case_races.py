"""One restricted subject, and everybody at once: a guardian's yes, a ruling, a contest and silence, behind one barrier.

On PostgreSQL two of the four belong to another server.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Barrier, Thread

from agegate.flows.forms import EvidenceForm
from agegate.flows.let_silence_act import LetSilenceAct
from agegate.flows.rule_report import Said
from agegate.house import House, open_house
from agegate.report_door import contest_report, rule_report
from agegate.rules.consent import ADMITTED, Answer
from agegate.rules.evidence import EvidenceAssurance, EvidenceKind
from agegate.rules.purge_causes import Cause
from agegate.rules.report import ReportState, Ruling
from agegate.store.purges import latest_purge
from agegate.store.reports import live_reports, note_report, report_by_id
from agegate.store.subjects import find_subject
from agegate.store.transaction import Transaction
from tests.consents.races import says
from tests.houses import Home
from tests.journeys.people import ADULT, sign_up

Act = Callable[[House], object]
ENDS = {("consented", ReportState.ENDED, False), ("gone", ReportState.ENDED, True)} | {
    ("gone", state, True) for state in (ReportState.UPHELD, ReportState.SILENT)
}
"""Subject, case, and whether a purge was ordered: the only ways in which it may end."""


@dataclass(slots=True)
class Findings:
    """What came of the rounds."""

    ends: Counter[tuple[str, str, bool]] = field(default_factory=Counter)
    fell: list[str] = field(default_factory=list)


def upholds(case: str) -> Act:
    """A person says that it is so."""

    def act(house: House) -> object:
        said, now = Said(Ruling.UPHELD, "as seen", "jo"), house.clock()
        return house.store.write_now(lambda tx: rule_report(house)(tx, case, said, now))

    return act


def contests(case: str) -> Act:
    """The subject offers evidence."""

    def act(house: House) -> object:
        now = house.clock()
        form = EvidenceForm(EvidenceKind.DOCUMENT, "case 7", EvidenceAssurance.HIGH, now)
        return house.store.write_now(lambda tx: contest_report(house)(tx, case, form, now, actor="service:game"))

    return act


def falls_silent(case: str) -> Act:
    """The time to contest is over, and the claim was plausible."""

    def act(house: House) -> object:
        flow, now = LetSilenceAct(house.purge, house.audit), house.clock()
        return house.store.write_now(lambda tx: flow.contest_ends(tx, case, now))

    return act


def shut(home: Home, name: str) -> tuple[str, str]:
    """Somebody who was allowed and now lacks a consent, a guardian who is asked, and a plausible case; their ids."""
    sign_up(home, name, ADULT)
    house, now = home.house, home.clock()

    def restrict(tx: Transaction) -> None:
        held = find_subject(tx, "game", name)
        assert held is not None
        needs = {"assurance": "email", "assent_needed": False}
        house.settle.restrict(tx, held, needs, now, ADMITTED, Cause.CONSENT_NEEDED)

    house.store.write_now(restrict)
    path = f"/v1/subjects/{name}/consent-requests"
    asked = home.call("POST", path, {"guardian_email": f"{name}@example.org"}, key=home.keys["game"])
    digest = house.digests.subject("game", name)
    (case,) = house.store.read_now(lambda tx: live_reports(tx, "game", digest))
    said = Said(Ruling.PLAUSIBLE, "as seen", "kim")
    house.store.write_now(lambda tx: rule_report(house)(tx, case.id, said, now))
    house.store.write_now(lambda tx: note_report(tx, case.id, {"contest_ends": now}))
    return str(asked.json()["id"]), case.id


def race(home: Home, other: House, name: str, findings: Findings, turn: int) -> None:
    """One round on a subject of its own."""
    request, case = shut(home, name)
    acts = [says(request, Answer.GRANT), upholds(case), contests(case), falls_silent(case)]
    acts = acts[turn % 4 :] + acts[: turn % 4]
    barrier = Barrier(len(acts))

    def run(act: Act, house: House) -> None:
        barrier.wait()
        try:
            act(house)
        except Exception as fault:  # noqa: BLE001 - whatever it is, the round failed
            findings.fell.append(f"{type(fault).__name__}: {fault}")

    threads = [Thread(target=run, args=(act, (home.house, other)[place % 2])) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    findings.ends[end_of(home, name, case)] += 1


def end_of(home: Home, name: str, case: str) -> tuple[str, str, bool]:
    """How it stands afterwards."""

    def look(tx: Transaction) -> tuple[str, str, bool]:
        held, found = find_subject(tx, "game", name), report_by_id(tx, case)
        purge = latest_purge(tx, "game", home.house.digests.subject("game", name))
        return held.state if held else "gone", found.state if found else "gone", purge is not None

    return home.house.store.read_now(look)


def run(home: Home, rounds: int) -> Findings:
    """That many rounds."""
    alone = home.house.settings.database.startswith("sqlite")
    other = home.house if alone else open_house(home.house.settings, home.clock)
    findings = Findings()
    for number in range(rounds):
        race(home, other, f"robin-{number}", findings, number)
    if not alone:
        other.close()
    return findings
