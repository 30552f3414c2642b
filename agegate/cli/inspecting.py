"""Commands that look: at a token, at purges."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from agegate.cli.door import house, refuse, say, wrong_use
from agegate.cli.options import AsJson

if TYPE_CHECKING:
    from agegate.flows.view_purge import PurgeView

token_app = typer.Typer(no_args_is_help=True, help="Age-status tokens.")
purge_app = typer.Typer(no_args_is_help=True, help="Purges and their legs.")


@token_app.command("verify")
def verify_token(
    token: Annotated[str, typer.Argument(help="The token, three parts with dots between.")],
    issuer: Annotated[str, typer.Option(help="Who must have issued it, as in its iss.")],
    audience: Annotated[str, typer.Option(help="For whom it must be, as in its aud.")],
    *,
    accept_test: Annotated[
        bool, typer.Option("--accept-test", help="Also accept a token of a test environment.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check a token as a downstream service would: with the issuer's public keys and status list."""
    from agegate.verifier import TokenRefused, Verifier

    try:
        status = Verifier(issuer, audience, accept_test=accept_test).check(token)
    except TokenRefused as refusal:
        hint = " Try --accept-test if it comes from a first try." if refusal.reason == "test_evidence" else ""
        refuse(f"the token is not valid here ({refusal.reason}).{hint}")
    except ValueError as fault:
        wrong_use(str(fault))
    facts: dict[str, str | bool] = {
        "subject": status.subject,
        "decision": status.decision,
        **{f"age_over_{age:02}": reached for age, reached in status.over.items()},
        "method": status.method,
        "policy": status.policy,
        "expires_at": status.expires_at.isoformat(),
        "environment": status.environment,
    }
    if as_json:
        typer.echo(json.dumps(facts))
        return
    say("The token is valid.")
    for name, value in facts.items():
        typer.echo(f"{name:12} {value}")


@purge_app.command("show")
def show_purge(purge: Annotated[str, typer.Argument(help="The purge's id.")], *, as_json: AsJson = False) -> None:
    """Show how far a purge is, holder by holder."""
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
    if as_json:
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
