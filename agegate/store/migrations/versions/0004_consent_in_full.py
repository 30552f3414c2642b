"""Second confirmations, two guardians, purposes, mail limits, suppressions, coming of age, the end of evidence."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NAME, INSTANT = sa.String(length=128), sa.DateTime(timezone=True)
NEW_IN_SUBJECTS = (
    ("assent_locale", NAME),
    ("assent_version", NAME),
    ("review_month", NAME),
    ("coming_told", sa.Boolean()),
)
NEW_IN_REQUESTS = (
    ("confirm_digest", NAME),
    ("stop_digest", NAME),
    ("mailbox_digest", NAME),
    ("purposes_asked", sa.JSON()),
    ("purposes_given", sa.JSON()),
    ("method", NAME),
    ("method_reference", NAME),
    ("method_at", INSTANT),
    ("confirm_at", INSTANT),
    ("reminded_at", INSTANT),
    ("mail_hold", NAME),
    ("ended_at", INSTANT),
    ("ended_why", NAME),
    ("refused_at", INSTANT),
    ("reviewed_at", INSTANT),
    ("reviewed_by", NAME),
    ("flags", sa.JSON()),
)
NEW_IN_EVIDENCE = (("request_id", NAME), ("ended_at", INSTANT), ("destroy_at", INSTANT))
NEW = (("subjects", NEW_IN_SUBJECTS), ("consent_requests", NEW_IN_REQUESTS), ("evidence", NEW_IN_EVIDENCE))
INDEXED = (
    ("subjects", "review_month"),
    ("consent_requests", "confirm_digest"),
    ("consent_requests", "stop_digest"),
    ("consent_requests", "mailbox_digest"),
    ("evidence", "request_id"),
    ("evidence", "destroy_at"),
)
DUE = (
    "'request.remind', 'reminder.mail', 'confirmation.mail', 'superseded.mail', 'withdrawal.mail', 'last.mail', "
    "'coming.mail', 'subject.of_age'"
)


def upgrade() -> None:
    # Plain ALTERs: a rebuilt table would be dropped in between, and SQLite then deletes the rows that hang on it.
    for table, columns in NEW:
        for name, kind in columns:
            op.add_column(table, sa.Column(name, kind, nullable=True))
    for table, name in INDEXED:
        op.create_index(op.f(f"ix_{table}_{name}"), table, [name], unique=False)
    op.add_column("purges", sa.Column("sealed_letter", sa.Text(), nullable=True))
    op.execute(
        "UPDATE evidence SET request_id = (SELECT r.id FROM consent_requests AS r WHERE r.receipt_id = evidence.id)"
    )
    op.create_table(
        "written_mailboxes",
        sa.Column("digest", NAME, nullable=False),
        sa.Column("written", sa.JSON(), nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_written_mailboxes")),
    )
    op.create_index(op.f("ix_written_mailboxes_expires_at"), "written_mailboxes", ["expires_at"], unique=False)
    op.create_table(
        "suppressions",
        sa.Column("digest", NAME, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_suppressions")),
    )
    op.create_index(op.f("ix_suppressions_expires_at"), "suppressions", ["expires_at"], unique=False)


def downgrade() -> None:
    for table in ("suppressions", "written_mailboxes"):
        op.drop_index(op.f(f"ix_{table}_expires_at"), table_name=table)
        op.drop_table(table)
    op.execute(f"DELETE FROM agenda WHERE kind IN ({DUE})")  # noqa: S608 - our own words
    # What the older code has no word for: a half-given yes is a question again, a grown-up's consent is over.
    op.execute("UPDATE consent_requests SET state = 'pending' WHERE state = 'awaiting_confirmation'")
    op.execute("UPDATE consent_requests SET state = 'withdrawn' WHERE state = 'aged_out'")
    op.drop_column("purges", "sealed_letter")
    for table, name in INDEXED:
        op.drop_index(op.f(f"ix_{table}_{name}"), table_name=table)
    for table, columns in NEW:
        for name, _ in reversed(columns):
            op.drop_column(table, name)
