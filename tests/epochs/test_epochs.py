"""A key a month: opened by itself, emptied by the worker, destroyed when no backup needs it any more."""

import json
import shutil
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agegate.entropy import system_entropy
from agegate.flows.destroy_epoch import DestroyEpoch, EpochRefusal
from agegate.flows.keep_epochs import RewrapKeys
from agegate.rules.epochs import current_epoch, next_epoch
from agegate.store.key_epochs import KeyEpoch, add_epoch, count_wrapped, find_epoch
from tests.epochs.months import look_after, opened_fields, to_month, wrapped_under
from tests.houses import Home
from tests.journeys.people import ADULT, sign_up

NOVEMBER, DECEMBER = "2026-11", "2026-12"


def destroy(home: Home, name: str, second: str | None = None) -> EpochRefusal | None:
    """What the command does."""
    flow, sealing, now = DestroyEpoch(home.house.audit), home.house.epochs.sealing()[0], home.clock()
    refused = home.house.store.write_now(lambda tx: flow(tx, name, "jo-smith", second, sealing, now))
    if refused is None:
        home.house.epochs.destroy(name)
    return refused


def november(home: Home) -> KeyEpoch:
    """What the database knows of that month's key."""
    found = home.house.store.read_now(lambda tx: find_epoch(tx, NOVEMBER))
    assert found is not None
    return found


def signed_up(home: Home, *subjects: str) -> None:
    for subject in subjects:
        assert sign_up(home, subject, ADULT).status_code == 201


@pytest.mark.parametrize(
    ("name", "after"), [("2026-11", "2026-12"), ("2026-12", "2027-01"), ("2027-01", "2027-02"), ("0999-09", "0999-10")]
)
def test_the_next_epoch_is_the_month_after(name: str, after: str) -> None:
    assert next_epoch(name) == after


@pytest.mark.parametrize(
    ("now", "sealing"),
    [
        (datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC), NOVEMBER),
        (datetime(2026, 12, 1, tzinfo=UTC), DECEMBER),
        (datetime(2027, 3, 1, tzinfo=UTC), DECEMBER),
        (datetime(2026, 10, 31, tzinfo=UTC), None),
    ],
)
def test_the_newest_epoch_that_has_begun_seals(now: datetime, sealing: str | None) -> None:
    assert current_epoch([DECEMBER, NOVEMBER], now) == sealing


def test_a_months_key_is_made_before_it_begins_and_seals_from_its_first_moment(home: Home) -> None:
    to_month(home, 2026, 12)
    signed_up(home, "ada")
    assert wrapped_under(home.house.store.engine) == [DECEMBER]


def test_when_a_month_is_over_what_lives_is_wrapped_anew_and_still_opens(home: Home) -> None:
    signed_up(home, "ada", "bo")
    to_month(home, 2026, 12)
    assert wrapped_under(home.house.store.engine) == [DECEMBER, DECEMBER]
    assert sign_up(home, "ada", ADULT).status_code == 200


def test_a_run_that_was_cut_short_goes_on_where_it_stopped(home: Home) -> None:
    signed_up(home, "ada")
    house = home.house
    house.store.write_now(lambda tx: add_epoch(tx, NOVEMBER, home.clock()))
    house.epochs.open_epoch(DECEMBER, system_entropy)
    home.clock.now = datetime(2026, 12, 1, tzinfo=UTC)
    flow = RewrapKeys(house.vault, house.epochs, house.audit)
    assert house.store.write_now(lambda tx: flow(tx, NOVEMBER, home.clock()))
    assert (november(home).cursor, november(home).rewrapped_at) == ("1:", None)
    look_after(home)
    assert (november(home).rewrapped_at, wrapped_under(house.store.engine)) == (home.clock(), [DECEMBER])


def test_a_purge_wraps_its_subject_under_the_month_it_is_in_and_its_legs_still_name_it(home: Home) -> None:
    home.register_holder("game", "logs")
    signed_up(home, "ada")
    home.call("DELETE", "/v1/subjects/ada", key=home.keys["game"])
    to_month(home, 2026, 12)
    shown = home.call("GET", "/v1/purges?state=open", key=home.keys["game"]).json()
    assert (len(shown["purges"]), home.house.store.read_now(lambda tx: count_wrapped(tx, NOVEMBER))) == (1, 0)


def test_an_old_backup_opens_nothing_once_its_epochs_key_is_destroyed(sqlite_home: Home, tmp_path: Path) -> None:
    home, house = sqlite_home, sqlite_home.house
    signed_up(home, "ada", "bo", "cy")
    house.store.wipe_log()
    backup = f"sqlite:///{shutil.copy(tmp_path / 'database.sqlite3', tmp_path / 'backup.sqlite3')}"
    assert opened_fields(house.vault, backup) == 3
    home.call("DELETE", "/v1/subjects/ada", key=home.keys["game"])
    to_month(home, 2026, 12)
    home.clock.move(days=35)
    assert destroy(home, NOVEMBER) is None
    home.clock.move(seconds=2)
    assert (opened_fields(house.vault, backup), opened_fields(house.vault, str(house.store.engine.url))) == (0, 2)


def test_a_key_under_which_something_lives_cannot_be_destroyed_even_by_two(home: Home) -> None:
    signed_up(home, "ada")
    home.house.epochs.open_epoch(DECEMBER, system_entropy)
    look_after(home)
    home.clock.now = datetime(2026, 12, 5, tzinfo=UTC)
    assert destroy(home, NOVEMBER, second="al-jones") is EpochRefusal.LIVING


def test_a_key_that_backups_need_goes_only_by_two_people(home: Home) -> None:
    to_month(home, 2026, 12)
    home.clock.move(days=34, hours=23)
    assert destroy(home, NOVEMBER) is EpochRefusal.BACKUPS
    assert destroy(home, NOVEMBER, second="jo-smith") is EpochRefusal.ONE_PERSON
    assert destroy(home, NOVEMBER, second="al-jones") is None


@pytest.mark.parametrize(("name", "reason"), [(DECEMBER, EpochRefusal.SEALING), ("2020-01", EpochRefusal.UNKNOWN)])
def test_other_keys_cannot_be_destroyed(home: Home, name: str, reason: EpochRefusal) -> None:
    to_month(home, 2026, 12)
    assert destroy(home, name) is reason


def test_the_key_file_stays_for_its_owner_alone_and_keeps_its_root(sqlite_home: Home) -> None:
    path = sqlite_home.house.settings.key_file
    root = json.loads(path.read_text())["root"]
    to_month(sqlite_home, 2026, 12)
    assert (stat.S_IMODE(path.stat().st_mode), json.loads(path.read_text())["root"]) == (0o600, root)


def test_a_running_server_notices_a_key_that_another_process_made(sqlite_home: Home) -> None:
    look_after(sqlite_home)
    other = type(sqlite_home.house.epochs)(sqlite_home.house.settings.key_file, sqlite_home.clock)
    other.open_epoch("2027-05", system_entropy)
    sqlite_home.clock.move(seconds=2)
    assert "2027-05" in sqlite_home.house.epochs.names()
