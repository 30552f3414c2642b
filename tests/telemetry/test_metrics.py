"""What is counted is what happened, once, and told in both formats to whoever may ask."""

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as read_openmetrics

from agegate.telemetry.families import ALL
from tests.houses import Home
from tests.journeys.people import answer, ask_guardian, consented_minor, sign_up, waiting_minor, withdraw
from tests.privacy.canaries import BORN, CHILD, PERSONAL, SUBJECT, told
from tests.telemetry.scrapes import scraped, value

DECIDED = "agegate_decisions_total"
MOVED = "agegate_consents_total"


def test_a_decision_counts_once_however_often_it_is_asked_for(home: Home) -> None:
    for _ in range(3):
        sign_up(home, "ada", "1990-01-01")
    assert value(home, DECIDED, decision="allowed", profile="deepseek@1") == 1


def test_a_block_counts_under_the_profile_that_blocked(home: Home) -> None:
    sign_up(home, "kim", "2018-01-01", "DE", "scan")
    assert value(home, DECIDED, decision="blocked", profile="deepseek-ocr@1") == 1


def test_consents_count_by_where_they_moved_to(home: Home) -> None:
    consented_minor(home)
    withdraw(home, "withdraw")
    counted = {name: value(home, MOVED, transition=name) for name in ("requested", "granted", "withdrawn", "declined")}
    assert counted == {"requested": 1, "granted": 1, "withdrawn": 1, "declined": 0}


def test_the_same_answer_twice_counts_once(home: Home) -> None:
    waiting_minor(home)
    ask_guardian(home)
    answer(home, "decline")
    assert value(home, MOVED, transition="declined") == 1


def test_mails_and_acts_count_by_what_came_of_them(home: Home) -> None:
    consented_minor(home)
    home.work()
    assert value(home, "agegate_mails_total", result="sent") == 2
    assert value(home, "agegate_acts_total", kind="request.mail", result="done") == 1


def test_a_holder_that_is_away_counts_as_unreachable_and_its_leg_stays_open(home: Home) -> None:
    home.register_holder("game", "logs")
    home.clock.move(seconds=2)
    sign_up(home, "ada", "1990-01-01")
    home.call("DELETE", "/v1/subjects/ada", key=home.keys["game"])
    home.work()
    seen = scraped(home)
    assert seen["agegate_webhooks_total", (("result", "unreachable"), ("told", "order"))] == 1
    assert (seen["agegate_purge_legs_open", ()], seen["agegate_purge_overdue", ()]) == (1, 0)


def test_a_leg_past_its_time_is_overdue(home: Home) -> None:
    home.register_holder("game", "logs")
    home.clock.move(seconds=2)
    sign_up(home, "ada", "1990-01-01")
    home.call("DELETE", "/v1/subjects/ada", key=home.keys["game"])
    home.clock.move(days=31)
    seen = scraped(home)
    assert (seen["agegate_purge_overdue", ()], seen["agegate_purges_overdue", ()]) == (1, 1)


def test_due_work_shows_its_depth_and_the_age_of_the_oldest(home: Home) -> None:
    waiting_minor(home)
    path = "/v1/subjects/alex/consent-requests"
    home.call("POST", path, {"guardian_email": "guardian@example.org"}, key=home.keys["game"])
    home.clock.move(seconds=90)
    kind = {"kind": "request.mail"}
    assert (value(home, "agegate_agenda_due", **kind), value(home, "agegate_agenda_oldest_seconds", **kind)) == (1, 90)


def test_the_signing_key_tells_its_age(home: Home) -> None:
    home.clock.move(days=3)
    assert value(home, "agegate_signing_key_age_seconds") == pytest.approx(3 * 86400, abs=60)


def test_the_facts_are_read_at_most_every_five_seconds(home: Home) -> None:
    sign_up(home, "ada", "1990-01-01")
    scraped(home)
    home.call("DELETE", "/v1/subjects/ada", key=home.keys["game"])
    before = value(home, "agegate_purges_open")
    home.clock.move(seconds=6)
    assert (before, value(home, "agegate_purges_open")) == (0, 1)


def test_requests_are_measured_by_template_and_status_class(home: Home) -> None:
    sign_up(home, "ada", "1990-01-01")
    home.call("GET", "/v1/subjects/nobody", key=home.keys["game"])
    name, route = "agegate_request_duration_seconds_count", "/v1/subjects/{subject}"
    assert value(home, name, method="PUT", route=route, status="2xx") == 1
    assert value(home, name, method="GET", route=route, status="4xx") == 1


def test_no_label_holds_anything_that_somebody_sent(home: Home) -> None:
    sign_up(home, SUBJECT, BORN, email=CHILD)
    home.call("GET", f"/{SUBJECT}/{CHILD}", key=home.keys["game"])
    home.call("GET", f"/v1/requirements?country={SUBJECT}", key=home.keys["game"])
    text = home.call("GET", "/metrics").content
    assert [word for word in (*PERSONAL, SUBJECT) if told(word, text)] == []


def test_no_family_has_a_label_about_a_person() -> None:
    labels = {label for family in ALL for label in family.labels}
    known = {"decision", "profile", "transition", "result", "told", "kind", "method", "route", "status", "line", "lane"}
    assert labels == known


def test_openmetrics_is_told_to_who_asks_for_it(home: Home) -> None:
    sign_up(home, "ada", "1990-01-01")
    reply = home.call("GET", "/metrics", headers={"Accept": "application/openmetrics-text; version=1.0.0"})
    assert reply.headers["content-type"].startswith("application/openmetrics-text")
    families = read_openmetrics(reply.text)  # type: ignore[no-untyped-call]  # the library's own parser has no types
    assert "agegate_decisions" in {family.name for family in families}


def test_a_batch_tells_how_many_units_shared_it(home: Home) -> None:
    sign_up(home, "ada", "1990-01-01")
    assert value(home, "agegate_batch_units_count", line="writer") > 0
