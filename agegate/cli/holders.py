"""Commands about holders: who must delete on order, where its orders go, and how long it has."""

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from agegate.cli.audiences import require_audience
from agegate.cli.door import house, refuse, require_name, say, wrong_use
from agegate.cli.endpoints import require_address
from agegate.rules.errors import AgeGateError
from agegate.rules.purge import DUE_WITHIN

if TYPE_CHECKING:
    from agegate.store.transaction import Transaction

holder_app = typer.Typer(no_args_is_help=True, help="Downstream services that must delete on order.")
SPAN = re.compile(r"([1-9][0-9]{0,6})([smhd])", re.ASCII)
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
Url = Annotated[str | None, typer.Argument(help="Where its orders go: https, or http on loopback in test.")]


@holder_app.command("add")
def add_holder(
    service: Annotated[str, typer.Argument(help="The service whose subjects' data it holds.")],
    name: Annotated[str, typer.Argument(help="The holder's name, such as chat-archive.")],
    url: Url = None,
    *,
    category: Annotated[list[str] | None, typer.Option(help="A data category it holds; repeatable.")] = None,
    deadline: Annotated[str, typer.Option(help="How long it has to answer: 12h, 7d … at most 30d.")] = "30d",
    audience: Annotated[str | None, typer.Option(help="Orders name subjects as this audience's tokens do.")] = None,
) -> None:
    """Register a holder. Every purge ordered from now on has a leg for it.

    Without a URL it fetches its orders itself (GET /v1/purges?state=open), as behind a firewall. Prints the secret
    (whsec_…) that signs its orders. Its own key to answer them: agegate key add SERVICE --scope holder --holder NAME
    """
    from agegate.flows.register import HolderTerms, Register
    from agegate.flows.register_audience import aim
    from agegate.remote.webhooks import new_webhook_secret

    require_name(name, "holder")
    if audience is not None:
        require_audience(audience)
    terms = HolderTerms(category or [], read_deadline(deadline))
    with house() as opened:
        address, now = require_address(opened, url) if url else "", opened.clock()
        register, secret = Register(opened.vault, opened.digests, opened.entropy), new_webhook_secret(opened.entropy)

        def unit(tx: "Transaction") -> AgeGateError | None:
            refused = register.holder(tx, service, name, address, secret, terms, now)
            return refused or (aim(tx, service, name, audience) if audience else None)

        if (refused := opened.store.write_now(unit)) is not None:
            refuse(refused)
    say(f"The key to its tombstones, for after a restore: agegate service tombstone-key {service}")
    say(f"Holder {name} of {service} added. The secret that signs its orders, shown once:")
    typer.echo(secret)


@holder_app.command("move")
def move_holder(
    service: Annotated[str, typer.Argument(help="The service.")],
    name: Annotated[str, typer.Argument(help="The holder.")],
    url: Url = None,
) -> None:
    """Give a holder another address, or none; also opens an endpoint again that had said 410.

    Orders that it never received go there at once.
    """
    from agegate.flows.move_holder import MoveHolder

    with house() as opened:
        address, now = require_address(opened, url) if url else "", opened.clock()
        move = MoveHolder(opened.entropy, opened.audit)
        waiting = opened.store.write_now(lambda tx: move(tx, service, name, address, now))
    if isinstance(waiting, AgeGateError):
        refuse(waiting)
    say(f"Holder {name} of {service} has another address. Orders that go there now: {waiting}.")


def read_deadline(text: str) -> timedelta:
    """A span as people write it; ends the command when it is none, or longer than the law allows."""
    found = SPAN.fullmatch(text)
    span = timedelta(**{UNITS[found[2]]: int(found[1])}) if found else None
    if span is None or span > DUE_WITHIN:
        wrong_use("--deadline is a number and one of s, m, h, d, such as 12h or 7d, and at most 30d.")
    return span
