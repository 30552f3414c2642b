"""A sweep's report as tables for people."""

from typing import TYPE_CHECKING

from agegate.cli.facts import table_text

if TYPE_CHECKING:
    from agegate.sweeping.report import Report

HEADINGS = ("allowed", "consent claimed", "consent required", "blocked", "without consent")


def report_text(report: "Report") -> str:
    """What was found by place, what was done, and which rows were passed over."""
    return "".join(filter(None, (_places(report), _done(report), _rejected(report))))


def _places(report: "Report") -> str:
    from rich.table import Table

    from agegate.sweeping.jurisdictions import Found
    from agegate.sweeping.report import place_label, without_consent

    table = Table(title=f"Accounts of {report.service} by today's rules ({report.profile})", show_footer=True)
    totals = report.totals
    sums = [totals[found] for found in Found] + [without_consent(totals)]
    table.add_column("place", footer="all places")
    for heading, total in zip(HEADINGS, sums, strict=True):
        table.add_column(heading, footer=f"{total:,}", justify="right")
    for code, counts in report.places.items():
        figures = [counts[found] for found in Found] + [without_consent(counts)]
        label = code if "-" in code else f"{place_label(code)} ({code})"
        table.add_row(label, *(f"{figure:,}" if figure else "-" for figure in figures))
    return table_text(table)


def _done(report: "Report") -> str:
    if report.done is None:
        return ""
    return "".join(f"{name.replace('_', ' '):22}{count:>12,}\n" for name, count in report.done.items())


def _rejected(report: "Report") -> str:
    from rich.table import Table

    if not report.rejected:
        return ""
    table = Table("column", "reason", "rows", title="Rows passed over")
    for (column, reason), count in sorted(report.rejected.items()):
        table.add_row(column, reason, f"{count:,}")
    return table_text(table)
