"""What a person at a shell gets: export, verify here and elsewhere, prove; and keys that end."""

import json
from pathlib import Path

import pytest

from agegate.clock import utc_now
from tests.cli.commands import run
from tests.houses import ISSUER, open_home
from tests.journeys.people import ADULT, sign_up


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder in which ada signed up; closed, so that commands open it."""
    monkeypatch.setenv("AGEGATE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("AGEGATE_ISSUER", ISSUER)
    home = open_home(tmp_path, utc_now())
    home.register("game", "deepseek")
    sign_up(home, "ada", ADULT)
    (tmp_path / "jwks.json").write_text(json.dumps(home.call("GET", "/.well-known/jwks-archive.json").json()))
    home.house.close()
    return tmp_path


def export(folder: Path) -> Path:
    file = folder / "log.ndjson"
    assert run("audit", "export", str(file)).exit_code == 0
    return file


def test_the_log_in_the_database_is_verified(folder: Path) -> None:
    answer = run("audit", "verify", "--json")
    assert (answer.exit_code, json.loads(answer.stdout)["entries"]) == (0, 3)
    assert (folder / "data" / "ledger" / "audit-checkpoints.txt").exists()


def test_an_export_is_verified_with_the_public_keys_alone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = export(folder)
    monkeypatch.setenv("AGEGATE_DATA", str(folder / "nowhere"))
    answer = run("audit", "verify", str(file), "--keys", str(folder / "jwks.json"), "--issuer", ISSUER, "--accept-test")
    assert (answer.exit_code, (folder / "nowhere").exists()) == (0, False)


def test_test_evidence_is_refused_unless_asked_for(folder: Path) -> None:
    file = export(folder)
    answer = run("audit", "verify", str(file), "--keys", str(folder / "jwks.json"), "--issuer", ISSUER)
    assert (answer.exit_code, "test_evidence" in answer.stderr) == (1, True)


def test_an_edited_export_is_refused_with_the_place(folder: Path) -> None:
    file = export(folder)
    file.write_bytes(file.read_bytes().replace(b'"service:game"', b'"service:scan"'))
    answer = run("audit", "verify", str(file))
    assert (answer.exit_code, "was changed" in answer.stderr) == (1, True)


def test_a_database_that_was_cut_short_is_betrayed_by_the_anchor(folder: Path) -> None:
    export(folder)
    anchor = folder / "data" / "ledger" / "audit-checkpoints.txt"
    anchor.write_text(anchor.read_text() * 2)
    assert run("audit", "verify").exit_code == 1


@pytest.mark.usefixtures("folder")
def test_prove_shows_a_subjects_entries() -> None:
    answer = run("audit", "prove", "ada", "--service", "game", "--json")
    assert [entry["action"] for entry in json.loads(answer.stdout)["entries"]] == ["signup.decided"]


@pytest.mark.usefixtures("folder")
def test_prove_refuses_whom_nobody_named() -> None:
    answer = run("audit", "prove", "nobody", "--service", "game")
    assert (answer.exit_code, "evidence has ended" in answer.stderr) == (1, True)


def test_a_revoked_key_is_kept_in_the_log_with_who_did_it(folder: Path) -> None:
    key = json.loads(run("key", "list", "--json").stdout)[0]["id"]
    assert run("key", "revoke", key, "--operator", "jo-smith").exit_code == 0
    assert '"actor":"operator:jo-smith"' in export(folder).read_text()


@pytest.mark.usefixtures("folder")
def test_a_key_ends_once() -> None:
    key = json.loads(run("key", "list", "--json").stdout)[0]["id"]
    run("key", "revoke", key, "--operator", "jo-smith")
    again = run("key", "revoke", key, "--operator", "jo-smith")
    assert (again.exit_code, "agegate key list" in again.stderr) == (1, True)
