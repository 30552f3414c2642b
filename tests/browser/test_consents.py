"""What a guardian does with a consent that was given, walked in a real browser without scripts."""

import pytest

from tests.browser.walk import Walk


def consented(walk: Walk, name: str, *switches: str) -> tuple[str, str]:
    """A minor of its own whose guardian walked to a yes; the guardian's page lies open."""
    subject = f"{name}-{walk.eyes}"
    guardian = f"{subject}@guardians.example".lower()
    walk.open(walk.site.asked(subject, guardian))
    walk.send("grant", also=switches)
    walk.site.later(minutes=11)
    walk.open(walk.site.mailed(guardian)[0])
    return subject, guardian


def allowed(walk: Walk, subject: str) -> object:
    """What the guardian allows beyond what is needed."""
    return walk.site.states(subject)[0]["purposes_given"]


def test_purposes_and_disclosure_have_switches_of_their_own(walk: Walk) -> None:
    subject, _ = consented(walk, "switch", "purpose.improve", "purpose.disclosure")
    assert allowed(walk, subject) == ["improve", "disclosure"]
    walk.page.locator('input[name="purpose.improve"]').uncheck()
    walk.follow(walk.page.locator("#switches button"))
    assert (allowed(walk, subject), walk.page.locator(".saved").count()) == (["disclosure"], 1)
    assert walk.site.decision(subject) == "consented"


def test_nothing_beyond_what_is_needed_is_on_by_itself(walk: Walk) -> None:
    subject, _ = consented(walk, "plain")
    assert (allowed(walk, subject), walk.page.locator(":checked").count()) == ([], 0)


def test_a_consent_is_taken_back_in_one_step_and_hurried_in_a_second(walk: Walk) -> None:
    subject, _ = consented(walk, "back")
    walk.press("withdraw")
    assert walk.site.decision(subject) == "consent_required"
    walk.press("delete_now")
    assert walk.site.decision(subject) == "purged"


@pytest.mark.parametrize(("button", "days"), [("delete_now", 0), ("withdraw", 3)])
def test_what_was_taken_back_is_deleted_when_the_button_says(walk: Walk, button: str, days: int) -> None:
    subject, _ = consented(walk, button.replace("_", ""))
    walk.press(button)
    walk.site.later(days=days)
    assert walk.site.decision(subject) == "purged"


def test_the_receipt_can_be_read_and_kept(walk: Walk) -> None:
    consented(walk, "receipt")
    walk.follow(walk.page.locator('a[href="/guardian/receipt"]'))
    assert walk.page.locator("code, pre").count() > 0


def test_a_lost_link_comes_again_by_mail(walk: Walk) -> None:
    subject, guardian = consented(walk, "lost")
    walk.open(f"{walk.site.url}/guardian/new-link")
    walk.fill("email", guardian)
    walk.site.later(minutes=11)
    walk.open(walk.site.mailed(guardian)[0])
    walk.press("delete_now")
    assert walk.site.decision(subject) == "purged"


def test_anybody_may_report_an_account_and_hears_the_same_for_every_name(walk: Walk) -> None:
    heard, before = [], walk.site.home.rows()["reports"]
    for name in (f"Sam {walk.eyes}", f"nobody {walk.eyes}"):
        walk.open(f"{walk.site.url}/report/game")
        walk.fill("account", name)
        heard.append(walk.page.locator("main").inner_text())
    assert heard[0] == heard[1]
    assert walk.site.home.rows()["reports"] == before + 2
