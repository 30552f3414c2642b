"""What the server and the worker may do with each table of PostgreSQL, and the statements that let them.

Owns the rights, not the roles' passwords. The owner of the tables migrates and registers; nobody but the owner changes
the schema, empties a table, makes an API key or writes a signature away.
"""

from collections.abc import Mapping

from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import ProgrammingError

from agegate.environment import CannotStart
from agegate.store.faults import sqlstate
from agegate.store.migrate import NOT_ALLOWED, ONE_AT_A_TIME

READ, ADD, ALL = "SELECT", "SELECT, INSERT", "SELECT, INSERT, UPDATE, DELETE"
CHANGE = "SELECT, INSERT, UPDATE"
END = "SELECT, INSERT, DELETE"
DATED = f"{END}, UPDATE (ended_at, destroy_at)"
VERSION = "alembic_version"

RIGHTS: dict[str, tuple[str, str]] = {
    "agenda": (ALL, ALL),
    "api_keys": (READ, READ),
    "audiences": (READ, READ),
    "audit_checkpoints": (READ, ADD),
    "audit_entries": (ADD, CHANGE),
    "consent_requests": (ALL, ALL),
    "corrections": (ALL, ALL),
    "events": (ALL, ALL),
    "evidence": (ADD, DATED),
    "evidence_salts": (CHANGE, ALL),
    "gone_endpoints": (READ, END),
    "holders": (READ, READ),
    "key_epochs": (READ, CHANGE),
    "legal_holds": (CHANGE, CHANGE),
    "ledger_mark": (CHANGE, CHANGE),
    "purge_legs": (CHANGE, ALL),
    "purges": (CHANGE, ALL),
    "redecisions": (READ, ALL),
    "reports": (ALL, ALL),
    "rule_prints": (READ, ALL),
    "schema_floor": (READ, READ),
    "services": (READ, READ),
    "sign_ins": (ALL, ALL),
    "signing_keys": (READ, CHANGE),
    "status_entries": (CHANGE, CHANGE),
    "sticky_answers": (ALL, ALL),
    "subjects": (ALL, ALL),
    "suppressions": (ALL, ALL),
    "sweeps": (READ, READ),
    "swept_subjects": (ALL, ALL),
    "tombstones": (CHANGE, CHANGE),
    "turns": (READ, CHANGE),
    "written_mailboxes": (ALL, ALL),
}
"""Table → what the role of `agegate serve --no-worker` may, what the role of `agegate worker` may."""

MAKE = """
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN
    CREATE ROLE {role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
  END IF;
END $$
"""
ENTER = """
DO $$ BEGIN
  EXECUTE format('REVOKE ALL ON DATABASE %%I FROM PUBLIC, {role}', current_database());
  EXECUTE format('GRANT CONNECT ON DATABASE %%I TO {role}', current_database());
END $$
"""


def grant(engine: Engine, app: str | None, worker: str | None) -> None:
    """Gives both roles what they need and takes the rest; in one transaction, so no server is without it meanwhile.

    May be run as often as wanted. Raises CannotStart when a role is missing and this user must not make it.
    """
    tables = sorted(set(inspect(engine).get_table_names()) - {VERSION})
    try:
        with engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:ours)"), {"ours": ONE_AT_A_TIME})
            for place, role in enumerate((app, worker)):
                if role is not None:
                    rights = {table: RIGHTS.get(table, (ALL, ALL))[place] for table in tables}
                    for statement in _for_role(role, rights):
                        connection.exec_driver_sql(statement)
    except ProgrammingError as fault:
        if sqlstate(fault) != NOT_ALLOWED:
            raise
        raise CannotStart(
            "The roles cannot be given their rights by this user. Let an administrator of the server make them once "
            f"(CREATE ROLE {app or worker} LOGIN), and run agegate migrate as the owner of the tables."
        ) from None


def _for_role(role: str, rights: Mapping[str, str]) -> list[str]:
    return [
        MAKE.format(role=role).strip(),
        ENTER.format(role=role).strip(),
        f"REVOKE ALL ON SCHEMA public FROM PUBLIC, {role}",
        f"GRANT USAGE ON SCHEMA public TO {role}",
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {role}",
        f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM PUBLIC, {role}",
        *(f"GRANT {right} ON {table} TO {role}" for table, right in rights.items()),
        f"GRANT SELECT ON {VERSION} TO {role}",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}",
    ]
