"""The public form: same answer for every name, sealed for a while, handed to the service, then to the operator."""

from dataclasses import replace
from html.parser import HTMLParser
from ipaddress import ip_network

import pytest

from agegate.rules.report import MOST_A_DAY
from tests.houses import Home
from tests.journeys.people import decision
from tests.reports.people import adult, rule, waits

HERE = "/report/game"


def send(home: Home, account: str = "Sam the Great") -> str:
    """The form sent, and the id of the report it made."""
    assert home.browse("POST", HERE, {"account": account}).status_code == 200
    event = events(home)[-1]
    assert event["type"] == "report.received"
    data = event["data"]
    assert isinstance(data, dict)
    return str(data["report"])


def events(home: Home) -> list[dict[str, object]]:
    found: list[dict[str, object]] = home.call("GET", "/v1/events", key=home.keys["game"]).json()["events"]
    return found


def named(home: Home, case: str, subject: str) -> tuple[int, str | None]:
    told = home.call("POST", f"/v1/reports/{case}/subject", {"subject": subject}, key=home.keys["game"])
    return told.status_code, told.json().get("state")


class Parts(HTMLParser):
    """The elements of a page, and what its form asks for."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.fields: dict[str, str | None] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        given = dict(attrs)
        if name := given.get("name") if tag == "input" else None:
            self.fields[name] = given.get("value")


def test_the_form_asks_for_a_name_and_nothing_else_without_a_script(home: Home) -> None:
    page = home.browse("GET", HERE)
    parts = Parts(page.text)
    assert (page.status_code, parts.fields, "script" in parts.seen) == (200, {"account": None}, False)
    assert "set-cookie" not in page.headers


@pytest.mark.parametrize("address", [HERE, "/guardian/new-link"])
def test_a_page_without_a_cookie_says_so(home: Home, address: str) -> None:
    page = home.browse("GET", address)
    assert ("set-cookie" in page.headers, "This page uses no cookie." in page.text, "one cookie" in page.text) == (
        False,
        True,
        False,
    )


def test_the_answer_is_the_same_for_every_name(home: Home) -> None:
    adult(home)
    answers = {home.browse("POST", HERE, {"account": name}).content for name in ("sam", "nobody at all")}
    assert len(answers) == 1


def test_the_service_is_told_the_name_and_says_whose_it_is(home: Home) -> None:
    adult(home)
    case = send(home)
    assert events(home)[-1]["data"] == {"report": case, "account": "Sam the Great"}
    assert named(home, case, "sam") == (200, "received")
    assert events(home)[-1]["data"] == {"report": case}
    assert decision(home, "sam") == "allowed"


def test_the_first_answer_stands(home: Home) -> None:
    case = send(home)
    assert named(home, case, "sam") == (200, "received")
    assert named(home, case, "sam") == (200, "received")
    assert named(home, case, "ann") == (409, None)


def test_a_name_that_is_nobodys_ends_the_report(home: Home) -> None:
    case = send(home)
    assert named(home, case, "unknown") == (200, "unknown")
    assert named(home, case, "unknown") == (200, "unknown")
    assert named(home, case, "sam") == (409, None)


def test_nobody_can_rule_before_it_is_known_whom_it_means(home: Home) -> None:
    assert rule(home, send(home), "upheld").json()["type"].endswith("report-not-named")


def test_after_three_days_without_an_answer_it_is_the_operators(home: Home) -> None:
    case = send(home)
    waits(home, days=3, minutes=1)
    assert named(home, case, "sam") == (200, "received")


def test_the_name_is_kept_for_thirty_days_at_most(home: Home) -> None:
    case = send(home)
    waits(home, days=30, minutes=1)
    assert events(home)[-1]["data"] == {"report": case}
    assert named(home, case, "sam") == (409, None)


@pytest.mark.parametrize("account", ["", " ", "two\nlines", "x" * 129, "\u202eevil"])
def test_what_is_no_name_is_asked_for_again(home: Home, account: str) -> None:
    page = home.browse("POST", HERE, {"account": account})
    assert (page.status_code, "account" in Parts(page.text).fields, events(home)) == (422, True, [])


def test_a_form_from_elsewhere_is_refused(home: Home) -> None:
    page = home.browse("POST", HERE, {"account": "sam"}, headers={"Origin": "https://elsewhere.example"})
    assert (page.status_code, events(home)) == (403, [])


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_service_that_is_not_there_has_no_form(home: Home, method: str) -> None:
    assert home.browse(method, "/report/nothing", {"account": "sam"} if method == "POST" else None).status_code == 404


def test_behind_a_trusted_proxy_each_network_has_its_own_limit(home: Home) -> None:
    settings = home.house.settings.model_copy(update={"trusted_proxies": (ip_network("127.0.0.0/8"),)})
    behind = Home(replace(home.house, settings=settings), home.clock, home.keys)

    def sent(network: str) -> int:
        forwarded = {"X-Forwarded-For": f"{network}.9"}
        return behind.browse("POST", HERE, {"account": "Sam"}, headers=forwarded).status_code

    seen = [sent("9.9.9") for _ in range(MOST_A_DAY + 1)]
    assert (seen, sent("8.8.8")) == ([200] * MOST_A_DAY + [429], 200)
