"""What a downstream service imports to trust age-status tokens offline, and a holder to answer purge orders.

Owns the public names; the rest of this package may change. Leaves out everything that the server needs.
Use: `verifier = Verifier("https://age.example", "https://chat.example")`, then `verifier.check(token)`, or
`app = RequireAgeStatus(app, verifier)`, or `app = RequireAge(app, verifier, over=18)`.
"""

from agegate.signing.verify import Reason, TokenRefused
from agegate.verifier.age_status import AgeStatus
from agegate.verifier.age_verifier import Verifier
from agegate.verifier.leg_answers import Deleted, Kept, Refused
from agegate.verifier.middleware import RequireAge, RequireAgeStatus
from agegate.verifier.purge_inbox import InboxClosed, PurgeInbox, Round
from agegate.verifier.purge_receiver import PurgeReceiver
from agegate.verifier.purge_work import PurgeOrder

__all__ = [
    "AgeStatus",
    "Deleted",
    "InboxClosed",
    "Kept",
    "PurgeInbox",
    "PurgeOrder",
    "PurgeReceiver",
    "Reason",
    "Refused",
    "RequireAge",
    "RequireAgeStatus",
    "Round",
    "TokenRefused",
    "Verifier",
]
