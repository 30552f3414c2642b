"""Reports of subjects under age, and the events that name them."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None
additive = True


def upgrade() -> None:
    name, instant = sa.String(length=128), sa.DateTime(timezone=True)
    op.create_table(
        "reports",
        sa.Column("id", name, nullable=False),
        sa.Column("service", name, nullable=False),
        sa.Column("basis", name, nullable=False),
        sa.Column("state", name, nullable=False),
        sa.Column("subject_digest", name, nullable=True),
        sa.Column("reporter_digest", name, nullable=True),
        sa.Column("wrapped_key", sa.Text(), nullable=True),
        sa.Column("sealed_subject", sa.Text(), nullable=True),
        sa.Column("sealed_account", sa.Text(), nullable=True),
        sa.Column("sealed_words", sa.Text(), nullable=True),
        sa.Column("sealed_former", sa.Text(), nullable=True),
        sa.Column("restricts", sa.Boolean(), nullable=False),
        sa.Column("flags", sa.JSON(), nullable=False),
        sa.Column("ruling", name, nullable=True),
        sa.Column("ruled_by", name, nullable=True),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("stated_at", instant, nullable=False),
        sa.Column("contest_ends", instant, nullable=True),
        sa.Column("ended_at", instant, nullable=True),
        sa.ForeignKeyConstraint(["service"], ["services.name"], name=op.f("fk_reports_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
    )
    for column in ("service", "state", "subject_digest", "reporter_digest", "ended_at"):
        op.create_index(op.f(f"ix_reports_{column}"), "reports", [column])
    op.add_column("events", sa.Column("report_id", name, nullable=True))


def downgrade() -> None:
    op.drop_column("events", "report_id")
    op.drop_table("reports")
