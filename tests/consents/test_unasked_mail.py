"""Who is written to unasked, how often, and that the caller cannot tell."""

from time import perf_counter_ns

import pytest

from agegate.flows.end_undeliverable import EndUndeliverable
from agegate.flows.stop_request import StopRequest
from agegate.rules.consent import Stop
from agegate.rules.errors import AgeGateError
from tests.houses import Home, Json
from tests.journeys.operators import operator
from tests.journeys.people import SIXTEEN, TWELVE, ask_guardian, decision, sign_up, waiting_minor

GUARDIAN = "guardian@example.org"


def ask(home: Home, subject: str, guardian: str = GUARDIAN, service: str = "game") -> tuple[int, Json]:
    """A consent request for a minor who waits; the answer without what differs by nature."""
    path = f"/v1/subjects/{subject}/consent-requests"
    reply = home.call("POST", path, {"guardian_email": guardian}, key=home.keys[service])
    told: Json = reply.json()
    return reply.status_code, {name: told[name] for name in told if name not in {"id", "expires_at", "instance"}}


def stop(home: Home, request: str, how: Stop) -> str | AgeGateError:
    """What somebody who is not the guardian says."""
    house = home.house
    flow = StopRequest(house.vault, house.digests, EndUndeliverable(house.announce))
    return house.store.write_now(lambda tx: flow(tx, request, how, home.clock()))


def mails_to(home: Home, guardian: str = GUARDIAN) -> int:
    """How many mails lie in the outbox for somebody."""
    home.work()
    return sum(guardian in str(mail["To"]) for mail in home.mails())


def test_of_many_services_one_mail_in_ten_minutes_leaves_and_all_answers_are_alike(home: Home) -> None:
    answers = []
    for number in range(4):
        home.register(f"s{number}", "deepseek")
        home.clock.move(seconds=2)
        sign_up(home, "alex", SIXTEEN, service=f"s{number}")
        answers.append(ask(home, "alex", service=f"s{number}"))
    assert (answers, mails_to(home)) == ([(202, {"state": "pending"})] * 4, 1)


@pytest.mark.parametrize(("minutes", "sent"), [(0, 1), (9, 1), (10, 2)])
def test_a_second_child_waits_ten_minutes_for_its_mail(home: Home, minutes: int, sent: int) -> None:
    for subject in ("alex", "blake"):
        waiting_minor(home, subject)
    ask(home, "alex")
    home.clock.move(minutes=minutes)
    ask(home, "blake")
    assert mails_to(home) == sent


def test_a_day_has_three_mails(home: Home) -> None:
    for subject in ("a", "b", "c", "d"):
        waiting_minor(home, subject)
        ask(home, subject)
        home.work()
        home.clock.move(hours=1)
    assert mails_to(home) == 3


def test_a_mail_that_was_held_back_is_made_up_for_at_the_reminder(home: Home) -> None:
    for subject in ("alex", "blake"):
        waiting_minor(home, subject)
        ask(home, subject)
    assert mails_to(home) == 1
    home.clock.move(days=3)
    # One of the two at a time: the limit holds for reminders too.
    assert mails_to(home) == 2


def test_never_again_holds_for_every_child_and_is_not_told(home: Home) -> None:
    for subject in ("alex", "blake"):
        waiting_minor(home, subject)
    request = ask_guardian(home)
    assert stop(home, request, Stop.NEVER_AGAIN) == "undeliverable"
    home.clock.move(days=1)
    assert (ask(home, "blake"), mails_to(home)) == ((202, {"state": "pending"}), 1)


@pytest.mark.parametrize("how", Stop)
def test_a_strangers_word_deletes_nothing_and_another_guardian_may_be_named(home: Home, how: Stop) -> None:
    waiting_minor(home)
    request = ask_guardian(home)
    stop(home, request, how)
    assert (decision(home, "alex"), ask(home, "alex", "two@example.org")[0]) == ("consent_required", 202)
    assert mails_to(home, "two@example.org") == 1


def test_who_is_not_the_guardian_of_this_child_is_not_asked_about_it_again(home: Home) -> None:
    waiting_minor(home)
    stop(home, ask_guardian(home), Stop.NOT_MY_CHILD)
    home.clock.move(days=1)
    assert (ask(home, "alex"), mails_to(home)) == ((202, {"state": "pending"}), 1)


def test_the_sixth_child_of_a_guardian_waits_for_a_review_and_nobody_is_told(home: Home) -> None:
    for number in range(6):
        waiting_minor(home, f"c{number}")
        home.clock.move(hours=9)
        told = ask(home, f"c{number}")
    assert (told, mails_to(home)) == ((202, {"state": "pending"}), 5)


def sixth(home: Home) -> tuple[str, str]:
    """The request for a guardian's sixth child, and a person's key; the limits would let its mail go."""
    for number in range(6):
        waiting_minor(home, f"c{number}")
        home.clock.move(hours=9)
        path = f"/v1/subjects/c{number}/consent-requests"
        request = home.call("POST", path, {"guardian_email": GUARDIAN}, key=home.keys["game"]).json()["id"]
    home.clock.move(days=1)
    return str(request), operator(home)


def review(home: Home, request: str, key: str, *, approve: bool) -> tuple[int, str]:
    """POST …/review; the status and the state."""
    reply = home.call("POST", f"/v1/subjects/c5/consent-requests/{request}/review", {"approve": approve}, key=key)
    return reply.status_code, str(reply.json().get("state"))


def test_approved_by_a_person_the_mail_of_the_sixth_leaves_once(home: Home) -> None:
    request, key = sixth(home)
    before = mails_to(home)
    told = [review(home, request, key, approve=True) for _ in range(2)]
    assert (told, mails_to(home) - before) == ([(200, "pending")] * 2, 1)


def test_refused_by_a_person_the_question_ends_and_the_child_stays(home: Home) -> None:
    request, key = sixth(home)
    told = [review(home, request, key, approve=word) for word in (False, False, True)]
    assert told == [(200, "undeliverable")] * 2 + [(409, "None")]
    assert decision(home, "c5") == "consent_required"


def test_what_waits_for_no_review_is_not_reviewed(home: Home) -> None:
    waiting_minor(home, "c5")
    assert review(home, ask_guardian(home, "c5"), operator(home), approve=False)[0] == 409


def test_a_service_cannot_review_its_own_guardians(home: Home) -> None:
    request, _ = sixth(home)
    assert review(home, request, home.keys["game"], approve=True)[0] == 403


def test_a_minors_address_is_no_guardians_within_the_service(home: Home) -> None:
    waiting_minor(home)
    sign_up(home, "sam", SIXTEEN, email="sam@mail.example")
    sign_up(home, "kim", TWELVE, email="kim@mail.example")
    own = home.call("POST", "/v1/subjects/sam/consent-requests", {"guardian_email": "s.am+x@mail.example"},
                    key=home.keys["game"])  # fmt: skip
    assert own.status_code == 202
    for address in ("sam@mail.example", "kim@mail.example"):
        status, told = ask(home, "alex", address)
        assert (status, told["errors"]) == (422, [{
            "pointer": "/guardian_email",
            "code": "guardian_not_eligible",
            "detail": "This address cannot be the guardian's. Give the address of a parent or guardian.",
        }])  # fmt: skip


def test_another_services_children_are_never_consulted(home: Home) -> None:
    home.register("other", "deepseek")
    home.clock.move(seconds=2)
    sign_up(home, "sam", SIXTEEN, service="other", email="sam@mail.example")
    waiting_minor(home)
    assert ask(home, "alex", "sam@mail.example")[0] == 202


def test_a_throw_away_address_is_no_guardians(home: Home) -> None:
    waiting_minor(home)
    status, told = ask(home, "alex", "mum@mailinator.com")
    assert (status, str(told["errors"]).count("disposable_domain")) == (422, 1)


def test_korea_gives_a_question_five_days(home: Home) -> None:
    sign_up(home, "alex", SIXTEEN, "KR")
    path = "/v1/subjects/alex/consent-requests"
    reply = home.call("POST", path, {"guardian_email": GUARDIAN}, key=home.keys["game"])
    assert reply.json()["expires_at"] == "2026-11-27T09:00:00Z"


def test_the_time_of_an_answer_does_not_tell_a_new_address_from_a_suppressed_one(sqlite_home: Home) -> None:
    """A coarse check in the suite: the medians lie within a third of each other."""
    home = sqlite_home
    waiting_minor(home, "first")
    stop(home, ask_guardian(home, "first"), Stop.NEVER_AGAIN)
    spent: dict[str, list[int]] = {"new": [], "suppressed": []}
    for number in range(80):
        kind = ("new", "suppressed")[number % 2]
        waiting_minor(home, f"t{number}")
        began = perf_counter_ns()
        ask(home, f"t{number}", GUARDIAN if kind == "suppressed" else f"g{number}@example.org")
        spent[kind].append(perf_counter_ns() - began)
    middles = sorted(sorted(each)[20] for each in spent.values())
    assert middles[1] / middles[0] < 4 / 3
