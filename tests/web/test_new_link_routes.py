"""Asking for a new link by mail: the same answer for everybody, a mail only for whoever consented."""

import pytest
from sqlalchemy import select

from agegate.flows.ask_manage_link import SendManageLinks
from agegate.flows.due import Due
from agegate.store.agenda import AGENDA
from tests.houses import Home
from tests.journeys.people import GUARDIAN, consented_minor

ASK = "/guardian/new-link"


def due(home: Home) -> list[str]:
    """The kinds of work on the agenda that have to do with new links."""
    with home.house.store.engine.connect() as connection:
        kinds = connection.execute(select(AGENDA.c.kind)).scalars()
        return [kind for kind in kinds if kind in {Due.MANAGE_LINKS, Due.MANAGE_MAIL}]


def test_the_answer_and_what_is_done_are_the_same_for_every_address(home: Home) -> None:
    consented_minor(home)
    told = [home.browse("POST", ASK, {"email": address}) for address in (GUARDIAN, "nobody@example.org")]
    assert {(reply.status_code, reply.content) for reply in told} == {(200, told[0].content)}
    assert due(home) == [Due.MANAGE_LINKS] * 2


def mails_on_the_way(home: Home, address: str) -> int:
    """How many mails wait after the worker looked that address up."""
    digest, send, now = home.house.digests.mailbox(address), SendManageLinks(home.house.entropy), home.clock()
    home.house.store.write_now(lambda tx: send(tx, digest, now))
    return due(home).count(Due.MANAGE_MAIL)


def test_only_whoever_consented_gets_a_mail(home: Home) -> None:
    consented_minor(home)
    home.clock.move(minutes=11)
    assert [mails_on_the_way(home, address) for address in ("nobody@example.org", GUARDIAN)] == [0, 1]


def test_a_new_link_is_mailed_only_within_the_limits_for_unasked_mail(home: Home) -> None:
    consented_minor(home)
    assert mails_on_the_way(home, GUARDIAN) == 0


@pytest.mark.parametrize("address", ["", "guardian", "a@b", "a@@example.org"])
def test_what_is_no_address_comes_back_with_the_reason(home: Home, address: str) -> None:
    reply = home.browse("POST", ASK, {"email": address})
    assert (reply.status_code, due(home)) == (422, [])
    assert "That is not a whole e-mail address" in reply.text


def test_a_form_sent_from_elsewhere_is_refused(home: Home) -> None:
    reply = home.browse("POST", ASK, {"email": GUARDIAN}, headers={"Origin": "https://evil.example"})
    assert (reply.status_code, due(home)) == (403, [])
