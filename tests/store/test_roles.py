"""The roles of the server and the worker: enough for every journey, and nothing beyond."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlmodel import SQLModel

from agegate.store.engine import open_engine
from agegate.store.rights import RIGHTS, grant
from tests import postgres
from tests.houses import Home, furnished, open_home
from tests.journeys.people import consented_minor

APP, WORKER = "agegate_test_app", "agegate_test_worker"


@pytest.fixture(scope="module")
def database(postgres_server: str) -> Iterator[str]:
    """A database whose roles were given their rights, twice."""
    postgres.execute(f"{postgres_server}/postgres", "CREATE DATABASE agegate_roles TEMPLATE agegate_template")
    address = f"{postgres_server}/agegate_roles"
    engine = open_engine(address)
    for _ in range(2):
        grant(engine, APP, WORKER)
    engine.dispose()
    yield address
    postgres.execute(f"{postgres_server}/postgres", "DROP DATABASE agegate_roles WITH (FORCE)")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder, whose key file belongs to the database."""
    return tmp_path_factory.mktemp("roles")


def as_role(address: str, role: str) -> str:
    return address.replace("owner@", f"{role}@")


NOBODY = [
    "CREATE TABLE mine (id int)",
    "CREATE TEMP TABLE mine (id int)",
    "CREATE SCHEMA mine",
    "CREATE ROLE mine",
    "CREATE EXTENSION pg_trgm",
    "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE INDEX mine ON subjects (state)",
    "DROP TABLE subjects",
    "ALTER TABLE subjects ADD COLUMN mine int",
    "ALTER TABLE subjects DISABLE TRIGGER ALL",
    "ALTER TABLE subjects OWNER TO CURRENT_USER",
    "TRUNCATE subjects",
    "TRUNCATE agenda",
    "TRUNCATE evidence CASCADE",
    "ALTER ROLE CURRENT_USER SUPERUSER",
    "SET ROLE owner",
    "SET session_replication_role = replica",
    "ALTER SYSTEM SET fsync = off",
    "COPY subjects TO PROGRAM 'cat'",
    "COPY subjects TO '/tmp/subjects'",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT rolpassword FROM pg_authid",
    "UPDATE alembic_version SET version_num = '0000'",
    "DELETE FROM alembic_version",
    "UPDATE schema_floor SET oldest_code = '0000'",
    "INSERT INTO api_keys (id, service) VALUES ('x', 'y')",
    "UPDATE api_keys SET revoked_at = NULL",
    "DELETE FROM api_keys",
    "UPDATE services SET profile = 'x'",
    "DELETE FROM services",
    "UPDATE holders SET url = 'https://elsewhere.example'",
    "UPDATE audiences SET pairwise = true",
    "UPDATE evidence SET jws = ''",
    "DELETE FROM signing_keys",
    "DELETE FROM status_entries",
]
NOT_THE_APP = [
    "INSERT INTO signing_keys (kid) VALUES ('x')",
    "UPDATE signing_keys SET revoked_at = NULL",
    "DELETE FROM evidence",
    "DELETE FROM purges",
    "UPDATE turns SET due_at = now()",
    "UPDATE rule_prints SET fingerprint = ''",
]


@pytest.mark.parametrize(
    ("role", "statement"),
    [(role, each) for role in (APP, WORKER) for each in NOBODY] + [(APP, each) for each in NOT_THE_APP],
)
def test_a_role_must_not(database: str, role: str, statement: str) -> None:
    with (
        psycopg.connect(as_role(database, role), autocommit=True) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(statement.encode())


def test_the_whole_road_is_walked_under_the_two_roles(database: str, folder: Path) -> None:
    keys: dict[str, str] = {}
    for owner in furnished(folder, database):  # registering is the owner's
        keys |= owner.keys
    app, worker = (open_home(folder, database_url=as_role(database, role)) for role in (APP, WORKER))
    roled = Roled(app.house, app.clock, keys)
    roled.worker = worker
    consented_minor(roled)
    body = {"subject": "alex", "audience": "https://chat.example"}
    assert roled.call("POST", "/v1/tokens", body, key=keys["game"]).status_code == 201
    purged = roled.call("DELETE", "/v1/subjects/alex", key=keys["game"])
    assert purged.status_code == 202, purged.text
    roled.work()
    told = roled.call("GET", f"/v1/purges/{purged.json()['purge']}", key=keys["game"]).json()
    app.house.close()
    worker.house.close()
    assert told["state"] == "completed"


class Roled(Home):
    """A house that serves as one role and works as another."""

    worker: Home

    def work(self) -> None:
        """Lets the other role's worker do what is due."""
        self.worker.work()


def test_what_the_worker_looks_after_once_a_minute_is_within_its_rights(database: str, folder: Path) -> None:
    from agegate.app import worker as build

    for _ in furnished(folder, database):
        pass
    home = open_home(folder, database_url=as_role(database, WORKER))
    home.clock.move(days=400)  # keys are due as well
    for chore in build(home.house).chores:
        home.house.store.write_now(lambda tx, chore=chore: chore(tx, now=home.clock()))  # type: ignore[misc]  # bound early
    home.house.close()


def test_every_table_has_a_line_of_rights() -> None:
    assert {name for name in SQLModel.metadata.tables if name not in RIGHTS} == set()


def test_the_worker_may_whatever_the_server_may() -> None:
    found = {table: [set(rights.split(", ")) for rights in line] for table, line in RIGHTS.items()}
    assert {table for table, (app, worker) in found.items() if table != "evidence" and not app <= worker} == set()
