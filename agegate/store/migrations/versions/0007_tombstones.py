"""Tombstones of what was purged, and how far the ledger outside the database is known here."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None
additive = True


def upgrade() -> None:
    op.create_table(
        "tombstones",
        sa.Column("purge", sa.String(length=128), nullable=False),
        sa.Column("service", sa.String(length=128), nullable=False),
        sa.Column("digest", sa.String(length=128), nullable=False),
        sa.Column("reason", sa.String(length=128), nullable=False),
        sa.Column("purged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("purge", name=op.f("pk_tombstones")),
        sa.UniqueConstraint("position", name=op.f("uq_tombstones_position")),
    )
    op.create_table(
        "ledger_mark",
        sa.Column("id", sa.String(length=128), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("chain", sa.String(length=128), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_mark")),
    )
    op.execute("INSERT INTO ledger_mark (id, position, chain) VALUES ('ledger', 0, '')")


def downgrade() -> None:
    op.drop_table("ledger_mark")
    op.drop_table("tombstones")
