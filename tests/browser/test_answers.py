"""What a guardian answers to the question, walked from the mail to the end in a real browser without scripts."""

import pytest

from tests.browser.walk import Walk


def asked(walk: Walk, name: str) -> tuple[str, str, str]:
    """A minor of its own, its guardian, and the link in the mail."""
    subject = f"{name}-{walk.eyes}"
    guardian = f"{subject}@guardians.example".lower()
    return subject, guardian, walk.site.asked(subject, guardian)


def states(walk: Walk, subject: str) -> list[str]:
    """Where the subject's questions stand."""
    return sorted(str(each["state"]) for each in walk.site.states(subject))


def test_a_yes_opens_the_account(walk: Walk) -> None:
    subject, _, link = asked(walk, "yes")
    walk.open(link)
    walk.send("grant")
    assert walk.site.decision(subject) == "consented"


def test_a_no_deletes_everything(walk: Walk) -> None:
    subject, _, link = asked(walk, "no")
    walk.open(link)
    walk.send("decline")
    assert (walk.site.decision(subject), states(walk, subject)) == ("purged", [])
    walk.open(link)
    assert walk.page.locator("form").count() == 0


@pytest.mark.parametrize("choice", ["not_my_child", "never_again"])
@pytest.mark.parametrize("place", [0, -1], ids=["on-the-question", "by-the-mail"])
def test_a_stranger_ends_the_question_and_no_account(walk: Walk, choice: str, place: int) -> None:
    subject, guardian, _ = asked(walk, f"{choice}{place}".replace("-", ""))
    walk.open(walk.site.mailed(guardian)[place])
    walk.send(choice, "stop")
    assert (walk.site.decision(subject), states(walk, subject)) == ("consent_required", ["undeliverable"])


def test_nothing_chosen_is_told_and_can_be_mended(walk: Walk) -> None:
    subject, _, link = asked(walk, "nothing")
    walk.open(link)
    walk.page.locator("#answer button").evaluate("button => button.form.noValidate = true")
    walk.follow(walk.page.locator("#answer button"))
    assert walk.page.locator(".alert").count() == 1
    walk.send("grant")
    assert walk.site.decision(subject) == "consented"


def test_the_first_of_two_guardians_settles_it_and_the_other_may_still_refuse(walk: Walk) -> None:
    subject, _, first = asked(walk, "two")
    other = f"other-{subject}@guardians.example".lower()
    walk.site.asked_also(subject, other)
    walk.open(first)
    walk.send("grant")
    assert states(walk, subject) == ["granted", "superseded"]
    walk.site.later(minutes=1)
    walk.open(walk.site.mailed(other)[0])
    walk.send("refuse")
    assert (walk.site.decision(subject), states(walk, subject)) == ("consent_required", ["superseded", "withdrawn"])


def test_a_no_to_the_question_itself_is_told_that_another_was_faster(walk: Walk) -> None:
    subject, _, first = asked(walk, "race")
    second = walk.site.asked_also(subject, f"other-{subject}@guardians.example".lower())
    with walk.beside() as other:
        other.open(second)
        walk.open(first)
        walk.send("grant")
        other.send("decline")
        assert (walk.site.decision(subject), other.page.locator('input[value="refuse"]').count()) == ("consented", 1)


def test_a_late_answer_is_told_that_the_question_has_ended(walk: Walk) -> None:
    subject, _, link = asked(walk, "late")
    walk.open(link)
    walk.site.home.clock.move(hours=1)
    walk.open(link)
    walk.site.later(days=7)
    walk.open(link)
    assert (walk.page.locator("form").count(), walk.site.decision(subject)) == (0, "purged")


def test_a_link_that_opens_nothing_leads_on(walk: Walk) -> None:
    walk.open(f"{walk.site.url}/g/{'A' * 43}")
    assert walk.page.locator('a[href="/guardian/new-link"]').count() == 1


@pytest.mark.parametrize(("choice", "ends"), [("confirm", "consented"), ("decline", "purged")])
def test_a_yes_that_needs_a_second_step_counts_after_it(walk: Walk, choice: str, ends: str) -> None:
    subject = f"twice-{choice}-{walk.eyes}"
    guardian = f"{subject}@guardians.example".lower()
    walk.site.asked_of_a_child(subject, guardian)
    walk.open(walk.site.mailed(guardian)[0])
    walk.send("grant")
    assert walk.site.decision(subject, "kids") == "consent_required"
    walk.site.later(hours=48)
    walk.open(walk.site.mailed(guardian)[0])
    walk.send(choice)
    assert walk.site.decision(subject, "kids") == ends
