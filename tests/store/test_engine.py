"""Opening the database: strong settings or no start at all."""

import stat
from pathlib import Path
from urllib.parse import quote

import pytest

from agegate.environment import CannotStart
from agegate.store.engine import open_engine, reading


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("secure_delete", 1), ("busy_timeout", 5000)],
)
def test_every_connection_to_sqlite_is_durable_and_overwrites_what_it_deletes(
    tmp_path: Path, pragma: str, value: object
) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/database.sqlite3")
    for opened in (engine, reading(engine)):
        with opened.connect() as connection:
            assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value
    engine.dispose()


def test_the_folder_of_a_new_database_is_for_its_owner_alone(tmp_path: Path) -> None:
    open_engine(f"sqlite:///{tmp_path}/new/database.sqlite3").dispose()
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700


@pytest.mark.parametrize("address", ["sqlite://", "sqlite:///:memory:"])
def test_a_database_that_forgets_is_refused(address: str) -> None:
    with pytest.raises(CannotStart, match="lose acknowledged writes"):
        open_engine(address)


@pytest.mark.parametrize("setting", ["synchronous_commit=off"])
def test_a_postgresql_that_could_lose_a_write_is_refused(postgres_server: str, setting: str) -> None:
    with pytest.raises(CannotStart, match=setting.partition("=")[0]):
        open_engine(f"{postgres_server}/postgres?options={quote('-c ' + setting)}")


@pytest.mark.parametrize("address", ["", "nonsense", "mysql://root@localhost/x", "oracle://x", "file:///x"])
def test_an_address_of_no_database_is_refused(address: str) -> None:
    with pytest.raises(CannotStart, match="AGEGATE_DATABASE_URL"):
        open_engine(address)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "database.sqlite3").write_bytes(b"not a database at all" * 1000)
    with pytest.raises(CannotStart, match="does not answer"):
        open_engine(f"sqlite:///{tmp_path}/database.sqlite3")


def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(CannotStart, match="does not answer"):
        open_engine(f"sqlite:///{tmp_path}/file/database.sqlite3")


def test_a_server_that_does_not_answer_is_refused_without_its_password() -> None:
    with pytest.raises(CannotStart) as refused:
        open_engine("postgresql://agegate:tell-nobody@127.0.0.1:9/agegate")
    assert "tell-nobody" not in str(refused.value)
