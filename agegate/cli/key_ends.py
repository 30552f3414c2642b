"""Commands about API keys that exist: list them, end one. Ending one is kept in the audit log."""

from typing import Annotated

import typer

from agegate.cli.door import house, refuse, require_name, say
from agegate.cli.facts import print_json, table_text
from agegate.cli.options import AsJson
from agegate.clock import rfc3339

KEY_PARTS = 3


def list_keys(
    service: Annotated[str | None, typer.Argument(help="Only this service's.")] = None, *, as_json: AsJson = False
) -> None:
    """List the API keys: ids, scopes and whose they are; never the secrets, which are kept nowhere."""
    from rich.table import Table

    from agegate.store.registry import read_registry

    with house() as opened:
        keys = opened.store.read_now(read_registry).keys.values()
    listed: list[dict[str, str | None]] = [
        {
            "id": key.id,
            "service": key.service,
            "scopes": " ".join(key.scopes),
            "of": key.holder or key.person,
            "revoked_at": rfc3339(key.revoked_at) if key.revoked_at else None,
        }
        for key in sorted(keys, key=lambda key: key.id)
        if service in {None, key.service}
    ]
    if as_json:
        print_json(listed)
        return
    table = Table("id", "service", "scopes", "of", "revoked")
    for each in listed:
        table.add_row(*(value or "-" for value in each.values()))
    typer.echo(table_text(table), nl=False)


def revoke_key(
    key: Annotated[str, typer.Argument(help="The key's id, as `agegate key list` shows it; never the whole key.")],
    operator: Annotated[str, typer.Option(help="Who decided it; kept in the audit log.")],
) -> None:
    """End an API key at once and for good. Running servers refuse it within a second."""
    from agegate.flows.register import Register

    require_name(operator, "person")
    parts = key.split("_")
    row = parts[1] if len(parts) == KEY_PARTS else key  # somebody gave the whole key after all
    with house() as opened:
        now, register = opened.clock(), Register(opened.vault, opened.digests, opened.entropy)
        service = opened.store.write_now(lambda tx: register.revoke_key(tx, row, operator, now))
    if service is None:
        refuse("there is no live key of that id. See: agegate key list")
    say(f"Revoked a key of {service}. It is refused from now on, within a second.")
