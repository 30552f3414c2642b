"""Commands about the keys that sign tokens and evidence: list, rotate, revoke."""

import logging
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from agegate.cli.door import house, refuse, require_name, say, wrong_use
from agegate.cli.epochs import epoch_app
from agegate.cli.facts import print_json, table_text
from agegate.cli.options import AsJson
from agegate.clock import rfc3339

if TYPE_CHECKING:
    from agegate.house import House

LOG = logging.getLogger("agegate.keys")
keys_app = typer.Typer(no_args_is_help=True, help="The keys that sign tokens and evidence.")
keys_app.add_typer(epoch_app, name="epoch")

SPAN = re.compile(r"([0-9]{1,6})([smhd]?)", re.ASCII)
SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
LONGEST_LEAD = timedelta(days=30)


@keys_app.command("list")
def list_keys(*, as_json: AsJson = False) -> None:
    """List the signing keys and their states, the newest first."""
    from rich.table import Table

    with house() as opened:
        listed = _listed(opened)
    if as_json:
        print_json(listed)
        return
    table = Table("kid", "state", "published", "active from", "retired", "revoked")
    for each in listed:
        table.add_row(*(value or "-" for value in each.values()))
    typer.echo(table_text(table), nl=False)


@keys_app.command("rotate")
def rotate_keys(
    lead: Annotated[str, typer.Option(help="How long it is published before it signs: 30s, 90m, 24h, 2d.")] = "24h",
) -> None:
    """Publish the next key now; it signs once the lead is over, and running servers notice by themselves.

    At least five seconds, so that every server publishes it before any signs with it.
    """
    from agegate.flows.rotate_keys import KeyRefusal, RotateKeys

    span = _span(lead)
    with house() as opened:
        now = opened.clock()
        made = opened.store.write_now(lambda tx: RotateKeys(opened.vault, opened.audit)(tx, span, now))
    if isinstance(made, KeyRefusal):
        refuse(made)
    LOG.info("key-published", extra={"kid": made.kid})
    typer.echo(made.kid)
    say(f"It is published now and signs from {rfc3339(made.active_from)}.")


@keys_app.command("revoke", context_settings={"ignore_unknown_options": True})  # a kid may begin with a dash
def revoke_key(
    kid: Annotated[str, typer.Argument(help="The key to end, as `agegate keys list` shows it.")],
    operator: Annotated[str, typer.Option(help="Who decided it; recorded.")],
) -> None:
    """End a key at once: out of the key set and the archive, its private half destroyed. This cannot be undone.

    Every token, receipt and certificate that it signed counts no more. If it was the active one, the next key signs
    from now on, or a new one.
    """
    from agegate.flows.rotate_keys import KeyRefusal, RevokeKey, RotateKeys

    require_name(operator, "person")
    with house() as opened:
        now = opened.clock()
        done = opened.store.write_now(
            lambda tx: RevokeKey(RotateKeys(opened.vault, opened.audit))(tx, kid, operator, now)
        )
    if isinstance(done, KeyRefusal):
        refuse(done)
    LOG.warning("key-revoked", extra={"kid": kid})
    say(f"Revoked {kid}. Verifiers refuse it when their copy of the keys ends (5 minutes), introspection at once.")
    if done is not None:
        say(f"{done.kid} signs now.")


def _listed(opened: "House") -> list[dict[str, str | None]]:
    now, keys = opened.clock(), opened.store.read_now(opened.keys.read)
    stands = keys.standings_at(now)

    def line(kid: str) -> dict[str, str | None]:
        dates, retired = dates_of[kid], stands[kid].retired_at
        return {
            "kid": kid,
            "state": stands[kid].state.value,
            "published_at": rfc3339(dates.published_at),
            "active_from": rfc3339(dates.active_from),
            "retired_at": rfc3339(retired) if retired and retired <= now else None,
            "revoked_at": rfc3339(dates.revoked_at) if dates.revoked_at else None,
        }

    dates_of = {key.dates.kid: key.dates for key in keys.keys}
    return [line(kid) for kid in dates_of]


def _span(text: str) -> timedelta:
    read = SPAN.fullmatch(text)
    span = timedelta(seconds=int(read[1]) * SECONDS[read[2]]) if read else None
    if span is None or span > LONGEST_LEAD:
        wrong_use("--lead is a span such as 30s, 90m, 24h or 2d, at most 30 days.")
    return span
