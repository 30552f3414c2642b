"""The last mail to a guardian: it says what became of the data, and then nothing of the guardian is kept."""

from collections.abc import Callable
from email.message import EmailMessage

import pytest
from sqlalchemy import select

from agegate.store.purges import PURGES
from tests.houses import Home
from tests.journeys.people import GUARDIAN, LINK, answer, ask_guardian, consented_minor, waiting_minor, withdraw
from tests.privacy.canaries import every_row, told


def delete_now(home: Home) -> None:
    """The guardian has everything deleted."""
    consented_minor(home)
    withdraw(home, "delete_now")


def refuse(home: Home) -> None:
    """The guardian says no."""
    waiting_minor(home)
    ask_guardian(home)
    answer(home, "decline")


def take_back(home: Home) -> None:
    """The guardian takes it back, and the grace passes."""
    consented_minor(home)
    withdraw(home, "withdraw")
    home.work()
    home.clock.move(days=3)


Way = Callable[[Home], None]
every_way = pytest.mark.parametrize("way", [delete_now, refuse, take_back])


def kept(home: Home) -> list[bool]:
    """For each purge: whether it keeps a letter."""
    with home.house.store.engine.connect() as connection:
        return [letter is not None for letter in connection.execute(select(PURGES.c.sealed_letter)).scalars()]


def text_of(mail: EmailMessage) -> str:
    """What a mail says."""
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


@every_way
def test_the_last_mail_says_that_everything_was_deleted_and_leads_nowhere(home: Home, way: Way) -> None:
    way(home)
    home.work()
    last = home.mails()[-1]
    assert (last["To"], last["Subject"]) == (GUARDIAN, "The data for game was deleted")
    assert LINK.findall(text_of(last)) == []


@every_way
def test_after_the_last_mail_nothing_of_the_guardian_is_kept(home: Home, way: Way) -> None:
    way(home)
    home.work()
    assert (kept(home), told(GUARDIAN, every_row(home))) == ([False], False)


def test_it_comes_once(home: Home) -> None:
    delete_now(home)
    for _ in range(3):
        home.work()
        home.clock.move(days=1)
    assert [mail["Subject"] for mail in home.mails()].count("The data for game was deleted") == 1


def test_it_says_when_the_consent_was_taken_back(home: Home) -> None:
    delete_now(home)
    home.work()
    assert "the consent for game was withdrawn" in " ".join(text_of(home.mails()[-1]).split())


def test_a_holder_that_is_slow_holds_the_letter_for_a_day_and_no_longer(home: Home) -> None:
    home.register_holder("game", "logs")
    home.clock.move(seconds=2)
    delete_now(home)
    home.work()
    before = kept(home), home.mails()
    home.clock.move(days=1)
    home.work()
    after = kept(home), home.mails()[-1]["Subject"]
    assert before == ([True], [])
    assert after == ([False], "The data for game is being deleted")


def test_with_the_last_of_it_the_key_goes(home: Home) -> None:
    delete_now(home)
    home.work()
    home.clock.move(days=31)
    home.work()
    with home.house.store.engine.connect() as connection:
        assert list(connection.execute(select(PURGES.c.wrapped_key)).scalars()) == [None]


def test_a_service_that_has_a_child_deleted_sends_no_guardian_a_letter(home: Home) -> None:
    consented_minor(home)
    home.call("DELETE", "/v1/subjects/alex", key=home.keys["game"])
    home.work()
    assert (home.mails(), kept(home)) == ([], [False])


def test_a_letter_that_cannot_leave_goes_after_three_days_all_the_same(home: Home) -> None:
    delete_now(home)
    outbox = home.house.settings.data / "outbox"
    mails = outbox.rename(outbox.with_name("elsewhere"))
    outbox.write_text("in the way")
    seen = []
    for hours in (0, 71, 2):
        home.clock.move(hours=hours)
        home.work()
        seen.append(kept(home))
    assert seen == [[True], [True], [False]]
    outbox.unlink()
    mails.rename(outbox)
    home.clock.move(days=1)
    home.work()
    assert home.mails() == []  # and the others go once the folder is there again
