"""Commands that register services and API keys. Secrets are printed once, alone, on stdout."""

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agegate.cli.door import house, refuse, require_name, say, wrong_use
from agegate.cli.endpoints import require_address
from agegate.cli.key_ends import list_keys, revoke_key
from agegate.rules.errors import AgeGateError, ServiceUnknown

if TYPE_CHECKING:
    from agegate.flows.register import Controller, Register
    from agegate.house import House

service_app = typer.Typer(no_args_is_help=True, help="Products that call agegate.")
key_app = typer.Typer(no_args_is_help=True, help="API keys of services and of their holders.")

SCOPES = ("signup", "consent", "token", "report", "purge", "holder", "operator")
MEMBERS = ("name", "postal_address", "contact")


@service_app.command("add")
def add_service(
    name: Annotated[str, typer.Argument(help="The service's name, such as my-game.")],
    profile: Annotated[str, typer.Option(help="Its age policy: a shipped profile or one in DATA/profiles.")],
    controller: Annotated[
        Path | None,
        typer.Option(help="A TOML file with name, postal_address and contact of who answers for the data."),
    ] = None,
    webhook: Annotated[str | None, typer.Option(help="Where its events go. Prints the whsec_ secret.")] = None,
) -> None:
    """Add a service, or change a known one.

    Guardians are told who asks, so no consent can be requested before the controller is complete. The file:

        name = "Example Games Ltd"
        postal_address = "1 Example Street, Dublin, Ireland"
        contact = "privacy@example.com"
    """
    require_name(name, "service")
    with house() as opened:
        if profile not in opened.rules.profiles:
            refuse(f"there is no profile {profile}. Known: {', '.join(sorted(opened.rules.profiles))}.")
        told = None if controller is None else _read_controller(controller)
        hook = None if webhook is None else (require_address(opened, webhook), _secret(opened))
        now = opened.clock()
        new = opened.store.write_now(lambda tx: _register(opened).service(tx, name, profile, told, hook, now))
    say(f"Service {name} {'added' if new else 'changed'}, profile {profile}.")
    if new:
        say(f"The key to its tombstones: agegate service tombstone-key {name}")
    if new and told is None:
        say("No controller yet: consent requests are refused until you add one with --controller FILE.")
    if hook is not None:
        say("The secret that signs its webhooks, shown once:")
        typer.echo(hook[1])


@service_app.command("list")
def list_services() -> None:
    """List the services, their profiles, and what is still missing."""
    from rich.console import Console
    from rich.table import Table

    from agegate.store.registry import read_registry

    with house() as opened:
        registry = opened.store.read_now(read_registry)
    table = Table("service", "profile", "controller", "webhook", "holders", "keys")
    for service in sorted(registry.services.values(), key=lambda service: service.name):
        holders = ", ".join(holder.name for holder in registry.holders_of(service.name))
        keys = [key for key in registry.keys.values() if key.service == service.name and not key.revoked_at]
        complete = "complete" if service.controller_complete else "[red]missing[/red]"
        hook = "yes" if service.webhook_url else "no"
        table.add_row(service.name, service.profile, complete, hook, holders or "-", str(len(keys)))
    Console().print(table)


@service_app.command("tombstone-key")
def tombstone_key(name: Annotated[str, typer.Argument(help="The service.")]) -> None:
    """Print the key under which GET /v1/tombstones names a service's subjects: give it to the service and its holders.

    The digest of a subject is the HMAC-SHA-256 of its id under this key (base64 after the prefix), in hex.
    """
    from base64 import b64encode

    from agegate.store.registry import find_service

    with house() as opened:
        if opened.store.read_now(lambda tx: find_service(tx, name)) is None:
            refuse(ServiceUnknown())
        key = opened.digests.tombstone_key(name)
    say(f"The tombstone key of {name}. Keep it like a password: it recognises subjects.")
    typer.echo(f"tsk_{b64encode(key).decode()}")


@key_app.command("add")
def add_key(
    service: Annotated[str, typer.Argument(help="The service the key belongs to.")],
    scope: Annotated[list[str], typer.Option(help=f"What it may do; repeatable: {', '.join(SCOPES)}.")],
    holder: Annotated[str | None, typer.Option(help="The holder that a key with scope holder is for.")] = None,
) -> None:
    """Make an API key. It is printed once, and nothing else, on stdout: KEY=$(agegate key add …)."""
    if unknown := sorted(set(scope) - set(SCOPES)):
        wrong_use(f"no such scope: {', '.join(unknown)}. Known: {', '.join(SCOPES)}.")
    if ("holder" in scope) != (holder is not None):
        wrong_use("a key with the scope holder belongs to one holder: --scope holder --holder NAME, together.")
    if holder is not None and set(scope) != {"holder"}:
        wrong_use("a holder's key has the scope holder and no other.")
    if "operator" in scope:
        wrong_use("operator keys belong to a person and cannot be made for a service.")
    with house() as opened:
        now = opened.clock()
        key = opened.store.write_now(lambda tx: _register(opened).key(tx, service, scope, holder, now))
    if isinstance(key, AgeGateError):
        refuse(key)
    say(f"A key of {service} for {', '.join(sorted(set(scope)))}; it is shown once:")
    typer.echo(key)


key_app.command("list")(list_keys)
key_app.command("revoke")(revoke_key)


def _register(opened: "House") -> "Register":
    from agegate.flows.register import Register

    return Register(opened.vault, opened.digests, opened.entropy)


def _secret(opened: "House") -> str:
    from agegate.remote.webhooks import new_webhook_secret

    return new_webhook_secret(opened.entropy)


def _read_controller(path: Path) -> "Controller":
    from agegate.flows.register import Controller

    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as fault:
        refuse(f"{path} cannot be read as TOML ({type(fault).__name__}). See: agegate service add --help")
    missing = [name for name in MEMBERS if not isinstance(content.get(name), str) or not content[name].strip()]
    if missing or set(content) - set(MEMBERS):
        refuse(f"{path} needs exactly name, postal_address and contact. Wrong: {', '.join(missing) or 'others'}.")
    return Controller(*(content[name].strip() for name in MEMBERS))
