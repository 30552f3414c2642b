"""The judgement on the whole shipped table against a second reading of the same file, written another way.

The oracle looks at the raw file, one row after the other, with ages in whole years and no dates of birth.
"""

import tomllib
from datetime import date
from pathlib import Path
from typing import TypedDict

import pytest

import agegate.law.loader
from agegate.law.loader import load_law, shipped_profiles
from agegate.rules.birth_date import BirthDate
from agegate.rules.decision import ConsentRequired, decide
from agegate.rules.place import Place
from agegate.rules.profile import Profile

LAW = load_law()
PROFILES = shipped_profiles(LAW)
DAYS = [date(2019, 7, 1), date(2024, 1, 1), date(2026, 11, 22), date(2026, 12, 1), date(2027, 7, 2)]
NEVER = {"enjoined", "struck_down", "never_effective", "enacted_not_in_force", "unconfirmed_date"}
LEVELS = ["email", "email_plus", "verified"]


class Raw(TypedDict, total=False):
    code: str
    subdivision: str
    kind: str
    service_class: str
    consent_age: int
    fallback_age: int
    block_age: int
    effective_from: date
    effective_until: date
    status: str
    consent_method: str


TABLE: list[Raw] = tomllib.loads(Path(agegate.law.loader.__file__).with_name("jurisdictions.toml").read_text("utf-8"))[
    "row"
]
PLACES = [*sorted({(row["code"], row.get("subdivision")) for row in TABLE}, key=str), ("ZW", None)]


def bites(row: Raw, country: str, region: str | None, service_class: str, day: date) -> bool:
    if row["code"] != country or row.get("subdivision") not in {None, region}:
        return False
    if row["status"] in NEVER or row["kind"] in {"design_duty", "age_signal"}:
        return False
    if row["consent_method"] == "none_required" or row["service_class"] not in {"any", service_class}:
        return False
    return row.get("effective_from", date.max) <= day < row.get("effective_until", date.max)


def oracle(profile: Profile, rows: list[Raw], age: int) -> tuple[str, str | None, bool]:
    ages = [(row.get("consent_age", row.get("fallback_age")), row["consent_method"]) for row in rows]
    asked = [(limit, method) for limit, method in ages if limit is not None]
    asked = asked or [(18, "default")]
    consent_age = max(limit for limit, _ in asked)
    own = {"block": profile.block_below, "consent": profile.consent_below}
    fixed = {name: consent_age if limit == "consent_age" else limit or 0 for name, limit in own.items()}
    if age < max(int(fixed["block"]), profile.block_floor, *(row.get("block_age", 0) for row in rows)):
        return "blocked", None, False
    methods = [method for limit, method in asked if age < limit]
    banded = age < int(fixed["consent"])
    if not methods and not banded:
        return "allowed", None, False
    offered = sorted(LEVELS.index(method.value) for method in profile.methods)
    proof = 2 if profile.discloses else 1
    best_plain = max([level for level in offered if level < 2], default=0)
    weight = {"verifiable_guardian": proof, "guardian_link": 2, "default": best_plain}
    need = max([weight.get(method, 0) for method in methods] + [LEVELS.index(profile.assurance.value)] * banded)
    enough = [level for level in offered if level >= need]
    if not enough:
        return "blocked", None, False
    return "consent_required", LEVELS[enough[0]], "joint" in methods or (banded and profile.assent_needed)


@pytest.mark.parametrize("day", DAYS, ids=str)
@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_every_place_and_age_is_judged_as_a_second_reading_of_the_table_says(profile: Profile, day: date) -> None:
    differing = []
    for country, region in PLACES:
        rows = [row for row in TABLE if bites(row, country, region, profile.service_class, day)]
        for age in range(22):
            person = BirthDate(date(day.year - age, day.month, day.day))
            answer = decide(profile, LAW, person, Place(country, region), day)
            found: tuple[str, str | None, bool] = (answer.name, None, False)
            if isinstance(answer, ConsentRequired):
                found = (answer.name, answer.assurance.value, answer.assent_needed)
            if found != oracle(profile, rows, age):
                differing.append((country, region, age, found))
    assert differing == []
