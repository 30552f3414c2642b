"""What each guardian page shows, as values.

Owns the facts and nothing of their wording: a route fills one of these, `pages.render` finds the template
that belongs to it. No page ever gets a date of birth, an address of a person or a link.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from agegate.rules.consent import Answer
from agegate.rules.notice_terms import NoticeTerms


@dataclass(frozen=True, slots=True, kw_only=True)
class Controller:
    """Who is responsible for the processing and can be reached about it."""

    name: str
    postal_address: str
    contact: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeFacts:
    """What a guardian must be told. `text` is the recorded notice, `sha256` the digest of that text."""

    service: str
    controller: Controller
    terms: NoticeTerms
    policy_version: str
    locale: str
    text: str
    sha256: str
    switches: tuple[str, ...]
    """What is switched on one by one; `disclosure` is the one for passing data to third parties."""

    evidence_years: int
    """How long the proof of a consent is kept after its end."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a page is rendered from: the class names its template and its usual status."""

    template: ClassVar[str]
    status: ClassVar[int] = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A provider at which a guardian can show to be an adult."""

    name: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationFacts:
    """A yes counts from a verified adult only: whether one was shown, and where it can be shown."""

    done: bool
    nonce: str
    ways: tuple[Way, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionPage(Page):
    """The question. Nothing is preselected; `choice_missing`: a form came back without an answer."""

    template: ClassVar[str] = "question.html"
    notice: NoticeFacts
    nonce: str
    stop_nonce: str
    """For the small forms to /guardian/stop."""

    expires_at: datetime
    """Until when this question can be answered; then the guardian's address is deleted."""

    signup_deleted_at: datetime
    """When the signup itself is deleted if nobody consents."""

    withdrawal_grace_days: int
    assent_given: bool | None = None
    """Whether the minor has agreed; None where no agreement is needed."""

    verification: VerificationFacts | None = None
    """None where an answered mail is proof enough."""

    child_name: str | None = None
    choice_missing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmPage(Page):
    """The second step of e-mail plus: a yes given before is confirmed or taken back. Nothing is preselected."""

    template: ClassVar[str] = "confirm.html"
    service: str
    controller: Controller
    nonce: str
    expires_at: datetime
    child_name: str | None = None
    choice_missing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GoPage(Page):
    """The way to a provider's page."""

    template: ClassVar[str] = "go.html"
    label: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredPage(Page):
    """The guardian's answer was taken. `decided_at` may lie back: a repeated form gets the same page."""

    template: ClassVar[str] = "answered.html"
    answer: Answer
    service: str
    controller: Controller
    decided_at: datetime
    child_name: str | None = None
    ends_consent: bool = False
    """A no that came after another's yes: what was agreed to ends, and is deleted after the grace."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AwaitingPage(Page):
    """A yes that counts only after the second mail. Until then one form takes it back."""

    template: ClassVar[str] = "awaiting.html"
    service: str
    controller: Controller
    nonce: str
    confirm_at: datetime
    choice_missing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SupersededPage(Page):
    """Another answer settled the question first; whose, is not told. A refusal still ends the consent."""

    template: ClassVar[str] = "superseded.html"
    service: str
    controller: Controller
    nonce: str
    withdrawal_grace_days: int
    choice_missing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StopPage(Page):
    """Two small forms: not my child, and never write to me again. Nothing is ticked."""

    template: ClassVar[str] = "stop.html"
    service: str
    stop_nonce: str
    choice_missing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StoppedPage(Page):
    """The question has ended without an answer, at the wish of whoever has the mailbox."""

    template: ClassVar[str] = "stopped.html"
    never_again: bool
    ended: bool
    """Whether a question was open; a consent that was given stays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLinkPage(Page):
    """Asks for an address to mail the way to one's consents to; the answer is the same for every address."""

    template: ClassVar[str] = "new_link.html"
    sent: bool = False
    address_missing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPage(Page):
    """Asks for the public name of an account that a child seems to use; the answer is the same for every name."""

    template: ClassVar[str] = "report.html"
    service: str
    product: str
    sent: bool = False
    name_missing: bool = False


@dataclass(frozen=True, slots=True)
class LinkUnknownPage(Page):
    """The same bytes for every link that opens nothing: wrong, cut, too old, or never made."""

    template: ClassVar[str] = "link_unknown.html"
    status: ClassVar[int] = 404


@dataclass(frozen=True, slots=True)
class ExpiredPage(Page):
    """The question ended unanswered."""

    template: ClassVar[str] = "expired.html"
    status: ClassVar[int] = 410


@dataclass(frozen=True, slots=True)
class UsedLinkPage(Page):
    """The question was answered and this browser may not change the answer."""

    template: ClassVar[str] = "used_link.html"
    status: ClassVar[int] = 410


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictPage(Page):
    """Another answer came first and stands. Which guardian gave it is not told."""

    template: ClassVar[str] = "conflict.html"
    status: ClassVar[int] = 409
    first_answer: Answer
    service: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemPage(Page):
    """Any other refusal, in the sentence of its error class."""

    template: ClassVar[str] = "problem.html"
    status: ClassVar[int] = 400
    title: str
    sentence: str
