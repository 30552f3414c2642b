"""Purges over HTTP: ordering, a holder's own leg, the certificate; and the events a service is told."""

from base64 import urlsafe_b64decode
from datetime import timedelta

import orjson
import pytest

from agegate.clock import rfc3339
from agegate.signing.verify import Kind, PublicKeys, verify
from tests.houses import ISSUER, Home, Json
from tests.journeys.people import ADULT, decision, sign_up
from tests.web.calls import codes, slug

DONE: Json = {"status": "completed", "counts": {"chats": 2}}


@pytest.fixture
def keys(home: Home) -> dict[str, str]:
    """The keys of two holders of `game`, and of one of `scan`."""
    found = {name: home.register_holder("game", name) for name in ("logs", "search")}
    return found | {"foreign": home.register_holder("scan", "logs")}


def order(home: Home, subject: str = "sam") -> str:
    """The id of a purge ordered by `game`."""
    body = {"subject": subject, "reason": "service_request"}
    return str(home.call("POST", "/v1/purges", body, key=home.keys["game"]).json()["id"])


def leg(purge: str, holder: str) -> str:
    """The address of a leg."""
    return f"/v1/purges/{purge}/legs/{holder}"


def test_a_purge_is_ordered_once_while_it_is_open(home: Home, keys: dict[str, str]) -> None:
    sign_up(home, "sam", ADULT)
    first = order(home)
    before = home.rows()
    assert (order(home), home.rows(), len(keys)) == (first, before, 3)


def test_a_purge_deletes_ours_at_once_and_orders_every_holder(home: Home, keys: dict[str, str]) -> None:
    sign_up(home, "sam", ADULT)
    told = home.call("POST", "/v1/purges", {"subject": "sam", "reason": "under_age"}, key=home.keys["game"]).json()
    assert [each["holder"] for each in told["legs"]] == sorted(set(keys) - {"foreign"})
    assert (decision(home, "sam"), home.rows()["subjects"]) == ("purged", 0)


def test_a_subject_that_was_never_held_is_ordered_at_the_holders(home: Home, keys: dict[str, str]) -> None:
    purge = home.call("GET", f"/v1/purges/{order(home, 'never')}", key=home.keys["game"]).json()
    assert [each["state"] for each in purge["legs"]] == ["queued"] * (len(keys) - 1)


def test_a_purge_names_no_subject(home: Home) -> None:
    sign_up(home, "sam-the-subject", ADULT)
    purge = order(home, "sam-the-subject")
    assert "sam-the" not in home.call("GET", f"/v1/purges/{purge}", key=home.keys["game"]).text


@pytest.mark.parametrize("reason", ["consent_declined", "consent_expired", "because", ""])
def test_a_reason_that_is_not_a_services_to_give_is_refused(home: Home, reason: str) -> None:
    body = {"subject": "sam", "reason": reason}
    assert codes(home, "POST", "/v1/purges", body) == (422, [("/reason", "invalid_value")])


@pytest.mark.parametrize(("who", "holder"), [("logs", "search"), ("logs", "nobody"), ("search", "logs")])
def test_another_holders_leg_is_unknown(home: Home, keys: dict[str, str], who: str, holder: str) -> None:
    purge, before = order(home), home.rows()
    assert slug(home, "PUT", leg(purge, holder), DONE, keys[who]) == (404, "leg-unknown")
    assert home.rows() == before


def test_another_services_holder_of_the_same_name_sees_nothing(home: Home, keys: dict[str, str]) -> None:
    purge = order(home)
    assert slug(home, "PUT", leg(purge, "logs"), DONE, keys["foreign"]) == (404, "purge-unknown")
    assert slug(home, "GET", f"/v1/purges/{purge}", key=keys["foreign"]) == (404, "purge-unknown")


@pytest.mark.parametrize("tail", ["", "/certificate"])
def test_another_services_purge_is_unknown(home: Home, tail: str) -> None:
    assert slug(home, "GET", f"/v1/purges/{order(home)}{tail}", key=home.keys["scan"]) == (404, "purge-unknown")


def test_a_holder_sees_its_own_leg_only(home: Home, keys: dict[str, str]) -> None:
    purge = order(home)
    seen = [home.call("GET", path, key=keys["logs"]).json() for path in (f"/v1/purges/{purge}", "/v1/purges")]
    assert [each["holder"] for each in (*seen[0]["legs"], *seen[1]["purges"][0]["legs"])] == ["logs", "logs"]


def test_a_holder_cannot_ask_for_what_waits_for_another(home: Home, keys: dict[str, str]) -> None:
    purge = order(home)
    home.call("PUT", leg(purge, "logs"), DONE, key=keys["logs"])
    listed = [
        home.call("GET", "/v1/purges?holder=search", key=keys[name]).json()["purges"] for name in ("logs", "search")
    ]
    assert [len(page) for page in listed] == [0, 1]


@pytest.mark.parametrize(("ahead", "status"), [(60, 200), (61, 422)])
def test_a_completion_may_be_a_minute_ahead(home: Home, keys: dict[str, str], ahead: int, status: int) -> None:
    said = DONE | {"completed_at": rfc3339(home.clock() + timedelta(seconds=ahead))}
    assert home.call("PUT", leg(order(home), "logs"), said, key=keys["logs"]).status_code == status


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"status": "delivered"}, ("/status", "invalid_value")),
        ({"status": "completed", "counts": {"chats": -1}}, ("/counts/chats", "out_of_range")),
        ({"status": "completed", "subject": "sam"}, ("/subject", "unknown_field")),
        ({"status": "refused", "exceptions": [{"category": "x"}]}, ("/exceptions/0/legal_basis", "required")),
        ({}, ("/status", "required")),
    ],
)
def test_a_holders_word_is_refused_by_code(
    home: Home, keys: dict[str, str], said: Json, fault: tuple[str, str]
) -> None:
    purge, before = order(home), home.rows()
    assert codes(home, "PUT", leg(purge, "logs"), said, keys["logs"]) == (422, [fault])
    assert home.rows() == before


def test_a_final_answer_may_be_repeated(home: Home, keys: dict[str, str]) -> None:
    path, progress = leg(order(home), "logs"), {"status": "in_progress"}
    told = [home.call("PUT", path, said, key=keys["logs"]).json() for said in (progress, progress, DONE, DONE)]
    assert [each["state"] for each in told] == ["in_progress", "in_progress", "completed", "completed"]
    home.clock.move(minutes=5)
    assert home.call("PUT", path, DONE, key=keys["logs"]).json() == told[-1]


@pytest.mark.parametrize(
    "other",
    [
        {"status": "in_progress"},
        {"status": "refused", "exceptions": [{"category": "x", "legal_basis": "y"}]},
        {"status": "completed"},
        DONE | {"counts": {"chats": 99}},
        DONE | {"counts": {"chats": 2, "files": 0}},
        DONE | {"completed_at": "2026-11-22T08:00:00Z"},
        DONE | {"exceptions": [{"category": "x", "legal_basis": "y"}]},
    ],
)
def test_another_answer_is_refused_once_one_is_final(home: Home, keys: dict[str, str], other: Json) -> None:
    path = leg(order(home), "logs")
    stands = home.call("PUT", path, DONE, key=keys["logs"]).json()
    assert slug(home, "PUT", path, other, keys["logs"]) == (409, "leg-answered")
    assert home.call("PUT", path, DONE, key=keys["logs"]).json() == stands


def test_a_refusal_needs_its_legal_basis(home: Home, keys: dict[str, str]) -> None:
    said: Json = {"status": "refused"}
    assert codes(home, "PUT", leg(order(home), "logs"), said, keys["logs"]) == (422, [("/exceptions", "required")])


def test_a_holder_that_never_knew_the_subject_has_completed_with_zero(home: Home, keys: dict[str, str]) -> None:
    told = home.call("PUT", leg(order(home, "never"), "logs"), {"status": "completed"}, key=keys["logs"]).json()
    assert (told["state"], told["counts"]) == ("completed", {})


def test_there_is_no_certificate_before_the_last_leg(home: Home, keys: dict[str, str]) -> None:
    purge = order(home)
    seen = []
    for holder in ("logs", "search"):
        seen.append(slug(home, "GET", f"/v1/purges/{purge}/certificate"))
        home.call("PUT", leg(purge, holder), DONE, key=keys[holder])
        home.work()
    assert seen == [(409, "certificate-not-ready")] * 2
    signed = home.call("GET", f"/v1/purges/{purge}/certificate", key=home.keys["game"])
    assert signed.status_code == 200


def test_the_certificate_verifies_and_says_what_each_holder_said(home: Home, keys: dict[str, str]) -> None:
    sign_up(home, "sam", ADULT)
    purge = order(home)
    kept = {"category": "invoices", "legal_basis": "GDPR Art. 17(3)(b)"}
    home.call("PUT", leg(purge, "logs"), DONE, key=keys["logs"])
    home.call("PUT", leg(purge, "search"), {"status": "refused", "exceptions": [kept]}, key=keys["search"])
    home.work()
    signed = home.call("GET", f"/v1/purges/{purge}/certificate", key=home.keys["game"]).text
    public = PublicKeys.from_jwks(home.call("GET", "/.well-known/jwks.json").json())
    claims = verify(
        signed,
        public,
        kind=Kind.PURGE_CERTIFICATE,
        issuer=ISSUER,
        audience=None,
        now=home.clock(),
        accept_test=True,
    )
    said = orjson.loads(orjson.dumps(dict(claims)))
    assert [(each["holder"], each["status"]) for each in said["legs"]] == [("logs", "completed"), ("search", "refused")]
    assert (said["deleted"], "sam" in urlsafe_b64decode(signed.split(".")[1] + "==").decode()) == (
        {"subjects": 1},
        False,
    )


def test_a_page_of_purges_leads_to_the_next(home: Home) -> None:
    ordered = [order(home, f"u-{number}") for number in range(101)]
    first = home.call("GET", "/v1/purges?state=open", key=home.keys["game"]).json()
    rest = home.call("GET", f"/v1/purges?cursor={first['cursor']}", key=home.keys["game"]).json()
    seen = [purge["id"] for purge in (*first["purges"], *rest["purges"])]
    assert (sorted(ordered), len(first["purges"]), "cursor" in rest) == (seen, 100, False)


def test_events_are_told_in_order_and_from_a_cursor_on(home: Home) -> None:
    for name in ("a", "b", "c"):
        sign_up(home, name, ADULT)
        sign_up(home, name, "2014-05-01")
    first = home.call("GET", "/v1/events", key=home.keys["game"]).json()
    assert [event["data"]["subject"] for event in first["events"]] == ["a", "b", "c"]
    assert home.call("GET", f"/v1/events?cursor={first['cursor']}", key=home.keys["game"]).json() == {
        "events": [],
        "cursor": first["cursor"],
    }


def test_another_service_is_not_told(home: Home) -> None:
    sign_up(home, "sam", ADULT)
    sign_up(home, "sam", "2014-05-01")
    assert home.call("GET", "/v1/events", key=home.keys["scan"]).json() == {"events": [], "cursor": "0"}


def test_the_end_of_a_purge_is_told_with_the_subjects_name(home: Home) -> None:
    sign_up(home, "sam", ADULT)
    purge = order(home)
    home.work()
    event = home.call("GET", "/v1/events", key=home.keys["game"]).json()["events"][-1]
    assert (event["type"], event["data"]) == ("purge.completed", {"subject": "sam", "purge": purge})


def test_after_thirty_days_no_event_names_a_purged_subject(home: Home) -> None:
    sign_up(home, "sam", ADULT)
    purge = order(home)
    home.work()
    home.clock.move(days=30, seconds=1)
    home.work()
    event = home.call("GET", "/v1/events", key=home.keys["game"]).json()["events"][-1]
    assert event["data"] == {"purge": purge}


def test_a_deletion_asked_for_again_while_it_runs_is_the_same_one(home: Home) -> None:
    home.register_holder("game", "forum")
    sign_up(home, "sam", ADULT)
    asked = [home.call("DELETE", "/v1/subjects/sam", key=home.keys["game"]) for _ in range(2)]
    assert [reply.status_code for reply in asked] == [202, 202]
    assert asked[0].json() == asked[1].json()
