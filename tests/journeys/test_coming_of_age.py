"""A minor whose guardian consented comes of age: told a month before, asked on the day, never shown a date."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from agegate.flows.due import Due
from agegate.store.agenda import AGENDA
from agegate.store.subjects import SUBJECTS
from tests.houses import Home
from tests.journeys.days import look
from tests.journeys.people import consented_minor, decision, link_in_last_mail, open_page, token
from tests.web.guardian_browser import nonce_in

COMING = "A change to your consent for game"
EIGHTEEN = datetime(2028, 5, 1, 12, tzinfo=UTC)


def planned(home: Home) -> tuple[str | None, bool | None]:
    """What the row says about what comes."""
    with home.house.store.engine.connect() as connection:
        found = connection.execute(select(SUBJECTS.c.review_month, SUBJECTS.c.coming_told)).one()
    return found[0], found[1]


def subjects(home: Home) -> list[str]:
    """The subjects of the mails."""
    return [str(mail["Subject"]) for mail in home.mails()]


def of_age(home: Home) -> None:
    """Everything up to the day itself."""
    consented_minor(home)
    look(home)
    look(home, 2028, 4, 1)
    look(home, 2028, 5, 1)


def test_the_row_says_a_month_that_is_up_to_two_too_early(home: Home) -> None:
    consented_minor(home)
    look(home)
    month, told = planned(home)
    assert (month in {"2028-02", "2028-03", "2028-04"}, told) == (True, False)


def test_nothing_on_the_agenda_tells_the_day_before_it_is_near(home: Home) -> None:
    consented_minor(home)
    look(home)
    look(home, 2028, 3, 29)
    with home.house.store.engine.connect() as connection:
        kinds = set(connection.execute(select(AGENDA.c.kind)).scalars())
    assert kinds & {Due.OF_AGE, Due.COMING_MAIL} == set()


def test_the_guardian_is_told_a_month_before_and_once(home: Home) -> None:
    consented_minor(home)
    look(home)
    for day in (30, 31):
        look(home, 2028, 3, day)
    before = subjects(home).count(COMING)
    for month, day in ((4, 1), (4, 2), (4, 20)):
        look(home, 2028, month, day)
    assert (before, subjects(home).count(COMING), planned(home)[1]) == (0, 1, True)


@pytest.mark.parametrize(("day", "said"), [((2028, 4, 29), "consented"), ((2028, 5, 1), "allowed")])
def test_on_the_day_the_person_needs_nobody_else(home: Home, day: tuple[int, int, int], said: str) -> None:
    consented_minor(home)
    look(home, 2028, 4, 1)
    look(home, *day)
    assert decision(home, "alex") == said


def test_the_service_is_told_to_ask_the_person(home: Home) -> None:
    of_age(home)
    events = home.call("GET", "/v1/events", key=home.keys["game"]).json()["events"]
    assert [event["type"] for event in events][-2:] == ["age.changed", "consent.aged_out"]


def test_the_guardians_page_shows_and_changes_nothing_any_more(home: Home) -> None:
    request = consented_minor(home)
    link = link_in_last_mail(home)
    look(home)
    home.clock.now = EIGHTEEN
    look(home)
    home.work()
    cookie, page = open_page(home, link)
    assert page.status_code == 200
    assert 'value="withdraw"' not in page.text
    path = f"/v1/subjects/alex/consent-requests/{request}"
    assert home.call("GET", path, key=home.keys["game"]).json()["state"] == "aged_out"
    form = {"nonce": nonce_in(page) if 'name="nonce"' in page.text else "", "choice": "withdraw", "sure": "yes"}
    assert home.browse("POST", "/guardian/manage", form, cookie).status_code in {403, 409}
    assert decision(home, "alex") == "allowed"


def test_the_person_gets_a_token_and_the_row_no_month(home: Home) -> None:
    of_age(home)
    assert planned(home) == (None, None)
    assert token(home, "alex").status_code == 201
