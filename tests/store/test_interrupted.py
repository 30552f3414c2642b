"""A migration that is killed, meets another, or waits for a table: it has done whole steps or nothing, and goes on."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from alembic import command
from sqlalchemy import Engine, inspect, text

from agegate.store.engine import open_engine
from agegate.store.migrate import alembic_config, migrate
from agegate.store.schema import require_current

KILLED_AT = """
import os, signal, sys
from sqlalchemy import event
from agegate.store.engine import open_engine
from agegate.store.migrate import migrate
engine, left = open_engine(sys.argv[1]), [int(sys.argv[2])]
@event.listens_for(engine, "after_cursor_execute")
def count(connection, cursor, statement, *rest):
    if statement.split()[0] in ("CREATE", "ALTER", "INSERT", "UPDATE", "DROP"):
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
migrate(engine)
"""


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """A database with a service in it, at the first step."""
    opened = open_engine(database_url)
    migrate(opened)
    command.downgrade(alembic_config(opened), "0001")
    with opened.begin() as connection:
        add = "INSERT INTO services (name, profile, created_at) VALUES ('game', 'deepseek', '2026-11-22 09:00:00')"
        connection.execute(text(add))
    yield opened
    opened.dispose()


@pytest.mark.parametrize("statement", [3, 14, 31])
def test_a_migration_that_is_killed_is_simply_run_again(engine: Engine, database_url: str, statement: int) -> None:
    killed = subprocess.run([sys.executable, "-c", KILLED_AT, database_url, str(statement)], check=False, timeout=60)
    assert killed.returncode == -signal.SIGKILL
    migrate(engine)
    require_current(engine)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT name FROM services")).scalars().all() == ["game"]
    assert inspect(engine).has_table("schema_floor")


def agegate_migrate(address: str, folder: Path) -> "subprocess.Popen[str]":
    settings = os.environ | {"AGEGATE_DATABASE_URL": address, "AGEGATE_DATA": str(folder)}
    command_line = [sys.executable, "-m", "agegate", "migrate"]
    return subprocess.Popen(command_line, env=settings, stderr=subprocess.PIPE, text=True)


def test_several_migrations_at_once_do_the_work_once(engine: Engine, database_url: str, tmp_path: Path) -> None:
    running = [agegate_migrate(database_url, tmp_path) for _ in range(3)]
    ended = [(each.communicate(timeout=60)[1], each.returncode) for each in running]
    assert [code for _, code in ended] == [0, 0, 0], ended
    require_current(engine)


def test_a_table_in_use_is_waited_for_and_nobody_else_waits_long(postgres_url: str, tmp_path: Path) -> None:
    engine = open_engine(postgres_url)
    migrate(engine)
    command.downgrade(alembic_config(engine), "0002")
    engine.dispose()
    longest = 0.0
    with psycopg.connect(postgres_url) as busy:
        busy.execute("SELECT count(*) FROM signing_keys")  # holds its lock until the end of the transaction
        running = agegate_migrate(postgres_url, tmp_path)
        assert running.stderr is not None
        assert "from 0002 to" in running.stderr.readline()
        assert "tried again" in running.stderr.readline()
        ended = threading.Timer(1.5, busy.rollback)
        ended.start()
        with psycopg.connect(postgres_url, autocommit=True) as other:
            while running.poll() is None:
                began = time.monotonic()
                other.execute("SELECT count(*) FROM signing_keys")
                longest = max(longest, time.monotonic() - began)
                time.sleep(0.01)
        ended.join()
    assert (running.communicate()[1].count("current"), running.returncode) == (1, 0)
    assert longest < 2.5
