"""`agegate holder …` and `agegate purge …`: terms of holders, closing by two people, the OpenDSR export."""

import json
from pathlib import Path

import pytest

from agegate.flows.purge_subject import PurgeSubject
from agegate.rules.purge import PurgeReason
from agegate.store.registry import find_service
from agegate.store.transaction import Transaction
from tests.cli.commands import run
from tests.houses import open_home


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AGEGATE_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    run("service", "add", "game", "--profile", "deepseek")
    return tmp_path


def ordered(folder: Path) -> str:
    """A purge of somebody at every holder."""
    home = open_home(folder)

    def unit(tx: Transaction) -> str:
        service = find_service(tx, "game")
        assert service is not None
        view = PurgeSubject(home.house.purge)(tx, service, "sam", PurgeReason.SERVICE_REQUEST, home.clock())
        return view.purge.id  # type: ignore[union-attr]  # it was just made

    purge = home.house.store.write_now(unit)
    home.house.close()
    return purge


def shown(purge: str, form: str = "--json") -> dict[str, object]:
    return dict(json.loads(run("purge", "show", purge, form).stdout))


@pytest.mark.parametrize(("text", "code"), [("7d", 0), ("30d", 0), ("31d", 2), ("0d", 2), ("soon", 2), ("-1d", 2)])
def test_a_deadline_is_a_span_of_at_most_thirty_days(text: str, code: int) -> None:
    assert run("holder", "add", "game", "logs", "--deadline", text).exit_code == code


def test_a_leg_is_due_by_its_holders_deadline(folder: Path) -> None:
    run("holder", "add", "game", "logs", "--deadline", "12h", "--category", "chats")
    legs = shown(ordered(folder))["legs"]
    assert isinstance(legs, list)
    assert [(leg["due_at"], leg["categories"]) for leg in legs] == [("2026-11-22T21:00:00Z", ["chats"])]


@pytest.mark.parametrize("url", ["http://127.0.0.1:9000/", "https://127.0.0.1/", "https://[::1]/", "https://10.0.0.1/"])
def test_an_address_that_leads_inside_is_refused_in_one_way(url: str) -> None:
    for words in (("holder", "add", "game", "logs"), ("holder", "move", "game", "logs")):
        came = run(*words, url)
        assert (came.exit_code, "not_public_https" in came.stderr) == (1, True)


def test_a_holder_that_is_not_registered_cannot_move() -> None:
    assert run("holder", "move", "game", "nobody").exit_code == 1


def test_a_leg_is_closed_by_two_people_and_not_by_one(folder: Path) -> None:
    run("holder", "add", "game", "logs")
    for name in ("jo", "ann"):
        run("operator", "add", name)
    close = ("purge", "close", ordered(folder), "logs", "--reason", "out_of_business", "--operator")
    assert [run(*close, name).exit_code for name in ("jo", "jo", "nobody", "ann")] == [0, 1, 1, 0]
    legs = shown(close[2])["legs"]
    assert isinstance(legs, list)
    assert [leg["state"] for leg in legs] == ["unreachable"]


def test_a_reason_is_a_code() -> None:
    assert run("purge", "close", "p", "logs", "--reason", "They are gone", "--operator", "jo").exit_code == 2


def test_a_purge_can_be_shown_in_the_words_of_opendsr(folder: Path) -> None:
    run("holder", "add", "game", "logs", "--deadline", "7d")
    purge = ordered(folder)
    said = shown(purge, "--opendsr")
    known = ("subject_request_id", "subject_request_type", "request_status", "expected_completion_time")
    assert [said[name] for name in known] == [purge, "erasure", "pending", "2026-11-29T09:00:00Z"]
    assert "sam" not in json.dumps(said)
