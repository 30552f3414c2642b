"""Legs to the end: holders' deadlines, what was frozen, who closed a leg; endpoints that are gone; lanes."""

import sqlalchemy as sa
from alembic import op

from agegate.store.index_online import build_index, drop_index, is_online

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None
additive = True

LEG_TEXTS = ("closing_by", "closing_reason", "closed_by")
LEG_TIMES = ("escalated_at", "closing_at", "closed_at")


def upgrade() -> None:
    op.add_column("agenda", sa.Column("lane", sa.String(length=128), nullable=True), if_not_exists=is_online())
    build_index("agenda_by_lane", "agenda", ["lane", "due_at"])
    build_index("purge_legs_by_holder", "purge_legs", ["service", "holder", "state"])
    op.add_column("holders", sa.Column("due_within_seconds", sa.Integer(), nullable=True))
    op.add_column("purge_legs", sa.Column("categories", sa.JSON(), nullable=True))
    for name in LEG_TEXTS:
        op.add_column("purge_legs", sa.Column(name, sa.String(length=128), nullable=True))
    for name in LEG_TIMES:
        op.add_column("purge_legs", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "gone_endpoints",
        sa.Column("holder_id", sa.String(length=128), nullable=False),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("holder_id", name=op.f("pk_gone_endpoints")),
    )
    op.add_column("events", sa.Column("holder", sa.String(length=128), nullable=True))


def downgrade() -> None:
    drop_index("agenda_by_lane", "agenda")
    drop_index("purge_legs_by_holder", "purge_legs")
    op.drop_column("agenda", "lane")
    op.drop_column("events", "holder")
    op.drop_table("gone_endpoints")
    # Older code has no word for it; a refusal is the other answer that never counts as deleted.
    op.execute("UPDATE purge_legs SET state = 'refused' WHERE state = 'unreachable'")
    for name in (*LEG_TIMES, *LEG_TEXTS, "categories"):
        op.drop_column("purge_legs", name)
    op.drop_column("holders", "due_within_seconds")
