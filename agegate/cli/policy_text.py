"""A profile's table of places as a text: for people, as CSV, as JSON or as a picture.

Owns the columns. The lines come from `law/policy_table.py`, the picture from `law/world_picture.py`.
"""

import csv
import io
from datetime import date
from typing import TYPE_CHECKING

from agegate.cli.facts import json_text, table_text
from agegate.cli.options import Format

if TYPE_CHECKING:
    from agegate.law.policy_table import PolicyLine

COLUMNS = (
    "code",
    "name",
    "minimum_age",
    "consent_below",
    "method",
    "assent_needed",
    "adult_age",
    "mark",
    "no_method",
    "rules",
    "citation",
)


def text_of(layout: Format, lines: "tuple[PolicyLine, ...]", profile: str, day: date) -> str:
    """The whole table in one of its forms."""
    if layout is Format.SVG:
        from agegate.law.world_picture import world_picture

        return world_picture(lines, profile, day)
    if layout is Format.CSV:
        return _csv(lines)
    if layout is Format.JSON:
        return json_text({"profile": profile, "on": day, "places": [_facts(line) for line in lines]}) + "\n"
    return _table(lines, profile, day)


def _csv(lines: "tuple[PolicyLine, ...]") -> str:
    written = io.StringIO()
    writer = csv.DictWriter(written, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(_row(line) for line in lines)
    return written.getvalue()


def _row(line: "PolicyLine") -> dict[str, object]:
    known = {column: getattr(line, column) for column in COLUMNS[:-2]}
    flags = {column: str(known[column]).lower() for column in ("assent_needed", "no_method")}
    return {**known, **flags, "rules": " ".join(row.id for row in line.rules), "citation": _citation(line)}


def _facts(line: "PolicyLine") -> dict[str, object]:
    return {
        **{column: getattr(line, column) for column in COLUMNS[:-2]},
        "reasons": line.reasons,
        "rules": [{"id": row.id, "citation": row.citation} for row in line.rules],
    }


def _table(lines: "tuple[PolicyLine, ...]", profile: str, day: date) -> str:
    from rich.table import Table

    table = Table("place", "", "minimum age", "guardian below", "method", "rests on", title=f"{profile} on {day}")
    for line in lines:
        method = f"{line.method or '-'}{' and assent' if line.assent_needed else ''}"
        ages = str(line.minimum_age or "-"), str(line.consent_below or "-")
        table.add_row(line.code, line.name, ages[0], ages[1], method, _citation(line))
    return table_text(table)


def _citation(line: "PolicyLine") -> str:
    """What the ages rest on, the law before the policy."""
    rows = {row.id for row in line.rules}
    ordered = sorted(line.reasons, key=lambda reason: reason.rule not in rows)
    return "; ".join(dict.fromkeys(reason.citation for reason in ordered))
