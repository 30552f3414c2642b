"""One of each guardian page, with facts as a real request would bring them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from agegate.rules.consent import Answer
from agegate.rules.notice_terms import NoticeTerms, Purpose
from agegate.web.consent_pages import ManagePage, WithdrawnPage
from agegate.web.page_facts import (
    AnsweredPage,
    AwaitingPage,
    ConfirmPage,
    ConflictPage,
    Controller,
    ExpiredPage,
    GoPage,
    LinkUnknownPage,
    NewLinkPage,
    NoticeFacts,
    Page,
    ProblemPage,
    QuestionPage,
    ReportPage,
    StopPage,
    StoppedPage,
    SupersededPage,
    UsedLinkPage,
    VerificationFacts,
    Way,
)

AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
CONTROLLER = Controller(
    name="Example Learning Ltd", postal_address="1 Long Street, 1000 Sometown", contact="privacy@example.org"
)
TERMS = NoticeTerms(
    policy_url="https://example.org/privacy",
    purposes=(
        Purpose(
            id="provide",
            title="Provide the chat",
            text="To answer what is typed.",
            categories=("chats", "account details"),
            retention="as long as the account exists",
            required=True,
        ),
        Purpose(
            id="improve",
            title="Improve the service",
            text="To train the models.",
            categories=("usage details",),
            retention="90 days",
            required=False,
        ),
    ),
    recipients=("Example Hosting GmbH",),
    storage_places=("Germany",),
    complaint_route="Write to the data protection authority where you live.",
)
NOTICE = NoticeFacts(
    service="Example Chat",
    controller=CONTROLLER,
    terms=TERMS,
    policy_version="2024-12-05",
    locale="en",
    text="The notice\nas it is recorded.",
    sha256="0f" * 32,
    switches=("improve", "disclosure"),
    evidence_years=3,
)


def question(
    child_name: str | None = "Mia", *, notice: NoticeFacts = NOTICE, choice_missing: bool = False
) -> QuestionPage:
    """The question page."""
    return QuestionPage(
        notice=notice,
        nonce="n" * 43,
        stop_nonce="s" * 43,
        expires_at=AT + timedelta(days=7),
        signup_deleted_at=AT + timedelta(days=14),
        withdrawal_grace_days=3,
        child_name=child_name,
        choice_missing=choice_missing,
    )


def manage(withdrawal_grace_days: int = 3, *, choice_missing: bool = False, of_age: bool = False) -> ManagePage:
    """The page of a consent that lives."""
    return ManagePage(
        notice=NOTICE,
        nonce="n" * 43,
        asked_at=AT - timedelta(hours=5),
        granted_at=AT,
        receipt_id="01jd8xk3m9",
        receipt="eyJhbGciOiJFUzI1NiJ9.e30.c2ln",
        assurance="email",
        switched_on=("improve",),
        withdrawal_grace_days=withdrawal_grace_days,
        delete_at=AT + timedelta(days=withdrawal_grace_days),
        child_name="Mia",
        of_age=of_age,
        choice_missing=choice_missing,
    )


def answered(answer: Answer) -> AnsweredPage:
    """The page after an answer."""
    return AnsweredPage(answer=answer, service="Example Chat", controller=CONTROLLER, decided_at=AT)


def withdrawn(delete_at: datetime | None) -> WithdrawnPage:
    """The page after a withdrawal."""
    return WithdrawnPage(
        service="Example Chat", controller=CONTROLLER, withdrawn_at=AT, delete_at=delete_at, nonce="n" * 43
    )


def awaiting(*, choice_missing: bool = False) -> AwaitingPage:
    """The page between a yes and its second step."""
    later = AT + timedelta(hours=30)
    return AwaitingPage(
        service="Example Chat",
        controller=CONTROLLER,
        nonce="n" * 43,
        confirm_at=later,
        choice_missing=choice_missing,
    )


def superseded(days: int = 3, *, choice_missing: bool = False) -> SupersededPage:
    """The page of the guardian who came second."""
    return SupersededPage(
        service="Example Chat",
        controller=CONTROLLER,
        nonce="n" * 43,
        withdrawal_grace_days=days,
        choice_missing=choice_missing,
    )


def second_step(*, choice_missing: bool = False) -> ConfirmPage:
    """The page behind the second mail."""
    return ConfirmPage(
        service="Example Chat",
        controller=CONTROLLER,
        nonce="n" * 43,
        expires_at=AT + timedelta(days=2),
        child_name="Mia",
        choice_missing=choice_missing,
    )


def to_be_verified(*, done: bool, ways: int) -> QuestionPage:
    """The question where a yes counts from a verified adult only."""
    providers = tuple(Way(name=f"bank{number}", label=f"Example Bank {number}") for number in range(ways))
    return replace(question(), verification=VerificationFacts(done=done, nonce="v" * 43, ways=providers))


EVERY_PAGE: list[Page] = [
    question(),
    to_be_verified(done=False, ways=2),
    to_be_verified(done=False, ways=0),
    to_be_verified(done=True, ways=1),
    GoPage(label="Example Bank", address="https://bank.example/authorize?state=x"),
    second_step(),
    second_step(choice_missing=True),
    question(None, choice_missing=True),
    manage(),
    manage(0, choice_missing=True),
    manage(of_age=True),
    awaiting(),
    awaiting(choice_missing=True),
    superseded(),
    superseded(0, choice_missing=True),
    StopPage(service="Example Chat", stop_nonce="s" * 43),
    StopPage(service="Example Chat", stop_nonce="s" * 43, choice_missing=True),
    StoppedPage(never_again=True, ended=True),
    StoppedPage(never_again=False, ended=True),
    StoppedPage(never_again=True, ended=False),
    NewLinkPage(),
    NewLinkPage(address_missing=True),
    NewLinkPage(sent=True),
    ReportPage(service="chat", product="Example Chat"),
    ReportPage(service="chat", product="Example Chat", name_missing=True),
    ReportPage(service="chat", product="Example Chat", sent=True),
    answered(Answer.GRANT),
    answered(Answer.DECLINE),
    replace(answered(Answer.DECLINE), ends_consent=True),
    withdrawn(AT),
    withdrawn(None),
    LinkUnknownPage(),
    ExpiredPage(),
    UsedLinkPage(),
    ConflictPage(first_answer=Answer.GRANT, service="Example Chat"),
    ConflictPage(first_answer=Answer.DECLINE, service="Example Chat"),
    ProblemPage(title="Form forged", sentence="Open the link in the mail again."),
]
