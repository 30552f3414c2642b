"""Gathers what the pages of a question show from a request, its service and the profile's notice. Decides nothing."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from agegate.flows.open_link import Asked
from agegate.flows.rule_book import RuleBook
from agegate.flows.verify_guardian import needed_of, reached_by
from agegate.remote.verifiers import Verifiers
from agegate.rules.assurance import Assurance
from agegate.rules.consent import ANSWERED, Answer, RequestState
from agegate.rules.switches import switches_of
from agegate.web.page_facts import (
    AnsweredPage,
    AwaitingPage,
    ConflictPage,
    Controller,
    ExpiredPage,
    NoticeFacts,
    Page,
    QuestionPage,
    StopPage,
    SupersededPage,
    UsedLinkPage,
    VerificationFacts,
    Way,
)

GIVEN = {state: answer for answer, state in ANSWERED.items()}
YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Nonces:
    """What the forms on a question's page bring back: the answer's, and the small ones'."""

    answer: str = field(repr=False)
    stop: str = field(repr=False)
    verify: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class GuardianFacts:
    """One method per page."""

    rules: RuleBook
    verifiers: Verifiers

    def question_or_outcome(self, asked: Asked, nonces: Nonces, now: datetime) -> Page:
        """The question while it is open; afterwards what became of it."""
        request = asked.request
        if request.state == RequestState.PENDING:
            return self._question(asked, nonces) if now < request.expires_at else ExpiredPage()
        if request.state == RequestState.EXPIRED:
            return ExpiredPage()
        return self.outcome(asked, RequestState(request.state), nonces, now)

    def choice_missing(self, asked: Asked, nonces: Nonces, now: datetime) -> tuple[Page, bool]:
        """The page again with a word on what is missing, and whether anything can be chosen on it."""
        page = self.question_or_outcome(asked, nonces, now)
        match page:
            case QuestionPage():
                return self._question(asked, nonces, choice_missing=True), True
            case AwaitingPage():
                return self._awaiting(asked, nonces, now, choice_missing=True), True
            case SupersededPage():
                return self._superseded(asked, nonces, choice_missing=True), True
        return page, False

    def outcome(self, asked: Asked, state: RequestState, nonces: Nonces, now: datetime) -> Page:
        """The answer as it was taken, and what can still be done about it."""
        request = asked.request
        match state:
            case RequestState.GRANTED | RequestState.DECLINED:
                return AnsweredPage(
                    answer=GIVEN[state],
                    service=asked.service.name,
                    controller=controller_of(asked),
                    decided_at=request.decided_at or now,
                    child_name=asked.child_name,
                )
            case RequestState.CONFIRMING:
                return self._awaiting(asked, nonces, now)
            case RequestState.SUPERSEDED if request.refused_at is None:
                return self._superseded(asked, nonces)
            case RequestState.WITHDRAWN if request.state == RequestState.SUPERSEDED:
                return AnsweredPage(
                    answer=Answer.DECLINE,
                    service=asked.service.name,
                    controller=controller_of(asked),
                    decided_at=request.refused_at or now,
                    ends_consent=True,
                )
        return UsedLinkPage()

    def conflict(self, asked: Asked) -> Page:
        """Another answer came first. A question that ended otherwise has no first answer to tell."""
        first = GIVEN.get(RequestState(asked.request.state))
        return ConflictPage(first_answer=first, service=asked.service.name) if first else UsedLinkPage()

    @staticmethod
    def stop(asked: Asked, nonce: str, *, choice_missing: bool = False) -> Page:
        """The two small forms."""
        return StopPage(service=asked.service.name, stop_nonce=nonce, choice_missing=choice_missing)

    def _question(self, asked: Asked, nonces: Nonces, *, choice_missing: bool = False) -> QuestionPage:
        subject, request = asked.subject, asked.request
        return QuestionPage(
            notice=notice_of(self.rules, asked),
            nonce=nonces.answer,
            stop_nonce=nonces.stop,
            expires_at=request.expires_at,
            signup_deleted_at=max(request.expires_at, subject.expires_at or request.expires_at),
            withdrawal_grace_days=grace_of(self.rules, asked).days,
            assent_given=subject.assent_sha256 == request.notice_sha256 if subject.assent_needed else None,
            verification=self._verification(asked, nonces),
            child_name=asked.child_name,
            choice_missing=choice_missing,
        )

    def _verification(self, asked: Asked, nonces: Nonces) -> VerificationFacts | None:
        if needed_of(self.rules.profile(asked.service.profile), asked.request, asked.subject) < Assurance.VERIFIED:
            return None
        ways = (Way(name=each.name, label=each.label) for each in self.verifiers.of(asked.service.name))
        done = reached_by(asked.request) is Assurance.VERIFIED
        return VerificationFacts(done=done, nonce=nonces.verify, ways=tuple(ways))

    @staticmethod
    def _awaiting(asked: Asked, nonces: Nonces, now: datetime, *, choice_missing: bool = False) -> AwaitingPage:
        return AwaitingPage(
            service=asked.service.name,
            controller=controller_of(asked),
            nonce=nonces.answer,
            confirm_at=asked.request.confirm_at or now,
            choice_missing=choice_missing,
        )

    def _superseded(self, asked: Asked, nonces: Nonces, *, choice_missing: bool = False) -> SupersededPage:
        return SupersededPage(
            service=asked.service.name,
            controller=controller_of(asked),
            nonce=nonces.answer,
            withdrawal_grace_days=grace_of(self.rules, asked).days,
            choice_missing=choice_missing,
        )


def notice_of(rules: RuleBook, asked: Asked) -> NoticeFacts:
    """What the guardian was or is told, in the language of the question."""
    profile = rules.profile(asked.service.profile)
    notice = rules.notice(profile, asked.request.locale)
    return NoticeFacts(
        service=asked.service.name,
        controller=controller_of(asked),
        terms=profile.terms(notice.locale),
        policy_version=notice.policy_version,
        locale=notice.locale,
        text=notice.text,
        sha256=notice.sha256,
        switches=switches_of(profile),
        evidence_years=round(profile.retention.evidence_retention / YEAR),
    )


def grace_of(rules: RuleBook, asked: Asked) -> timedelta:
    """The time between a withdrawal and the deletion."""
    return rules.profile(asked.service.profile).retention.withdrawal_grace


def controller_of(asked: Asked) -> Controller:
    """Who answers for the data."""
    service = asked.service
    return Controller(
        name=service.controller_name or service.name,
        postal_address=service.controller_address or "",
        contact=service.controller_contact or "",
    )
