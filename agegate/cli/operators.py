"""The command that gives a person a key. Rulings and corrections are made in a person's name, never in a service's."""

from typing import Annotated

import typer

from agegate.cli.door import house, refuse, require_name, say, wrong_use
from agegate.rules.errors import AgeGateError

operator_app = typer.Typer(no_args_is_help=True, help="People who correct dates of birth and rule on reports.")


@operator_app.callback()
def operators() -> None:
    """People who correct dates of birth and rule on reports."""


@operator_app.command("add")
def add_operator(
    name: Annotated[str, typer.Argument(help="The person's name, such as jo-smith.")],
    service: Annotated[
        str | None, typer.Option(help="The service whose subjects the key is for. Needed where there are several.")
    ] = None,
) -> None:
    """Make a person's key. It is printed once, and nothing else, on stdout. Repeat it for every further service."""
    from agegate.flows.register import Register
    from agegate.store.registry import read_registry

    require_name(name, "person")
    with house() as opened:
        known = sorted(opened.store.read_now(read_registry).services)
        if service is None and len(known) != 1:
            named = f"Known: {', '.join(known)}." if known else "Add one first: agegate service add NAME --profile P."
            wrong_use(f"say for which service the key is: agegate operator add {name} --service SERVICE. {named}")
        chosen, now = service or known[0], opened.clock()
        register = Register(opened.vault, opened.digests, opened.entropy)
        key = opened.store.write_now(lambda tx: register.operator(tx, name, chosen, now))
    if isinstance(key, AgeGateError):
        refuse(key)
    say(f"A key of {name} for {chosen}, scope operator; it is shown once:")
    typer.echo(key)
