"""The key file: for its owner alone, never overwritten, and refused with a reason when it is not what it was."""

import json
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agegate.entropy import system_entropy
from agegate.settings import CannotStart
from agegate.store.keyring import Keyring

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A key file, just made."""
    made = tmp_path / "keys" / "keys.json"
    Keyring.make(system_entropy, NOW).write(made)
    return made


def test_a_key_file_is_read_as_it_was_written(tmp_path: Path) -> None:
    keys = Keyring.make(system_entropy, NOW)
    keys.write(tmp_path / "keys.json")
    assert Keyring.read(tmp_path / "keys.json") == keys


def test_a_key_file_is_for_its_owner_alone(path: Path) -> None:
    assert (stat.S_IMODE(path.stat().st_mode), stat.S_IMODE(path.parent.stat().st_mode)) == (0o600, 0o700)


def test_a_key_file_is_never_written_over(path: Path) -> None:
    with pytest.raises(FileExistsError):
        Keyring.make(system_entropy, NOW).write(path)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o610])
def test_a_key_file_that_others_may_read_is_refused(path: Path, mode: int) -> None:
    path.chmod(mode)
    with pytest.raises(CannotStart, match="chmod 600"):
        Keyring.read(path)


def test_a_missing_key_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match="cannot be read"):
        Keyring.read(tmp_path / "keys.json")


def damaged(path: Path, **changes: object) -> None:
    """Writes other content under the same mode."""
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", "null", '"keys"', "{}", '{"root": "AAAA"}', "\u00e4", '{"root":1,"epochs":[],"current":1}'],
)
def test_a_damaged_key_file_is_refused(path: Path, content: str) -> None:
    path.write_text(content)
    with pytest.raises(CannotStart, match="damaged"):
        Keyring.read(path)


@pytest.mark.parametrize(
    "changes",
    [{"current": "2030-01"}, {"root": "AAAA"}, {"epochs": {}}, {"epochs": {"2026-11": "AAAA"}}],
    ids=["no current", "short root", "no epochs", "short epoch"],
)
def test_a_key_file_without_a_usable_key_is_refused(path: Path, changes: dict[str, object]) -> None:
    damaged(path, **changes)
    with pytest.raises(CannotStart, match="no usable current key"):
        Keyring.read(path)


def test_a_key_that_is_no_base64_is_refused(path: Path) -> None:
    damaged(path, root="!" * 44)
    with pytest.raises(CannotStart, match="damaged"):
        Keyring.read(path)


def test_no_refusal_tells_a_key(path: Path) -> None:
    root = json.loads(path.read_text())["root"]
    damaged(path, current="2030-01")
    with pytest.raises(CannotStart) as refused:
        Keyring.read(path)
    assert root not in str(refused.value)


def test_each_purpose_has_a_key_of_its_own() -> None:
    keys = Keyring.make(system_entropy, NOW)
    derived = [keys.derive(purpose) for purpose in ("links", "digest/subject", "digest/address", "own-secrets")]
    assert (len({*derived, keys.root, *keys.epochs.values()}), {len(key) for key in derived}) == (6, {32})


def test_a_purpose_gives_the_same_key_on_every_start() -> None:
    keys = Keyring.make(system_entropy, NOW)
    assert keys.derive("links") == Keyring(keys.root, {"other": b"k" * 32}, "other").derive("links")
