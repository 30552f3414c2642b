"""The composition of what keeps records and what they may hold: audit log, wrapping keys, legal holds. Decides nothing.

Owns which of those flows gets which collaborator; `app.py` puts them where they are called.
"""

from agegate.flows.end_hold import EndHold
from agegate.flows.keep_epochs import KeepEpochs, RewrapKeys
from agegate.flows.place_hold import ApproveHold, RequestHold
from agegate.flows.seal_audit import SealAudit
from agegate.house import House
from agegate.store.anchor import Anchor
from agegate.web.counter import Counter
from agegate.web.hold_routes import HoldRoutes
from agegate.worker.rewrapping import Rewrapping
from agegate.worker.sealing import Sealing


def sealing(house: House) -> Sealing:
    """Seals the audit log and keeps its anchor, for the worker and for commands."""
    return Sealing(house.store, SealAudit(house.keys, house.entropy), Anchor(house.settings.ledger_folder))


def keep_epochs(house: House) -> KeepEpochs:
    """Looks after the wrapping keys by the month."""
    return KeepEpochs(house.epochs, house.entropy, house.audit, house.alone)


def rewrapping(house: House) -> Rewrapping:
    """Wraps anew what lives under a month that is over."""
    return Rewrapping(house.store, RewrapKeys(house.vault, house.epochs, house.audit))


def end_hold(house: House) -> EndHold:
    """Ends legal holds."""
    return EndHold(house.purge, house.announce, house.settle.consent)


def hold_routes(house: House, counter: Counter) -> HoldRoutes:
    """The calls about legal holds."""
    ask = RequestHold(house.digests, house.entropy, house.announce)
    return HoldRoutes(counter, ask, ApproveHold(house.announce), end_hold(house))
