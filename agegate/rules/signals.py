"""What somebody else says about a person's age: one form for all sources.

Owns what a signal means: its upper end caps the age, its lower end proves nothing, so it can only restrict.
Reading the stores' forms is `signal_sources.py`'s business; whether a signal is genuine, the service's.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

OLDEST_TOLD = 150


class SignalAssurance(Enum):
    """How the source came to know the age."""

    UNKNOWN = "unknown"
    SELF_DECLARED = "self_declared"
    GUARDIAN_DECLARED = "guardian_declared"
    CHECKED = "checked"
    """By a card, an e-mail address, a face or one document."""

    VERIFIED = "verified"
    """By an identity document and its holder, or a digital identity."""


class SignalRefused(ValueError):
    """Not a usable age signal; `code` says why, and the value is never repeated."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class AgeSignal:
    """A range of completed years, its source and its strength; or why the source did not tell."""

    source: str
    age_lower: int | None = None
    age_upper: int | None = None
    """The last year that belongs to the range; None for the highest range, or where nothing is known."""

    assurance: SignalAssurance = SignalAssurance.UNKNOWN
    unknown_because: str | None = None

    def __repr__(self) -> str:
        return f"AgeSignal({self.source}, …)"


def band(
    source: str,
    age_lower: object,
    age_upper: object,
    assurance: SignalAssurance = SignalAssurance.UNKNOWN,
) -> AgeSignal:
    """A plain range of ages, either end open."""
    lower, upper = _age(age_lower), _age(age_upper)
    if lower is not None and upper is not None and lower > upper:
        raise SignalRefused("empty_range")
    unknown = "not_told" if lower is None and upper is None else None
    return AgeSignal(source=source, age_lower=lower, age_upper=upper, assurance=assurance, unknown_because=unknown)


def lowest_cap(signals: Iterable[AgeSignal]) -> tuple[int, AgeSignal] | None:
    """The lowest upper end that any source names, and that source; None where nobody caps the age."""
    lowest: tuple[int, AgeSignal] | None = None
    for signal in signals:
        if signal.age_upper is not None and (lowest is None or signal.age_upper < lowest[0]):
            lowest = signal.age_upper, signal
    return lowest


def _age(value: object) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool):
        raise SignalRefused("invalid_type")
    if not 0 <= value <= OLDEST_TOLD:
        raise SignalRefused("out_of_range")
    return value
