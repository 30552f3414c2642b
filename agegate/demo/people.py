"""The people of the demo: real ages on the day it runs."""

from datetime import date, timedelta


def born(years: int, today: date) -> str:
    """The date of birth of somebody who turned that age about three months ago."""
    day = today - timedelta(days=90)
    leap_safe = day.replace(day=min(day.day, 28))
    return leap_safe.replace(year=leap_safe.year - years).isoformat()
