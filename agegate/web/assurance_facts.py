"""Gathers what the pages of the second step and of the sign-in show. Decides nothing."""

from dataclasses import dataclass
from datetime import datetime

from agegate.flows.open_link import Asked
from agegate.flows.start_sign_in import OpenSignIn
from agegate.remote.guardian_verifier import NotShown, Reason, SignIn
from agegate.rules.consent import ANSWERED, RequestState
from agegate.rules.errors import AdultNotShown, AgeGateError, ProviderUnavailable, SignInOver
from agegate.web.guardian_facts import controller_of
from agegate.web.page_facts import AnsweredPage, ConfirmPage, ExpiredPage, LinkUnknownPage, Page, UsedLinkPage

CONFIRM, DECLINE = "confirm", "decline"
GIVEN = {state: answer for answer, state in ANSWERED.items()}
REFUSALS: dict[Reason, type[AgeGateError]] = {
    Reason.REFUSED: AdultNotShown,
    Reason.NOT_ADULT: AdultNotShown,
    Reason.FORGED: SignInOver,
    Reason.UNREACHABLE: ProviderUnavailable,
}


@dataclass(frozen=True, slots=True)
class AssuranceFacts:
    """One method per page."""

    def second_step(self, asked: Asked, nonce: str, now: datetime, *, choice_missing: bool = False) -> Page:
        """The second step while it is due and open; before its mail the link is as good as unknown."""
        request = asked.request
        if request.state != RequestState.CONFIRMING:
            return self.answered(asked, RequestState(request.state), now)
        if now >= request.expires_at:
            return ExpiredPage()
        if request.confirm_at is None or now < request.confirm_at:
            return LinkUnknownPage()
        return ConfirmPage(
            service=asked.service.name,
            controller=controller_of(asked),
            nonce=nonce,
            expires_at=request.expires_at,
            child_name=asked.child_name,
            choice_missing=choice_missing,
        )

    @staticmethod
    def answered(asked: Asked, state: RequestState, now: datetime) -> Page:
        """What became of the question."""
        if state is RequestState.EXPIRED:
            return ExpiredPage()
        if state not in GIVEN:
            return UsedLinkPage()
        return AnsweredPage(
            answer=GIVEN[state],
            service=asked.service.name,
            controller=controller_of(asked),
            decided_at=asked.request.decided_at or now,
            child_name=asked.child_name,
        )


def sent_out(begun: OpenSignIn, issuer: str) -> SignIn:
    """A sign-in as a verifier gets to see it."""
    return SignIn(
        request=begun.request,
        state=begun.state,
        nonce=begun.nonce,
        code_verifier=begun.code_verifier,
        redirect_uri=f"{issuer}/guardian/verified",
        back_to=f"{issuer}/guardian",
    )


def refusal_of(came: NotShown) -> AgeGateError:
    """What is said to somebody who was not shown to be an adult."""
    return REFUSALS[came.reason]()
