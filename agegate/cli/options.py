"""Options and arguments that several commands read alike: days, places, classes of service, JSON.

Owns their reading and the words when they are wrong (exit code 2). What is done with them is the commands'
business.
"""

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from agegate.cli.door import wrong_use

if TYPE_CHECKING:
    from agegate.rules.law import Law
    from agegate.rules.place import Place

CODES = {
    "reserved_code": "is reserved, but no country's code. The United Kingdom is GB, Greece is GR",
    "not_iso3166_alpha2": "is no country of ISO 3166-1. Write two letters, such as DE",
    "not_iso3166_2": "is no subdivision of ISO 3166-2. Write it in full, such as US-CA",
}


class Format(StrEnum):
    """How a table is printed; `svg` is a map of the world."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    SVG = "svg"


def read_day(text: str) -> date:
    """A day as people and programs write it alike."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("write a day like 2026-12-01") from None


AsJson = Annotated[bool, typer.Option("--json", help="Print the facts as JSON.")]
OnDay = Annotated[
    date | None,
    typer.Option("--on", metavar="DAY", parser=read_day, help="The day to look at, past or future (today)."),
]


def require_place(code: str) -> "Place":
    """A country or subdivision by its ISO code; small letters do as well."""
    from agegate.law.places import country_fault, region_fault
    from agegate.rules.place import Place

    country, inner, _ = code.upper().partition("-")
    region = code.upper() if inner else None
    if fault := country_fault(country) or (region and region_fault(country, region)):
        wrong_use(f"{code} {CODES[fault]}.")
    return Place(country, region)


def require_class(law: "Law", name: str) -> str:
    """A class of service that the law file knows."""
    if name not in law.service_classes:
        known = "\n".join(f"  {each.name:32}{each.meaning}" for each in law.service_classes.values())
        wrong_use(f"there is no class of service {name}. Known:\n{known}")
    return name
