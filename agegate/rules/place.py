"""Where a person is at home, as ISO 3166 writes it.

Owns the value only. Whether a code exists is `law/places.py`'s question, asked at the door.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A country (ISO 3166-1 alpha-2; `XK` for Kosovo) and perhaps its subdivision (ISO 3166-2, `US-CA`)."""

    country: str
    region: str | None = None

    @property
    def code(self) -> str:
        """The narrowest code known: `US-CA`, else `US`."""
        return self.region or self.country
