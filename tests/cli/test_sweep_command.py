"""`agegate sweep` without --apply: what it prints, writes and leaves alone."""

import csv
import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.cli.commands import run
from tests.sweeping.files import CHILD, FULL, HEADER, OLD, TEEN, made_up, write_csv, write_ndjson

ROWS = [f"adult,{OLD},DE", f"teen,{TEEN},DE", f"child,{CHILD},US", "broken,1990-99-99,DE"]


@pytest.fixture(autouse=True)
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A data folder with the service `game`, and a working folder beside it."""
    monkeypatch.setenv("AGEGATE_DATA", str(tmp_path / "data"))
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    assert run("service", "add", "game", "--profile", "deepseek").exit_code == 0


def test_the_report_counts_by_place_and_answer(tmp_path: Path) -> None:
    done = run("sweep", str(write_csv(tmp_path / "accounts.csv", ROWS)), "--service", "game", "--json")
    told = json.loads(done.stdout)
    assert (done.exit_code, told["rows"], told["judged"], told["rejected"]) == (0, 4, 3, 1)
    assert [place["code"] for place in told["jurisdictions"]] == ["DE", "US"]
    assert told["without_consent"] == 2
    assert json.loads(Path("accounts.sweep.json").read_text()) == told


def test_the_table_names_places_and_what_was_passed_over(tmp_path: Path) -> None:
    done = run("sweep", str(write_csv(tmp_path / "accounts.csv", ROWS)), "--service", "game")
    assert done.exit_code == 0
    assert "Germany (DE)" in done.stdout
    assert "not_a_date" in done.stdout
    assert "--apply" in done.stderr


def test_rejected_rows_are_listed_by_line_and_never_by_value(tmp_path: Path) -> None:
    run("sweep", str(write_csv(tmp_path / "accounts.csv", ROWS)), "--service", "game")
    with Path("accounts.rejected.csv").open(newline="") as file:
        listed = list(csv.reader(file))
    assert listed == [["line", "column", "reason"], ["5", "date_of_birth", "not_a_date"]]


def test_a_file_without_faults_leaves_no_list_of_them(tmp_path: Path) -> None:
    Path("accounts.rejected.csv").write_text("of an earlier run")
    run("sweep", str(write_csv(tmp_path / "accounts.csv", ROWS[:3])), "--service", "game")
    assert not Path("accounts.rejected.csv").exists()


def test_the_picture_is_well_formed_and_has_every_country(tmp_path: Path) -> None:
    run("sweep", str(write_csv(tmp_path / "accounts.csv", made_up(300), FULL)), "--service", "game")
    drawn = ET.parse("accounts.sweep.svg").getroot()  # noqa: S314 - our own file
    titles = [element.text or "" for element in drawn.iter("{http://www.w3.org/2000/svg}title")]
    assert any(title.startswith("Germany (DE): ") for title in titles)


def test_ndjson_is_read_alike(tmp_path: Path) -> None:
    rows = [dict(zip(HEADER.split(","), row.split(","), strict=True)) for row in ROWS]
    told = json.loads(
        run("sweep", str(write_ndjson(tmp_path / "a.ndjson", rows)), "--service", "game", "--json").stdout
    )
    assert (told["judged"], told["rejected"]) == (3, 1)


def test_no_output_holds_anything_of_a_person(tmp_path: Path) -> None:
    rows = ["secret-1,1987-06-05,DE,hidden@example.com", "secret-2,1987-06-55,DE,hidden@example.com", "x,1,2"]
    done = run("sweep", str(write_csv(tmp_path / "accounts.csv", rows, f"{HEADER},email")), "--service", "game")
    written = "".join(path.read_text() for path in Path().iterdir())
    for personal in ("secret", "1987", "hidden"):
        assert personal not in done.stdout + done.stderr + written


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("sweep", "missing.csv", "--service", "game"), 2),
        (("sweep", "header.csv", "--service", "game"), 2),
        (("sweep", "good.csv", "--service", "nobody"), 1),
        (("sweep", "good.csv"), 2),
    ],
)
def test_wrong_use_and_refusals_have_their_codes(words: tuple[str, ...], code: int) -> None:
    write_csv(Path("good.csv"), ROWS)
    write_csv(Path("header.csv"), ROWS, "id,born,where")
    assert run(*words).exit_code == code
