"""The commands that check a profile and show it for the whole world."""

import csv
import json
from pathlib import Path

import pytest

import agegate.law.loader
from tests.cli.commands import run

SHIPPED = Path(agegate.law.loader.__file__).parent / "profiles"
DAY = ("--on", "2026-11-22")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder without a house; the folder of own profiles in it."""
    monkeypatch.chdir(tmp_path)
    return tmp_path / "agegate-data" / "profiles"


def written(file: Path, good: str, bad: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text((SHIPPED / "deepseek.toml").read_text("utf-8").replace(good, bad, 1), encoding="utf-8")
    return file


@pytest.mark.parametrize("name", ["coppa-general", "deepseek", "deepseek-ocr", "social-media"])
def test_a_shipped_profile_is_ok(name: str) -> None:
    answer = run("profile", "check", str(SHIPPED / f"{name}.toml"))
    assert (answer.exit_code, answer.stdout.partition(",")[0]) == (0, f"ok: {name}@1")


def test_a_good_profile_is_a_fact() -> None:
    told = json.loads(run("profile", "check", str(SHIPPED / "deepseek.toml"), "--json").stdout)
    assert told == {"ok": True, "profile": "deepseek@1"}


def test_every_fault_is_told_with_its_line_and_exit_code_78(tmp_path: Path) -> None:
    file = written(tmp_path / "own.toml", "discloses = true", "discloses = 1\nblock_blow = 14")
    answer = run("profile", "check", str(file))
    assert (answer.exit_code, answer.stdout.splitlines()) == (
        78,
        [
            "own.toml:7: discloses must be true or false",
            "own.toml:8: block_blow is not a known key here. Correct its spelling or take it out",
        ],
    )


def test_a_fault_is_a_fact(tmp_path: Path) -> None:
    file = written(tmp_path / "own.toml", "version = 1", "version = 0")
    answer = run("profile", "check", str(file), "--json")
    told = json.loads(answer.stdout)
    assert (answer.exit_code, told["ok"], told["faults"][0]["file"], told["faults"][0]["line"]) == (
        78,
        False,
        "own.toml",
        4,
    )


def test_a_file_that_is_not_there_is_wrong_use(tmp_path: Path) -> None:
    assert run("profile", "check", str(tmp_path / "none.toml")).exit_code == 2


def test_the_table_shows_every_place_and_the_default() -> None:
    shown = run("profile", "table", "deepseek-ocr", *DAY).stdout
    assert "deepseek-ocr@1 on 2026-11-22" in shown
    assert "Every other country" in shown


def test_the_table_as_csv_has_one_line_for_each_place() -> None:
    shown = list(csv.DictReader(run("profile", "table", "deepseek-ocr", *DAY, "--format", "csv").stdout.splitlines()))
    by_code = {line["code"]: line for line in shown}
    assert (len(shown), by_code["DE"]["minimum_age"], by_code["DE"]["rules"], by_code["*"]["mark"]) == (
        112,
        "16",
        "DE-gdpr8",
        "default",
    )


@pytest.mark.parametrize("flags", [("--format", "json"), ("--json",)], ids=" ".join)
def test_the_table_is_a_fact(flags: tuple[str, ...]) -> None:
    told = json.loads(run("profile", "table", "deepseek", *DAY, *flags).stdout)
    place = next(place for place in told["places"] if place["code"] == "DE")
    assert (
        told["profile"],
        place["minimum_age"],
        place["consent_below"],
        place["method"],
        place["rules"][0]["id"],
    ) == (
        "deepseek@1",
        14,
        18,
        "email",
        "DE-gdpr8",
    )


def test_the_table_looks_ahead() -> None:
    days = ("2026-11-30", "2026-12-01")
    told = [json.loads(run("profile", "table", "deepseek-ocr", "--on", day, "--json").stdout) for day in days]
    ages = [next(place["minimum_age"] for place in day["places"] if place["code"] == "CL") for day in told]
    assert ages == [18, 14]


@pytest.mark.parametrize(
    ("layout", "begins"),
    [("svg", "<svg xmlns="), ("csv", "code,name,"), ("json", '{\n  "profile"'), ("table", "   ")],
)
def test_the_table_is_written_to_a_file(tmp_path: Path, layout: str, begins: str) -> None:
    answer = run("profile", "table", "deepseek-ocr", *DAY, "--format", layout, "--out", str(tmp_path / "out"))
    assert (answer.exit_code, answer.stdout) == (0, "")
    assert (tmp_path / "out").read_text("utf-8").startswith(begins)


def test_a_profile_of_ones_own_has_a_table(folder: Path) -> None:
    written(folder / "chat.toml", 'name = "deepseek"', 'name = "chat"')
    assert "chat@1 on 2026-11-22" in run("profile", "table", "chat", *DAY).stdout


def test_a_profile_nobody_knows_is_refused_with_those_there_are() -> None:
    answer = run("profile", "table", "chat")
    assert (answer.exit_code, answer.stdout) == (1, "")
    assert "Known: coppa-general, deepseek, deepseek-ocr, social-media." in answer.stderr


def test_a_bad_profile_of_ones_own_stops_the_table(folder: Path) -> None:
    written(folder / "chat.toml", "version = 1", "version = 0")
    answer = run("profile", "table", "deepseek")
    assert (answer.exit_code, answer.stdout) == (78, "")
    assert "chat.toml:4: version must be a whole number from 1" in answer.stderr


def test_the_table_opens_no_house(tmp_path: Path) -> None:
    run("profile", "table", "deepseek")
    assert list(tmp_path.iterdir()) == []
