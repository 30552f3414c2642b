"""Gathers what each guardian page shows from a request, its service and the profile's notice. Decides nothing."""

from dataclasses import dataclass
from datetime import datetime

from agegate.flows.open_link import Asked
from agegate.flows.rule_book import RuleBook
from agegate.flows.withdraw_consent import Withdrawn
from agegate.rules.consent import ANSWERED, Answer, RequestState
from agegate.web.page_facts import (
    AnsweredPage,
    ConflictPage,
    Controller,
    ExpiredPage,
    ManagePage,
    NoticeFacts,
    Page,
    QuestionPage,
    UsedLinkPage,
    WithdrawnPage,
)

GIVEN = {state: answer for answer, state in ANSWERED.items()} | {RequestState.CONFIRMING: Answer.GRANT}
FIRST = GIVEN | {RequestState.SUPERSEDED: Answer.GRANT}
"""The answer that stands where a later one came; only another guardian's consent supersedes a question."""


@dataclass(frozen=True, slots=True)
class GuardianFacts:
    """One method per page."""

    rules: RuleBook

    def question_or_outcome(self, asked: Asked, nonce: str, now: datetime) -> Page:
        """The question while it is open; afterwards what became of it."""
        request = asked.request
        if request.state == RequestState.PENDING:
            return self._question(asked, nonce) if now < request.expires_at else ExpiredPage()
        if request.state == RequestState.EXPIRED:
            return ExpiredPage()
        if request.state in GIVEN:
            return self.answered(asked, RequestState(request.state), now)
        return UsedLinkPage()

    def choice_missing(self, asked: Asked, nonce: str, now: datetime) -> Page:
        """The question again, with a word on what is missing."""
        page = self.question_or_outcome(asked, nonce, now)
        return self._question(asked, nonce, choice_missing=True) if isinstance(page, QuestionPage) else page

    def _question(self, asked: Asked, nonce: str, *, choice_missing: bool = False) -> QuestionPage:
        subject, request = asked.subject, asked.request
        return QuestionPage(
            notice=self._notice(asked),
            nonce=nonce,
            expires_at=request.expires_at,
            signup_deleted_at=request.expires_at,
            withdrawal_grace_days=self.rules.profile(asked.service.profile).retention.withdrawal_grace.days,
            assent_given=subject.assent_sha256 == request.notice_sha256 if subject.assent_needed else None,
            child_name=asked.child_name,
            choice_missing=choice_missing,
        )

    def answered(self, asked: Asked, state: RequestState, now: datetime) -> AnsweredPage:
        """The answer as it was taken."""
        return AnsweredPage(
            answer=GIVEN[state],
            service=asked.service.name,
            controller=_controller(asked),
            decided_at=asked.request.decided_at or now,
            child_name=asked.child_name,
        )

    @staticmethod
    def conflict(asked: Asked) -> Page:
        """Another answer came first. A question that ended otherwise has no first answer to tell."""
        first = FIRST.get(RequestState(asked.request.state))
        return ConflictPage(first_answer=first, service=asked.service.name) if first else UsedLinkPage()

    def manage(self, asked: Asked, nonce: str, now: datetime, *, choice_missing: bool = False) -> Page:
        """The consent while it lives; afterwards when it was withdrawn."""
        request = asked.request
        if request.state == RequestState.WITHDRAWN:
            return self.withdrawn(asked, Withdrawn(request.delete_at or now, None), now)
        grace = self.rules.profile(asked.service.profile).retention.withdrawal_grace
        return ManagePage(
            notice=self._notice(asked),
            nonce=nonce,
            granted_at=request.decided_at or now,
            receipt_id=request.receipt_id or "",
            receipt=asked.receipt or "",
            assurance=request.assurance,
            withdrawal_grace_days=grace.days,
            delete_at=now + grace,
            child_name=asked.child_name,
            choice_missing=choice_missing,
        )

    @staticmethod
    def withdrawn(asked: Asked, withdrawn: Withdrawn, now: datetime) -> WithdrawnPage:
        """The consent was taken back, and when the deletion starts."""
        return WithdrawnPage(
            service=asked.service.name,
            controller=_controller(asked),
            withdrawn_at=now,
            delete_at=None if withdrawn.purge else withdrawn.delete_at,
        )

    def _notice(self, asked: Asked) -> NoticeFacts:
        profile = self.rules.profile(asked.service.profile)
        notice = self.rules.notice(profile, asked.request.locale)
        return NoticeFacts(
            service=asked.service.name,
            controller=_controller(asked),
            terms=profile.terms(notice.locale),
            policy_version=notice.policy_version,
            locale=notice.locale,
            text=notice.text,
            sha256=notice.sha256,
        )


def _controller(asked: Asked) -> Controller:
    service = asked.service
    return Controller(
        name=service.controller_name or service.name,
        postal_address=service.controller_address or "",
        contact=service.controller_contact or "",
    )
