"""Under a legal hold data is neither used nor purged; it takes two people, is audited, and ends by itself."""

import json
from pathlib import Path

import pytest
from sqlalchemy import select

from agegate.clock import utc_now
from agegate.store.audit_log import ENTRIES
from tests.cli.commands import run
from tests.holds.holding import approve, ask, held, purge, state_of, two
from tests.houses import ISSUER, Home, open_home
from tests.journeys.operators import correct, operator
from tests.journeys.people import ADULT, ask_guardian, consented_minor, decision, sign_up, waiting_minor, withdraw


def token(home: Home, subject: str = "alex") -> int:
    return home.call(
        "POST", "/v1/tokens", {"subject": subject, "audience": "https://chat.example"}, key=home.keys["game"]
    ).status_code


def test_one_person_alone_holds_nothing(home: Home) -> None:
    consented_minor(home)
    one, _ = two(home)
    hold = ask(home, one).json()
    refused = approve(home, one, hold["id"])
    assert (hold["state"], decision(home, "alex")) == ("requested", "consented")
    assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (403, "second-approver-required")


def test_held_data_is_restricted_and_gives_no_token(home: Home) -> None:
    consented_minor(home)
    assert token(home) == 201
    held(home)
    assert (decision(home, "alex"), token(home)) == ("restricted", 403)


def test_a_purge_under_a_hold_waits_and_says_so(home: Home) -> None:
    home.register_holder("game", "logs")
    consented_minor(home)
    held(home)
    ordered = purge(home)
    home.work()
    shown = home.call("GET", f"/v1/purges/{ordered}", key=home.keys["game"]).json()
    assert (shown["state"], shown["legs"], home.rows()["subjects"]) == ("held", [], 1)


def test_the_purge_asked_for_twice_is_one(home: Home) -> None:
    consented_minor(home)
    held(home)
    assert purge(home) == purge(home)


def test_the_waiting_purge_goes_on_when_the_hold_is_released(home: Home) -> None:
    home.register_holder("game", "logs")
    consented_minor(home)
    hold, key = held(home)
    ordered = purge(home)
    assert home.call("DELETE", f"/v1/holds/{hold}", key=key).json()["state"] == "ended"
    shown = home.call("GET", f"/v1/purges/{ordered}", key=home.keys["game"]).json()
    assert (shown["state"], len(shown["legs"]), home.rows()["subjects"]) == ("open", 1, 0)


def test_a_hold_ends_by_itself_and_the_waiting_purge_with_it(home: Home) -> None:
    consented_minor(home)
    held(home, days=30)
    ordered = purge(home)
    home.clock.move(days=29, hours=23)
    home.work()
    assert state_of(home, ordered) == "held"
    home.clock.move(hours=1)
    home.work()
    assert (state_of(home, ordered), home.rows()["subjects"]) == ("completed", 0)


@pytest.mark.parametrize("state", ["allowed", "consented"])
def test_after_the_hold_the_subject_stands_as_before(home: Home, state: str) -> None:
    if state == "allowed":
        sign_up(home, "alex", ADULT)
    else:
        consented_minor(home)
    hold, key = held(home)
    home.call("DELETE", f"/v1/holds/{hold}", key=key)
    assert (decision(home, "alex"), token(home)) == (state, 201)


def test_a_withdrawal_under_a_hold_is_carried_out_when_it_ends(home: Home) -> None:
    consented_minor(home)
    hold, key = held(home)
    withdraw(home, "delete_now")
    home.work()
    assert home.rows()["subjects"] == 1
    home.call("DELETE", f"/v1/holds/{hold}", key=key)
    home.work()
    assert home.rows()["subjects"] == 0


def test_a_silence_that_ends_under_a_hold_purges_when_it_ends(home: Home) -> None:
    waiting_minor(home)
    ask_guardian(home)
    hold, key = held(home, days=60)
    home.clock.move(days=20)
    home.work()
    assert home.rows()["subjects"] == 1
    home.call("DELETE", f"/v1/holds/{hold}", key=key)
    home.work()
    assert home.rows()["subjects"] == 0


def test_a_correction_changes_nothing_under_a_hold(home: Home) -> None:
    consented_minor(home)
    _, key = held(home)
    correct(home, key, "alex", ADULT)
    assert decision(home, "alex") == "restricted"


def test_a_hold_that_nobody_approved_ends_without_a_trace_on_the_subject(home: Home) -> None:
    consented_minor(home)
    one, other = two(home)
    hold = ask(home, one, days=1).json()["id"]
    home.clock.move(days=2)
    home.work()
    assert (approve(home, other, hold).status_code, decision(home, "alex")) == (404, "consented")


def test_asking_again_is_the_same_hold_and_another_is_refused(home: Home) -> None:
    consented_minor(home)
    one, other = two(home)
    first = ask(home, one).json()
    assert (ask(home, one).json()["id"], ask(home, other).status_code) == (first["id"], 409)


def test_another_services_hold_is_unknown(home: Home) -> None:
    consented_minor(home)
    hold, _ = held(home)
    foreign = operator(home, "scan", "jo-smith")
    replies = [home.call("DELETE", f"/v1/holds/{hold}", key=foreign), approve(home, foreign, hold)]
    assert [reply.status_code for reply in replies] == [404, 404]


def test_a_subject_that_nobody_named_cannot_be_held(home: Home) -> None:
    one, _ = two(home)
    assert ask(home, one, "nobody").status_code == 404


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"reason": "curiosity"}, "/reason"),
        ({"owner": "\n"}, "/owner"),
        ({"days": 0}, "/ends_at"),
        ({"days": 1097}, "/ends_at"),
        ({"reference": "x@y.example"}, "/reference"),
    ],
)
def test_a_hold_that_says_nothing_usable_is_refused(home: Home, body: dict[str, object], pointer: str) -> None:
    consented_minor(home)
    one, _ = two(home)
    reply = ask(home, one, **body)  # type: ignore[arg-type]  # the table's own members
    assert (reply.status_code, reply.json()["errors"][0]["pointer"]) == (422, pointer)


def test_a_service_cannot_hold(home: Home) -> None:
    consented_minor(home)
    assert ask(home, home.keys["game"]).status_code == 403


def test_every_step_is_in_the_audit_log_with_who_took_it(home: Home) -> None:
    consented_minor(home)
    hold, key = held(home)
    purge(home)
    home.call("DELETE", f"/v1/holds/{hold}", key=key)
    with home.house.store.engine.connect() as connection:
        rows = connection.execute(select(ENTRIES.c.action, ENTRIES.c.actor)).all()
    kept = {(row.action, row.actor) for row in rows}
    assert kept >= {
        ("hold.requested", "operator:jo-smith"),
        ("hold.approved", "operator:al-jones"),
        ("purge.waits", "agegate"),
        ("hold.ended", "operator:jo-smith"),
        ("purge.ordered", "agegate"),
    }


def test_the_same_by_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGEGATE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("AGEGATE_ISSUER", ISSUER)
    home = open_home(tmp_path, utc_now())
    home.register("game", "deepseek")
    sign_up(home, "alex", ADULT)
    home.house.close()
    add = ("hold", "add", "alex", "--service", "game", "--reason", "regulator", "--owner", "legal-team")
    asked = run(*add, "--until", f"{utc_now().year + 1}-01-31", "--operator", "jo-smith")
    hold = asked.stdout.strip()
    own = run("hold", "approve", hold, "--service", "game", "--operator", "jo-smith")
    other = run("hold", "approve", hold, "--service", "game", "--operator", "al-jones")
    listed = json.loads(run("hold", "list", "--service", "game", "--json").stdout)
    released = run("hold", "release", hold, "--service", "game", "--operator", "al-jones")
    assert [asked.exit_code, own.exit_code, other.exit_code, released.exit_code] == [0, 1, 0, 0]
    assert (listed[0]["state"], listed[0]["approved_by"]) == ("active", "al-jones")
