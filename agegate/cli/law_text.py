"""The law in words for people: one place explained, one place's changes.

Owns the wording on the terminal. The facts come from `law/explanation.py` and `law/comparison.py`.
"""

from typing import TYPE_CHECKING

from agegate.cli.facts import table_text

if TYPE_CHECKING:
    from agegate.law.comparison import Change, Shift
    from agegate.law.explanation import ExplainedRow, Explanation
    from agegate.law.limits import Limits


def explanation_text(told: "Explanation") -> str:
    """The limits of a place, then every row on file there."""
    from rich.table import Table

    leaps = sorted({row.leap_day for row in told.strictest}, key=lambda leap: leap.value)
    birthday = ", ".join(f"{'28 February' if leap.early else '1 March'} ({leap.value})" for leap in leaps)
    rules = ", ".join(row.id for row in told.strictest)
    table = Table(show_lines=True, expand=True)
    for header, share in (("rule", 3), ("counts", 3), ("asks", 3), ("days", 2), ("source, evidence, confidence", 6)):
        table.add_column(header, ratio=share, overflow="fold")
    for each in told.rows:
        table.add_row(*_cells(each), style=None if each.counts else "dim")
    return f"""\
{told.place.code} {told.name}, {told.day}, service class {told.service_class}
  strictest            {rules}
  guardian consents    {_consent(told.limits)}
  nobody admitted      {_below(told.limits.blocked_below)}
  adult                at {told.limits.adult_age}
  born on 29 February  older on {birthday} in a common year
{table_text(table)}"""


def _cells(each: "ExplainedRow") -> tuple[str, ...]:
    from agegate.rules.birth_date import LeapRule
    from agegate.rules.law import ADULT_AGE

    row = each.row
    name = row.id if row.service_class == "any" else f"{row.id}\nfor {row.service_class}"
    asks = [f"guardian below {row.consent_below} ({row.consent_method.value})"] if row.consent_below is not None else []
    asks += [f"nobody below {row.block_age}"] if row.block_age is not None else []
    asks += [f"adult at {row.adult_age}"] if row.adult_age != ADULT_AGE else []
    asks += [f"29 Feb: {row.leap_day.value}"] if row.leap_day is not LeapRule.UNKNOWN else []
    first = "always" if row.mark == "default" else f"from {row.effective_from or '?'}"
    days = f"{first}{f' until {row.effective_until}' if row.effective_until else ''}"
    source = [
        row.citation,
        *([f"{row.evidence} · {row.confidence}"] if row.evidence else []),
        *([row.notes] if row.notes else []),
    ]
    verdict = f"{'yes' if each.counts else 'no'}: {each.why}"
    return name, verdict, "\n".join(asks), days, "\n".join(source)


def change_text(change: "Change") -> str:
    """What changes at one place, day by day and class by class."""
    events = (
        f"  {event.day} {event.row.id} {'starts' if event.starts else 'ends'}: {event.row.citation}"
        for event in change.events
    )
    shifts = (
        line
        for shift in change.shifts
        for line in (f"  for {_classes(shift)}:", *(f"    {words}" for words in _differences(shift)))
    )
    return "\n".join((f"{change.place.code} {change.name}", *events, *shifts))


def _classes(shift: "Shift") -> str:
    return "every class of service" if shift.everywhere else ", ".join(shift.classes)


def _differences(shift: "Shift") -> list[str]:
    before, after = shift.before, shift.after
    lines = (
        ("guardian consents", _consent(before), _consent(after)),
        ("nobody admitted", _below(before.blocked_below), _below(after.blocked_below)),
        ("adult", f"at {before.adult_age}", f"at {after.adult_age}"),
    )
    return [f"{words} {one} → {other}" for words, one, other in lines if one != other]


def _below(age: int | None) -> str:
    return "-" if age is None else f"below {age}"


def _consent(limits: "Limits") -> str:
    mark = f", {limits.mark}" if limits.mark else ""
    return f"{_below(limits.consent_below)} ({', '.join(limits.consent_methods) or 'no guardian can'}{mark})"
