"""Commands about the tombstone ledger: where it stands, bring a restored database up to it, write what it lost."""

from typing import TYPE_CHECKING

import typer

from agegate.cli.door import house, refuse, say
from agegate.cli.facts import print_json
from agegate.cli.options import AsJson

if TYPE_CHECKING:
    from agegate.house import House
    from agegate.store.ledger import Line, Mark

ledger_app = typer.Typer(no_args_is_help=True, help="The tombstones outside the database, for after a restore.")


@ledger_app.command("show")
def show_ledger(*, as_json: AsJson = False) -> None:
    """Show how many tombstones the ledger has and how many this database knows."""
    from agegate.store.tombstones import unknown_lines

    with house() as opened:
        known, lines = _lines(opened)
        missing = opened.store.read_now(lambda tx: unknown_lines(tx, lines))
        facts = {
            "folder": str(opened.settings.ledger_folder),
            "tombstones": lines[-1].mark.position if lines else known.position,
            "known_here": known.position,
            "missing_here": len(missing),
        }
    if as_json:
        print_json(facts)
        return
    for name, value in facts.items():
        typer.echo(f"{name:14} {value}")
    if missing:
        say("This database is older than its ledger and answers nothing until they are applied: agegate ledger apply")


@ledger_app.command("apply")
def apply_ledger(*, as_json: AsJson = False) -> None:
    """Purge again what a restored backup brought back. The worker does the same by itself when it starts."""
    from rich.console import Console

    from agegate.app import ledger_keeper
    from agegate.worker.ledger_keeper import LedgerBehind

    with house() as opened:
        _lines(opened)
        try:
            with Console(stderr=True).status("Comparing every subject with the tombstones that are new here"):
                import asyncio

                applied = asyncio.run(ledger_keeper(opened).bring_current())
        except LedgerBehind:
            refuse("the ledger could not be read to its end. The line above says why.")
    facts = {"tombstones": applied.tombstones, "purged_again": applied.purged}
    if as_json:
        print_json(facts)
        return
    typer.echo(f"applied {applied.tombstones} tombstones, purged {applied.purged} subjects again")


@ledger_app.command("mend")
def mend_ledger() -> None:
    """Write the end of the ledger anew from the database, after the folder was lost or cut short.

    Refused while the database does not know the ledger's last line: then the ledger is the one to believe.
    """
    from agegate.store.ledger import LedgerBroken, Mark
    from agegate.store.tombstones import all_tombstones, ledger_mark

    with house() as opened:
        known = opened.store.read_now(ledger_mark)
        try:
            before = len(opened.ledger.after(Mark()))
            for stone in opened.store.read_now(lambda tx: all_tombstones(tx, before)):
                opened.ledger.append(stone, Mark(), opened.clock())
            opened.ledger.after(known)
        except LedgerBroken as fault:
            refuse(str(fault))
    written = max(0, known.position - before)
    say(f"The ledger has {before + written} tombstones; {written} were written anew.")


def _lines(opened: "House") -> "tuple[Mark, list[Line]]":
    from agegate.store.ledger import LedgerBroken
    from agegate.store.tombstones import ledger_mark

    known = opened.store.read_now(ledger_mark)
    try:
        return known, opened.ledger.after(known)
    except LedgerBroken as fault:
        refuse(str(fault))
