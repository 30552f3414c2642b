"""Which schema a database has, and whether this code can work with it.

Reads the steps' own headers, not Alembic, which every start would otherwise load for nothing. Changing the schema is
`migrate.py`'s.
"""

import re
from functools import cache
from pathlib import Path

from sqlalchemy import Engine, inspect, text

from agegate.environment import CannotStart
from agegate.store.schema_floor import floor_of

ONE_AT_A_TIME = 0x6167_6567_6174_65
"""The number of our advisory lock in PostgreSQL, which whoever changes the schema holds: the letters of our name."""

SCRIPTS = Path(__file__).with_name("migrations")
_HEADER = re.compile(r'^(revision|down_revision)\b[^=]*= *(?:"([^"]+)"|None)$', re.MULTILINE)


@cache
def known_steps() -> dict[str, str | None]:
    """Every step that this code knows, with the one it stands on."""
    steps: dict[str, str | None] = {}
    for file in (SCRIPTS / "versions").glob("*.py"):
        named = dict(_HEADER.findall(file.read_text("utf-8")))
        steps[named["revision"]] = named["down_revision"] or None
    return steps


@cache
def newest_step() -> str:
    """The step on which no other stands."""
    (newest,) = known_steps().keys() - known_steps().values()
    return newest


def require_current(engine: Engine) -> None:
    """Raises CannotStart when the schema is older than this code, or newer and not made for it."""
    if not is_current(engine):
        raise CannotStart(
            f"The database schema is at {found_step(engine) or 'nothing'} and this version needs {newest_step()}. "
            "Run: agegate migrate"
        )


def is_current(engine: Engine) -> bool:
    """Whether this code can work: the schema is its own, or a newer one whose steps only added to it.

    Raises CannotStart for a newer schema that did more.
    """
    found = found_step(engine)
    if found is None or found in known_steps():
        return found == newest_step()
    with engine.connect() as connection:
        floor = floor_of(connection)
    if floor not in known_steps():
        raise CannotStart(
            f"The database schema is at {found} and needs a program that knows step {floor or 'nobody knows which'}. "
            "Install the version of agegate that made it."
        )
    return True


def found_step(engine: Engine) -> str | None:
    """The step at which a database is; None where there is no schema yet."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
