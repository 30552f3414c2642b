"""What people said of a subject goes with the case, and with the subject."""

from sqlalchemy import select

from agegate.flows.forget_reports import ForgetReports
from agegate.store.reports import REPORTS
from tests.holds.holding import held
from tests.houses import Home
from tests.journeys.people import consented_minor, decision
from tests.privacy.canaries import every_row, told
from tests.reports.people import adult, contest, reported, rule, waits

SAID = ("canary-reporter-q7x", "canary-detail-q7x")


def row_of(home: Home, case: str) -> dict[str, object]:
    with home.house.store.engine.connect() as connection:
        return dict(connection.execute(select(REPORTS).where(REPORTS.c.id == case)).mappings().one())


def test_nothing_said_is_readable_in_any_row(home: Home) -> None:
    adult(home)
    case = reported(home, reporter=SAID[0], detail=SAID[1])
    contest(home, case)
    rows = every_row(home)
    assert not [text for text in (*SAID, "case 7") if told(text, rows)]


def test_a_case_that_is_over_keeps_nothing_sealed(home: Home) -> None:
    adult(home)
    case = reported(home, reporter=SAID[0], detail=SAID[1])
    rule(home, case, "dismissed")
    row = row_of(home, case)
    assert [name for name, value in row.items() if value and ("sealed" in name or "key" in name)] == []
    assert row["reporter_digest"] is None


def test_a_purge_ends_every_case_and_forgets_whom_it_was_about(home: Home) -> None:
    adult(home)
    case, other = reported(home), reported(home, basis="other")
    assert home.call("DELETE", "/v1/subjects/sam", key=home.keys["game"]).status_code == 202
    for each in (case, other):
        row = row_of(home, each)
        assert (row["state"], row["subject_digest"], row["wrapped_key"]) == ("ended", None, None)


def test_what_is_left_goes_when_the_cool_down_is_over(home: Home) -> None:
    adult(home)
    rule(home, reported(home), "dismissed")
    forgotten = []
    for days in (179, 2):
        home.clock.move(days=days)
        forgotten.append(home.house.store.write_now(lambda tx: ForgetReports()(tx, now=home.clock())))
    assert forgotten == [0, 1]


def test_under_a_legal_hold_a_report_shuts_for_after_it(home: Home) -> None:
    consented_minor(home)
    held(home, "alex", days=10)
    case = reported(home, "alex")
    assert rule(home, case, "dismissed").json()["type"].endswith("subject-held")
    waits(home, days=11)
    assert decision(home, "alex") == "restricted"
    assert rule(home, case, "dismissed").json()["state"] == "dismissed"
    assert decision(home, "alex") == "consented"
