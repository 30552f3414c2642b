"""A profile at every place on one page, and the picture of it."""

import re
from collections import Counter
from datetime import date
from xml.etree import ElementTree as ET

import pytest

from agegate.law.loader import load_law, shipped_profiles
from agegate.law.places import countries
from agegate.law.policy_table import PolicyLine, policy_table
from agegate.law.world_palette import SCALE, label_of, step_of
from agegate.law.world_picture import world_picture
from agegate.law.world_tiles import world_tiles
from agegate.rules.decision import requirements
from agegate.rules.place import Place

LAW = load_law()
PROFILES = shipped_profiles(LAW)
TODAY = date(2026, 11, 22)
SVG = "{http://www.w3.org/2000/svg}"


def lines(profile: str, day: date = TODAY) -> dict[str, PolicyLine]:
    return {line.code: line for line in policy_table(PROFILES[profile], LAW, day)}


def picture(profile: str) -> str:
    return world_picture(policy_table(PROFILES[profile], LAW, TODAY), PROFILES[profile].label, TODAY)


def drawn(profile: str) -> ET.Element:
    return ET.fromstring(picture(profile))  # noqa: S314 - our own picture


def test_every_place_of_the_law_has_its_line_and_the_rest_one_together() -> None:
    assert list(lines("deepseek")) == [*sorted(place.code for place in LAW.places), "*"]


@pytest.mark.parametrize("profile", PROFILES)
def test_a_line_says_what_the_api_would_ask(profile: str) -> None:
    for place in LAW.places:
        asked = requirements(PROFILES[profile], LAW, place, TODAY)
        line = lines(profile)[place.code]
        assert (line.minimum_age, line.consent_below, line.assent_needed, line.adult_age) == (
            asked.minimum_age,
            asked.consent_below,
            asked.assent_needed,
            asked.adult_age,
        )
        assert line.method == (asked.consent_assurance.value if asked.consent_assurance else None)


@pytest.mark.parametrize(
    ("profile", "code", "expected"),
    [
        ("deepseek-ocr", "DE", (16, None, None, False, "")),
        ("deepseek-ocr", "CH", (16, None, None, False, "fallback")),
        ("deepseek-ocr", "*", (18, None, None, False, "default")),
        ("deepseek", "DE", (14, 18, "email", False, "")),
        ("deepseek", "RU", (14, 18, "email", False, "")),  # the policy's numbers, not the fallback
        ("deepseek", "KE", (18, None, None, True, "")),
        ("coppa-general", "US", (0, 13, "email_plus", False, "")),
        ("social-media", "AU", (16, None, None, False, "")),
    ],
)
def test_the_line_of_a_place(profile: str, code: str, expected: tuple[int, int | None, str | None, bool, str]) -> None:
    line = lines(profile)[code]
    assert (line.minimum_age, line.consent_below, line.method, line.no_method, line.mark) == expected


def test_a_line_rests_on_the_rules_that_set_its_ages() -> None:
    reasons = [reason.rule for reason in lines("deepseek-ocr")["DE"].reasons]
    assert reasons == ["deepseek-ocr@1", "DE-gdpr8"]


def test_a_line_changes_with_the_law() -> None:
    ages = [lines("deepseek-ocr", day)["CL"].minimum_age for day in (date(2026, 11, 30), date(2026, 12, 1))]
    assert ages == [18, 14]


# --- the map


def test_no_two_tiles_share_a_cell_or_a_country() -> None:
    cells = Counter((tile.column, tile.row) for tile in world_tiles())
    codes = Counter(tile.code for tile in world_tiles())
    assert {max(cells.values()), max(codes.values())} == {1}


def test_every_tile_is_a_country_and_every_country_with_a_rule_has_one() -> None:
    codes = {tile.code for tile in world_tiles()}
    assert codes <= set(countries())
    assert {row.country for row in LAW.rows} <= codes


@pytest.mark.parametrize(
    ("west", "east"), [("US", "GB"), ("GB", "DE"), ("DE", "RU"), ("RU", "CN"), ("CN", "JP"), ("ZA", "AU")]
)
def test_the_tiles_lie_from_west_to_east(west: str, east: str) -> None:
    columns = {tile.code: tile.column for tile in world_tiles()}
    assert columns[west] < columns[east]


@pytest.mark.parametrize(
    ("north", "south"), [("CA", "US"), ("US", "MX"), ("NO", "DE"), ("DE", "IT"), ("EG", "ZA"), ("JP", "NZ")]
)
def test_the_tiles_lie_from_north_to_south(north: str, south: str) -> None:
    rows = {tile.code: tile.row for tile in world_tiles()}
    assert rows[north] < rows[south]


@pytest.mark.parametrize("profile", PROFILES)
def test_the_picture_is_well_formed_and_has_a_tile_for_every_country_and_subdivision(profile: str) -> None:
    root = drawn(profile)
    inner = [place for place in LAW.places if place.region]
    assert len(root.findall(f"{SVG}g")) == len(world_tiles()) + len(inner)


def test_the_picture_loads_and_runs_nothing() -> None:
    text = picture("deepseek").replace("http://www.w3.org/2000/svg", "")
    assert re.search(r"https?://|href|url\(|@import|<script|\son\w+=", text) is None


def test_the_picture_has_a_title_and_tells_itself_in_words() -> None:
    root = drawn("deepseek-ocr")
    title, tale = (str(root.findtext(f"{SVG}{name}")) for name in ("title", "desc"))
    assert title == "deepseek-ocr@1: minimum age by country on 2026-11-22"
    assert "16: AD, " in tale
    assert "Every other country" in tale


@pytest.mark.parametrize(
    ("profile", "title"),
    [
        (
            "deepseek-ocr",
            "Germany (DE): minimum age 16. Policy 2025-01 of deepseek-ocr: not open below this age; GDPR ",
        ),
        ("deepseek-ocr", "Zimbabwe (ZW): minimum age 18. "),
        ("coppa-general", "United States (US): no minimum age, guardian's consent below 13 (email_plus). Policy 1 of"),
        ("social-media", "Tennessee (US-TN): minimum age 13, guardian's consent below 18 (verified). "),
    ],
)
def test_a_tile_tells_its_place_its_ages_and_their_sources(profile: str, title: str) -> None:
    titles = [str(each.text) for each in drawn(profile).iter(f"{SVG}title")]
    assert [text for text in titles if text.startswith(title)] != []


@pytest.mark.parametrize(
    ("age", "label"),
    [(0, "any age"), (7, "12 or less"), (12, "12 or less"), (13, "13"), (18, "18"), (21, "19 or more")],
)
def test_an_age_falls_on_its_step_of_the_scale(age: int, label: str) -> None:
    assert label_of(step_of(age)) == label


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("step", SCALE)
def test_the_number_on_a_tile_can_be_read(step: int) -> None:
    darker, lighter = sorted(luminance(colour) for colour in SCALE[step])
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def test_the_scale_darkens_with_the_age() -> None:
    shades = [luminance(fill) for fill, _ in SCALE.values()]
    assert shades == sorted(shades, reverse=True)


def test_a_place_the_law_does_not_know_is_drawn_as_open() -> None:
    assert Place("ZW") not in LAW.places
    group = next(each for each in drawn("deepseek-ocr").findall(f"{SVG}g") if "(ZW)" in "".join(each.itertext()))
    assert group.find(f"{SVG}rect[@class='open']") is not None
