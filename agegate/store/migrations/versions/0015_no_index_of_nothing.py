"""No index entry for what most subjects do not have; whoever may have to be reviewed is found by being consented."""

from alembic import op

from agegate.store.index_online import build_index, drop_index

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None
additive = True

WHOLE = ("email_digest", "review_month")
PARTIAL = (
    ("subjects_by_address", "email_digest", "email_digest IS NOT NULL"),
    ("subjects_consented", "id", "state = 'consented'"),
)


def upgrade() -> None:
    for name, column, where in PARTIAL:
        build_index(name, "subjects", [column], where)
    for column in WHOLE:
        drop_index(op.f(f"ix_subjects_{column}"), "subjects")


def downgrade() -> None:
    for column in WHOLE:
        build_index(op.f(f"ix_subjects_{column}"), "subjects", [column])
    for name, _, _ in PARTIAL:
        drop_index(name, "subjects")
