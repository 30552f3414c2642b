"""The acts that the audit log keeps beside everything a service is told.

Owns their names only. Who writes an entry, and how the log is sealed, is the flows' business.
"""

from enum import StrEnum


class Act(StrEnum):
    """What somebody may ask about years later. Tokens are not among them: what admits a subject is."""

    SIGNUP_DECIDED = "signup.decided"
    """A signup that we had not seen was decided."""
    BIRTH_DATE_CORRECTED = "birth_date.corrected"
    """Evidence moved a date of birth."""
    ASSENT_GIVEN = "assent.given"
    """The minor agreed."""
    ASSENT_WITHDRAWN = "assent.withdrawn"
    """The minor took its agreement back."""
    CONSENT_REQUESTED = "consent.requested"
    """A guardian is asked."""
    REPORT_RECEIVED = "report.taken"
    """Somebody claims that a subject is under age, or we found it."""
    REPORT_NAMED = "report.named"
    """The service said whom a report means, or that it knows nobody of that name."""
    REPORT_READ = "report.read"
    """A person opened what was said in a case."""

    REPORT_CONTESTED = "report.contested"
    REPORT_RULED = "report.ruled"
    """A person ruled, or was the first of two."""
    REPORT_ENDED = "report.ended"
    """A case ended without a ruling."""
    GUARDIAN_ATTESTED = "guardian.attested"
    """A person vouched that a guardian is an adult."""
    GUARDIAN_APPROVED = "guardian.approved"
    """A person let a guardian of many children be asked."""
    GUARDIAN_REFUSED = "guardian.refused"
    """A person ended the question to a guardian of many children."""
    ACCOUNT_SWEPT = "account.swept"
    """An account from a file was enrolled, and decided."""
    SWEEP_BEGUN = "sweep.begun"
    SWEEP_FINISHED = "sweep.finished"
    """A file of accounts was applied to its end."""
    SWEPT_QUESTION_REFUSED = "sweep.question_refused"
    """The guardian that a file named cannot be asked."""
    PURGE_ORDERED = "purge.ordered"
    """Our own data was deleted, and every holder is to delete."""
    LEG_DELIVERED = "purge.leg_delivered"
    """A holder received its order."""
    LEG_ANSWERED = "purge.leg_answered"
    """A holder answered its order."""
    LEG_CLOSING_ASKED = "purge.leg_closing_asked"
    """A person holds that a holder no longer exists."""
    LEG_CLOSED = "purge.leg_closed"
    """A second person agreed: the leg is closed, and not confirmed."""
    ENDPOINT_GONE = "holder.endpoint_gone"
    """A holder's endpoint said that it is no more."""
    HOLDER_MOVED = "holder.moved"
    PURGE_CERTIFIED = "purge.certified"
    """The certificate was signed."""
    SERVICE_REGISTERED = "service.registered"
    SERVICE_CHANGED = "service.changed"
    HOLDER_REGISTERED = "holder.registered"
    API_KEY_ADDED = "api_key.added"
    API_KEY_REVOKED = "api_key.revoked"
    OPERATOR_ADDED = "operator.added"
    """A person got a key."""
    PURGE_WAITS = "purge.waits"
    """A purge was ordered while a legal hold forbids it."""
    HOLD_REQUESTED = "hold.requested"
    HOLD_APPROVED = "hold.approved"
    HOLD_ENDED = "hold.ended"
    SIGNING_KEY_ADDED = "signing_key.added"
    SIGNING_KEY_REVOKED = "signing_key.revoked"
    KEY_EPOCH_OPENED = "key_epoch.opened"
    KEY_EPOCH_REWRAPPED = "key_epoch.rewrapped"
    KEY_EPOCH_DESTROYED = "key_epoch.destroyed"


AGEGATE, GUARDIAN, SUBJECT, COMMAND = "agegate", "guardian", "subject", "command"
"""Who acts without a name: the service itself by its rules and timers, a guardian, a minor, whoever runs commands."""


def of_service(name: str) -> str:
    """The actor of what a service asked for."""
    return f"service:{name}"


def of_holder(name: str) -> str:
    """The actor of what a holder said."""
    return f"holder:{name}"


def of_operator(person: str) -> str:
    """The actor of what a person decided."""
    return f"operator:{person}"
