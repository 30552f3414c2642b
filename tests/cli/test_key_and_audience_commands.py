"""`agegate audience` and `agegate keys`, as an operator types them."""

import json
import logging
import re
from pathlib import Path

import pytest

from tests.cli.commands import run

CHAT = "https://chat.example"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGEGATE_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    run("service", "add", "game", "--profile", "deepseek")


def keys() -> list[dict[str, str]]:
    listed: list[dict[str, str]] = json.loads(run("keys", "list", "--json").stdout)
    return listed


def test_an_audience_is_registered_with_its_thresholds_and_changed_by_the_same_words() -> None:
    assert run("audience", "add", "game", CHAT, "--over", "18", "--over", "13").exit_code == 0
    assert run("audience", "add", "game", CHAT, "--over", "21", "--pairwise").exit_code == 0
    assert json.loads(run("audience", "list", "--json").stdout) == [
        {"service": "game", "name": CHAT, "over": [21], "pairwise": True}
    ]


def test_audiences_are_listed_for_people() -> None:
    run("audience", "add", "game", CHAT, "--over", "18")
    assert "over 18" in run("audience", "list").stdout


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["nobody", CHAT], 1),
        (["game", "a b"], 2),
        (["game", "x" * 257], 2),
        (["game", CHAT, "--over", "0"], 2),
        (["game", CHAT, "--over", "100"], 2),
    ],
)
def test_what_is_no_audience_is_refused(words: list[str], code: int) -> None:
    assert run("audience", "add", *words).exit_code == code


def test_a_rotation_prints_the_next_key_and_shows_it_waiting() -> None:
    made = run("keys", "rotate")
    assert [(key["kid"] == made.stdout.strip(), key["state"]) for key in keys()] == [(True, "next"), (False, "active")]


def test_a_second_rotation_waits_for_the_first() -> None:
    run("keys", "rotate", "--lead", "2d")
    assert run("keys", "rotate").exit_code == 1


@pytest.mark.parametrize("lead", ["", "soon", "-1", "1.5h", "31d", "1w"])
def test_a_lead_is_a_plain_span(lead: str) -> None:
    assert run("keys", "rotate", "--lead", lead).exit_code == 2


def test_a_revocation_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    (first,) = keys()
    with caplog.at_level(logging.WARNING, "agegate.keys"):
        done = run("keys", "revoke", first["kid"], "--operator", "jo-smith")
    assert (done.exit_code, [key["state"] for key in keys()]) == (0, ["active", "revoked"])
    assert [(record.getMessage(), record.__dict__["kid"]) for record in caplog.records] == [
        ("key-revoked", first["kid"])
    ]


@pytest.mark.parametrize(
    ("words", "code"),
    [(["x"], 2), (["x", "--operator", " "], 2), (["x", "--operator", "a\nb"], 2), (["-x", "--operator", "jo"], 1)],
)
def test_a_revocation_needs_a_person_and_a_known_key(words: list[str], code: int) -> None:
    assert run("keys", "revoke", *words).exit_code == code


def test_keys_are_listed_for_people_with_their_whole_names() -> None:
    assert re.search(r"[A-Za-z0-9_-]{43}", run("keys", "list").stdout)


def test_a_holder_can_be_aimed_at_an_audience() -> None:
    words = ("holder", "add", "game", "archive", "https://archive.example/orders", "--audience", CHAT)
    assert run(*words).exit_code == 0
