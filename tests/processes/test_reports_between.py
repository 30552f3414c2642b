"""Cases about accounts that we do not hold, where no subject can be held meanwhile: one word after the other counts."""

from agegate.flows.forms import ReportForm
from agegate.flows.report_subject import ReportSubject
from agegate.flows.rule_report import Said
from agegate.report_door import rule_report
from agegate.rules.report import Basis, Ruling
from agegate.store.purges import latest_purge
from agegate.store.reports import live_reports, note_report, report_by_id
from agegate.store.transaction import Transaction
from tests.houses import Home
from tests.processes.between import Act, Scene, everywhere, writes
from tests.processes.test_consents_between import game
from tests.reports.case_races import contests, falls_silent


def reports(home: Home, subject: str) -> Act:
    """A claim by telephone."""
    claim, now = ReportForm(subject, Basis.STAFF, f"desk of {subject}", "as told"), home.clock()
    return writes(lambda house: lambda tx: ReportSubject(house.cases)(tx, game(tx), claim, now))


def test_what_is_contested_in_time_is_not_purged_by_silence(postgres_home: Home) -> None:
    home = postgres_home

    def scene(subject: str) -> Scene:
        case = str(reports(home, subject)(home.house))
        now, said = home.clock(), Said(Ruling.PLAUSIBLE, "as seen", "kim")
        home.house.store.write_now(lambda tx: rule_report(home.house)(tx, case, said, now))
        home.house.store.write_now(lambda tx: note_report(tx, case, {"contest_ends": now, "restricts": True}))

        def look() -> object:
            def read(tx: Transaction) -> object:
                found = report_by_id(tx, case)
                purge = latest_purge(tx, "game", home.house.digests.subject("game", subject))
                return found.state if found else "gone", purge is not None

            return home.house.store.read_now(read)

        return falls_silent(case), contests(case), look

    found = everywhere(home, scene)
    assert len(found) > 3
    assert [met for met in found if met.fell or met.end not in {("contested", False), ("silent", True)}] == []


def test_the_same_call_twice_at_once_is_one_case(postgres_home: Home) -> None:
    home = postgres_home

    def scene(subject: str) -> Scene:
        digest = home.house.digests.subject("game", subject)
        return (
            reports(home, subject),
            reports(home, subject),
            lambda: len(home.house.store.read_now(lambda tx: live_reports(tx, "game", digest))),
        )

    found = everywhere(home, scene)
    assert len(found) > 3
    assert [met for met in found if met.fell or met.one != met.other or met.end != 1] == []
