"""Which day it is where somebody is at home; where that is unsure, the day that comes last."""

from datetime import UTC, date, datetime
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest

from agegate.law.civil_day import civil_today, latest_today, time_zone_fault
from agegate.rules.place import Place


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "country", "zone", "day"),
    [
        # the zone given
        ("2026-11-22T10:00", "US", "Pacific/Auckland", "2026-11-22"),
        ("2026-11-22T11:00", "NZ", "Pacific/Auckland", "2026-11-23"),
        ("2026-11-22T04:59", "US", "America/New_York", "2026-11-21"),
        ("2026-11-22T05:00", "US", "America/New_York", "2026-11-22"),
        # one zone in the country; summer time counts
        ("2026-07-01T21:59", "DE", None, "2026-07-01"),
        ("2026-07-01T22:00", "DE", None, "2026-07-02"),
        ("2026-11-22T22:59", "DE", None, "2026-11-22"),
        ("2026-11-22T23:00", "DE", None, "2026-11-23"),
        # the zone that turns last: Adak for the USA, Kaliningrad for Russia
        ("2026-11-22T09:59", "US", None, "2026-11-21"),
        ("2026-11-22T10:00", "US", None, "2026-11-22"),
        ("2026-11-22T21:59", "RU", None, "2026-11-22"),
        ("2026-11-22T22:00", "RU", None, "2026-11-23"),
        # no zone on file
        ("2026-11-22T11:59", "XK", None, "2026-11-21"),
        ("2026-11-22T12:00", "XK", None, "2026-11-22"),
        ("2026-11-22T11:59", "BV", None, "2026-11-21"),
    ],
)
def test_the_day_turns_with_the_place(now: str, country: str, zone: str | None, day: str) -> None:
    assert civil_today(at(now), Place(country), zone) == date.fromisoformat(day)


def test_an_instant_in_another_zone_is_the_same_instant() -> None:
    now = at("2026-11-22T23:30")
    assert civil_today(now.astimezone(ZoneInfo("Asia/Tokyo")), Place("XK")) == civil_today(now, Place("XK"))


@pytest.mark.parametrize(("now", "day"), [("2026-11-22T09:59", "2026-11-22"), ("2026-11-22T10:00", "2026-11-23")])
def test_the_latest_day_on_earth_is_ahead_of_greenwich(now: str, day: str) -> None:
    assert latest_today(at(now)) == date.fromisoformat(day)


@pytest.mark.parametrize(
    "name", ["Europe/Berlin", "Asia/Calcutta", "UTC", "America/Argentina/Buenos_Aires", "Etc/GMT+12"]
)
def test_a_zone_of_the_iana_database_is_taken(name: str) -> None:
    assert time_zone_fault(name) is None


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Mars/Olympus",
        "europe/berlin",
        "../../etc/passwd",
        "Factory",
        "+02:00",
        "US",
        "*",
        "Europe/Berlin ",
    ],
)
def test_any_other_zone_is_refused(name: str) -> None:
    assert time_zone_fault(name) == "unknown_time_zone"


def test_every_zone_of_the_database_is_on_file() -> None:
    names = files("tzdata").joinpath("zones").read_text("utf-8").split()
    assert [name for name in names if time_zone_fault(name)] == ["Factory"]
