"""Commands about reports of under-age subjects: the queue, one case, a claim of the staff, evidence, and rulings."""

from typing import TYPE_CHECKING, Annotated

import typer

from agegate.cli.door import house, refuse, require_name, say, wrong_use
from agegate.cli.facts import print_json, table_text
from agegate.cli.options import AsJson
from agegate.rules.errors import AgeGateError

if TYPE_CHECKING:
    from agegate.house import House
    from agegate.store.reports import Report

report_app = typer.Typer(no_args_is_help=True, help="Reports of under-age subjects, and people's rulings.")
Case = Annotated[str, typer.Argument(help="The report's id.")]
Operator = Annotated[str, typer.Option(help="Who acts: the name of a person with a key of the service.")]
RULINGS = "plausible, upheld or dismissed"


@report_app.command("list")
def list_reports(
    service: Annotated[str | None, typer.Option(help="Only of this service.")] = None,
    *,
    ended: Annotated[bool, typer.Option("--ended", help="Those that are over instead.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the cases that wait, those whose time ends soonest first."""
    from agegate.store.reports import reports_queue

    with house() as opened:
        queue = opened.store.read_now(lambda tx: reports_queue(tx, service, ended=ended))
        now = opened.clock()
    facts = [_facts(case) for case in queue]
    if as_json:
        print_json(facts)
        return
    from rich.table import Table

    table = Table("report", "service", "basis", "state", "shuts", "ruling", "contest until", "flags")
    for case in queue:
        late = " (over)" if case.contest_ends and case.contest_ends <= now and not ended else ""
        until = f"{case.contest_ends:%Y-%m-%d %H:%M}{late}" if case.contest_ends else "-"
        said = f"{case.ruling} ({case.ruled_by})" if case.ruling else "-"
        shuts = "yes" if case.restricts else "no"
        table.add_row(case.id, case.service, case.basis, case.state, shuts, said, until, ", ".join(case.flags) or "-")
    typer.echo(table_text(table), nl=False)
    say(f"{len(queue)} {'over' if ended else 'waiting'}.")


@report_app.command("show")
def show_report(
    report: Case,
    operator: Annotated[
        str | None, typer.Option(help="Who looks: with this name, what people said is shown, and the look is audited.")
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Show one case; with --operator also whom it is about and what was said in it."""
    from agegate.flows.read_report import ReadReport, case_view

    if operator is not None:
        require_name(operator, "person")
    with house() as opened:
        read, now = ReadReport(opened.vault, opened.audit), opened.clock()
        found = (
            opened.store.read_now(lambda tx: case_view(tx, report))
            if operator is None
            else opened.store.write_now(lambda tx: read(tx, report, operator, now))
        )
    if isinstance(found, AgeGateError):
        refuse(found)
    facts = _facts(found.report) | {"subject": found.subject, "account": found.account} | found.words
    known = {name: value for name, value in facts.items() if value is not None}
    if as_json:
        print_json(known)
        return
    for name, value in known.items():
        typer.echo(f"{name:14} {value if not isinstance(value, list) else ', '.join(value) or '-'}")


@report_app.command("rule")
def rule_on(
    report: Case,
    ruling: Annotated[str, typer.Argument(help=f"The ruling: {RULINGS}.")],
    reason: Annotated[str, typer.Option(help="Why, in a sentence.")],
    operator: Operator,
    *,
    as_json: AsJson = False,
) -> None:
    """Rule on a case. A contested one, and upholding one of basis `other`, takes a second person."""
    from agegate.flows.rule_report import Said
    from agegate.report_door import rule_report
    from agegate.rules.report import Ruling
    from agegate.web.answers import report_json

    require_name(operator, "person")
    if ruling not in set(Ruling):
        wrong_use(f"a ruling is {RULINGS}.")
    said = Said(Ruling(ruling), reason, operator)
    with house() as opened:
        _require_person(opened, report, operator)
        rule, now = rule_report(opened), opened.clock()
        ruled = opened.store.write_now(lambda tx: rule(tx, report, said, now))
    if isinstance(ruled, AgeGateError):
        refuse(ruled)
    purge = {"purge": ruled.purge} if ruled.purge else {}
    if as_json:
        print_json(report_json(ruled.report) | purge)
        return
    say(f"{operator} ruled {ruling}: the case is {ruled.report.state} now.")
    for name, value in purge.items():
        typer.echo(f"{name} {value}")


@report_app.command("contest")
def contest(
    report: Case,
    kind: Annotated[str, typer.Option(help="What it is: document, oidc, third_party or operator.")],
    reference: Annotated[str, typer.Option(help="Where its papers are, such as the number of a case.")],
    assurance: Annotated[str, typer.Option(help="How strong it is: low, substantial or high.")],
    operator: Operator,
) -> None:
    """Note evidence against a case that came to the operator. From then on two people rule and silence ends nothing."""
    from agegate.flows.forms import EvidenceForm
    from agegate.report_door import contest_report
    from agegate.rules.audit import of_operator
    from agegate.rules.evidence import EvidenceAssurance, EvidenceKind

    require_name(operator, "person")
    if kind not in set(EvidenceKind) or assurance not in set(EvidenceAssurance):
        wrong_use("--kind is document, oidc, third_party or operator; --assurance is low, substantial or high.")
    with house() as opened:
        _require_person(opened, report, operator)
        flow, now = contest_report(opened), opened.clock()
        form = EvidenceForm(EvidenceKind(kind), reference, EvidenceAssurance(assurance), now)
        case = opened.store.write_now(lambda tx: flow(tx, report, form, now, actor=of_operator(operator)))
    if isinstance(case, AgeGateError):
        refuse(case)
    say(f"The case is {case.state} now; two people have to rule.")


@report_app.command("add")
def add_report(
    service: Annotated[str, typer.Argument(help="The service whose subject it is.")],
    subject: Annotated[str, typer.Argument(help="The service's own id of the subject.")],
    operator: Operator,
    basis: Annotated[str, typer.Option(help="verified_guardian, self_statement, staff or other.")] = "staff",
    detail: Annotated[str | None, typer.Option(help="What whoever rules should know. Sealed.")] = None,
) -> None:
    """Enter a claim. With any basis but `other` an admitted subject is shut at once. Prints the report's id."""
    from agegate.flows.enter_report import EnterReport
    from agegate.flows.forms import ReportForm
    from agegate.rules.report import CLAIMS, Basis
    from agegate.rules.subject_id import subject_id_fault

    require_name(operator, "person")
    if basis not in set(CLAIMS):
        wrong_use("--basis is verified_guardian, self_statement, staff or other.")
    if subject_id_fault(subject):
        wrong_use("a subject id is 1 to 128 characters of A-Z a-z 0-9 . _ : -")
    form = ReportForm(subject, Basis(basis), detail=detail)
    with house() as opened:
        enter, now = EnterReport(opened.cases), opened.clock()
        row = opened.store.write_now(lambda tx: enter(tx, service, form, operator, now))
    if isinstance(row, AgeGateError):
        refuse(row)
    typer.echo(row)


@report_app.command("name")
def name_report(
    report: Case,
    subject: Annotated[str, typer.Argument(help="The subject id, or `unknown` when nobody has that name.")],
    operator: Operator,
) -> None:
    """Say whom a report of the public form means, where the service did not."""
    from agegate.flows.enter_report import EnterReport
    from agegate.rules.subject_id import subject_id_fault

    require_name(operator, "person")
    if subject_id_fault(subject):
        wrong_use("a subject id is 1 to 128 characters of A-Z a-z 0-9 . _ : -")
    with house() as opened:
        enter, now = EnterReport(opened.cases), opened.clock()
        case = opened.store.write_now(lambda tx: enter.name(tx, report, subject, operator, now))
    if isinstance(case, AgeGateError):
        refuse(case)
    say(f"The case is {case.state} now.")


def _require_person(opened: "House", report: str, operator: str) -> None:
    from agegate.flows.read_report import person_fault

    if fault := opened.store.read_now(lambda tx: person_fault(tx, report, operator)):
        refuse(fault)


def _facts(case: "Report") -> dict[str, object]:
    return {
        "id": case.id,
        "service": case.service,
        "basis": case.basis,
        "state": case.state,
        "shuts": case.restricts,
        "ruling": case.ruling,
        "ruled_by": case.ruled_by,
        "created_at": case.created_at,
        "contest_ends": case.contest_ends,
        "flags": case.flags,
    }
