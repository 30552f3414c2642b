"""Gathers what the pages of a given consent show. Decides nothing; kinds of data and times, never a value."""

from dataclasses import dataclass
from datetime import datetime

from agegate.flows.open_link import Asked
from agegate.flows.rule_book import RuleBook
from agegate.flows.withdraw_consent import Withdrawn
from agegate.rules.consent import RequestState
from agegate.web.consent_pages import ManagePage, WithdrawnPage
from agegate.web.guardian_facts import controller_of, grace_of, notice_of
from agegate.web.page_facts import Page


@dataclass(frozen=True, slots=True)
class ConsentFacts:
    """One method per page."""

    rules: RuleBook

    def manage(
        self, asked: Asked, nonce: str, now: datetime, *, choice_missing: bool = False, saved: bool = False
    ) -> Page:
        """The consent while it lives and when it is history; after a withdrawal, when the data goes."""
        request = asked.request
        if request.state == RequestState.WITHDRAWN:
            ended = Withdrawn(request.delete_at or now, None)
            return self.withdrawn(asked, ended, nonce, request.ended_at or now, choice_missing=choice_missing)
        grace = grace_of(self.rules, asked)
        return ManagePage(
            notice=notice_of(self.rules, asked),
            nonce=nonce,
            asked_at=request.created_at,
            granted_at=request.decided_at or now,
            receipt_id=request.receipt_id or "",
            receipt=asked.receipt or "",
            assurance=request.assurance,
            switched_on=tuple(request.purposes_given or ()),
            withdrawal_grace_days=grace.days,
            delete_at=now + grace,
            child_name=asked.child_name,
            of_age=request.state == RequestState.AGED_OUT,
            choice_missing=choice_missing,
            saved=saved,
        )

    @staticmethod
    def withdrawn(
        asked: Asked, withdrawn: Withdrawn, nonce: str, at: datetime, *, choice_missing: bool = False
    ) -> WithdrawnPage:
        """The consent was taken back, and when the deletion starts."""
        return WithdrawnPage(
            service=asked.service.name,
            controller=controller_of(asked),
            withdrawn_at=at,
            delete_at=None if withdrawn.purge else withdrawn.delete_at,
            nonce=nonce,
            choice_missing=choice_missing,
        )
