"""A migration beside signups: nobody who writes waits for an index, and one that was half built is built anew."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from alembic import command
from alembic.script import Script
from sqlalchemy import Engine, event, inspect, text

from agegate.store.engine import open_engine
from agegate.store.migrate import alembic_config, migrate
from tests.store.test_rolling import ADDITIVE

INDEX = re.compile(r"(?:CREATE (?:UNIQUE )?INDEX|DROP INDEX)(?! CONCURRENTLY)(?: IF \w+(?: \w+)?)? (\w+)(?: ON (\w+))?")
ADD = (
    "INSERT INTO subjects (id, service, subject, state, wrapped_key, sealed_birth_date, country, profile, reasons, "
    "decided_on, assent_needed, created_at) VALUES (%s, 'game', %s, 'allowed', 'x', 'x', 'US', 'x', '[]', now(), "
    "false, now())"
)
MIGRATE = "import sys; from agegate.store.migrate import migrate_at; migrate_at(sys.argv[1])"


@pytest.fixture
def engine(postgres_url: str) -> Iterator[Engine]:
    """PostgreSQL at the newest schema, with a service in it."""
    opened = open_engine(postgres_url)
    migrate(opened)
    with opened.begin() as connection:
        connection.execute(text("INSERT INTO services (name, profile, created_at) VALUES ('game', 'x', now())"))
    yield opened
    opened.dispose()


def blocking(engine: Engine, way: str, step: str) -> list[str]:
    """The statements of a step that let writers of a table wait for as long as an index of it takes."""
    before = set(inspect(engine).get_table_names())
    said: list[str] = []

    def note(_one: object, _two: object, statement: str, *_more: object) -> None:
        said.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    getattr(command, way)(alembic_config(engine), step)
    event.remove(engine, "before_cursor_execute", note)
    kept = before & set(inspect(engine).get_table_names())
    found = [(INDEX.match(each), each) for each in said]
    return [each for match, each in found if match and (match[2] is None or match[2] in kept)]


@pytest.mark.parametrize("step", ADDITIVE, ids=lambda step: step.revision)
def test_no_step_stops_writers_while_it_builds_an_index(engine: Engine, step: Script) -> None:
    command.downgrade(alembic_config(engine), str(step.down_revision))
    forth = blocking(engine, "upgrade", step.revision)
    assert (forth, blocking(engine, "downgrade", str(step.down_revision))) == ([], [])


@contextmanager
def migrating(address: str) -> "Iterator[subprocess.Popen[bytes]]":
    """A migration in a process of its own, ended with the context."""
    running = subprocess.Popen([sys.executable, "-c", MIGRATE, address])
    try:
        yield running
    finally:
        running.kill()
        running.wait()


def builds(connection: "psycopg.Connection[tuple[object, ...]]") -> int:
    """The process of PostgreSQL that builds an index by now."""
    for _ in range(400):
        asked = b"SELECT pid FROM pg_stat_activity WHERE query LIKE 'CREATE INDEX%' AND wait_event_type = 'Lock'"
        if found := connection.execute(asked).fetchone():
            return int(str(found[0]))
        time.sleep(0.05)
    raise AssertionError("no index is being built")


def test_a_signup_goes_through_while_an_index_waits_for_an_older_one(engine: Engine, postgres_url: str) -> None:
    command.downgrade(alembic_config(engine), "0014")
    limited = psycopg.connect(postgres_url, autocommit=True, options="-c lock_timeout=300")
    with psycopg.connect(postgres_url) as older, limited as other, migrating(postgres_url) as running:
        older.execute(ADD.encode(), ("a", "a"))
        builds(other)
        other.execute(ADD.encode(), ("b", "b"))
        older.commit()
        assert running.wait(30) == 0


def test_an_index_whose_build_was_killed_is_built_anew(engine: Engine, postgres_url: str) -> None:
    command.downgrade(alembic_config(engine), "0014")
    with psycopg.connect(postgres_url) as older, psycopg.connect(postgres_url, autocommit=True) as other:
        older.execute(ADD.encode(), ("a", "a"))
        with migrating(postgres_url) as running:
            builder = builds(other)
            os.kill(running.pid, signal.SIGKILL)
        other.execute(b"SELECT pg_terminate_backend(%s, 5000)", (builder,))
        invalid = b"SELECT count(*) FROM pg_index WHERE NOT indisvalid"
        left = other.execute(invalid).fetchone()
        older.commit()
        migrate(engine)
        assert (left, other.execute(invalid).fetchone()) == ((1,), (0,))
    assert "subjects_by_address" in {found["name"] for found in inspect(engine).get_indexes("subjects")}
