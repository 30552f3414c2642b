"""No index on what another index begins with: it is written for nothing, and a planner may take it for that one."""

from alembic import op

from agegate.store.index_online import build_index, drop_index

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None
additive = True

TWICE = (
    ("audiences", "service"),
    ("consent_requests", "subject_id"),
    ("corrections", "service"),
    ("holders", "service"),
    ("purge_legs", "purge_id"),
    ("purge_legs", "service"),
    ("purges", "service"),
    ("sticky_answers", "service"),
    ("subjects", "service"),
)


def upgrade() -> None:
    for table, column in TWICE:
        drop_index(op.f(f"ix_{table}_{column}"), table)


def downgrade() -> None:
    for table, column in TWICE:
        build_index(op.f(f"ix_{table}_{column}"), table, [column])
