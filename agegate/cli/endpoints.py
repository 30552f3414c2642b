"""Addresses that somebody registers: judged by their text and by what their name leads to now."""

import asyncio
from typing import TYPE_CHECKING

from agegate.cli.door import refuse

if TYPE_CHECKING:
    from agegate.house import House


def require_address(opened: "House", url: str) -> str:
    """The address, or the end of the command with one sentence, whatever is wrong with it."""
    from agegate.remote.outbound import Outbound

    fault = asyncio.run(Outbound(opened.settings.allow_loopback).fault_now(url))
    if fault is not None:
        refuse(f"{fault} In test, AGEGATE_ALLOW_LOOPBACK=1 lets webhooks go to http on loopback.")
    return url
