"""The kinds of work that flows put on the agenda; the worker knows what each one asks for."""

from enum import StrEnum


class Due(StrEnum):
    """A kind of due work, and the row its `ref` names."""

    REQUEST_MAIL = "request.mail"
    """Ask the guardian; ref: consent request."""
    RECEIPT_MAIL = "receipt.mail"
    """Mail the receipt; ref: consent request."""
    REQUEST_EXPIRY = "request.expiry"
    """The question's time is over; ref: consent request."""
    SUBJECT_EXPIRY = "subject.expiry"
    """The time to find a guardian is over; ref: subject."""
    WITHDRAWAL = "withdrawal.due"
    """The grace after a withdrawal is over; ref: consent request."""
    ASSENT_WITHDRAWAL = "assent.withdrawn"
    """The minor took its agreement back and the time to give it again is over; ref: subject."""
    RULES = "rules.compare"
    """A service got another profile; ref: service."""
    LAW_DAY = "law.day"
    """A row of the law starts or ends at a place; ref: the place's code."""
    REDECIDE = "rules.redecide"
    """The rules changed: the next batch is decided again; ref: the scope of the change."""
    EVENT = "event.deliver"
    """Tell the service; ref: event."""
    LEG = "leg.deliver"
    """Order a holder to delete; ref: purge leg."""
    CERTIFICATE = "purge.certify"
    """Sign the certificate; ref: purge."""
    FORGET_SUBJECT = "purge.forget"
    """The purge may name its subject no longer; ref: purge."""
