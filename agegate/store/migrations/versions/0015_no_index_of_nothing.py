"""No index entry for what most subjects do not have; whoever may have to be reviewed is found by being consented."""

import sqlalchemy as sa
from alembic import op

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
        op.create_index(name, "subjects", [column], sqlite_where=sa.text(where), postgresql_where=sa.text(where))
    for column in WHOLE:
        op.drop_index(op.f(f"ix_subjects_{column}"), table_name="subjects")


def downgrade() -> None:
    for column in WHOLE:
        op.create_index(op.f(f"ix_subjects_{column}"), "subjects", [column])
    for name, _, _ in PARTIAL:
        op.drop_index(name, table_name="subjects")
