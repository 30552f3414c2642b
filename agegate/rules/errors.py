"""Every "no" that agegate can say, by meaning.

A flow returns these, the door raises them; the docstring is the sentence a person reads: what happened, why, what
to do next. HTTP statuses are `web/problems.py`'s business. No error ever carries a submitted value.
"""

from dataclasses import dataclass
from inspect import getdoc


class AgeGateError(Exception):
    """The request was refused."""

    def __str__(self) -> str:
        return " ".join((getdoc(type(self)) or "").split())


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with the input: a JSON Pointer (RFC 6901), a stable code, a sentence."""

    pointer: str
    code: str
    detail: str


class InputRefused(AgeGateError):
    """The input is not usable. The list of errors says which member is wrong and why."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__()
        self.faults = faults


class SubjectUnknown(AgeGateError):
    """This service has no such subject. Sign the subject up first."""


class RequestUnknown(AgeGateError):
    """This subject has no such consent request. Ask for a consent first."""


class ConsentRequired(AgeGateError):
    """A guardian's consent is needed before this subject may be admitted. Ask for it with a consent request."""


class AssentRequired(AgeGateError):
    """The minor's own agreement to the same notice is missing. Record it with PUT …/assent."""


class SubjectBlocked(AgeGateError):
    """The rules do not admit this subject. No consent can lift this."""


class SubjectRestricted(AgeGateError):
    """This subject is restricted while its age is in doubt. Wait for the ruling or contest the report."""


class SubjectPurged(AgeGateError):
    """This subject was purged and nothing is held any more. A new signup starts afresh."""


class ConsentNotNeeded(AgeGateError):
    """There is nothing for a guardian to answer: this subject does not wait for a consent."""


class ControllerIncomplete(AgeGateError):
    """The service has no complete controller (name, postal address, contact), which a guardian must be told.

    Complete it with: agegate service add NAME --profile P --controller FILE
    """


class NoticeMismatch(AgeGateError):
    """The agreement names another notice than the current one. Show the notice that /v1/requirements names."""


class VerificationNeeded(AgeGateError):
    """A yes counts here only from a verified adult. Show first that you are one, as the page says; then answer."""


class TooManyRequests(AgeGateError):
    """Two guardians are already asked for this subject. Wait for one answer or for the expiry."""


class PurgeUnknown(AgeGateError):
    """There is no such purge for this key."""


class LegUnknown(AgeGateError):
    """This holder has no leg in that purge."""


class ReportUnknown(AgeGateError):
    """There is no such report for this key. Check the id that POST /v1/reports answered."""


class ReportNotNamed(AgeGateError):
    """Nobody has said yet which subject this report means. Name it with POST /v1/reports/{id}/subject first."""


class ReportOver(AgeGateError):
    """This report is settled, and what was decided first stands. Report anew if there is something new."""


class ReportLimitReached(AgeGateError):
    """There were too many reports within a day. Nothing was taken; try again tomorrow."""


class SubjectHeld(AgeGateError):
    """A legal hold keeps this subject as it is. Rule again once the hold has ended."""


class StillUnderAge(AgeGateError):
    """By the date of birth on record the rules do not admit this subject. Correct the date on evidence, or uphold."""


class LegAnswered(AgeGateError):
    """This leg was answered already, and differently. The first final answer stands; GET the purge shows it."""


class CertificateNotReady(AgeGateError):
    """The certificate does not exist yet: at least one holder has not answered. Ask again later."""


class LinkUnknown(AgeGateError):
    """This link is not known or no longer valid. Ask the child to request a new one."""


class AlreadyAnswered(AgeGateError):
    """This question was already answered. The first answer stands."""


class RequestExpired(AgeGateError):
    """This question expired unanswered, and what was stored for it was deleted. The child can sign up again."""


class SignInOver(AgeGateError):
    """This sign-in is over, or was not begun in this browser. Open the link in the mail and begin it again."""


class AdultNotShown(AgeGateError):
    """What the provider said does not show an adult, so nothing was changed and nothing of it was kept.

    Open the link in the mail to try another way, or to say no.
    """


class ProviderUnavailable(AgeGateError):
    """The provider could not be asked just now. Nothing was changed; open the link in the mail and try again later."""


class ResultNotSigned(AgeGateError):
    """This is not a fresh, signed result of a known verifier (Standard Webhooks). Nothing was changed."""


class ChoiceMissing(AgeGateError):
    """No answer was chosen. Choose one of the two answers and send the form again."""


class FormForged(AgeGateError):
    """The form did not come from the page that this service showed. Open the link in the mail again."""


class ServiceUnknown(AgeGateError):
    """There is no service of that name. Add it with: agegate service add NAME --profile PROFILE"""


class HolderUnknown(AgeGateError):
    """That service has no such holder. Add it with: agegate holder add SERVICE NAME URL"""


class OperatorUnknown(AgeGateError):
    """No person of that name has a key for this service. Add it with: agegate operator add NAME --service SERVICE."""


class SecondApproverRequired(AgeGateError):
    """This takes two people, and you were the first. Ask another person with a key of this service."""


class HoldUnknown(AgeGateError):
    """There is no such legal hold, or it has ended."""


class HoldExists(AgeGateError):
    """This subject is under another legal hold. Release that one first, or let it end."""


class NameTaken(AgeGateError):
    """That name is taken already in this service. Choose another one."""
