"""Alembic's entry: runs the steps on the engine that `store/migrate.py` hands over."""

from alembic import context
from sqlalchemy import Engine
from sqlmodel import SQLModel

from agegate.store import (
    audit_tables,
    consent_tables,
    hold_tables,
    registry_tables,
    report_tables,
    rule_tables,
    schema_tables,
    sign_in_tables,
    sweep_tables,
    tables,
    token_tables,
    tombstone_tables,
)
from agegate.store.schema_floor import note_floor

# Imported so that the metadata knows every table.
SCHEMA = (
    hold_tables,
    audit_tables,
    consent_tables,
    registry_tables,
    report_tables,
    rule_tables,
    schema_tables,
    sign_in_tables,
    sweep_tables,
    tables,
    token_tables,
    tombstone_tables,
)


def run() -> None:
    """One transaction per step."""
    engine = context.config.attributes["engine"]
    if not isinstance(engine, Engine):
        raise TypeError("migrations run through agegate.store.migrate")
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=SQLModel.metadata,
            compare_type=True,
            render_as_batch=engine.dialect.name == "sqlite",
            transaction_per_migration=True,
            on_version_apply=note_floor,
            transactional_ddl=True,  # both engines roll a half-done step back
        )
        with context.begin_transaction():
            context.run_migrations()


run()
