"""The memo of plans: never a wrong answer, never without end."""

from dataclasses import replace
from datetime import timedelta

from agegate.rules.decision import decide
from agegate.rules.law import MOST_PLANS
from tests.rules.samples import HOME, PROFILE, ROW, TODAY, aged, law_of


def test_two_profiles_of_one_name_are_judged_apart() -> None:
    law = law_of(ROW)
    answers = [decide(replace(PROFILE, block_below=age), law, aged(15), HOME, TODAY).name for age in range(14, 18)]
    assert answers == ["consent_required", "consent_required", "blocked", "blocked"]


def test_a_law_remembers_a_bounded_number_of_plans() -> None:
    law = law_of(ROW)
    for offset in range(MOST_PLANS + 10):
        decide(PROFILE, law, aged(15), HOME, TODAY + timedelta(days=offset))
    assert len(law._plans) == 10  # noqa: SLF001 - the bound shows nowhere else


def test_a_plan_is_worked_out_once_a_day() -> None:
    law = law_of(ROW)
    first = law.plan(PROFILE, HOME, TODAY)
    assert law.plan(PROFILE, HOME, TODAY) is first


def test_a_plan_has_a_step_on_each_side_of_every_threshold() -> None:
    plan = law_of(ROW).plan(replace(PROFILE, block_below=13), HOME, TODAY)
    assert (len(plan.thresholds), len(plan.steps)) == (2, 3)


def test_an_answer_asked_for_twice_is_the_same() -> None:
    law = law_of(ROW)
    assert decide(PROFILE, law, aged(15), HOME, TODAY) == decide(PROFILE, law, aged(15), HOME, TODAY)
