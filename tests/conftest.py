"""The fixtures that all rooms share."""

import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from agegate.store.engine import open_engine
from agegate.store.migrate import migrate
from tests import postgres
from tests.houses import Home, furnished
from tests.journeys.people import waiting_minor

NUMBERS = count()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A PostgreSQL with a migrated database `template` to copy."""
    with postgres.server() as address:
        postgres.execute(
            f"{address}/postgres", "DROP DATABASE IF EXISTS agegate_template", "CREATE DATABASE agegate_template"
        )
        engine = open_engine(f"{address}/agegate_template")
        migrate(engine)
        engine.dispose()
        yield address


def sqlite_copy(file: Path, folder: Path) -> str:
    """The address of a copy in that folder."""
    return f"sqlite:///{shutil.copy(file, folder / 'database.sqlite3')}"


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy: the steps from the first table on take longer than most tests."""
    file = tmp_path_factory.mktemp("template") / "database.sqlite3"
    engine = open_engine(f"sqlite:///{file}")
    migrate(engine)
    engine.dispose()
    return file


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty, migrated database of its own, on each engine in turn."""
    if request.param == "sqlite":
        yield sqlite_copy(request.getfixturevalue("migrated_file"), tmp_path)
        return
    yield str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """The address of an empty, migrated database of its own on PostgreSQL."""
    name = f"agegate_test_{next(NUMBERS)}"
    postgres.execute(f"{postgres_server}/postgres", f"CREATE DATABASE {name} TEMPLATE agegate_template")
    yield f"{postgres_server}/{name}"
    postgres.execute(f"{postgres_server}/postgres", f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def sqlite_home(tmp_path: Path, migrated_file: Path) -> Iterator[Home]:
    """The same on SQLite only, for what looks into its files."""
    yield from furnished(tmp_path, sqlite_copy(migrated_file, tmp_path))


@pytest.fixture
def postgres_home(tmp_path: Path, postgres_url: str) -> Iterator[Home]:
    """The same on PostgreSQL only, for what several processes or a lost server are about."""
    yield from furnished(tmp_path, postgres_url)


@pytest.fixture
def home(tmp_path: Path, database_url: str) -> Iterator[Home]:
    """A house with the services `game` (profile deepseek) and `scan` (profile deepseek-ocr)."""
    yield from furnished(tmp_path, database_url)


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path) -> Iterator[Home]:
    """One house on SQLite for a whole file, for calls that must not change anything; `alex` waits for a guardian."""
    folder = tmp_path_factory.mktemp("still")
    for opened in furnished(folder, sqlite_copy(migrated_file, folder)):
        waiting_minor(opened)
        yield opened
