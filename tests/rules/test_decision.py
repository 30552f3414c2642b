"""Who may in, who needs a guardian and who stays out: the table of the judgement."""

from dataclasses import replace
from datetime import date

import pytest

from agegate.rules.assurance import Assurance
from agegate.rules.birth_date import LeapRule
from agegate.rules.decision import Allowed, Blocked, ConsentRequired, decide, strictness
from agegate.rules.law import ConsentMethod, LawRow
from agegate.rules.place import Place
from agegate.rules.profile import Profile
from tests.rules.samples import HOME, PROFILE, ROW, TODAY, aged, born, law_of, rules_of

EMAIL = frozenset({Assurance.EMAIL})
VERIFIABLE = replace(ROW, consent_method=ConsentMethod.VERIFIABLE_GUARDIAN)
DISCLOSING = replace(PROFILE, discloses=True)


def name_for(age: int, profile: Profile, *rows: LawRow, place: Place = HOME) -> str:
    return decide(profile, law_of(*rows), aged(age), place, TODAY).name


@pytest.mark.parametrize(
    ("method", "profile", "assurance"),
    [
        (ConsentMethod.GUARDIAN, DISCLOSING, Assurance.EMAIL),
        (ConsentMethod.GUARDIAN_REASONABLE_EFFORT, DISCLOSING, Assurance.EMAIL),
        (ConsentMethod.JOINT, DISCLOSING, Assurance.EMAIL),
        (ConsentMethod.VERIFIABLE_GUARDIAN, PROFILE, Assurance.EMAIL_PLUS),
        (ConsentMethod.VERIFIABLE_GUARDIAN, DISCLOSING, Assurance.VERIFIED),
        (ConsentMethod.GUARDIAN_LINK, PROFILE, Assurance.VERIFIED),
    ],
)
def test_the_method_of_the_row_says_how_sure_we_must_be(
    method: ConsentMethod, profile: Profile, assurance: Assurance
) -> None:
    answer = decide(profile, law_of(replace(ROW, consent_method=method)), aged(15), HOME, TODAY)
    assert isinstance(answer, ConsentRequired)
    assert answer.assurance is assurance


@pytest.mark.parametrize("method", ConsentMethod)
def test_only_a_joint_consent_needs_the_minors_assent(method: ConsentMethod) -> None:
    answer = decide(PROFILE, law_of(replace(ROW, consent_method=method)), aged(15), HOME, TODAY)
    assert getattr(answer, "assent_needed", False) is (method is ConsentMethod.JOINT)


def test_a_consent_that_no_guardian_can_give_is_a_block() -> None:
    assert name_for(15, PROFILE, replace(ROW, consent_method=ConsentMethod.NONE_POSSIBLE)) == "blocked"


def test_a_linked_account_is_told_to_the_service_among_the_reasons() -> None:
    law = law_of(replace(ROW, consent_method=ConsentMethod.GUARDIAN_LINK))
    assert rules_of(decide(PROFILE, law, aged(15), HOME, TODAY)) == ["DE-one", "guardian_link"]


@pytest.mark.parametrize(("age", "name"), [(13, "blocked"), (14, "consent_required"), (16, "allowed")])
def test_a_block_stands_below_its_age_whatever_the_guardian_says(age: int, name: str) -> None:
    assert name_for(age, PROFILE, replace(ROW, block_age=14)) == name


# --- what the profile adds


@pytest.mark.parametrize(
    ("age", "name"), [(13, "blocked"), (14, "consent_required"), (17, "consent_required"), (18, "allowed")]
)
def test_a_profile_may_be_stricter_than_the_law(age: int, name: str) -> None:
    assert name_for(age, replace(PROFILE, block_below=14, consent_below=18), ROW) == name


@pytest.mark.parametrize("age", range(5, 16))
def test_a_profile_is_never_looser_than_the_law(age: int) -> None:
    assert name_for(age, replace(PROFILE, consent_below=6), ROW) == "consent_required"


@pytest.mark.parametrize(("age", "name"), [(15, "blocked"), (16, "allowed")])
def test_a_block_at_the_age_of_consent_follows_the_law(age: int, name: str) -> None:
    assert name_for(age, replace(PROFILE, block_below="consent_age"), ROW) == name


@pytest.mark.parametrize(("age", "name"), [(12, "blocked"), (13, "allowed")])
def test_a_block_at_the_age_of_consent_has_a_floor(age: int, name: str) -> None:
    profile = replace(PROFILE, block_below="consent_age", block_floor=13)
    assert name_for(age, profile, replace(ROW, consent_age=12)) == name


def test_a_block_at_the_age_of_consent_names_the_policy_and_the_law() -> None:
    profile = replace(PROFILE, block_below="consent_age")
    assert rules_of(decide(profile, law_of(ROW), aged(15), HOME, TODAY)) == ["plain@1", "DE-one"]


@pytest.mark.parametrize(
    ("age", "assurance", "assent"), [(17, Assurance.VERIFIED, True), (12, Assurance.VERIFIED, True)]
)
def test_the_band_of_a_profile_has_its_own_method_and_assent(age: int, assurance: Assurance, assent: bool) -> None:
    profile = replace(PROFILE, consent_below=18, assurance=Assurance.VERIFIED, assent_needed=True)
    answer = decide(profile, law_of(ROW), aged(age), HOME, TODAY)
    assert isinstance(answer, ConsentRequired)
    assert (answer.assurance, answer.assent_needed) == (assurance, assent)


def test_a_band_at_the_age_of_consent_follows_the_law() -> None:
    profile = replace(PROFILE, consent_below="consent_age", assurance=Assurance.VERIFIED)
    answer = decide(profile, law_of(ROW), aged(15), HOME, TODAY)
    assert getattr(answer, "assurance", None) is Assurance.VERIFIED


# --- methods


def test_a_consent_that_no_offered_method_reaches_is_a_block_that_says_so() -> None:
    answer = decide(replace(PROFILE, methods=EMAIL), law_of(VERIFIABLE), aged(15), HOME, TODAY)
    assert (answer.name, rules_of(answer)) == ("blocked", ["no_method", "DE-one"])
    assert (answer.profile, answer.reasons[0].citation) == (
        "plain@1",
        "plain@1 offers no way to consent that reaches email_plus",
    )


def test_without_any_method_nobody_is_ever_asked() -> None:
    assert name_for(15, replace(PROFILE, methods=frozenset()), ROW) == "blocked"


def test_the_weakest_method_that_is_enough_is_asked_for() -> None:
    offered = frozenset({Assurance.EMAIL_PLUS, Assurance.VERIFIED})
    answer = decide(replace(PROFILE, methods=offered), law_of(ROW), aged(15), HOME, TODAY)
    assert getattr(answer, "assurance", None) is Assurance.EMAIL_PLUS


# --- until


@pytest.mark.parametrize(
    ("profile", "row", "until"),
    [
        (replace(PROFILE, block_below=14, consent_below=18), ROW, 14),
        (replace(PROFILE, block_below=14), ROW, 14),
        (PROFILE, ROW, 16),
        (replace(PROFILE, methods=EMAIL), VERIFIABLE, 16),  # no method, until nobody is asked
        (replace(PROFILE, consent_below=18), ROW, 18),  # the same answer goes on past 16
        (replace(PROFILE, consent_below=18), VERIFIABLE, 16),  # from 16 on a plain e-mail is enough
    ],
)
def test_an_answer_lasts_until_the_birthday_of_the_next_different_one(
    profile: Profile, row: LawRow, until: int
) -> None:
    answer = decide(profile, law_of(row), born("2014-02-28"), HOME, TODAY)
    assert isinstance(answer, (Blocked, ConsentRequired))
    assert answer.until == date(2014 + until, 2, 28)


def test_the_end_of_an_answer_follows_the_leap_rule_of_its_row() -> None:
    early = replace(ROW, consent_age=14, leap_day=LeapRule.FEB28)
    late = replace(ROW, id="DE-two", consent_age=14, leap_day=LeapRule.MAR1)
    ends = [
        getattr(decide(PROFILE, law_of(*rows), born("2016-02-29"), HOME, TODAY), "until", None)
        for rows in ((early,), (late,), (early, late))
    ]
    assert ends == [date(2030, 2, 28), date(2030, 3, 1), date(2030, 3, 1)]


def test_no_answer_shows_its_end_in_a_log() -> None:
    answer = decide(PROFILE, law_of(ROW), born("2014-02-28"), HOME, TODAY)
    assert "2030" not in repr(answer)


# --- the answers


def test_an_allowed_answer_names_every_limit_that_was_passed() -> None:
    answer = decide(replace(PROFILE, block_below=14), law_of(ROW), aged(30), HOME, TODAY)
    assert (type(answer), rules_of(answer)) == (Allowed, ["plain@1", "DE-one"])


def test_every_answer_carries_the_version_of_its_profile() -> None:
    assert decide(replace(PROFILE, version=4), law_of(ROW), aged(9), HOME, TODAY).profile == "plain@4"


@pytest.mark.parametrize(
    ("name", "rank"), [("allowed", 0), ("consent_required", 1), ("blocked", 2), ("something new", 2)]
)
def test_answers_have_an_order_and_an_unknown_one_counts_as_a_block(name: str, rank: int) -> None:
    assert strictness(name) == rank
