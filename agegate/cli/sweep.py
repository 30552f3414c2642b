"""The command that sweeps a file of existing accounts: judged by today's rules, reported, and on demand applied.

Owns the options and the words. Reading and counting is `sweeping`, writing `flows/enrol_swept.py`.
"""

import sys
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from agegate.cli.door import house, refuse, say, wrong_use
from agegate.cli.facts import print_json
from agegate.cli.options import AsJson

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agegate.house import House
    from agegate.store.records import Service
    from agegate.sweeping.report import Rejects, Report

STDIN = Path("-")


def sweep(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The accounts, as CSV or NDJSON; - reads stdin.")],
    service: Annotated[str, typer.Option(help="The service whose accounts they are.")],
    out: Annotated[
        Path, typer.Option(file_okay=False, help="The folder for the report, its picture and the rejected rows.")
    ] = Path(),
    *,
    as_json: AsJson = False,
) -> None:
    """Judge existing accounts by today's rules, and find those collected from children without a consent.

    Columns, named in the first line of a CSV: subject, date_of_birth, country, and
    where there are any region, email, guardian_email, locale, created_at,
    consent_at, consent_reference. Nothing is written to the database. Rows that
    cannot be read are passed over, counted, and listed by line in NAME.rejected.csv
    beside NAME.sweep.json and NAME.sweep.svg.
    """
    with house() as opened:
        found, now = _require_service(opened, service), opened.clock()
        with _opened(file) as stream:
            report = _walk(opened, found, stream, _out(out, file), now)
    _tell(report, _out(out, file), as_json=as_json)


def _require_service(opened: "House", name: str) -> "Service":
    from agegate.rules.errors import ServiceUnknown
    from agegate.store.registry import find_service

    found = opened.store.read_now(lambda tx: find_service(tx, name))
    return refuse(ServiceUnknown()) if found is None else found


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


def _walk(opened: "House", found: "Service", stream: BinaryIO, out: Path, now: datetime) -> "Report":
    from agegate.cli.sweep_progress import watched
    from agegate.sweeping.file_pass import FilePass
    from agegate.sweeping.jurisdictions import Jurisdictions
    from agegate.sweeping.report import Report
    from agegate.sweeping.row_reader import RowReader
    from agegate.sweeping.sheets import HeaderRefused

    profile, rejects = opened.rules.profile(found.profile), _rejects(out)
    places = Jurisdictions(opened.rules, profile, now)
    reading = FilePass(stream, places, RowReader(places, now), rejects)
    try:
        for _ in watched(reading):
            pass
    except HeaderRefused as fault:
        wrong_use(f"the file cannot be swept: {fault}")
    finally:
        rejects.close()
    return Report(
        service=found.name,
        profile=profile.label,
        at=now,
        rows=reading.rows,
        rejected=reading.faults,
        places=places.counted(),
        done=None,
    )


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
