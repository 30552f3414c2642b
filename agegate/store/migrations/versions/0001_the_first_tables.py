"""The first tables: subjects, consent requests, sticky answers, purges, events, evidence, agenda, registry."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agenda",
        sa.Column("id", sa.String(length=128), nullable=False),
        sa.Column("kind", sa.String(length=128), nullable=False),
        sa.Column("ref", sa.String(length=128), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(length=128), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda")),
        sa.UniqueConstraint("kind", "ref", name=op.f("uq_agenda_kind_ref")),
    )
    op.create_index("agenda_by_due", "agenda", ["due_at"], unique=False)
    op.create_index(op.f("ix_agenda_ref"), "agenda", ["ref"], unique=False)
    op.create_table(
        "services",
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("profile", sa.String(length=128), nullable=False),
        sa.Column("controller_name", sa.Text(), nullable=True),
        sa.Column("controller_address", sa.Text(), nullable=True),
        sa.Column("controller_contact", sa.Text(), nullable=True),
        sa.Column("webhook_url", sa.Text(), nullable=True),
        sa.Column("sealed_webhook_secret", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_services")),
    )
    op.create_table(
        "signing_keys",
        sa.Column("kid", sa.String(length=128), nullable=False),
        sa.Column("state", sa.String(length=128), nullable=False),
        sa.Column("sealed_pem", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kid", name=op.f("pk_signing_keys")),
    )
    op.create_table(
        "api_keys",
        sa.Column("id", sa.String(length=128), nullable=False),
        sa.Column("service", sa.String(length=128), nullable=False),
        sa.Column("holder", sa.String(length=128), nullable=True),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("secret_digest", sa.String(length=128), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["service"], ["services.name"], name=op.f("fk_api_keys_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
    )
    op.create_index(op.f("ix_api_keys_service"), "api_keys", ["service"], unique=False)
    op.create_table(
        "events",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=128), nullable=False),
        sa.Column("service", sa.String(length=128), nullable=False),
        sa.Column("type", sa.String(length=128), nullable=False),
        sa.Column("subject_id", sa.String(length=128), nullable=True),
        sa.Column("purge_id", sa.String(length=128), nullable=True),
        sa.Column("request_id", sa.String(length=128), nullable=True),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["service"], ["services.name"], name=op.f("fk_events_service")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_events")),
        sa.UniqueConstraint("id", name=op.f("uq_events_id")),
    )
    op.create_index(op.f("ix_events_purge_id"), "events", ["purge_id"], unique=False)
    op.create_index(op.f("ix_events_service"), "events", ["service"], unique=False)
    op.create_index(op.f("ix_events_subject_id"), "events", ["subject_id"], unique=False)
    op.create_table(
        "evidence",
        sa.Column("id", sa.String(length=128), nullable=False),
        sa.Column("service", sa.String(length=128), nullable=False),
        sa.Column("kind", sa.String(length=128), nullable=False),
        sa.Column("commitment", sa.String(length=128), nullable=False),
        sa.Column("jws", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["service"], ["services.name"], name=op.f("fk_evidence_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    op.create_index(op.f("ix_evidence_commitment"), "evidence", ["commitment"], unique=False)
    op.create_index(op.f("ix_evidence_service"), "evidence", ["service"], unique=False)
    op.create_table(
        "holders",
        sa.Column("id", sa.String(length=128), nullable=False),
        sa.Column("service", sa.String(length=128), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("sealed_secret", sa.Text(), nullable=False),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["service"], ["services.name"], name=op.f("fk_holders_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holders")),
        sa.UniqueConstraint("service", "name", name=op.f("uq_holders_service_name")),
    )
    op.create_index(op.f("ix_holders_service"), "holders", ["service"], unique=False)
    op.create_table(
        "purges",
        sa.Column("id", sa.String(length=128), nullable=False),
        sa.Column("service", sa.String(length=128), nullable=False),
        sa.Column("subject_digest", sa.String(length=128), nullable=False),
        sa.Column("commitment", sa.String(length=128), nullable=False),
        sa.Column("wrapped_key", sa.Text(), nullable=True),
        sa.Column("sealed_subject", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=128), nullable=False),
        sa.Column("reason", sa.String(length=128), nullable=False),
        sa.Column("deleted", sa.JSON(), nullable=False),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("certificate", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["service"], ["services.name"], name=op.f("fk_purges_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purges")),
    )
    op.create_index(op.f("ix_purges_service"), "purges", ["service"], unique=False)
    op.create_index(op.f("ix_purges_state"), "purges", ["state"], unique=False)
    op.create_index("purges_by_subject", "purges", ["service", "subject_digest"], unique=False)
    op.create_table(
        "sticky_answers",
        sa.Column("id", sa.String(length=128), nullable=False),
        sa.Column("service", sa.String(length=128), nullable=False),
        sa.Column("digest", sa.String(length=128), nullable=False),
        sa.Column("decision", sa.String(length=128), nullable=False),
        sa.Column("assurance", sa.String(length=128), nullable=True),
        sa.Column("assent_needed", sa.Boolean(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("profile", sa.String(length=128), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["service"], ["services.name"], name=op.f("fk_sticky_answers_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sticky_answers")),
        sa.UniqueConstraint("service", "digest", name=op.f("uq_sticky_answers_service_digest")),
    )
    op.create_index(op.f("ix_sticky_answers_expires_at"), "sticky_answers", ["expires_at"], unique=False)
    op.create_index(op.f("ix_sticky_answers_service"), "sticky_answers", ["service"], unique=False)
    op.create_table(
        "subjects",
        sa.Column("id", sa.String(length=128), nullable=False),
        sa.Column("service", sa.String(length=128), nullable=False),
        sa.Column("subject", sa.String(length=128), nullable=False),
        sa.Column("state", sa.String(length=128), nullable=False),
        sa.Column("wrapped_key", sa.Text(), nullable=False),
        sa.Column("sealed_birth_date", sa.Text(), nullable=False),
        sa.Column("email_digest", sa.String(length=128), nullable=True),
        sa.Column("country", sa.String(length=128), nullable=False),
        sa.Column("region", sa.String(length=128), nullable=True),
        sa.Column("profile", sa.String(length=128), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("assurance", sa.String(length=128), nullable=True),
        sa.Column("assent_needed", sa.Boolean(), nullable=False),
        sa.Column("assent_sha256", sa.String(length=128), nullable=True),
        sa.Column("assented_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("consent_request", sa.String(length=128), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["service"], ["services.name"], name=op.f("fk_subjects_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subjects")),
        sa.UniqueConstraint("service", "subject", name=op.f("uq_subjects_service_subject")),
    )
    op.create_index(op.f("ix_subjects_email_digest"), "subjects", ["email_digest"], unique=False)
    op.create_index(op.f("ix_subjects_service"), "subjects", ["service"], unique=False)
    op.create_table(
        "consent_requests",
        sa.Column("id", sa.String(length=128), nullable=False),
        sa.Column("service", sa.String(length=128), nullable=False),
        sa.Column("subject_id", sa.String(length=128), nullable=False),
        sa.Column("state", sa.String(length=128), nullable=False),
        sa.Column("sealed_guardian", sa.Text(), nullable=False),
        sa.Column("guardian_digest", sa.String(length=128), nullable=False),
        sa.Column("sealed_child_name", sa.Text(), nullable=True),
        sa.Column("locale", sa.String(length=128), nullable=False),
        sa.Column("assurance", sa.String(length=128), nullable=False),
        sa.Column("profile", sa.String(length=128), nullable=False),
        sa.Column("policy_version", sa.String(length=128), nullable=False),
        sa.Column("notice_sha256", sa.String(length=128), nullable=False),
        sa.Column("link_digest", sa.String(length=128), nullable=False),
        sa.Column("manage_digest", sa.String(length=128), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("receipt_id", sa.String(length=128), nullable=True),
        sa.Column("delete_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["service"], ["services.name"], name=op.f("fk_consent_requests_service")),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["subjects.id"], name=op.f("fk_consent_requests_subject_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_requests")),
        sa.UniqueConstraint("link_digest", name=op.f("uq_consent_requests_link_digest")),
        sa.UniqueConstraint("manage_digest", name=op.f("uq_consent_requests_manage_digest")),
        sa.UniqueConstraint(
            "subject_id",
            "guardian_digest",
            "created_at",
            name=op.f("uq_consent_requests_subject_id_guardian_digest_created_at"),
        ),
    )
    op.create_index(op.f("ix_consent_requests_service"), "consent_requests", ["service"], unique=False)
    op.create_index(op.f("ix_consent_requests_subject_id"), "consent_requests", ["subject_id"], unique=False)
    op.create_table(
        "purge_legs",
        sa.Column("id", sa.String(length=128), nullable=False),
        sa.Column("purge_id", sa.String(length=128), nullable=False),
        sa.Column("service", sa.String(length=128), nullable=False),
        sa.Column("holder", sa.String(length=128), nullable=False),
        sa.Column("state", sa.String(length=128), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(length=128), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("exceptions", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["purge_id"], ["purges.id"], name=op.f("fk_purge_legs_purge_id")),
        sa.ForeignKeyConstraint(["service"], ["services.name"], name=op.f("fk_purge_legs_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purge_legs")),
        sa.UniqueConstraint("purge_id", "holder", name=op.f("uq_purge_legs_purge_id_holder")),
    )
    op.create_index(op.f("ix_purge_legs_purge_id"), "purge_legs", ["purge_id"], unique=False)
    op.create_index(op.f("ix_purge_legs_service"), "purge_legs", ["service"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_purge_legs_service"), table_name="purge_legs")
    op.drop_index(op.f("ix_purge_legs_purge_id"), table_name="purge_legs")
    op.drop_table("purge_legs")
    op.drop_index(op.f("ix_consent_requests_subject_id"), table_name="consent_requests")
    op.drop_index(op.f("ix_consent_requests_service"), table_name="consent_requests")
    op.drop_table("consent_requests")
    op.drop_index(op.f("ix_subjects_service"), table_name="subjects")
    op.drop_index(op.f("ix_subjects_email_digest"), table_name="subjects")
    op.drop_table("subjects")
    op.drop_index(op.f("ix_sticky_answers_service"), table_name="sticky_answers")
    op.drop_index(op.f("ix_sticky_answers_expires_at"), table_name="sticky_answers")
    op.drop_table("sticky_answers")
    op.drop_index("purges_by_subject", table_name="purges")
    op.drop_index(op.f("ix_purges_state"), table_name="purges")
    op.drop_index(op.f("ix_purges_service"), table_name="purges")
    op.drop_table("purges")
    op.drop_index(op.f("ix_holders_service"), table_name="holders")
    op.drop_table("holders")
    op.drop_index(op.f("ix_evidence_service"), table_name="evidence")
    op.drop_index(op.f("ix_evidence_commitment"), table_name="evidence")
    op.drop_table("evidence")
    op.drop_index(op.f("ix_events_subject_id"), table_name="events")
    op.drop_index(op.f("ix_events_service"), table_name="events")
    op.drop_index(op.f("ix_events_purge_id"), table_name="events")
    op.drop_table("events")
    op.drop_index(op.f("ix_api_keys_service"), table_name="api_keys")
    op.drop_table("api_keys")
    op.drop_table("signing_keys")
    op.drop_table("services")
    op.drop_index(op.f("ix_agenda_ref"), table_name="agenda")
    op.drop_index("agenda_by_due", table_name="agenda")
    op.drop_table("agenda")
