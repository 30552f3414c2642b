"""A server that must not run says why and ends with 78; a command that is refused says what to do."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.postgres import free_port

Ran = subprocess.CompletedProcess[str]


def agegate(folder: Path, *words: str, **settings: str) -> Ran:
    """A command in a process of its own, on a data folder of its own."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AGEGATE_")}
    environment |= {"AGEGATE_DATA": str(folder / "data")} | settings
    return subprocess.run(
        [sys.executable, "-m", "agegate", *words],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def broken_key(folder: Path) -> dict[str, str]:
    (folder / "keys.json").write_text("{}")
    (folder / "keys.json").chmod(0o600)
    return {"AGEGATE_KEK_FILE": str(folder / "keys.json")}


def open_key(folder: Path) -> dict[str, str]:
    agegate(folder, "init")
    (folder / "data" / "keys.json").chmod(0o644)
    return {}


def foreign_key(folder: Path) -> dict[str, str]:
    agegate(folder, "init")
    agegate(folder / "other", "init")
    return {"AGEGATE_KEK_FILE": str(folder / "other" / "data" / "keys.json")}


def no_database(folder: Path) -> dict[str, str]:
    (folder / "file").write_text("this is no database, and long enough to be none" * 40)
    return {"AGEGATE_DATABASE_URL": f"sqlite:///{folder}/file"}


def bad_profile(folder: Path) -> dict[str, str]:
    (folder / "data" / "profiles").mkdir(parents=True)
    (folder / "data" / "profiles" / "mine.toml").write_text('name = "mine"\nversion = "one"\n')
    return {}


def production(folder: Path) -> dict[str, str]:
    del folder
    return {"AGEGATE_ENVIRONMENT": "production"}


@pytest.mark.parametrize(
    ("prepare", "said"),
    [
        (broken_key, "damaged"),
        (open_key, "chmod 600"),
        (foreign_key, "Use the key file that belongs to this database"),
        (no_database, "The database does not answer"),
        (bad_profile, "mine.toml:2:"),
        (production, "AGEGATE_KEK_FILE must be set in production"),
        (lambda _: {"AGEGATE_DATABASE_URL": "nonsense"}, "not an address of a database"),
        (lambda _: {"AGEGATE_DATABASE_URL": "postgresql://127.0.0.1:1/none"}, "Check AGEGATE_DATABASE_URL"),
        (lambda _: {"AGEGATE_ISSUER": "http://age.example"}, "must be https"),
        (lambda _: {"AGEGATE_MAIL_URL": "pigeon:coop"}, "AGEGATE_MAIL_URL"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_a_server_that_must_not_run_says_why_and_ends_with_78(tmp_path: Path, prepare: object, said: str) -> None:
    assert callable(prepare)
    # A port of its own, since tests run beside each other.
    ran = agegate(tmp_path, "serve", "--port", str(free_port()), **prepare(tmp_path))
    assert (ran.returncode, said in ran.stderr) == (78, True), ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_key_is_alone_on_stdout_so_that_a_shell_can_keep_it(tmp_path: Path) -> None:
    agegate(tmp_path, "service", "add", "game", "--profile", "deepseek")
    ran = agegate(tmp_path, "key", "add", "game", "--scope", "signup")
    assert ran.stdout.startswith("ag_")
    assert ran.stdout.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["service", "add", "game", "--profile", "nothing"], 1),
        (["service", "add", "Not A Name", "--profile", "deepseek"], 2),
        (["key", "add", "nobody", "--scope", "signup"], 1),
        (["key", "add", "nobody", "--scope", "everything"], 2),
        (["key", "add", "nobody", "--scope", "holder"], 2),
        (["holder", "add", "nobody", "archive", "http://127.0.0.1:9/x"], 1),
        (["purge", "show", "nothing"], 1),
        (["nonsense"], 2),
    ],
)
def test_a_refused_command_ends_with_its_code_and_a_reason(tmp_path: Path, words: list[str], code: int) -> None:
    ran = agegate(tmp_path, *words)
    assert (ran.returncode, bool(ran.stderr.strip())) == (code, True)


def test_a_second_server_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    agegate(tmp_path, "init")
    environment = os.environ | {"AGEGATE_DATA": str(tmp_path / "data")}
    first = subprocess.Popen(
        [sys.executable, "-m", "agegate", "serve", "--port", "18461"],
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert first.stderr is not None
    assert "agegate serves" in first.stderr.readline()
    second = agegate(tmp_path, "serve", "--port", "18462")
    first.terminate()
    first.communicate(timeout=20)
    assert (second.returncode, "Another agegate serves" in second.stderr) == (78, True)


def test_a_key_file_can_be_made_before_there_is_a_database(tmp_path: Path) -> None:
    made = agegate(tmp_path, "init", "--key-file-only", AGEGATE_DATABASE_URL="postgresql://127.0.0.1:1/none")
    assert (made.returncode, (tmp_path / "data" / "keys.json").stat().st_mode & 0o777) == (0, 0o600), made.stderr


def test_a_key_file_that_cannot_be_written_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    told = agegate(tmp_path, "init", AGEGATE_KEK_FILE=str(tmp_path / "file" / "keys.json"))
    assert (told.returncode, "--key-file-only" in told.stderr) == (78, True), told.stderr
