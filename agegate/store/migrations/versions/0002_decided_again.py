"""Deciding again, answers that stick by owner, corrections, operators' keys."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NEW_IN_SUBJECTS = (
    ("sealed_signal", sa.Text()),
    ("device_digest", sa.String(length=128)),
    ("hint_country", sa.String(length=128)),
    ("hint_region", sa.String(length=128)),
    ("admitted_at", sa.DateTime(timezone=True)),
)
INDEXES = (
    ("subjects_young_by_country", ["country", "id"], ""),
    ("subjects_young_by_profile", ["profile", "id"], ""),
    ("subjects_young_by_hint", ["hint_country", "id"], " AND hint_country IS NOT NULL"),
)


def upgrade() -> None:
    # Plain ALTERs: a rebuilt `subjects` would be dropped in between, and SQLite then deletes the rows that hang on it.
    for name, kind in NEW_IN_SUBJECTS:
        op.add_column("subjects", sa.Column(name, kind, nullable=True))
    for name in ("grown", "stuck"):
        op.add_column("subjects", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    # Whoever was admitted before must not be purged by what is only found later. A withdrawal shows it too.
    op.execute(
        "UPDATE subjects SET admitted_at = created_at WHERE state <> 'consent_required' OR EXISTS "
        "(SELECT 1 FROM consent_requests AS r WHERE r.subject_id = subjects.id AND r.state IN ('granted', 'withdrawn'))"
    )
    for name, columns, more in INDEXES:
        op.create_index(
            name,
            "subjects",
            columns,
            sqlite_where=sa.text(f"grown IS 0{more}"),
            postgresql_where=sa.text(f"grown IS false{more}"),
        )
    op.add_column("api_keys", sa.Column("person", sa.String(length=128), nullable=True))
    _sticky_by_owner()
    op.create_table(
        "rule_prints",
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("fingerprint", sa.String(length=128), nullable=False),
        sa.Column("label", sa.String(length=128), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_rule_prints")),
    )
    op.execute("INSERT INTO rule_prints (name, fingerprint, label) VALUES ('watch', '', 'watch')")
    op.create_table(
        "redecisions",
        sa.Column("scope", sa.String(length=128), nullable=False),
        sa.Column("cursor", sa.String(length=128), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("scope", name=op.f("pk_redecisions")),
    )
    _corrections()


def _sticky_by_owner() -> None:
    # Who was told first is not known of older answers: the empty owner. They hold for their hours and then go.
    with op.batch_alter_table("sticky_answers") as table:
        table.add_column(sa.Column("kind", sa.String(length=128), nullable=False, server_default="subject"))
        table.add_column(sa.Column("owner", sa.String(length=128), nullable=False, server_default=""))
        table.add_column(sa.Column("wrapped_key", sa.Text(), nullable=True))
        table.add_column(sa.Column("sealed_birth_date", sa.Text(), nullable=True))
        table.drop_constraint(op.f("uq_sticky_answers_service_digest"), type_="unique")
        table.create_unique_constraint(op.f("uq_sticky_answers_service_digest_owner"), ["service", "digest", "owner"])
    op.create_index("sticky_answers_by_owner", "sticky_answers", ["owner"], unique=False)


def _corrections() -> None:
    op.create_table(
        "corrections",
        sa.Column("id", sa.String(length=128), nullable=False),
        sa.Column("service", sa.String(length=128), nullable=False),
        sa.Column("subject_digest", sa.String(length=128), nullable=False),
        sa.Column("kind", sa.String(length=128), nullable=False),
        sa.Column("reference_digest", sa.String(length=128), nullable=False),
        sa.Column("assurance", sa.String(length=128), nullable=False),
        sa.Column("obtained_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person", sa.String(length=128), nullable=True),
        sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["service"], ["services.name"], name=op.f("fk_corrections_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
    )
    op.create_index("corrections_by_subject", "corrections", ["service", "subject_digest"], unique=False)
    op.create_index(op.f("ix_corrections_service"), "corrections", ["service"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_corrections_service"), table_name="corrections")
    op.drop_index("corrections_by_subject", table_name="corrections")
    op.drop_table("corrections")
    op.drop_table("redecisions")
    op.drop_table("rule_prints")
    op.execute("DELETE FROM agenda WHERE kind IN ('law.day', 'rules.redecide', 'rules.compare', 'assent.withdrawn')")
    op.drop_index("sticky_answers_by_owner", table_name="sticky_answers")
    # Of several "no"s under one digest the one that lasts longest stays; a corrected date cannot be told there.
    op.execute("DELETE FROM sticky_answers WHERE kind = 'corrected'")
    op.execute(
        "DELETE FROM sticky_answers WHERE EXISTS (SELECT 1 FROM sticky_answers AS other "
        "WHERE other.service = sticky_answers.service AND other.digest = sticky_answers.digest AND "
        "(other.expires_at > sticky_answers.expires_at OR "
        "(other.expires_at = sticky_answers.expires_at AND other.id > sticky_answers.id)))"
    )
    with op.batch_alter_table("sticky_answers") as table:
        table.drop_constraint(op.f("uq_sticky_answers_service_digest_owner"), type_="unique")
        table.create_unique_constraint(op.f("uq_sticky_answers_service_digest"), ["service", "digest"])
        for name in ("kind", "owner", "wrapped_key", "sealed_birth_date"):
            table.drop_column(name)
    op.drop_column("api_keys", "person")
    for name, _, _ in INDEXES:
        op.drop_index(name, table_name="subjects")
    for name in ("stuck", "grown", *(column for column, _ in reversed(NEW_IN_SUBJECTS))):
        op.drop_column("subjects", name)
