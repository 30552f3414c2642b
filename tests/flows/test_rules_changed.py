"""Deciding again in batches: by an index, only those of the changed place who are not grown, and never twice."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from agegate.flows.decide_again import DecideAgain
from agegate.flows.forms import SignupForm
from agegate.flows.judge_again import JudgeAgain
from agegate.flows.judge_guardian import JudgeGuardian
from agegate.flows.renew_consent import RenewConsent
from agegate.flows.request_consent import RequestConsent
from agegate.flows.rule_book import RuleBook
from agegate.flows.rule_prints import law_prints, service_prints
from agegate.flows.rule_scope import law_scope, profile_scope, scope_of
from agegate.flows.watch_rules import WatchRules, begin_of
from agegate.law.loader import load_law, shipped_profiles
from agegate.rules.birth_date import BirthDate
from agegate.rules.law import Law
from agegate.rules.place import Place
from agegate.store.redecisions import BATCH, begin_redecision, pages
from agegate.store.vault import Cell, DataKey, Vault
from tests.flows.lines import Line, Lines

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
CHILE, FRANCE = Place("CL"), Place("FR")
LAW = load_law()


class CountingVault(Vault):
    """A vault that counts the dates of birth it opens."""

    opened = 0

    def open(self, key: DataKey, cell: Cell, sealed: str | None) -> str:
        self.opened += 1
        return super().open(key, cell, sealed)


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lines]:
    made = Lines(Path(tmp_path_factory.mktemp("again")), lambda: NOW)
    yield made
    made.house.close()


@pytest.fixture
def line(lines: Lines) -> Iterator[Line]:
    with lines.begin(NOW) as begun:
        yield begun


def sign_up(line: Line, count: int, place: Place, born: date, name: str = "s") -> None:
    for number in range(count):
        line.sign_up(f"{name}{number}", SignupForm(BirthDate(born), (place,)), NOW)


def again(line: Line, vault: Vault | None = None) -> DecideAgain:
    house = line.house
    judge, digests = JudgeAgain(house.rules, vault or house.vault), house.digests
    asking = RequestConsent(
        JudgeGuardian(judge, digests), judge.vault, digests, house.links, house.entropy, house.audit
    )
    return DecideAgain(judge, house.settle, house.entropy, RenewConsent(asking, house.settle))


def test_a_change_is_worked_through_in_batches(line: Line) -> None:
    sign_up(line, BATCH + 50, CHILE, date(2010, 5, 1))
    begin_redecision(line.tx, "law:CL", NOW)
    assert [again(line)(line.tx, "law:CL", NOW) for _ in range(3)] == [BATCH, 50, 0]


def test_only_those_of_the_changed_place_who_are_not_grown_are_opened(line: Line) -> None:
    vault = CountingVault(line.house.keyring, line.house.entropy)
    sign_up(line, 4, CHILE, date(2010, 5, 1))
    sign_up(line, 5, CHILE, date(1990, 5, 1), "grown")
    sign_up(line, 6, FRANCE, date(2010, 5, 1), "elsewhere")
    begin_redecision(line.tx, "law:CL", NOW)
    again(line, vault)(line.tx, "law:CL", NOW)
    assert vault.opened == 4


def test_whoever_has_grown_meanwhile_is_opened_once_and_never_again(line: Line) -> None:
    sign_up(line, 1, CHILE, date(2006, 5, 1))
    later, opened = NOW.replace(year=2028), []
    for _ in range(2):
        vault = CountingVault(line.house.keyring, line.house.entropy)
        begin_redecision(line.tx, "law:CL", later)
        again(line, vault)(line.tx, "law:CL", later)
        opened.append(vault.opened)
    assert opened == [1, 0]


@pytest.mark.parametrize(
    ("scope", "index"),
    [
        (law_scope("CL"), ["subjects_young_by_country", "subjects_young_by_hint"]),
        (law_scope("US-CA"), ["subjects_young_by_country", "subjects_young_by_hint"]),
        (profile_scope("deepseek@1"), ["subjects_young_by_profile"]),
    ],
)
def test_whom_a_change_concerns_is_found_by_an_index(line: Line, scope: str, index: list[str]) -> None:
    connection, plans = line.tx.connection, []
    for page in pages(scope_of(scope)):
        asked = page.params(cursor="").compile(connection.engine, compile_kwargs={"literal_binds": True})
        plans.append(str(connection.execute(text(f"EXPLAIN QUERY PLAN {asked}")).all()))
    assert [name in plan for name, plan in zip(index, plans, strict=True)] == [True] * len(index)
    assert not any("SCAN" in plan or "TEMP B-TREE" in plan for plan in plans)


def test_a_better_citation_opens_nobodys_date_of_birth() -> None:
    cited = Law(rows=tuple(replace(row, citation="better", notes="longer") for row in LAW.rows))
    assert law_prints(cited) == law_prints(LAW)


def test_what_can_change_an_answer_changes_the_fingerprint_of_its_place_alone() -> None:
    rows = tuple(replace(row, consent_age=15) if row.id == "CL-2026" else row for row in LAW.rows)
    before, after = law_prints(LAW), law_prints(Law(rows=rows))
    assert [code for code in before if before[code] != after[code]] == ["CL"]


def test_a_limit_changed_without_a_new_version_is_noticed() -> None:
    profile = shipped_profiles(LAW)["deepseek"]
    other = replace(profile, consent_below=17)
    assert service_prints({"game": profile}, LAW) != service_prints({"game": other}, LAW)


@pytest.mark.parametrize(
    ("code", "begins"),
    [
        ("CL", datetime(2026, 12, 1, 5, 0, tzinfo=UTC)),  # the Easter Island, five hours behind in summer
        ("JP", datetime(2026, 11, 30, 15, 0, tzinfo=UTC)),
        ("US", datetime(2026, 12, 1, 10, 0, tzinfo=UTC)),  # Hawaii and the Aleutians
    ],
)
def test_a_day_begins_where_it_begins_last_in_that_country(code: str, begins: datetime) -> None:
    assert begin_of(date(2026, 12, 1), code) == begins


def test_nobody_is_grown_before_the_highest_age_that_any_row_or_profile_names() -> None:
    profile = replace(shipped_profiles(LAW)["deepseek"], consent_below=23)
    rules = RuleBook.of(LAW, {"deepseek": profile})
    born = BirthDate(date(2003, 11, 23))
    assert (rules.is_grown(born, date(2026, 11, 22)), rules.is_grown(born, date(2026, 11, 23))) == (False, True)


def test_when_the_highest_age_rises_nobody_counts_as_grown_any_more(line: Line) -> None:
    WatchRules(line.house.rules, line.house.entropy).compare(line.tx, NOW)
    sign_up(line, 1, CHILE, date(1990, 5, 1))
    higher = replace(line.house.rules, grown_at=40)
    WatchRules(higher, line.house.entropy).compare(line.tx, NOW)
    begin_redecision(line.tx, "law:CL", NOW)
    assert again(line)(line.tx, "law:CL", NOW) == 1


def test_rules_that_were_noted_are_noted_once(line: Line) -> None:
    watch = WatchRules(line.house.rules, line.house.entropy)
    watch.compare(line.tx, NOW)
    assert not watch.has_changed(line.tx)
