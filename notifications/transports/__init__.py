"""The ways a message leaves: a folder, SMTP, one provider's HTTP API.

Owns the public names of the seam. Retries, limits and records are left to the caller.
"""

from notifications.transports.folder import FolderTransport
from notifications.transports.opening import BadMailUrl, open_transport
from notifications.transports.transport import MailRefused, MailRefusedForGood, MailRefusedForNow, Transport

__all__ = [
    "BadMailUrl",
    "FolderTransport",
    "MailRefused",
    "MailRefusedForGood",
    "MailRefusedForNow",
    "Transport",
    "open_transport",
]
