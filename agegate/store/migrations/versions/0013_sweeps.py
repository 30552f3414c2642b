"""How far files of existing accounts were applied, and what they claimed of a subject."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None
additive = True


def upgrade() -> None:
    name, instant = sa.String(length=128), sa.DateTime(timezone=True)
    op.create_table(
        "sweeps",
        sa.Column("id", name, nullable=False),
        sa.Column("service", name, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("asked_until", instant, nullable=True),
        sa.Column("begun_at", instant, nullable=False),
        sa.Column("finished_at", instant, nullable=True),
        sa.ForeignKeyConstraint(["service"], ["services.name"], name=op.f("fk_sweeps_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sweeps")),
    )
    op.create_index(op.f("ix_sweeps_service"), "sweeps", ["service"])
    op.create_table(
        "swept_subjects",
        sa.Column("subject_id", name, nullable=False),
        sa.Column("claimed_at", instant, nullable=True),
        sa.Column("claim_reference_digest", name, nullable=True),
        sa.Column("sealed_guardian", sa.Text(), nullable=True),
        sa.Column("locale", name, nullable=True),
        sa.Column("asked_at", instant, nullable=True),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["subjects.id"], name=op.f("fk_swept_subjects_subject_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("subject_id", name=op.f("pk_swept_subjects")),
    )


def downgrade() -> None:
    for table in ("swept_subjects", "sweeps"):
        op.drop_table(table)
