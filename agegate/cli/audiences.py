"""Commands about audiences: who verifies a service's tokens, and what it may learn."""

import re
from typing import Annotated

import typer

from agegate.cli.door import house, refuse, say, wrong_use
from agegate.cli.facts import print_json, table_text
from agegate.cli.options import AsJson

audience_app = typer.Typer(no_args_is_help=True, help="Who verifies tokens, and which thresholds it may learn.")

AUDIENCE = re.compile(r"[!-~]{1,256}", re.ASCII)
YOUNGEST, OLDEST = 1, 99


def require_audience(name: str) -> str:
    """An audience's name as tokens carry it; ends the command otherwise."""
    if not AUDIENCE.fullmatch(name):
        wrong_use("an audience has 1 to 256 visible ASCII characters, for example https://chat.example.")
    return name


@audience_app.command("add")
def add_audience(
    service: Annotated[str, typer.Argument(help="The service whose tokens it verifies.")],
    audience: Annotated[str, typer.Argument(help="Its name, as in a token's aud.")],
    over: Annotated[
        list[int] | None, typer.Option(help="A threshold it may learn (age_over_NN); repeatable.", min=1, max=99)
    ] = None,
    *,
    pairwise: Annotated[bool, typer.Option("--pairwise", help="Give it names of its own for subjects.")] = False,
) -> None:
    """Register an audience, or change a known one. Without --over it learns the decision and no age.

    With --pairwise its tokens name a subject as no other audience does. Switching that on or off renames everybody.
    """
    from agegate.flows.register_audience import RegisterAudience
    from agegate.rules.errors import AgeGateError

    require_audience(audience)
    with house() as opened:
        register, now = RegisterAudience(opened.entropy), opened.clock()
        new = opened.store.write_now(lambda tx: register(tx, service, audience, over or [], now, pairwise=pairwise))
    if isinstance(new, AgeGateError):
        refuse(new)
    learns = ", ".join(f"age_over_{age:02}" for age in sorted(set(over or []))) or "no threshold"
    say(f"Audience {audience} of {service} {'added' if new else 'changed'}: {learns}.")


@audience_app.command("list")
def list_audiences(*, as_json: AsJson = False) -> None:
    """List the audiences of every service."""
    from rich.table import Table

    from agegate.store.registry import read_registry

    with house() as opened:
        found = opened.store.read_now(read_registry).audiences
    listed = [found[key] for key in sorted(found)]
    if as_json:
        print_json(listed)
        return
    table = Table("service", "audience", "may learn", "names")
    for each in listed:
        learns = ", ".join(f"over {age}" for age in each.over)
        table.add_row(each.service, each.name, learns or "-", "its own" if each.pairwise else "the service's")
    typer.echo(table_text(table), nl=False)
