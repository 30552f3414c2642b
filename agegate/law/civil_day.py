"""Which calendar day it is where somebody is at home.

Owns the choice of the time zone, from a table made once of the IANA database (`time_zones.tsv`). An age
reached on that day is `rules/birth_date.py`'s business.
"""

from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from agegate.rules.place import Place

LAST_ON_EARTH = timedelta(hours=-12)
FIRST_ON_EARTH = timedelta(hours=14)


def civil_today(now: datetime, place: Place, time_zone: str | None = None) -> date:
    """The day at a place: in the zone given, else where that country turns last, else where the Earth does.

    Later zones are never guessed, so that no birthday comes before its legal day.
    """
    zones = (time_zone,) if time_zone else _zones().get(place.country, ())
    return _earliest(zones, int(now.timestamp() // 60))


@lru_cache(maxsize=4096)
def _earliest(zones: tuple[str, ...], minutes: int) -> date:
    # A day begins on a whole minute everywhere, so the minute decides, and the calls of a minute share one answer.
    minute = datetime.fromtimestamp(minutes * 60, UTC)
    days = (minute.astimezone(_zone(zone)).date() for zone in zones)
    return min(days, default=(minute + LAST_ON_EARTH).date())


@cache
def _zone(name: str) -> ZoneInfo:
    # The library's own cache holds eight zones; a country may have thirty, each a file.
    return ZoneInfo(name)


def latest_today(now: datetime) -> date:
    """The latest calendar day anywhere on Earth: nobody is born after it."""
    return (now.astimezone(UTC) + FIRST_ON_EARTH).date()


def time_zone_fault(name: str) -> str | None:
    """The code of what is wrong with a time zone, or None."""
    return None if name in _zone_names() else "unknown_time_zone"


@cache
def _zones() -> dict[str, tuple[str, ...]]:
    lines = Path(__file__).with_name("time_zones.tsv").read_text("utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if not line.startswith("#"))
    return {country: tuple(zones.split()) for country, zones in pairs}


@cache
def _zone_names() -> frozenset[str]:
    return frozenset(zone for zones in _zones().values() for zone in zones)
