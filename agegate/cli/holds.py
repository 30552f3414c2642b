"""Commands about legal holds: ask for one, approve it as another person, release it, list them."""

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Annotated

import typer

from agegate.cli.door import house, refuse, require_name, say, wrong_use
from agegate.cli.facts import print_json, table_text
from agegate.cli.options import AsJson, read_day
from agegate.rules.errors import AgeGateError
from agegate.rules.hold import LONGEST_HOLD, HoldReason

if TYPE_CHECKING:
    from agegate.house import House
    from agegate.store.holds import Hold

hold_app = typer.Typer(no_args_is_help=True, help="Legal holds: data that must be kept, unused, until a date.")

HoldId = Annotated[str, typer.Argument(metavar="HOLD", help="The hold's id.")]
Operator = Annotated[str, typer.Option(help="Who decides it; kept in the audit log.")]
Service = Annotated[str, typer.Option(help="The service.")]


@hold_app.command("add")
def add_hold(
    subject: Annotated[str, typer.Argument(help="The service's own id of the subject.")],
    service: Service,
    reason: Annotated[HoldReason, typer.Option(help="Why.")],
    owner: Annotated[str, typer.Option(help="Who answers for it, such as legal-team.")],
    until: Annotated[datetime, typer.Option(metavar="DAY", parser=read_day, help="Its last day, in UTC.")],
    operator: Operator,
    reference: Annotated[str | None, typer.Option(help="The case; never a name or an address.")] = None,
) -> None:
    """Ask for a hold. It holds once another person approved it: agegate hold approve ID --operator ANOTHER"""
    from agegate.flows.forms import HoldForm
    from agegate.flows.place_hold import RequestHold

    require_name(operator, "person")
    require_name(owner, "owner")
    ends_at = datetime.combine(until, time.max, UTC).replace(microsecond=0)
    with house() as opened:
        now = opened.clock()
        if not now < ends_at <= now + LONGEST_HOLD:
            wrong_use("--until is a day to come, at most three years ahead.")
        form = HoldForm(reason, owner, ends_at, reference)
        flow = RequestHold(opened.digests, opened.entropy, opened.announce)
        hold = _granted(opened.store.write_now(lambda tx: flow(tx, service, subject, form, operator, now)))
    say("It waits for another person: agegate hold approve ID --service SERVICE --operator ANOTHER")
    typer.echo(hold.id)


@hold_app.command("approve")
def approve_hold(hold: HoldId, service: Service, operator: Operator) -> None:
    """Approve a hold that another person asked for. From now on the data is neither used nor purged."""
    from agegate.flows.place_hold import ApproveHold

    require_name(operator, "person")
    with house() as opened:
        now, flow = opened.clock(), ApproveHold(opened.announce)
        done = _granted(opened.store.write_now(lambda tx: flow(tx, service, hold, operator, now)))
    say(f"The data is held until {done.ends_at:%Y-%m-%d}, or until: agegate hold release {done.id}")


@hold_app.command("release")
def release_hold(hold: HoldId, service: Service, operator: Operator) -> None:
    """End a hold before its date. A purge that waited for it is carried out at once."""
    from agegate.flows.end_hold import EndHold

    require_name(operator, "person")
    with house() as opened:
        now, flow = opened.clock(), EndHold(opened.purge, opened.announce, opened.settle.consent)
        _granted(opened.store.write_now(lambda tx: flow.release(tx, service, hold, operator, now)))
    say("The hold has ended. What waited for it goes on.")


@hold_app.command("list")
def list_holds(service: Service, *, as_json: AsJson = False) -> None:
    """List a service's holds, the newest first."""
    from rich.table import Table

    from agegate.web.hold_routes import hold_json

    with house() as opened:
        listed = [hold_json(hold) for hold in _holds(opened, service)]
    if as_json:
        print_json(listed)
        return
    columns = ("id", "state", "reason", "owner", "requested_by", "approved_by", "ends_at")
    table = Table(*columns)
    for each in listed:
        table.add_row(*(str(each[name] or "-") for name in columns))
    typer.echo(table_text(table), nl=False)


def _holds(opened: "House", service: str) -> list["Hold"]:
    from agegate.store.holds import holds_of

    return opened.store.read_now(lambda tx: holds_of(tx, service))


def _granted(result: "Hold | AgeGateError") -> "Hold":
    if isinstance(result, AgeGateError):
        refuse(result)
    return result
