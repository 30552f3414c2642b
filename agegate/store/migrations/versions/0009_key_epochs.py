"""How far data keys are wrapped anew, epoch by epoch."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None
additive = True


def upgrade() -> None:
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "key_epochs",
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("opened_at", instant, nullable=False),
        sa.Column("cursor", sa.String(length=256), nullable=True),
        sa.Column("rewrapped_at", instant, nullable=True),
        sa.Column("destroyed_at", instant, nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_key_epochs")),
    )


def downgrade() -> None:
    op.drop_table("key_epochs")
