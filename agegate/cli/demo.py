"""The command that walks the whole road once."""

from typing import Annotated

import typer


def demo(
    *,
    keep: Annotated[
        bool, typer.Option("--keep", help="Leave everything running afterwards and print the addresses.")
    ] = False,
) -> None:
    """Walk the whole road once on real parts: sign up, guardian consent, token, purge, certificate.

    Starts a server, an SMTP server, a downstream service and a data holder on loopback, in a folder of its own.
    """
    from agegate.demo.walk import walk

    raise typer.Exit(walk(keep=keep))
