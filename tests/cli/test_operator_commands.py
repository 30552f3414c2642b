"""`agegate operator add`: a person's key, for the one service there is or the one that is named."""

from pathlib import Path

import pytest

from tests.cli.commands import run

SERVICE = ("--profile", "deepseek")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGEGATE_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)


def test_with_one_service_no_name_is_needed_and_only_the_key_is_printed() -> None:
    run("service", "add", "game", *SERVICE)
    came = run("operator", "add", "jo-smith")
    assert (came.exit_code, came.stdout.startswith("ag_"), len(came.stdout.splitlines())) == (0, True, 1)


def test_with_several_services_one_has_to_be_named() -> None:
    run("service", "add", "game", *SERVICE)
    run("service", "add", "chat", *SERVICE)
    came = run("operator", "add", "jo-smith")
    assert (came.exit_code, "chat, game" in came.stderr) == (2, True)
    assert run("operator", "add", "jo-smith", "--service", "chat").exit_code == 0


def test_without_a_service_there_is_nothing_to_operate() -> None:
    came = run("operator", "add", "jo-smith")
    assert (came.exit_code, "agegate service add" in came.stderr) == (2, True)


def test_an_unknown_service_is_refused() -> None:
    run("service", "add", "game", *SERVICE)
    assert run("operator", "add", "jo-smith", "--service", "gone").exit_code == 1
