"""Which countries and subdivisions there are.

Owns the check of codes against ISO 3166, from a table made once of pycountry (`countries.tsv`). Which rules a
place has is `rules/law.py`'s question.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

RESERVED = frozenset({"UK", "EL"})
"""In daily use for GB and GR, but not codes: taking them silently could pick another row."""


@dataclass(frozen=True, slots=True)
class Country:
    """A country's code, its English name and the suffixes of its subdivisions."""

    code: str
    name: str
    suffixes: str
    """One text, split where somebody asks: five thousand names would weigh ten times as much each by itself."""

    @property
    def regions(self) -> list[str]:
        """Each suffix by itself."""
        return self.suffixes.split()


@cache
def countries() -> dict[str, Country]:
    """Every country by its code; `XK` (Kosovo) is among them."""
    table = {}
    for line in Path(__file__).with_name("countries.tsv").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            code, name, *regions = line.split("\t")
            table[code] = Country(code, name, " ".join(regions))
    return table


def country_fault(code: str) -> str | None:
    """The code of what is wrong with a country, or None. Nothing is trimmed or turned into capitals."""
    if code in RESERVED:
        return "reserved_code"
    return None if code in countries() else "not_iso3166_alpha2"


def region_fault(country: str, region: str) -> str | None:
    """The code of what is wrong with a subdivision (in full: `US-CA`) of a country that exists, or None."""
    owner, _, suffix = region.partition("-")
    known = countries().get(owner)
    if known is None or suffix not in known.regions:
        return "not_iso3166_2"
    return None if owner == country else "region_of_other_country"
