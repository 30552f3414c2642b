"""Letters and messages for the tests of this room. Owns no expectations."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from notifications.letters import ConsentQuestion, ConsentReceipt, Controller, Letter, Purpose, WithdrawalNote
from notifications.message import Message

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
SENDER = "Example Consent <consent@mail.example>"
GUARDIAN = "guardian@home.example"
LINK = "https://consent.example/g/" + "A1-_" * 11
CONTROLLER = Controller("Example Co", "1 Street, Town", "privacy@example.com")

QUESTION = ConsentQuestion(
    recipient=GUARDIAN,
    message_id="<question.01@mail.example>",
    sent_at=NOW,
    product="Storyland",
    controller=CONTROLLER,
    policy_url="https://example.com/policy",
    policy_version="2024-12-05",
    complaint_route="Data Protection Office, Town",
    link=LINK,
    expires_at=NOW + timedelta(days=7),
    purposes=(
        Purpose("Give answers", ("chat text", "account name"), "until the account is deleted", required=True),
        Purpose("Improve answers", ("chat text",), "2 years", required=False),
    ),
    recipients=("A hosting company",),
    held=("country", "your e-mail address"),
    storage_places=("Singapore",),
    child_first_name="Lea",
)

RECEIPT = ConsentReceipt(
    recipient=GUARDIAN,
    message_id="<receipt.01@mail.example>",
    sent_at=NOW,
    product="Storyland",
    controller=CONTROLLER,
    policy_url="https://example.com/policy",
    policy_version="2024-12-05",
    complaint_route="Data Protection Office, Town",
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
    product="Storyland",
    controller=CONTROLLER,
    policy_url="https://example.com/policy",
    policy_version="2024-12-05",
    complaint_route="Data Protection Office, Town",
    withdrawn_at=NOW,
    deletion_due_at=NOW + timedelta(days=3),
)

LETTERS: tuple[Letter, ...] = (QUESTION, RECEIPT, WITHDRAWAL)

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
