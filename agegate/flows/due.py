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
    EVENT = "event.deliver"
    """Tell the service; ref: event."""
    LEG = "leg.deliver"
    """Order a holder to delete; ref: purge leg."""
    CERTIFICATE = "purge.certify"
    """Sign the certificate; ref: purge."""
    FORGET_SUBJECT = "purge.forget"
    """The purge may name its subject no longer; ref: purge."""
