"""Signing up, again and differently; the minor's own agreement; tokens."""

import pytest
from sqlalchemy import text

from tests.houses import Home, Json
from tests.journeys.people import (
    ADULT,
    FIFTEEN,
    SIXTEEN,
    TWELVE,
    answer,
    ask_guardian,
    consented_minor,
    decision,
    notice,
    sign_up,
    token,
    waiting_minor,
)
from tests.web.calls import slug


def events(home: Home) -> list[str]:
    """The types of everything that `game` was told."""
    told = home.call("GET", "/v1/events", key=home.keys["game"]).json()["events"]
    return [str(event["type"]) for event in told]


@pytest.mark.parametrize("born", [ADULT, SIXTEEN, TWELVE])
def test_a_signup_is_new_once_and_known_afterwards(home: Home, born: str) -> None:
    first, second = (sign_up(home, "sam", born) for _ in range(2))
    assert (first.status_code, second.status_code, first.json()) == (201, 200, second.json())


@pytest.mark.parametrize("born", ["1990-01-01", "1950", "2000-02"])
def test_an_older_date_changes_nothing(home: Home, born: str) -> None:
    waiting_minor(home)
    before = home.rows()
    assert (sign_up(home, "alex", born).json()["decision"], home.rows()) == ("consent_required", before)


def test_a_blocked_child_stays_blocked_with_an_older_date(home: Home) -> None:
    sign_up(home, "kim", TWELVE)
    assert sign_up(home, "kim", ADULT).json()["decision"] == "blocked"


@pytest.mark.parametrize(
    "more", [{"email": "Kim+x@googlemail.com"}, {"device_digest": "d" * 32}], ids=["mailbox", "device"]
)
def test_a_blocked_child_is_recognised_under_another_name(home: Home, more: dict[str, str]) -> None:
    sign_up(home, "kim", TWELVE, email="k.i.m@gmail.com", device_digest="d" * 32)
    assert sign_up(home, "not-kim", ADULT, **more).json()["decision"] == "blocked"


def test_a_no_holds_for_its_time_only(home: Home) -> None:
    sign_up(home, "kim", TWELVE)
    home.clock.move(hours=72, seconds=1)
    assert sign_up(home, "kim", ADULT).json()["decision"] == "allowed"


def test_a_no_of_one_service_means_nothing_to_another(home: Home) -> None:
    sign_up(home, "kim", TWELVE, email="kim@mail.example")
    assert sign_up(home, "kim", ADULT, service="scan", email="kim@mail.example").json()["decision"] == "allowed"


def test_of_a_blocked_child_only_digests_are_kept_and_that_somebody_was_blocked(home: Home) -> None:
    before = home.rows()
    sign_up(home, "kim", TWELVE, email="kim@mail.example")
    assert {name: count - before[name] for name, count in home.rows().items() if count != before[name]} == {
        "sticky_answers": 2,
        "audit_entries": 1,
    }


def test_the_audit_log_ties_a_blocked_signup_to_nobody(home: Home) -> None:
    sign_up(home, "kim", TWELVE, email="kim@mail.example")
    with home.house.store.engine.connect() as connection:
        entry = text("SELECT commitment, ref FROM audit_entries WHERE action = 'signup.decided'")
        assert connection.execute(entry).all() == [(None, None)]


@pytest.mark.parametrize("born", [SIXTEEN, TWELVE])
def test_a_younger_date_restricts_an_adult_and_tells_the_service(home: Home, born: str) -> None:
    sign_up(home, "sam", ADULT)
    assert sign_up(home, "sam", born).json()["decision"] == "restricted"
    assert (events(home), slug(home, "POST", "/v1/tokens", {"subject": "sam", "audience": "chat"})) == (
        ["subject.restricted"],
        (403, "restricted"),
    )


def test_a_restricted_subject_is_told_once_and_not_lifted_by_an_older_date(home: Home) -> None:
    sign_up(home, "sam", ADULT)
    assert [sign_up(home, "sam", born).json()["decision"] for born in (TWELVE, TWELVE, ADULT)] == ["restricted"] * 3
    assert events(home) == ["subject.restricted"]


def test_a_younger_date_that_the_consent_still_covers_changes_nothing(home: Home) -> None:
    consented_minor(home)
    assert sign_up(home, "alex", FIFTEEN).json()["decision"] == "consented"


def test_a_younger_date_restricts_a_consented_minor_who_is_now_under_age(home: Home) -> None:
    consented_minor(home)
    assert sign_up(home, "alex", TWELVE).json()["decision"] == "restricted"


def test_a_waiting_minor_who_is_now_under_age_is_purged(home: Home) -> None:
    waiting_minor(home)
    ask_guardian(home)
    assert sign_up(home, "alex", TWELVE).json()["decision"] == "blocked"
    rows = home.rows()
    assert (decision(home, "alex"), rows["subjects"], rows["consent_requests"]) == ("purged", 0, 0)
    assert sign_up(home, "alex", ADULT).json()["decision"] == "blocked"


def test_a_token_comes_with_the_signup_only_for_an_audience(home: Home) -> None:
    told = [sign_up(home, name, ADULT, **more).json() for name, more in (("a", {}), ("b", {"audience": "chat"}))]
    assert [{"token", "token_expires_at"} <= view.keys() for view in told] == [False, True]


@pytest.mark.parametrize("born", [SIXTEEN, TWELVE])
def test_a_signup_that_is_not_allowed_brings_no_token(home: Home, born: str) -> None:
    assert "token" not in sign_up(home, "sam", born, audience="chat").json()


def test_no_view_says_a_date_of_birth(home: Home) -> None:
    for name, born in (("a", ADULT), ("b", SIXTEEN), ("c", TWELVE)):
        sign_up(home, name, born)
        assert born not in home.call("GET", f"/v1/subjects/{name}", key=home.keys["game"]).text


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/v1/subjects/nobody", None),
        ("DELETE", "/v1/subjects/nobody", None),
        ("DELETE", "/v1/subjects/nobody/assent", None),
        ("POST", "/v1/tokens", {"subject": "nobody", "audience": "chat"}),
        ("POST", "/v1/subjects/nobody/consent-requests", {"guardian_email": "guardian@example.org"}),
        ("GET", "/v1/subjects/robin@mail.example", None),
    ],
)
def test_a_subject_that_never_was_is_unknown(home: Home, method: str, path: str, body: Json | None) -> None:
    before = home.rows()
    assert (slug(home, method, path, body), home.rows()) == ((404, "subject-unknown"), before)


@pytest.mark.parametrize(
    ("born", "status", "kind"), [(SIXTEEN, 403, "consent-required"), (TWELVE, 403, "blocked"), (ADULT, 201, "")]
)
def test_a_token_or_the_reason_why_not(home: Home, born: str, status: int, kind: str) -> None:
    sign_up(home, "sam", born)
    assert slug(home, "POST", "/v1/tokens", {"subject": "sam", "audience": "chat"}) == (status, kind)


def test_a_purged_subject_gets_no_token(home: Home) -> None:
    sign_up(home, "sam", ADULT)
    home.call("DELETE", "/v1/subjects/sam", key=home.keys["game"])
    assert slug(home, "POST", "/v1/tokens", {"subject": "sam", "audience": "chat"}) == (410, "purged")


def test_a_purged_subject_may_sign_up_afresh(home: Home) -> None:
    sign_up(home, "sam", ADULT)
    home.call("DELETE", "/v1/subjects/sam", key=home.keys["game"])
    assert (sign_up(home, "sam", ADULT).status_code, decision(home, "sam")) == (201, "allowed")


def test_an_assent_given_later_completes_the_consent(home: Home) -> None:
    waiting_minor(home, assent=False)
    ask_guardian(home)
    assert answer(home, "grant").status_code == 200
    assert (decision(home, "alex"), token(home, "alex").status_code) == ("consent_required", 403)
    given = home.call("PUT", "/v1/subjects/alex/assent", notice(home), key=home.keys["game"])
    assert (given.json()["decision"], token(home, "alex").status_code) == ("consented", 201)


def test_an_assent_in_a_repeated_signup_completes_the_consent(home: Home) -> None:
    waiting_minor(home, assent=False)
    ask_guardian(home)
    answer(home, "grant")
    assert sign_up(home, "alex", SIXTEEN, assent=notice(home)).json()["decision"] == "consented"


def test_the_view_says_whether_the_minor_has_to_agree(home: Home) -> None:
    waiting_minor(home, assent=False)
    path, key = "/v1/subjects/alex", home.keys["game"]
    before = home.call("GET", path, key=key).json()["consent"]["assent_needed"]
    after = home.call("PUT", f"{path}/assent", notice(home), key=key).json()["consent"]["assent_needed"]
    assert (before, after) == (True, False)


@pytest.mark.parametrize(
    "wrong", [{"notice_sha256": "0f" * 32}, {"policy_version": "2020-01-01"}, {"locale": "fr"}], ids=str
)
def test_an_assent_to_another_notice_is_refused(home: Home, wrong: Json) -> None:
    waiting_minor(home, assent=False)
    before, agreed = home.rows(), notice(home) | wrong
    assert slug(home, "PUT", "/v1/subjects/alex/assent", agreed) == (409, "notice-mismatch")
    assert home.rows() == before


def test_an_assent_of_somebody_who_waits_for_nothing_is_refused(home: Home) -> None:
    sign_up(home, "sam", ADULT)
    assert slug(home, "PUT", "/v1/subjects/sam/assent", notice(home)) == (409, "consent-not-needed")


def test_an_assent_twice_is_the_same_as_once(home: Home) -> None:
    consented_minor(home)
    assert slug(home, "PUT", "/v1/subjects/alex/assent", notice(home)) == (200, "")


def test_an_assent_taken_back_shuts_at_once_and_tells_the_service_once(home: Home) -> None:
    consented_minor(home)
    taken = [home.call("DELETE", "/v1/subjects/alex/assent", key=home.keys["game"]).json() for _ in range(2)]
    assert [view["decision"] for view in taken] == ["consent_required"] * 2
    assert (token(home, "alex").status_code, events(home)) == (403, ["consent.granted", "consent.withdrawn"])


def test_an_assent_given_again_admits_again(home: Home) -> None:
    consented_minor(home)
    home.call("DELETE", "/v1/subjects/alex/assent", key=home.keys["game"])
    home.call("PUT", "/v1/subjects/alex/assent", notice(home), key=home.keys["game"])
    home.clock.move(days=15)
    home.work()
    assert decision(home, "alex") == "consented"


def test_an_assent_taken_back_for_good_ends_in_a_purge_after_its_own_time(home: Home) -> None:
    consented_minor(home)
    home.clock.move(days=20)
    home.work()
    home.call("DELETE", "/v1/subjects/alex/assent", key=home.keys["game"])
    home.clock.move(days=13, hours=23)
    home.work()
    before = decision(home, "alex")
    home.clock.move(hours=1, minutes=1)
    home.work()
    assert (before, decision(home, "alex")) == ("consent_required", "purged")
