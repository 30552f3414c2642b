"""Seals the audit log batch by batch, then copies new checkpoints to the anchor. Once a minute is enough."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from agegate.flows.seal_audit import AT_ONCE, SealAudit
from agegate.store.anchor import Anchor
from agegate.store.store import Store

LOG = logging.getLogger("agegate.audit")


@dataclass(frozen=True, slots=True)
class Sealing:
    """Other writers get their turn between two batches."""

    store: Store
    seal: SealAudit
    anchor: Anchor

    async def __call__(self, now: datetime) -> None:
        """Everything that waits by now."""
        while await self.store.write(partial(self.seal, now=now)) >= AT_ONCE:
            pass
        try:
            while await self._copy():
                pass
        except OSError as fault:
            LOG.error("anchor-unwritable", extra={"fault": type(fault)})  # noqa: TRY400 - the kind is enough

    async def _copy(self) -> bool:
        after = await asyncio.to_thread(self.anchor.last_number)
        missing = await self.store.read(lambda tx: self.anchor.missing(tx, after))
        if missing:
            await asyncio.to_thread(self.anchor.append, missing)
        return bool(missing)
