"""Commands about purges: how far they are, and closing the leg of a holder that no longer exists."""

import json
import re
from typing import TYPE_CHECKING, Annotated

import typer

from agegate.cli.door import house, refuse, require_name, say, wrong_use
from agegate.cli.facts import print_json
from agegate.cli.options import AsJson
from agegate.rules.errors import AgeGateError, OperatorUnknown

if TYPE_CHECKING:
    from agegate.flows.view_purge import PurgeView
    from agegate.store.records import PurgeLeg
    from agegate.store.transaction import Transaction

purge_app = typer.Typer(no_args_is_help=True, help="Purges and their legs.")
REASON = re.compile(r"[a-z][a-z0-9_.:-]{0,63}", re.ASCII)


@purge_app.command("close")
def close_leg(
    purge: Annotated[str, typer.Argument(help="The purge's id.")],
    holder: Annotated[str, typer.Argument(help="The holder that no longer exists.")],
    operator: Annotated[str, typer.Option(help="Who says so: the name of a person with a key of the service.")],
    reason: Annotated[str, typer.Option(help="A code of your own, such as out_of_business.")],
) -> None:
    """Close the leg of a holder that no longer exists. It takes two people, one after the other.

    The certificate says `unconfirmed` for it. Until the second person agrees, the holder may still answer.
    """
    from agegate.flows.close_leg import CloseLeg
    from agegate.store.purges import purge_by_id
    from agegate.store.registry import has_person

    require_name(operator, "person")
    if not REASON.fullmatch(reason):
        wrong_use("--reason is a code of a-z, 0-9, _ . : and -, such as out_of_business.")
    with house() as opened:
        close, now = CloseLeg(opened.entropy, opened.audit), opened.clock()

        def unit(tx: "Transaction") -> "PurgeLeg | AgeGateError":
            found = purge_by_id(tx, purge)
            if found is not None and not has_person(tx, found.service, operator):
                return OperatorUnknown()
            return close(tx, None, purge, holder, operator, reason, now)

        leg = opened.store.write_now(unit)
    if isinstance(leg, AgeGateError):
        refuse(leg)
    closed = (
        "The leg is closed as unreachable." if leg.closed_at else "Noted. Another person has to run the same command."
    )
    say(closed)


@purge_app.command("show")
def show_purge(
    purge: Annotated[str, typer.Argument(help="The purge's id.")],
    *,
    as_json: AsJson = False,
    as_opendsr: Annotated[
        bool, typer.Option("--opendsr", help="As an OpenDSR erasure request with its status, in JSON.")
    ] = False,
) -> None:
    """Show how far a purge is, holder by holder."""
    from agegate.flows.export_opendsr import opendsr
    from agegate.flows.view_purge import PurgeView
    from agegate.rules.errors import PurgeUnknown
    from agegate.store.purges import legs_of, purge_by_id
    from agegate.store.transaction import Transaction
    from agegate.web.answers import purge_json

    def look(tx: Transaction) -> PurgeView | None:
        found = purge_by_id(tx, purge)
        return PurgeView(found, legs_of(tx, purge)) if found else None

    with house() as opened:
        view = opened.store.read_now(look)
    if view is None:
        refuse(PurgeUnknown())
    if as_opendsr:
        print_json(opendsr(view))
    elif as_json:
        typer.echo(json.dumps(purge_json(view)))
    else:
        _print_purge(view)


@purge_app.command("list")
def list_purges(
    service: Annotated[str, typer.Argument(help="The service whose purges to list.")],
    *,
    as_json: AsJson = False,
) -> None:
    """List a service's open purges, oldest first."""
    from agegate.flows.view_purge import list_purges as listed
    from agegate.rules.purge import PurgeState
    from agegate.web.answers import purge_json

    with house() as opened:
        views = opened.store.read_now(lambda tx: listed(tx, service, PurgeState.OPEN, None, ""))
    if as_json:
        typer.echo(json.dumps([purge_json(view) for view in views]))
        return
    for view in views:
        _print_purge(view)
    say(f"{len(views)} open.")


def _print_purge(view: "PurgeView") -> None:
    from rich.console import Console
    from rich.table import Table

    purge = view.purge
    title = f"Purge {purge.id}: {purge.state}, {purge.reason}, due {purge.due_at:%Y-%m-%d}"
    table = Table("holder", "state", "attempts", "last error", "completed", "counts", title=title)
    for leg in view.legs:
        done = f"{leg.completed_at:%Y-%m-%d %H:%M:%S}" if leg.completed_at else "-"
        counts = ", ".join(f"{name} {count}" for name, count in sorted(leg.counts.items()))
        table.add_row(leg.holder, leg.state, str(leg.attempts), leg.last_error or "-", done, counts or "-")
    Console().print(table)
    if purge.certificate:
        typer.echo("certified")
