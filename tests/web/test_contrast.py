"""The colours of the guardian's pages reach WCAG 2.2 AA in light and dark."""

import re

import pytest

from agegate.web.pages import STATIC

SHEET = (STATIC / "guardian.css").read_text("utf-8")
LIGHT, DARK = (
    dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block)) for block in re.findall(r":root \{.*?\}", SHEET, re.DOTALL)
)
TEXT, PART = 4.5, 3.0
PAIRS = [
    *[(ink, paper, TEXT) for ink in ("ink", "quiet", "accent") for paper in ("paper", "page", "wash")],
    ("on-accent", "accent", TEXT),
    ("alert", "alert-wash", TEXT),
    *[(part, paper, PART) for part in ("edge", "accent", "focus") for paper in ("paper", "page", "wash")],
]


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
def test_colours_that_meet_are_far_enough_apart(scheme: dict[str, str], front: str, back: str, least: float) -> None:
    brighter, darker = sorted((luminance(scheme[front]), luminance(scheme[back])), reverse=True)
    assert (brighter + 0.05) / (darker + 0.05) >= least
