"""Profiles of one's own beside the shipped ones."""

from pathlib import Path

import pytest

import agegate.law.loader
from agegate.law.loader import BadFile, all_profiles, load_law

LAW = load_law()
SHIPPED = Path(agegate.law.loader.__file__).parent / "profiles"


def written(folder: Path, file: str, good: str = "", bad: str = "") -> None:
    text = (SHIPPED / "deepseek.toml").read_text("utf-8")
    (folder / file).write_text(text.replace(good, bad, 1) if good else text, encoding="utf-8")


def test_without_a_folder_the_shipped_profiles_are_all_there_are(tmp_path: Path) -> None:
    assert sorted(all_profiles(tmp_path / "none", LAW)) == ["coppa-general", "deepseek", "deepseek-ocr", "social-media"]


def test_a_profile_of_ones_own_joins_them(tmp_path: Path) -> None:
    written(tmp_path, "chat.toml", 'name = "deepseek"', 'name = "chat"')
    assert "chat" in all_profiles(tmp_path, LAW)


def test_a_profile_of_ones_own_wins_by_name(tmp_path: Path) -> None:
    written(tmp_path, "own.toml", "version = 1", "version = 7")
    assert all_profiles(tmp_path, LAW)["deepseek"].label == "deepseek@7"


def test_the_faults_of_all_files_stand_in_one_report(tmp_path: Path) -> None:
    written(tmp_path, "a.toml", "version = 1", "version = 0")
    written(tmp_path, "b.toml", "discloses = true", "discloses = 1")
    with pytest.raises(BadFile) as refused:
        all_profiles(tmp_path, LAW)
    assert [fault.file for fault in refused.value.faults] == ["a.toml", "b.toml"]


def test_two_profiles_of_one_name_are_refused(tmp_path: Path) -> None:
    written(tmp_path, "a.toml")
    written(tmp_path, "b.toml")
    with pytest.raises(BadFile, match=r"b.toml:1: is the second profile named deepseek here. Rename one"):
        all_profiles(tmp_path, LAW)
