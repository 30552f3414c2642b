"""How sure a method makes us that a guardian answered.

Owns the order of the levels. Which level a law asks for is `demands.py`'s business; how a method works, the
flows'.
"""

from enum import Enum


class Assurance(Enum):
    """Levels in rising order; the values are what the API says."""

    EMAIL = "email"
    """An answer from an address that the child gave."""

    EMAIL_PLUS = "email_plus"
    """The same, confirmed in a second step (16 CFR 312.5(b)(2)(viii))."""

    VERIFIED = "verified"
    """A method that shows an identified adult."""

    @property
    def rank(self) -> int:
        return _RISING.index(self)

    def __lt__(self, other: "Assurance") -> bool:
        return self.rank < other.rank

    def __le__(self, other: "Assurance") -> bool:
        return self.rank <= other.rank

    def __gt__(self, other: "Assurance") -> bool:
        return self.rank > other.rank

    def __ge__(self, other: "Assurance") -> bool:
        return self.rank >= other.rank


_RISING = tuple(Assurance)
