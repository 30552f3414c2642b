"""Commands that explain the law and look ahead. They open no database: the law is a file of the package."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from agegate.cli.door import say, wrong_use
from agegate.cli.facts import plain, print_json
from agegate.cli.options import AsJson, OnDay, read_day, require_class, require_place

if TYPE_CHECKING:
    from agegate.law.comparison import Change
    from agegate.law.explanation import Explanation
    from agegate.rules.law import LawRow

law_app = typer.Typer(
    no_args_is_help=True, help="The law on the age of consent: what it says where, and when it changes."
)


@law_app.command("show")
def show_law(
    place: Annotated[str, typer.Argument(metavar="PLACE", help="A country or subdivision: DE, US, US-CA.")],
    on: OnDay = None,
    service_class: Annotated[
        str, typer.Option("--class", metavar="CLASS", help="The class of service, such as social_media.")
    ] = "any",
    *,
    as_json: AsJson = False,
) -> None:
    """Show every rule of a place and its country: which count on a day, which do not, and why.

    Rules of a country and of its subdivision apply together; the strictest
    stands. A rule that was struck down, has not begun or is for another class
    of service is listed, but does not count. A profile can only add to this:
    see agegate profile table NAME.
    """
    from agegate.cli.law_text import explanation_text
    from agegate.clock import utc_now
    from agegate.law.civil_day import civil_today
    from agegate.law.explanation import explain
    from agegate.law.loader import load_law

    where = require_place(place)
    law = load_law()
    told = explain(law, where, require_class(law, service_class), on or civil_today(utc_now(), where))
    if as_json:
        print_json(_explained(told))
    else:
        typer.echo(explanation_text(told), nl=False)


@law_app.command("diff")
def diff_law(
    first: Annotated[date, typer.Option("--from", metavar="DAY", parser=read_day, help="The day before the changes.")],
    last: Annotated[date, typer.Option("--to", metavar="DAY", parser=read_day, help="The last day of the changes.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Show which places change between two days: rules that start or end, and the ages before and after.

    Rules start and end by themselves on their dates, so this foresees what
    the service will do. The ages are those of the law alone, before a profile
    adds its own, for each class of service that they change for.
    """
    from agegate.cli.law_text import change_text
    from agegate.law.comparison import compare
    from agegate.law.loader import load_law

    if first > last:
        wrong_use(f"{first} is after {last}. Give the earlier day as --from.")
    changes = compare(load_law(), first, last)
    if as_json:
        print_json([_changed(change) for change in changes])
        return
    for change in changes:
        typer.echo(change_text(change))
    say(f"{len(changes)} {'place changes' if len(changes) == 1 else 'places change'} after {first} and until {last}.")


def _explained(told: "Explanation") -> dict[str, object]:
    return {
        "place": told.place.code,
        "name": told.name,
        "on": told.day,
        "service_class": told.service_class,
        "limits": told.limits,
        "strictest": [{"id": row.id, "leap_day": row.leap_day} for row in told.strictest],
        "rules": [{**_row(each.row), "counts": each.counts, "why": each.why} for each in told.rows],
    }


def _row(row: "LawRow") -> dict[str, object]:
    values = plain(row)
    return {**values, "details": dict(row.details)} if isinstance(values, dict) else {}


def _changed(change: "Change") -> dict[str, object]:
    return {
        "place": change.place.code,
        "name": change.name,
        "events": [
            {"day": each.day, "event": "starts" if each.starts else "ends", "rule": each.row.id}
            for each in change.events
        ],
        "shifts": change.shifts,
    }
