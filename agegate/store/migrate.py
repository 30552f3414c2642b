"""Brings the schema to the version of this code, or says that it is not.

Owns the way to Alembic, and that one process at a time goes it; the steps are in `migrations/versions`. A step that was
interrupted, or waited too long for a lock, is simply run again: it is one transaction, and before that at most indexes.
"""

import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from agegate.environment import CannotStart
from agegate.store.connecting import MIGRATING
from agegate.store.engine import open_engine
from agegate.store.faults import is_not_allowed, sqlstate
from agegate.store.schema import ONE_AT_A_TIME, SCRIPTS, found_step, is_current, newest_step

BUSY_SQLSTATES = {"55P03", "40P01"}
NOT_THE_OWNER = (
    "This role of the database must not change its schema. Run agegate migrate as the owner of the tables, "
    "with the owner's address in AGEGATE_DATABASE_URL."
)
PATIENCE_SECONDS = 600.0
PAUSE_SECONDS = 0.5
Say = Callable[[str], None]


def alembic_config(engine: Engine) -> Config:
    """Alembic, pointed at our steps and this database; no ini file."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["engine"] = engine
    return config


def migrate_at(address: str, say: Say = lambda _: None) -> None:
    """Brings the database at an address up, within the limits that a migration needs."""
    engine = open_engine(address, MIGRATING)
    try:
        migrate(engine, say)
    finally:
        engine.dispose()


def migrate(engine: Engine, say: Say = lambda _: None) -> None:
    """Runs every step that is missing, as the only one that does; a newer schema that serves us is left alone.

    Raises CannotStart when a newer schema does not serve us, or when tables stay locked for ten minutes.
    """
    until = time.monotonic() + PATIENCE_SECONDS
    with _as_the_only_one(engine, say, until):
        if not is_current(engine):
            say(f"The schema goes from {found_step(engine) or 'nothing'} to {newest_step()}.")
        while not is_current(engine):
            try:
                command.upgrade(alembic_config(engine), "head")
            except DBAPIError as fault:
                if is_not_allowed(fault):
                    raise CannotStart(NOT_THE_OWNER) from None
                if not _is_busy(fault) or time.monotonic() > until:
                    raise CannotStart(f"The schema cannot be brought up ({type(fault).__name__}). Try again.") from None
                say("A table is in use; the step is tried again.")
                time.sleep(PAUSE_SECONDS)


@contextmanager
def _as_the_only_one(engine: Engine, say: Say, until: float) -> Iterator[None]:
    """Waits for every other migration of this database; a killed one's lock ends with it."""
    if engine.dialect.name == "sqlite":
        with Path(f"{engine.url.database}-migrating").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        told = False
        while not _locked(connection):
            if time.monotonic() > until:
                raise CannotStart("Another migration has been running for ten minutes. Wait for it, then try again.")
            if not told:
                say("Another migration is running; this one waits for it.")
                told = True
            time.sleep(PAUSE_SECONDS)
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:ours)"), {"ours": ONE_AT_A_TIME})


def _locked(connection: Connection) -> bool:
    return bool(connection.execute(text("SELECT pg_try_advisory_lock(:ours)"), {"ours": ONE_AT_A_TIME}).scalar())


def _is_busy(fault: DBAPIError) -> bool:
    return sqlstate(fault) in BUSY_SQLSTATES or "database is locked" in str(fault.orig)
