"""Mail that is due, against real mail servers: refused for good, refused for now, and sent twice."""

from email import message_from_bytes
from email.policy import default

import pytest

from agegate.store import agenda
from tests.houses import Home, Json
from tests.journeys.people import GUARDIAN, LINK, answer, consented_minor, decision, waiting_minor
from tests.notifications.smtp_servers import Letterbox
from tests.worker.remotes import mail_through

PATH = "/v1/subjects/alex/consent-requests"


@pytest.fixture
def request_id(home: Home) -> str:
    """A request whose mail is due."""
    waiting_minor(home)
    return str(home.call("POST", PATH, {"guardian_email": GUARDIAN}, key=home.keys["game"]).json()["id"])


def seen(home: Home, request: str) -> Json:
    """The request as its service sees it."""
    view: Json = home.call("GET", f"{PATH}/{request}", key=home.keys["game"]).json()
    return view


def events(home: Home) -> list[str]:
    """The types of everything that `game` was told."""
    return [event["type"] for event in home.call("GET", "/v1/events", key=home.keys["game"]).json()["events"]]


def name_and_link(content: bytes) -> tuple[str, str]:
    """By what two copies of a mail are known to be one."""
    message = message_from_bytes(content, policy=default)
    part = message.get_body(("plain",))
    found = LINK.search(part.get_content() if part else "")
    return str(message["Message-ID"]), found[0] if found else ""


@pytest.mark.parametrize(
    "box", [Letterbox(at_rcpt="550 no such user"), Letterbox(at_data="554 refused")], ids=["rcpt", "data"]
)
def test_an_address_that_refuses_for_good_ends_the_request_and_tells_the_service(
    home: Home, request_id: str, box: Letterbox
) -> None:
    mail_through(home, box)
    assert (seen(home, request_id)["state"], events(home)) == ("undeliverable", ["consent.undeliverable"])


def test_after_an_address_that_refused_another_guardian_may_be_asked(home: Home, request_id: str) -> None:
    mail_through(home, Letterbox(at_rcpt="550 no such user"))
    reply = home.call("POST", PATH, {"guardian_email": "second@example.org"}, key=home.keys["game"])
    assert (reply.status_code, reply.json()["id"] != request_id) == (202, True)


def test_a_refusal_for_now_is_tried_again_with_the_same_name_and_link(home: Home, request_id: str) -> None:
    contents = []
    for at_data in ("451 later", "421 busy", "250 OK"):
        box = Letterbox(at_data=at_data)
        mail_through(home, box)
        contents += box.contents
        home.clock.move(minutes=10)
    assert len({name_and_link(content) for content in contents}) == 1
    assert (len(contents), seen(home, request_id)["state"], events(home)) == (3, "pending", [])


def test_a_refusal_for_now_is_not_tried_again_at_once(home: Home, request_id: str) -> None:
    boxes = [Letterbox(at_data="451 later"), Letterbox()]
    for box in boxes:
        mail_through(home, box)
    assert ([len(box.contents) for box in boxes], seen(home, request_id)["state"]) == ([1, 0], "pending")


def test_a_worker_that_died_after_sending_leaves_a_mail_that_is_sent_again_as_the_same(
    home: Home, request_id: str
) -> None:
    boxes = [Letterbox() for _ in range(3)]
    item = home.house.store.write_now(lambda tx: agenda.claim(tx, 1, home.clock()))[0]
    mail_through(home, boxes[0])
    home.clock.move(seconds=59)
    mail_through(home, boxes[1])
    home.clock.move(seconds=1)
    mail_through(home, boxes[2])
    assert (item.ref, [len(box.contents) for box in boxes]) == (request_id, [0, 0, 1])


def test_a_receipt_that_cannot_be_delivered_does_not_undo_the_consent(home: Home) -> None:
    waiting_minor(home)
    home.call("POST", PATH, {"guardian_email": GUARDIAN}, key=home.keys["game"])
    home.work()
    answer(home, "grant")
    mail_through(home, Letterbox(at_rcpt="550 gone"))
    assert (decision(home, "alex"), events(home)) == ("consented", ["consent.granted"])


def test_a_mail_whose_question_was_answered_meanwhile_is_not_sent(home: Home) -> None:
    request = consented_minor(home)
    home.house.store.write_now(lambda tx: agenda.put(tx, "again", "request.mail", request, home.clock()))
    box = Letterbox()
    mail_through(home, box)
    assert box.contents == []
