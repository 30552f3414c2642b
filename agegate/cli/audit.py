"""Commands about the audit log: verify it, export it, show which of it is a subject's."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agegate.cli.audit_source import database_check, file_check, log_lines, seal_now
from agegate.cli.door import house, refuse, say
from agegate.cli.facts import print_json, table_text
from agegate.cli.options import AsJson
from agegate.cli.progress import counted
from agegate.clock import from_epoch, rfc3339

if TYPE_CHECKING:
    from agegate.flows.prove_subject import Proof
    from agegate.house import House
    from agegate.signing.audit_check import AuditCheck
    from agegate.store.audit_log import AuditEntry

audit_app = typer.Typer(no_args_is_help=True, help="The audit log: who did what, when, without personal data.")


@audit_app.command("export")
def export_log(
    file: Annotated[Path | None, typer.Argument(help="Where to write it; without, stdout.")] = None,
) -> None:
    """Write the whole log as lines of JSON that `agegate audit verify FILE` checks anywhere, offline."""
    with house() as opened:
        seal_now(opened)
        lines = counted(log_lines(opened), "entries exported")
        if file is None:
            for line in lines:
                typer.echo(line)
            return
        with file.open("wb") as out:
            out.writelines(line + b"\n" for line in lines)
    say(f"Exported to {file}. Check it with: agegate audit verify {file} --keys JWKS --issuer URL")


@audit_app.command("verify")
def verify_log(
    file: Annotated[Path | None, typer.Argument(help="An export; without, the log in the database.")] = None,
    keys: Annotated[
        Path | None, typer.Option(help="The public keys, as /.well-known/jwks-archive.json gives them. Without: ours.")
    ] = None,
    issuer: Annotated[str | None, typer.Option(help="Whose log it must be. Without: our own address.")] = None,
    anchor: Annotated[
        Path | None, typer.Option(help="Checkpoints kept elsewhere. Without: those in AGEGATE_LEDGER.")
    ] = None,
    *,
    accept_test: Annotated[bool, typer.Option("--accept-test", help="Also accept test evidence.")] = False,
    as_json: AsJson = False,
) -> None:
    """Find any edit, removal or reordering: exit 0 if there is none, 1 with the place of the first.

    With FILE, --keys and --issuer nothing else is read: no database, no network.
    """
    from agegate.signing.audit_check import Broken

    try:
        if file is not None and keys is not None and issuer is not None:
            check = file_check(file, keys, issuer, anchor, accept_test=accept_test)
        else:
            check = database_check(file, keys, issuer, anchor, accept_test=accept_test)
    except Broken as fault:
        refuse(str(fault))
    _tell(check, as_json=as_json)


def _tell(check: "AuditCheck", *, as_json: bool) -> None:
    facts = {
        "entries": check.entries,
        "checkpoints": check.checkpoints,
        "head": check.head,
        "signed_at": rfc3339(from_epoch(check.signed_at)),
    }
    if as_json:
        print_json(facts)
        return
    say("The log is whole.")
    for name, value in facts.items():
        typer.echo(f"{name:12} {value}")


@audit_app.command("prove")
def prove(
    subject: Annotated[str, typer.Argument(help="The service's own id of the subject.")],
    service: Annotated[str, typer.Option(help="The service.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Show which entries, receipts and certificates are a subject's, while anything can tie them to it."""
    from agegate.flows.prove_subject import ProveSubject

    with house() as opened:
        seal_now(opened)
        proof = opened.store.read_now(lambda tx: ProveSubject(opened.vault, opened.digests)(tx, service, subject))
        if not proof.lives:
            refuse(
                "nothing ties any evidence to that subject: the service never named it, or its evidence has ended. "
                "Check the spelling of the id and the service."
            )
        entries = list(_own(opened, proof))
    _show(proof, entries, as_json=as_json)


def _own(opened: "House", proof: "Proof") -> Iterator["AuditEntry"]:
    from agegate.flows.export_audit import PAGE
    from agegate.store.audit_log import sealed_after

    def pages() -> Iterator["AuditEntry"]:
        after = 0
        while page := opened.store.read_now(partial(sealed_after, seq=after, most=PAGE)):
            yield from page
            after = page[-1].seq or after

    for entry in counted(pages(), "entries searched"):
        yield from proof.own([entry])


def _show(proof: "Proof", entries: list["AuditEntry"], *, as_json: bool) -> None:
    from rich.table import Table

    if as_json:
        print_json(
            {
                "service": proof.service,
                "lives": [{"ended_at": rfc3339(life.ended_at) if life.ended_at else None} for life in proof.lives],
                "entries": [entry.body(entry.seq or 0) for entry in entries],
                "documents": [
                    {"kind": each.kind, "id": each.id, "at": rfc3339(each.at), "state": each.state, "jws": each.jws}
                    for each in proof.documents
                ],
            }
        )
        return
    table = Table("seq", "at", "action", "actor", "about", title=f"Entries of the audit log ({proof.service})")
    for entry in entries:
        table.add_row(str(entry.seq), rfc3339(entry.at), entry.action, entry.actor, entry.ref or "-")
    typer.echo(table_text(table), nl=False)
    for each in proof.documents:
        typer.echo(f"{each.kind} {each.id} of {rfc3339(each.at)}: {each.state}{', signed' if each.jws else ''}")
