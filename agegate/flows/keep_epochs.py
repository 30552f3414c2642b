"""Keep the wrapping keys by the month: open the coming one, and wrap anew what lives under one that is over.

So that the old key can be destroyed once no backup needs it, and a purged data key in an old backup with it. A batch is
one transaction; the cursor is kept with it, so a run goes on where it stopped and costs what lives.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from agegate.entropy import Entropy, new_id
from agegate.flows.due import Due
from agegate.flows.write_audit import About, WriteAudit
from agegate.rules.audit import Act
from agegate.rules.epochs import epoch_at
from agegate.store import agenda
from agegate.store.key_epochs import add_epoch, count_wrapped, epochs, find_epoch, note_epoch, rewrap_window
from agegate.store.live_epochs import LiveEpochs
from agegate.store.transaction import Transaction
from agegate.store.vault import Vault

LOG = logging.getLogger("agegate.keys")
AHEAD = timedelta(days=7)
"""How long before a month its key is made."""


@dataclass(frozen=True, slots=True)
class KeepEpochs:
    """Once a minute. `alone`: only this machine has the key file, so keys are opened by themselves."""

    live: LiveEpochs
    entropy: Entropy
    audit: WriteAudit
    alone: bool

    def __call__(self, tx: Transaction, *, now: datetime) -> None:
        """Opens what is to come, notes what has begun, and puts what is over on the agenda."""
        self._open(now)
        sealing, _ = self.live.sealing()
        known = {epoch.name: epoch for epoch in epochs(tx)}
        for name in self.live.names():
            if name <= sealing and name not in known:
                add_epoch(tx, name, now)
                self.audit(tx, Act.KEY_EPOCH_OPENED, About(ref=name), now)
            over = name < sealing and (name not in known or known[name].rewrapped_at is None)
            if over and not agenda.is_known(tx, Due.REWRAP, name):  # put again, it would be begun again
                agenda.put(tx, new_id(self.entropy, now), Due.REWRAP, name, now)

    def _open(self, now: datetime) -> None:
        # Making the same key file twice is the same as once, so a unit that is run again does no harm.
        wanted = {epoch_at(now), epoch_at(now + AHEAD)}
        if not self.alone or wanted <= set(self.live.names()):
            return
        try:
            for name in sorted(wanted):
                self.live.open_epoch(name, self.entropy)
        except OSError as fault:
            LOG.warning("key-file-unwritable", extra={"fault": type(fault)})  # the older epoch goes on sealing


@dataclass(frozen=True, slots=True)
class RewrapKeys:
    """One batch of one epoch; call it until it says that nothing is left."""

    vault: Vault
    live: LiveEpochs
    audit: WriteAudit

    def __call__(self, tx: Transaction, name: str, now: datetime) -> bool:
        """Whether there is more to do."""
        found = find_epoch(tx, name)
        if found is None or found.rewrapped_at is not None or name == self.live.sealing()[0]:
            return False
        cursor, _ = rewrap_window(tx, name, found.cursor, self.vault.rewrap)
        if cursor is not None:
            note_epoch(tx, name, cursor=cursor)
            return True
        if count_wrapped(tx, name):  # some came late; gone through once more
            note_epoch(tx, name, cursor=None)
            return True
        note_epoch(tx, name, cursor=None, rewrapped_at=now)
        self.audit(tx, Act.KEY_EPOCH_REWRAPPED, About(ref=name), now)
        return False
