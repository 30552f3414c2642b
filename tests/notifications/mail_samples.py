"""Letters and messages for the tests of this room. Owns no expectations."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from notifications.consent_letters import (
    ComingOfAge,
    Confirmation,
    ConsentQuestion,
    ConsentReceipt,
    DeletionBegun,
    DeletionConfirmed,
    ManageLink,
    Reminder,
    Superseded,
    WithdrawalNote,
)
from notifications.letters import Controller, Letter, Purpose
from notifications.message import Message

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
SENDER = "Example Consent <consent@mail.example>"
GUARDIAN = "guardian@home.example"
LINK = "https://consent.example/g/" + "A1-_" * 11
STOP_LINK = "https://consent.example/g/" + "C3-_" * 11
CONTROLLER = Controller("Example Co", "1 Street, Town", "privacy@example.com")

QUESTION = ConsentQuestion(
    recipient=GUARDIAN,
    message_id="<question.01@mail.example>",
    sent_at=NOW,
    locale="en",
    product="Storyland",
    controller=CONTROLLER,
    policy_url="https://example.com/policy",
    policy_version="2024-12-05",
    complaint_route="Data Protection Office, Town",
    stop_link=STOP_LINK,
    link=LINK,
    expires_at=NOW + timedelta(days=7),
    purposes=(
        Purpose("Give answers", ("chat text", "account name"), "until the account is deleted", required=True),
        Purpose("Improve answers", ("chat text",), "2 years", required=False),
    ),
    recipients=("A hosting company",),
    storage_places=("Singapore",),
    child_first_name="Lea",
)

RECEIPT = ConsentReceipt(
    recipient=GUARDIAN,
    message_id="<receipt.01@mail.example>",
    sent_at=NOW,
    locale="en",
    product="Storyland",
    controller=CONTROLLER,
    policy_url="https://example.com/policy",
    policy_version="2024-12-05",
    complaint_route="Data Protection Office, Town",
    stop_link=STOP_LINK,
    granted_at=NOW,
    agreed=("Give answers",),
    refused=("Improve answers",),
    manage_link="https://consent.example/m/" + "B2-_" * 11,
    receipt="eyJhbGciOiJFUzI1NiJ9.e30.c2lnbmF0dXJl",
)

WITHDRAWAL = WithdrawalNote(
    recipient=GUARDIAN,
    message_id="<withdrawal.01@mail.example>",
    sent_at=NOW,
    locale="en",
    product="Storyland",
    controller=CONTROLLER,
    policy_url="https://example.com/policy",
    policy_version="2024-12-05",
    complaint_route="Data Protection Office, Town",
    stop_link=STOP_LINK,
    withdrawn_at=NOW,
    deletion_due_at=NOW + timedelta(days=3),
)

SHARED = {
    each: getattr(QUESTION, each)
    for each in (
        "recipient", "message_id", "sent_at", "locale", "product", "controller",
        "policy_url", "policy_version", "complaint_route", "stop_link",
    )
}  # fmt: skip

LETTERS: tuple[Letter, ...] = (
    QUESTION,
    Reminder(**SHARED, link=LINK, expires_at=NOW + timedelta(days=4)),
    Confirmation(**SHARED, link=LINK, expires_at=NOW + timedelta(days=4)),
    RECEIPT,
    Superseded(**SHARED, link=LINK),
    WITHDRAWAL,
    replace(WITHDRAWAL, manage_link=LINK),
    ComingOfAge(**SHARED, manage_link=LINK),
    ManageLink(**SHARED, manage_link=LINK),
    DeletionConfirmed(**SHARED | {"stop_link": None}, deleted_at=NOW, certificate="01j8example"),
    DeletionBegun(**SHARED | {"stop_link": None}, withdrawn_at=NOW),
)

MESSAGE = Message(
    recipient=GUARDIAN,
    subject="Please answer",
    text="The question, with an ü.\n",
    html="<p>The question, with an ü.</p>\n",
    message_id="<plain.01@mail.example>",
    sent_at=NOW,
    locale="en",
)


def question_with(name: str, controller: str = "Example Co") -> ConsentQuestion:
    return replace(QUESTION, child_first_name=name, controller=replace(CONTROLLER, name=controller))
