"""A group of commands whose files are loaded when they are named: a server loads no command but its own.

The help, and the word for a name that was mistyped, load them all. Owns which commands there are; what they do is in
their files.
"""

from importlib import import_module
from typing import TYPE_CHECKING, cast

import typer
from typer.core import TyperGroup
from typer.main import get_command

if TYPE_CHECKING:
    from typer._click import Command, Context  # the types of what TyperGroup promises; no public name has them

PLACES: dict[str, str] = {
    "demo": "demo:demo",
    "serve": "serving:serve",
    "worker": "serving:worker",
    "init": "running:init",
    "migrate": "running:migrate",
    "sweep": "sweep:sweep",
    "service": "registry:service_app",
    "key": "registry:key_app",
    "operator": "operators:operator_app",
    "guardian": "guardians:guardian_app",
    "holder": "holders:holder_app",
    "audience": "audiences:audience_app",
    "token": "inspecting:token_app",
    "keys": "signing_keys:keys_app",
    "report": "reports:report_app",
    "purge": "purges:purge_app",
    "receipt": "evidence:receipt_app",
    "ledger": "ledger:ledger_app",
    "law": "law:law_app",
    "profile": "profile:profile_app",
    "audit": "audit:audit_app",
    "hold": "holds:hold_app",
    "mail": "mail:mail_app",
}
"""Every command by its name: its file in this room, and what it is called there."""


class Late(TyperGroup):
    """Knows the names, and makes a command of a name when it is asked for it."""

    def list_commands(self, ctx: "Context") -> list[str]:
        """Their names, as the help shows them."""
        del ctx
        return list(PLACES)

    def get_command(self, ctx: "Context", cmd_name: str) -> "Command | None":
        """The command, loaded now."""
        if cmd_name in PLACES and cmd_name not in self.commands:
            self.add_command(_load(cmd_name), cmd_name)
        return super().get_command(ctx, cmd_name)

    def resolve_command(self, ctx: "Context", args: list[str]) -> "tuple[str | None, Command | None, list[str]]":
        """For a name that is none, the names alike are looked for among all."""
        if args[0] not in PLACES:
            for name in PLACES:
                self.get_command(ctx, name)
        return super().resolve_command(ctx, args)


def group(help_text: str, kind: type[TyperGroup] = TyperGroup) -> typer.Typer:
    """A group with the looks of ours."""
    made = typer.Typer(
        cls=kind,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,  # the library that paints the help takes longer to load than all of the help
    )
    made.callback(help=help_text)(_nothing)
    return made


def _nothing() -> None:
    """A group by itself does nothing."""


def _load(name: str) -> "Command":
    file, _, attribute = PLACES[name].partition(":")
    found = getattr(import_module(f"agegate.cli.{file}"), attribute)
    around = group("")
    if isinstance(found, typer.Typer):
        around.add_typer(found, name=name)
    else:
        around.command(name)(found)
    return cast("TyperGroup", get_command(around)).commands[name]
