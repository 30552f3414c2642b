"""The key file: for its owner alone, never overwritten, and refused with a reason when it is not what it was."""

import json
import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agegate.entropy import system_entropy
from agegate.environment import CannotStart
from agegate.store.keyring import Keyring, is_open_to_others

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


@pytest.mark.parametrize(
    ("mode", "owner", "group", "read_only", "is_open"),
    [
        (0o600, 1000, 1000, False, False),  # our own file
        (0o400, 0, 0, True, False),
        (0o640, 1000, 1000, False, True),
        (0o440, 0, 10001, True, False),  # a secret of Kubernetes: fsGroup is our group
        (0o640, 0, 10001, True, False),
        (0o440, 0, 0, True, False),  # a credential of systemd: root's, and an entry for us
        (0o440, 0, 10001, False, True),  # not a mount: root could have meant any group
        (0o440, 0, 20002, True, True),  # a group that is not ours
        (0o440, 1000, 10001, True, True),  # not root's: its owner can open it
        (0o444, 0, 10001, True, True),
        (0o660, 0, 10001, True, True),
    ],
)
def test_a_mounted_secret_may_be_read_by_way_of_our_group(
    mode: int, owner: int, group: int, read_only: bool, is_open: bool
) -> None:
    found = os.stat_result((0o100000 | mode, 1, 1, 1, owner, group, 100, 0, 0, 0))
    assert is_open_to_others(found, read_only=read_only, groups={10001, 1000}) is is_open
