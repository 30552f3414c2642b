"""Brings the schema to the version of this code, or says that it is not.

Owns the way to Alembic; the steps are in `migrations/versions`. Each step runs in a transaction, so an interrupted
migration is simply run again.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from agegate.settings import CannotStart

SCRIPTS = Path(__file__).with_name("migrations")


def alembic_config(engine: Engine) -> Config:
    """Alembic, pointed at our steps and this database; no ini file."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["engine"] = engine
    return config


def migrate(engine: Engine) -> None:
    """Runs every step that is missing."""
    command.upgrade(alembic_config(engine), "head")


def require_current(engine: Engine) -> None:
    """Raises CannotStart when the schema is older or newer than this code."""
    wanted = ScriptDirectory(str(SCRIPTS)).get_current_head()
    with engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    if found != wanted:
        raise CannotStart(
            f"The database schema is at {found or 'nothing'} and this version needs {wanted}. Run: agegate migrate"
        )
