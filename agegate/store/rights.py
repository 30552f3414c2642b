"""What the server and the worker may do with each table of PostgreSQL, and the statements that let them.

Owns the rights, and that nothing starts without those it needs; not the roles' passwords. The owner of the tables
migrates and registers; nobody else changes the schema, empties a table, makes an API key or writes a signature away.
"""

import re
from collections.abc import Mapping

from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import ProgrammingError

from agegate.environment import CannotStart
from agegate.store.faults import is_not_allowed
from agegate.store.schema import ONE_AT_A_TIME

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


LACKING = text("""
SELECT DISTINCT name FROM unnest(CAST(:tables AS text[]), CAST(:rights AS text[])) AS asked (name, "right")
WHERE NOT CASE WHEN "right" = 'UPDATE' THEN has_any_column_privilege(name, "right")
               ELSE has_table_privilege(name, "right") END ORDER BY name
""")
WORD = re.compile(r"[A-Z]+")


def require_rights(engine: Engine, *, works: bool) -> None:
    """Raises CannotStart when this role may not do what the server, or the worker, will do: better now than later."""
    if engine.dialect.name == "sqlite":
        return
    asked = [(table, word) for table, line in RIGHTS.items() for word in WORD.findall(line[works])]
    with engine.connect() as connection:
        given = {"tables": [table for table, _ in asked], "rights": [word for _, word in asked]}
        lacking = connection.execute(LACKING, given).scalars().all()
    if lacking:
        role = "AGEGATE_WORKER_ROLE" if works else "AGEGATE_APP_ROLE"
        raise CannotStart(
            f"This role of the database lacks rights on: {', '.join(lacking)}. Name it in {role} and run "
            "agegate migrate as the owner of the tables. A server with the worker inside needs the worker's role."
        )


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
        if not is_not_allowed(fault):
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
