"""Legal holds, and the state of a subject that one keeps."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None
additive = True


def upgrade() -> None:
    name, instant = sa.String(length=128), sa.DateTime(timezone=True)
    op.create_table(
        "legal_holds",
        sa.Column("id", name, nullable=False),
        sa.Column("service", name, nullable=False),
        sa.Column("subject_id", name, nullable=True),
        sa.Column("subject_digest", name, nullable=False),
        sa.Column("state", name, nullable=False),
        sa.Column("reason", name, nullable=False),
        sa.Column("reference", name, nullable=True),
        sa.Column("owner", name, nullable=False),
        sa.Column("requested_by", name, nullable=False),
        sa.Column("requested_at", instant, nullable=False),
        sa.Column("approved_by", name, nullable=True),
        sa.Column("approved_at", instant, nullable=True),
        sa.Column("ends_at", instant, nullable=False),
        sa.Column("ended_at", instant, nullable=True),
        sa.Column("ended_by", name, nullable=True),
        sa.ForeignKeyConstraint(["service"], ["services.name"], name=op.f("fk_legal_holds_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_holds")),
    )
    op.create_index(op.f("ix_legal_holds_service"), "legal_holds", ["service"])
    op.create_index(op.f("ix_legal_holds_subject_id"), "legal_holds", ["subject_id"])
    op.add_column("subjects", sa.Column("held_state", name, nullable=True))


def downgrade() -> None:
    op.drop_column("subjects", "held_state")
    op.drop_table("legal_holds")
