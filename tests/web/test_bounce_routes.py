"""What a mail provider's webhook may say, who may say it, and what follows."""

from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from agegate.signing.letter_names import LetterKind
from tests.houses import Home, Json, open_home
from tests.journeys.people import GUARDIAN, answer, ask_guardian, consented_minor, waiting_minor

SECRET = "a-secret-of-the-mail-provider"
PATH = "/mail/bounces"


@pytest.fixture
def listening(tmp_path: Path, database_url: str) -> Iterator[Home]:
    """A house to which the provider may speak."""
    opened = open_home(tmp_path, database_url=database_url, mail_webhook_secret=SECRET)
    opened.register("game", "deepseek")
    yield opened
    opened.house.close()


def basic(password: str = SECRET, user: str = "postmark") -> str:
    """RFC 7617."""
    return f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"


def webhook(home: Home, request: str, **changes: object) -> Json:
    """A hard bounce of the question, as Postmark tells it, addresses and all."""
    return {
        "RecordType": "Bounce",
        "ID": 4323372036854775807,
        "Type": "HardBounce",
        "TypeCode": 1,
        "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
        "Metadata": {"letter": home.house.letter_names.name(LetterKind.QUESTION, request)},
        "Email": GUARDIAN,
        "Description": "The server was unable to deliver your message.",
        "BouncedAt": "2026-11-22T09:01:12Z",
        "Inactive": True,
    } | changes


def tell(home: Home, body: object, authorization: str | None = basic()) -> httpx.Response:
    """POST /mail/bounces."""
    return home.call("POST", PATH, body, headers={"Authorization": authorization} if authorization else None)


def state(home: Home, request: str) -> str:
    """The request as its service sees it."""
    path = f"/v1/subjects/alex/consent-requests/{request}"
    return str(home.call("GET", path, key=home.keys["game"]).json()["state"])


def asked(home: Home) -> str:
    """A question that was mailed."""
    waiting_minor(home)
    return ask_guardian(home)


def test_a_hard_bounce_ends_the_question_once(listening: Home) -> None:
    request = asked(listening)
    told = [tell(listening, webhook(listening, request)) for _ in range(2)]
    events = listening.call("GET", "/v1/events", key=listening.keys["game"]).json()["events"]
    assert [(each.status_code, each.json()) for each in told] == [(200, {})] * 2
    assert (state(listening, request), [each["type"] for each in events]) == (
        "undeliverable",
        ["consent.undeliverable"],
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"Type": "Transient"},
        {"Type": "SoftBounce"},
        {"Type": "DnsError"},
        {"Type": "AutoResponder"},
        {"Type": ["HardBounce"]},
        {"RecordType": "Delivery"},
        {"RecordType": "SubscriptionChange"},
        {"Metadata": {}},
        {"Metadata": None},
        {"Metadata": {"letter": ["x"]}},
        {"Metadata": {"letter": "q01kb1m2zv5hq3w6t8r9xyabcdeaaaabbbbccccddddeeee"}},
    ],
)
def test_whatever_is_no_loss_of_a_mail_of_ours_changes_nothing(listening: Home, changes: Json) -> None:
    request = asked(listening)
    assert (tell(listening, webhook(listening, request, **changes)).status_code, state(listening, request)) == (
        200,
        "pending",
    )


def test_a_bounce_after_the_answer_changes_nothing(listening: Home) -> None:
    request = asked(listening)
    answer(listening, "grant")
    assert (tell(listening, webhook(listening, request)).status_code, state(listening, request)) == (200, "granted")


def test_a_complaint_means_never_again_for_every_child(listening: Home) -> None:
    request = asked(listening)
    tell(listening, webhook(listening, request, RecordType="SpamComplaint", Type="SpamComplaint"))
    listening.clock.move(days=1)
    waiting_minor(listening, "blake")
    ask_guardian(listening, "blake")
    assert (state(listening, request), len(listening.mails())) == ("undeliverable", 1)


def test_a_complaint_about_a_receipt_leaves_the_consent(listening: Home) -> None:
    request = consented_minor(listening)
    tell(listening, webhook(listening, request, RecordType="SpamComplaint", Type="SpamComplaint"))
    assert state(listening, request) == "granted"


@pytest.mark.parametrize("authorization", [basic(), basic(user=""), f"Bearer {SECRET}", f"bearer {SECRET}"])
def test_the_secret_is_taken_as_a_password_and_as_a_bearers_token(listening: Home, authorization: str) -> None:
    assert tell(listening, {}, authorization).status_code == 200


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Basic",
        "Basic !",
        "Basic /w==",
        basic("wrong"),
        basic(""),
        f"Basic {SECRET}",
        f"Digest {SECRET}",
        "Bearer ",
    ],
)
def test_without_the_secret_nothing_is_taken(listening: Home, authorization: str | None) -> None:
    request = asked(listening)
    told = tell(listening, webhook(listening, request), authorization)
    assert (told.status_code, state(listening, request)) == (401, "pending")


def test_a_services_key_is_no_secret_of_the_provider(listening: Home) -> None:
    assert tell(listening, {}, f"Bearer {listening.keys['game']}").status_code == 401


def test_where_no_secret_is_set_there_is_nothing(home: Home) -> None:
    assert tell(home, {}).status_code == 404
