"""The profiles that come with the package, judged on the shipped table."""

from datetime import date, timedelta
from pathlib import Path

import pytest

import agegate.law.loader
from agegate.law.loader import BadFile, load_law, load_profile, shipped_profiles
from agegate.notices.notice import render_notice
from agegate.rules.assurance import Assurance
from agegate.rules.birth_date import BirthDate
from agegate.rules.decision import ConsentRequired, decide, requirements
from agegate.rules.place import Place
from agegate.rules.profile import Profile
from notifications.languages import LOCALES

SHIPPED = Path(agegate.law.loader.__file__).parent / "profiles"
LAW = load_law()
PROFILES = shipped_profiles(LAW)
TODAY = date(2026, 11, 22)


def answer_for(profile: str, age: int, code: str, today: date = TODAY) -> str:
    country, _, suffix = code.partition("-")
    person = BirthDate(today.replace(year=today.year - age))
    answer = decide(PROFILES[profile], LAW, person, Place(country, code if suffix else None), today)
    if isinstance(answer, ConsentRequired):
        return answer.assurance.value + (" and assent" if answer.assent_needed else "")
    return "no_method" if answer.reasons[0].rule == "no_method" else answer.name


def test_four_profiles_are_shipped() -> None:
    assert sorted(PROFILES) == ["coppa-general", "deepseek", "deepseek-ocr", "social-media"]


@pytest.mark.parametrize(
    ("profile", "age", "code", "expected"),
    [
        # deepseek: under 14 nobody, from 14 to 17 both together, grown-ups alone
        ("deepseek", 12, "US", "blocked"),
        ("deepseek", 13, "CN", "blocked"),
        ("deepseek", 14, "CN", "email and assent"),
        ("deepseek", 16, "US", "email and assent"),
        ("deepseek", 17, "DE", "email and assent"),
        ("deepseek", 16, "ZW", "email and assent"),
        ("deepseek", 18, "DE", "allowed"),
        ("deepseek", 18, "TH", "email"),  # majority is 20 there
        ("deepseek", 16, "KE", "no_method"),  # the law wants proof, the policy offers e-mail
        # deepseek-ocr: the age of consent of the place, never below 13
        ("deepseek-ocr", 15, "DE", "blocked"),
        ("deepseek-ocr", 16, "DE", "allowed"),
        ("deepseek-ocr", 15, "ES", "allowed"),
        ("deepseek-ocr", 13, "ES", "blocked"),
        ("deepseek-ocr", 15, "US", "allowed"),
        ("deepseek-ocr", 12, "US", "blocked"),
        ("deepseek-ocr", 13, "US", "allowed"),
        ("deepseek-ocr", 12, "BR", "blocked"),  # 12 by law, 13 by policy
        ("deepseek-ocr", 13, "BR", "allowed"),
        ("deepseek-ocr", 17, "ZW", "blocked"),
        ("deepseek-ocr", 18, "ZW", "allowed"),
        ("deepseek-ocr", 15, "CH", "blocked"),  # the fallback
        # coppa-general: a verifiable consent in place of a block
        ("coppa-general", 12, "US", "email_plus"),
        ("coppa-general", 13, "US", "allowed"),
        ("coppa-general", 15, "DE", "email"),
        ("coppa-general", 14, "FR", "email and assent"),
        ("coppa-general", 12, "BR", "email_plus"),
        ("coppa-general", 17, "ZW", "email_plus"),
        # social-media: its own rules beside those for everybody
        ("social-media", 12, "US", "blocked"),
        ("social-media", 15, "US", "allowed"),
        ("social-media", 15, "US-TN", "verified"),
        ("social-media", 15, "US-OH", "allowed"),  # enjoined
        ("social-media", 15, "AU", "blocked"),
        ("social-media", 16, "AU", "allowed"),
        ("social-media", 15, "BR", "verified"),
        ("social-media", 15, "DE", "email"),
    ],
)
def test_the_answer_of_a_shipped_profile(profile: str, age: int, code: str, expected: str) -> None:
    assert answer_for(profile, age, code) == expected


@pytest.mark.parametrize(
    ("profile", "age", "code", "day", "expected"),
    [
        ("deepseek-ocr", 15, "CL", date(2026, 11, 30), "blocked"),
        ("deepseek-ocr", 15, "CL", date(2026, 12, 1), "allowed"),
        ("deepseek-ocr", 13, "DK", date(2023, 12, 31), "allowed"),
        ("deepseek-ocr", 13, "DK", date(2024, 1, 1), "blocked"),
        ("deepseek", 16, "IN", date(2027, 5, 12), "email and assent"),
        ("deepseek", 16, "IN", date(2027, 5, 13), "no_method"),
    ],
)
def test_the_answer_changes_with_the_law_by_itself(profile: str, age: int, code: str, day: date, expected: str) -> None:
    assert answer_for(profile, age, code, day) == expected


@pytest.mark.parametrize(
    ("profile", "code", "limits"),
    [
        ("deepseek", "US", (14, 18, Assurance.EMAIL)),
        ("deepseek-ocr", "DE", (16, None, None)),
        ("coppa-general", "US", (0, 13, Assurance.EMAIL_PLUS)),
        ("deepseek", "ID", (18, None, None)),
    ],
)
def test_what_a_service_has_to_ask(profile: str, code: str, limits: tuple[int, int | None, Assurance | None]) -> None:
    told = requirements(PROFILES[profile], LAW, Place(code), TODAY)
    assert (told.minimum_age, told.consent_below, told.consent_assurance) == limits


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_a_shipped_profile_keeps_things_as_long_as_promised(profile: Profile) -> None:
    kept = profile.retention
    assert (kept.request_expiry, kept.sticky, kept.withdrawal_grace, kept.token_life) == (
        timedelta(days=7),
        timedelta(hours=72),
        timedelta(days=3),
        timedelta(minutes=10),
    )


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_evidence_is_kept_for_three_whole_years(profile: Profile) -> None:
    assert profile.retention.evidence_retention == timedelta(days=1096)


@pytest.mark.parametrize(("name", "policy"), [("deepseek", "2024-12-05"), ("deepseek-ocr", "2025-01")])
def test_a_policy_is_named_by_its_own_version(name: str, policy: str) -> None:
    profile = PROFILES[name]
    assert (profile.policy_version, profile.label) == (policy, f"{name}@1")


@pytest.mark.parametrize(
    ("name", "places"),
    [
        ("deepseek", ("People's Republic of China",)),
        ("deepseek-ocr", ("The places that the privacy policy names",)),
    ],
)
def test_people_are_told_where_their_data_is_kept(name: str, places: tuple[str, ...]) -> None:
    assert PROFILES[name].notice.storage_places == places


@pytest.mark.parametrize("name", ["deepseek", "deepseek-ocr", "coppa-general"])
def test_a_notice_is_in_every_language_and_tells_the_same_purposes(name: str) -> None:
    profile = PROFILES[name]
    assert profile.languages == LOCALES
    told = {tuple((each.id, each.required) for each in profile.terms(locale).purposes) for locale in LOCALES}
    assert (len(told), len({profile.terms(locale).purposes[0].text for locale in LOCALES})) == (1, len(LOCALES))


def test_a_notice_without_words_in_a_language_is_english_and_says_so() -> None:
    shown = render_notice(PROFILES["social-media"], "de-AT")
    assert (shown.locale, shown.text) == ("en", render_notice(PROFILES["social-media"], "en").text)


def test_a_translation_that_tells_less_is_refused_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "chat").mkdir()
    shipped = SHIPPED / "deepseek"
    (tmp_path / "chat.toml").write_text(shipped.with_suffix(".toml").read_text("utf-8"), "utf-8")
    words = (shipped / "de.toml").read_text("utf-8").replace('["Volksrepublik China"]', "[]")
    (tmp_path / "chat" / "de.toml").write_text(words, "utf-8")
    with pytest.raises(BadFile, match=r"chat/de.toml:7: storage_places has 0 entries where the English words have 1"):
        load_profile(tmp_path / "chat.toml")
