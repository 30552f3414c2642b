"""Commands about guardians: who waits for a person's word, and giving it where no API is at hand."""

from typing import Annotated

import typer

from agegate.cli.door import house, refuse, require_name, say, wrong_use
from agegate.cli.facts import print_json, table_text
from agegate.cli.options import AsJson
from agegate.rules.case_reference import case_reference_fault
from agegate.rules.errors import AgeGateError
from agegate.rules.guardian_proof import ATTESTED, GuardianMethod

guardian_app = typer.Typer(no_args_is_help=True, help="Guardians, and what shows that they are adults.")
CHOICES = ", ".join(sorted(ATTESTED))


@guardian_app.callback()
def guardians() -> None:
    """Guardians, and what shows that they are adults."""


@guardian_app.command("attest")
def attest_guardian_of(
    request: Annotated[str, typer.Argument(help="The id of the consent request.")],
    method: Annotated[str, typer.Option(help=f"What showed it: {CHOICES}.")],
    reference: Annotated[str, typer.Option(help="The number of the case; never a name.")],
    operator: Annotated[str, typer.Option(help="Who vouches: the name of a person with a key of the service.")],
) -> None:
    """Vouch that the guardian of a request is an adult. The guardian still has to answer on the page."""
    from agegate.flows.attest_guardian import AttestGuardian
    from agegate.flows.forms import AttestationForm

    require_name(operator, "person")
    if method not in set(ATTESTED):
        wrong_use(f"--method is one of {CHOICES}.")
    if case_reference_fault(reference):
        wrong_use("--reference is 1 to 64 characters of A-Z a-z 0-9 . _ : / - with a digit in it; it is no name.")
    form = AttestationForm(GuardianMethod(method), reference)
    with house() as opened:
        now, attest = opened.clock(), AttestGuardian(opened.audit)
        found = opened.store.write_now(lambda tx: attest.by_id(tx, request, (form, operator), now))
    if isinstance(found, AgeGateError):
        refuse(found)
    say(f"{operator} vouched for the guardian of {request} ({method}, {reference}). The guardian may answer now.")


@guardian_app.command("waiting")
def list_waiting(
    service: Annotated[str | None, typer.Option(help="Only of this service.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """List the guardians of many children who are not written to before somebody decides: `guardian review`."""
    from agegate.flows.show_waiting import show_waiting

    with house() as opened:
        now = opened.clock()
        waiting = opened.store.read_now(lambda tx: show_waiting(tx, service, now))
    if as_json:
        print_json(waiting)
        return
    from rich.table import Table

    table = Table("request", "service", "subject", "children", "asked", "ends", "flags")
    for each in waiting:
        times = f"{each.asked_at:%Y-%m-%d %H:%M}", f"{each.expires_at:%Y-%m-%d %H:%M}"
        flags = ", ".join(each.flags) or "-"
        table.add_row(each.request, each.service, each.subject, str(each.children), *times, flags)
    typer.echo(table_text(table), nl=False)
    say(f"{len(waiting)} waiting.")


@guardian_app.command("review")
def review_guardian_of(
    request: Annotated[str, typer.Argument(help="The id of the consent request.")],
    operator: Annotated[str, typer.Option(help="Who decides: the name of a person with a key of the service.")],
    approve: Annotated[bool, typer.Option("--approve/--refuse", help="Whether the guardian may be asked.")],
) -> None:
    """Decide whether a guardian of more than five children may be asked for one more."""
    from agegate.flows.end_undeliverable import EndUndeliverable
    from agegate.flows.review_request import ReviewRequest

    require_name(operator, "person")
    with house() as opened:
        now, review = opened.clock(), ReviewRequest(EndUndeliverable(opened.announce))
        found = opened.store.write_now(lambda tx: review.by_id(tx, request, (approve, operator), now))
    if isinstance(found, AgeGateError):
        refuse(found)
    became = "may be asked; the mail follows within its limits" if approve else "is not asked; the request has ended"
    say(f"The guardian of {request} {became}.")
