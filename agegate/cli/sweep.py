"""The command that sweeps a file of existing accounts: judged by today's rules, reported, and on demand applied.

Owns the options and the words. Reading and counting is `sweeping`, writing `flows/enrol_swept.py`.
"""

import sys
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from agegate.cli.door import house, refuse, require_name, say, wrong_use
from agegate.cli.facts import print_json
from agegate.cli.options import AsJson
from agegate.cli.sweep_apply import Wish

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agegate.flows.rule_book import RuleBook
    from agegate.store.records import Service
    from agegate.sweeping.apply_file import ApplyFile
    from agegate.sweeping.file_pass import FilePass
    from agegate.sweeping.report import Rejects, Report


STDIN = Path("-")


OutFolder = Annotated[
    Path, typer.Option(file_okay=False, help="The folder for the report, its picture and the rejected rows.")
]
PerHour = Annotated[
    int, typer.Option("--questions-per-hour", min=1, help="With --apply: how many guardians are asked in an hour.")
]
Apply = Annotated[bool, typer.Option("--apply", help="Also write: enrol, restrict, ask guardians.")]
Anew = Annotated[bool, typer.Option("--anew", help="With --apply: leave another file's unfinished sweep behind.")]


def sweep(  # noqa: PLR0913 - the options of a command
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The accounts, as CSV or NDJSON; - reads stdin.")],
    service: Annotated[str, typer.Option(help="The service whose accounts they are.")],
    out: OutFolder = Path(),
    per_hour: PerHour = 1000,
    operator: Annotated[str | None, typer.Option(help="With --apply: who does it; kept in the audit log.")] = None,
    *,
    apply: Apply = False,
    anew: Anew = False,
    as_json: AsJson = False,
) -> None:
    """Judge existing accounts by today's rules, and find those collected from children without a consent.

    Columns, named in the first line of a CSV: subject, date_of_birth, country, and
    where there are any region, email, guardian_email, locale, created_at,
    consent_at, consent_reference. Rows that cannot be read are passed over,
    counted, and listed by line in NAME.rejected.csv beside NAME.sweep.json and
    NAME.sweep.svg. Without --apply nothing is written to the database.

    With --apply whoever may in is enrolled, minors wait for a guardian (who is
    asked where the file names one), and who is under age is restricted; nobody is
    purged. A run that was stopped goes on where it was: give the same command.
    """
    from agegate.rules.audit import COMMAND, of_operator

    actor = COMMAND if operator is None else of_operator(require_name(operator, "person"))
    with _opened(file) as stream:
        if apply:
            report = _apply(stream, service, _out(out, file), Wish(actor, per_hour, anew))
        else:
            report = _look(stream, service, _out(out, file))
    _tell(report, _out(out, file), as_json=as_json)


def _look(stream: BinaryIO, service: str, out: Path) -> "Report":
    from agegate.cli.sweep_looking import look
    from agegate.clock import utc_now

    rules, found = look(service)
    return _walk(rules, found, utc_now(), stream, out)


def _apply(stream: BinaryIO, service: str, out: Path, wish: "Wish") -> "Report":
    from agegate.cli.sweep_apply import begin
    from agegate.cli.sweep_looking import known
    from agegate.store.registry import find_service

    with house() as opened:
        found, now = known(opened.store.read_now(lambda tx: find_service(tx, service))), opened.clock()
        applying = begin(opened, found, stream, now, wish)
        return _walk(opened.rules, found, now, stream, out, applying)


def _out(folder: Path, file: Path) -> Path:
    """Where the report goes, without its endings."""
    return folder / ("stdin" if file == STDIN else file.stem)


@contextmanager
def _opened(file: Path) -> "Iterator[BinaryIO]":
    if file == STDIN:
        yield sys.stdin.buffer
        return
    try:
        stream = file.open("rb")
    except OSError as fault:
        wrong_use(f"the file cannot be read ({fault.strerror}).")
    with stream:
        yield stream


def _walk(
    rules: "RuleBook", found: "Service", now: datetime, stream: BinaryIO, out: Path, applying: "ApplyFile | None" = None
) -> "Report":
    from agegate.sweeping.file_pass import FilePass
    from agegate.sweeping.jurisdictions import Jurisdictions
    from agegate.sweeping.report import Report
    from agegate.sweeping.row_reader import RowReader

    profile, rejects = rules.profile(found.profile), _rejects(out)
    places = Jurisdictions(rules, profile, now)
    reading = FilePass(stream, places, RowReader(places, now), rejects)
    try:
        _read(reading, applying)
    finally:
        rejects.close()
        if applying is not None:
            applying.close()
    return Report(
        service=found.name,
        profile=profile.label,
        at=now,
        rows=reading.rows,
        rejected=reading.faults,
        places=places.counted(),
        done=None if applying is None else dict(sorted(applying.counts.items())),
    )


def _read(reading: "FilePass", applying: "ApplyFile | None") -> None:
    from agegate.cli.sweep_progress import watched
    from agegate.sweeping.collecting import few_collections
    from agegate.sweeping.file_pass import SweepStopped
    from agegate.sweeping.sheets import HeaderRefused

    try:
        with few_collections():
            for accounts in watched(reading):
                if applying is not None:
                    applying(accounts)
            if applying is not None:
                applying.finish(reading.lines.digest)
    except HeaderRefused as fault:
        wrong_use(f"the file cannot be swept: {fault}")
    except SweepStopped as fault:
        refuse(str(fault))


def _rejects(out: Path) -> "Rejects":
    from agegate.sweeping.report import Rejects

    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        return Rejects(Path(f"{out}.rejected.csv"))
    except OSError as fault:
        wrong_use(f"the folder of the report cannot be written ({fault.strerror}).")


def _tell(report: "Report", out: Path, *, as_json: bool) -> None:
    from agegate.cli.sweep_text import report_text
    from agegate.sweeping.picture import sweep_picture

    report.write(Path(f"{out}.sweep.json"))
    Path(f"{out}.sweep.svg").write_text(sweep_picture(report), encoding="utf-8")
    if as_json:
        print_json(report.facts())
    else:
        typer.echo(report_text(report), nl=False)
    say(f"Report: {out}.sweep.json, {out}.sweep.svg.")
    if report.bad:
        say(f"{report.bad:,} of {report.rows:,} rows could not be read and were passed over: {out}.rejected.csv")
    if report.done is None:
        say("Nothing was written to the database: --apply does that.")
