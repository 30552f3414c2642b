"""Commands about the wrapping keys by month: list, make the next, wrap what lives anew, destroy."""

from functools import partial
from typing import Annotated

import typer

from agegate.cli.door import house, refuse, require_name, say
from agegate.cli.facts import print_json, table_text
from agegate.cli.options import AsJson
from agegate.clock import rfc3339

epoch_app = typer.Typer(no_args_is_help=True, help="The keys that wrap subjects' data keys, one a month.")


@epoch_app.command("list")
def list_epochs(*, as_json: AsJson = False) -> None:
    """List the epochs: which seals, how many data keys are under each, and from when its key may be destroyed."""
    from rich.table import Table

    from agegate.rules.epochs import destroyable_at
    from agegate.store.key_epochs import count_wrapped, epochs

    with house() as opened:
        known = {epoch.name: epoch for epoch in opened.store.read_now(epochs)}
        present, sealing = set(opened.epochs.names()), opened.epochs.sealing()[0]
        listed: list[dict[str, str | int | None]] = []
        for name in sorted(present | set(known)):
            epoch = known.get(name)
            done = epoch.rewrapped_at if epoch else None
            state = "sealing" if name == sealing else "ahead" if name > sealing else "over"
            listed.append(
                {
                    "name": name,
                    "state": state if name in present else "destroyed",
                    "data_keys": opened.store.read_now(partial(count_wrapped, name=name)),
                    "destroyable_at": rfc3339(destroyable_at(done)) if done else None,
                }
            )
    if as_json:
        print_json(listed)
        return
    table = Table("epoch", "state", "data keys", "key may go from")
    for each in listed:
        table.add_row(*("-" if value is None else str(value) for value in each.values()))
    typer.echo(table_text(table), nl=False)


@epoch_app.command("new")
def new_epoch() -> None:
    """Make the next month's key now. With several machines: copy the key file to all before the month begins."""
    from agegate.rules.epochs import next_epoch

    with house() as opened:
        name = next_epoch(max(opened.epochs.names()))
        opened.epochs.open_epoch(name, opened.entropy)
    say(f"Made. It seals from the first of that month. Keep a copy of the key file {opened.settings.key_file}.")
    typer.echo(name)


@epoch_app.command("close")
def close_epoch(name: Annotated[str, typer.Argument(help="The month that is over, such as 2026-11.")]) -> None:
    """Wrap anew what lives under an epoch that is over; the worker does it too. Run it again after an interruption."""
    from agegate.cli.progress import counted
    from agegate.flows.keep_epochs import KeepEpochs, RewrapKeys
    from agegate.store.key_epochs import find_epoch

    with house() as opened:
        now, sealing = opened.clock(), opened.epochs.sealing()[0]
        if name >= sealing:
            refuse(f"{name} is not over: {sealing} seals.")
        keep = KeepEpochs(opened.epochs, opened.entropy, opened.audit, opened.alone)
        opened.store.write_now(lambda tx: keep(tx, now=now))
        if opened.store.read_now(lambda tx: find_epoch(tx, name)) is None:
            refuse("there is no key of that epoch. See: agegate keys epoch list")
        flow = RewrapKeys(opened.vault, opened.epochs, opened.audit)
        batches = iter(lambda: opened.store.write_now(lambda tx: flow(tx, name, now)), False)
        for _ in counted(batches, "windows of data keys gone through"):
            pass
    say(f"Nothing that lives is under {name} any more. Its key may be destroyed after 35 days.")


@epoch_app.command("destroy")
def destroy_epoch(
    name: Annotated[str, typer.Argument(help="The month whose key goes for good, such as 2026-11.")],
    operator: Annotated[str, typer.Option(help="Who decides it; kept in the audit log.")],
    force_by: Annotated[str | None, typer.Option(help="A second person, to do it before the 35 days are over.")] = None,
) -> None:
    """Destroy a month's key: data purged under it opens from no backup any more. This cannot be undone."""
    from agegate.flows.destroy_epoch import DestroyEpoch

    for person in filter(None, (operator, force_by)):
        require_name(person, "person")
    with house() as opened:
        now, sealing, flow = opened.clock(), opened.epochs.sealing()[0], DestroyEpoch(opened.audit)
        refused = opened.store.write_now(lambda tx: flow(tx, name, operator, force_by, sealing, now))
        if refused is not None:
            refuse(refused)
        opened.epochs.destroy(name)
    say(f"Destroyed the key of {name} here. Destroy it in every copy of the key file too, backups included.")
