"""Audiences with their thresholds, status list entries, and the life of signing keys."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audiences",
        sa.Column("id", sa.String(length=128), nullable=False),
        sa.Column("service", sa.String(length=128), nullable=False),
        sa.Column("name", sa.String(length=256), nullable=False),
        sa.Column("over", sa.JSON(), nullable=False),
        sa.Column("pairwise", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["service"], ["services.name"], name=op.f("fk_audiences_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audiences")),
        sa.UniqueConstraint("service", "name", name=op.f("uq_audiences_service_name")),
    )
    op.create_index(op.f("ix_audiences_service"), "audiences", ["service"], unique=False)
    op.create_table(
        "status_entries",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("subject_id", sa.String(length=128), nullable=True),
        sa.Column("audience", sa.String(length=256), nullable=True),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_status_entries")),
        sa.UniqueConstraint("subject_id", "audience", name=op.f("uq_status_entries_subject_id_audience")),
        sqlite_autoincrement=True,
    )
    not_valid = sa.text("status <> 0")
    op.create_index(
        "status_entries_not_valid", "status_entries", ["seq"], sqlite_where=not_valid, postgresql_where=not_valid
    )
    op.add_column("holders", sa.Column("audience", sa.String(length=256), nullable=True))
    _keys_with_a_life()


def _keys_with_a_life() -> None:
    with op.batch_alter_table("signing_keys") as table:
        table.alter_column("created_at", new_column_name="published_at")
        table.alter_column("sealed_pem", existing_type=sa.Text(), nullable=True)
        table.add_column(sa.Column("generation", sa.Integer(), nullable=True))
        table.add_column(sa.Column("public_jwk", sa.JSON(), nullable=True))
        table.add_column(sa.Column("active_from", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True))
    # There was one key without a successor, active since it was made.
    op.execute("UPDATE signing_keys SET active_from = published_at, generation = 1")
    with op.batch_alter_table("signing_keys") as table:
        table.alter_column("active_from", existing_type=sa.DateTime(timezone=True), nullable=False)
        table.alter_column("generation", existing_type=sa.Integer(), nullable=False)
        table.create_unique_constraint(op.f("uq_signing_keys_generation"), ["generation"])
        table.drop_column("state")


def downgrade() -> None:
    # Without states one key signs and all are published: those that must not be are gone for good.
    op.execute("DELETE FROM signing_keys WHERE revoked_at IS NOT NULL OR sealed_pem IS NULL")
    with op.batch_alter_table("signing_keys") as table:
        table.add_column(sa.Column("state", sa.String(length=128), nullable=False, server_default="retired"))
        table.drop_constraint(op.f("uq_signing_keys_generation"), type_="unique")
    op.execute(
        "UPDATE signing_keys SET state = 'active' WHERE generation = (SELECT max(generation) FROM signing_keys "
        "WHERE active_from <= CURRENT_TIMESTAMP)"
    )
    with op.batch_alter_table("signing_keys") as table:
        for name in ("generation", "public_jwk", "active_from", "revoked_at"):
            table.drop_column(name)
        table.alter_column("sealed_pem", existing_type=sa.Text(), nullable=False)
        table.alter_column("published_at", new_column_name="created_at")
    op.drop_column("holders", "audience")
    op.drop_table("status_entries")
    op.drop_index(op.f("ix_audiences_service"), table_name="audiences")
    op.drop_table("audiences")
