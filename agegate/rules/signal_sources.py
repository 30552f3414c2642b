"""The age signals of Apple, Google Play and Amazon, brought into the one form.

Owns the names these sources use. With a name that is not known yet the range still counts, so that a new word
of a store lets nobody in. Fetching a signal and proving it genuine happens on the device and in the service.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from agegate.rules.signals import AgeSignal, SignalAssurance, band

Payload = Mapping[str, object]

OLDEST_MINOR = 17
ADULT = 18

# Apple, DeclaredAgeRange: AgeRangeService.AgeRangeDeclaration.
_APPLE = {
    "selfDeclared": SignalAssurance.SELF_DECLARED,
    "guardianDeclared": SignalAssurance.GUARDIAN_DECLARED,
    "confirmed": SignalAssurance.CHECKED,
    "checkedByOtherMethod": SignalAssurance.CHECKED,
    "guardianCheckedByOtherMethod": SignalAssurance.CHECKED,
    "paymentChecked": SignalAssurance.CHECKED,
    "guardianPaymentChecked": SignalAssurance.CHECKED,
    "governmentIDChecked": SignalAssurance.VERIFIED,
    "guardianGovernmentIDChecked": SignalAssurance.CHECKED,
}

# Google Play Age Signals from 0.0.4 on: ageRangeSource.
_GOOGLE_TIERS = {
    "TIER_A": SignalAssurance.SELF_DECLARED,
    "TIER_B": SignalAssurance.GUARDIAN_DECLARED,
    "TIER_C": SignalAssurance.CHECKED,
    "TIER_D": SignalAssurance.VERIFIED,
}

# Google Play until 0.0.3, and Amazon: userStatus.
_USER_STATUS = {
    "VERIFIED": SignalAssurance.CHECKED,
    "DECLARED": SignalAssurance.SELF_DECLARED,
    "SUPERVISED": SignalAssurance.GUARDIAN_DECLARED,
    "SUPERVISED_APPROVAL_PENDING": SignalAssurance.GUARDIAN_DECLARED,
    "SUPERVISED_APPROVAL_DENIED": SignalAssurance.GUARDIAN_DECLARED,
}


def from_apple(payload: Payload) -> AgeSignal:
    """`{lowerBound, upperBound, ageRangeDeclaration}`, or `{response: "declinedSharing"}`."""
    if payload.get("response") == "declinedSharing":
        return AgeSignal(source="apple", unknown_because="declined")
    assurance = _APPLE.get(str(payload.get("ageRangeDeclaration")), SignalAssurance.UNKNOWN)
    return band("apple", payload.get("lowerBound"), payload.get("upperBound"), assurance)


def from_google_play(payload: Payload) -> AgeSignal:
    """`{ageSignalsStatus, ageRangeSource, ageLower, ageUpper}`, or `userStatus` as older versions have it."""
    if "ageSignalsStatus" not in payload and "ageRangeSource" not in payload:
        return _from_user_status("google_play", payload)
    assurance = _GOOGLE_TIERS.get(str(payload.get("ageRangeSource")), SignalAssurance.UNKNOWN)
    signal = band("google_play", payload.get("ageLower"), payload.get("ageUpper"), assurance)
    return _because(signal, payload.get("ageSignalsStatus"))


def from_amazon(payload: Payload) -> AgeSignal:
    """`{responseStatus, userStatus, ageLower, ageUpper}`."""
    status = payload.get("responseStatus", "SUCCESS")
    signal = _from_user_status("amazon", payload)
    return signal if status == "SUCCESS" else _because(signal, status)


SOURCES: Mapping[str, Callable[[Payload], AgeSignal]] = {
    "amazon": from_amazon,
    "apple": from_apple,
    "google_play": from_google_play,
}


def _from_user_status(source: str, payload: Payload) -> AgeSignal:
    status = str(payload.get("userStatus"))
    lower, upper = payload.get("ageLower"), payload.get("ageUpper")
    if status.startswith("SUPERVISED") and upper is None:
        upper = OLDEST_MINOR
    if status == "VERIFIED" and lower is None and upper is None:
        lower = ADULT
    signal = band(source, lower, upper, _USER_STATUS.get(status, SignalAssurance.UNKNOWN))
    return _because(signal, payload.get("userStatus"))


def _because(signal: AgeSignal, status: object) -> AgeSignal:
    """Where no range came: the source's own word for it, in small letters."""
    if signal.unknown_because is None or not isinstance(status, str) or not status:
        return signal
    return replace(signal, unknown_because=status.lower()[:64])
