"""The audit log, its checkpoints, and the salts of evidence."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None
additive = True

KEPT = ("id", "at", "action", "actor", "service", "ref", "facts", "commitment")
REFUSAL = "the audit log is only ever added to"


def upgrade() -> None:
    name, instant = sa.String(length=128), sa.DateTime(timezone=True)
    op.create_table(
        "audit_entries",
        sa.Column("id", name, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=True),
        sa.Column("at", instant, nullable=False),
        sa.Column("action", name, nullable=False),
        sa.Column("actor", name, nullable=False),
        sa.Column("service", name, nullable=True),
        sa.Column("ref", sa.String(length=256), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("commitment", name, nullable=True),
        sa.Column("hash", name, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
        sa.UniqueConstraint("seq", name=op.f("uq_audit_entries_seq")),
    )
    waiting = sa.text("seq IS NULL")
    op.create_index("audit_entries_waiting", "audit_entries", ["id"], sqlite_where=waiting, postgresql_where=waiting)
    op.create_table(
        "audit_checkpoints",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("head", name, nullable=False),
        sa.Column("jws", sa.Text(), nullable=False),
        sa.Column("made_at", instant, nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_checkpoints")),
        sa.UniqueConstraint("seq", name=op.f("uq_audit_checkpoints_seq")),
    )
    op.create_table(
        "evidence_salts",
        sa.Column("id", name, nullable=False),
        sa.Column("service", name, nullable=False),
        sa.Column("subject_digest", name, nullable=False),
        sa.Column("sealed_salt", sa.Text(), nullable=False),
        sa.Column("ended_at", instant, nullable=False),
        sa.Column("destroy_at", instant, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_salts")),
    )
    op.create_index("evidence_salts_by_subject", "evidence_salts", ["service", "subject_digest"])
    op.create_index(op.f("ix_evidence_salts_destroy_at"), "evidence_salts", ["destroy_at"])
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite()
    else:
        _guard_postgresql()


def _guard_sqlite() -> None:
    changed = " OR ".join(f'NEW."{column}" IS NOT OLD."{column}"' for column in KEPT)
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    op.execute(
        "CREATE TRIGGER audit_entries_keep BEFORE UPDATE ON audit_entries "
        f"WHEN OLD.seq IS NOT NULL OR {changed} {refuse}"
    )
    op.execute(f"CREATE TRIGGER audit_entries_stay BEFORE DELETE ON audit_entries {refuse}")
    op.execute(f"CREATE TRIGGER audit_checkpoints_keep BEFORE UPDATE ON audit_checkpoints {refuse}")
    op.execute(f"CREATE TRIGGER audit_checkpoints_stay BEFORE DELETE ON audit_checkpoints {refuse}")


def _guard_postgresql() -> None:
    changed = " OR ".join(
        f'NEW."{column}"{"::text" if column == "facts" else ""} IS DISTINCT FROM '
        f'OLD."{column}"{"::text" if column == "facts" else ""}'
        for column in KEPT
    )
    op.execute(
        "CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_entries_keep BEFORE UPDATE ON audit_entries FOR EACH ROW "
        f"WHEN (OLD.seq IS NOT NULL OR {changed}) EXECUTE FUNCTION audit_refuse()"
    )
    for table in ("audit_entries", "audit_checkpoints"):
        what = "DELETE" if table == "audit_entries" else "UPDATE OR DELETE"
        op.execute(f"CREATE TRIGGER {table}_stay BEFORE {what} ON {table} FOR EACH ROW EXECUTE FUNCTION audit_refuse()")
        op.execute(
            f"CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
        )


def downgrade() -> None:
    for table in ("evidence_salts", "audit_checkpoints", "audit_entries"):
        op.drop_table(table)
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION audit_refuse()")
