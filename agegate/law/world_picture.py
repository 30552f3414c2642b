"""The policy table as a picture: a map of the world with one tile for each country, in plain SVG.

Owns what is drawn where. The numbers come from `policy_table.py`, colours from `world_palette.py`, positions
from `world_tiles.toml`. Loads nothing and runs no script.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html import escape
from itertools import groupby

from agegate.law.places import countries
from agegate.law.policy_table import ELSEWHERE, PolicyLine
from agegate.law.world_palette import label_of, step_of, style_sheet
from agegate.law.world_tiles import world_tiles

PITCH, TILE, ROUND, STRIP = 42, 39, 6, 12
MARGIN, MAP_TOP = 28, 128
GAP = " \u2003 "
GUESSED, UNREACHED = "*", "†"
READING = (
    "One tile for each country; the number is the minimum age, "
    "the strip below it the age under which a guardian has to consent."
)
COLUMNS = 1 + max(tile.column for tile in world_tiles())
MAP_END = MAP_TOP + PITCH * (1 + max(tile.row for tile in world_tiles()))
WIDTH = 2 * MARGIN + PITCH * COLUMNS
PARTS_TOP = MAP_END + 46
HEIGHT = PARTS_TOP + TILE + MARGIN


def world_picture(lines: tuple[PolicyLine, ...], profile: str, day: date) -> str:
    """The picture of one profile on one day."""
    size = f'width="{WIDTH}" height="{HEIGHT}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="picture" {size} viewBox="0 0 {WIDTH} {HEIGHT}"',
        'role="img" aria-labelledby="name tale">',
        f'<title id="name">{escape(profile)}: minimum age by country on {day}</title>',
        f'<desc id="tale">{escape(_tale(lines))}</desc>',
        f"<style>\n{style_sheet()}</style>",
        f'<rect class="paper" {size}/>',
        f'<text class="head" x="{MARGIN}" y="48">{escape(profile)}: from which age, and where</text>',
        f'<text class="soft" x="{MARGIN}" y="72">On {day}. {READING}</text>',
        *_legend(lines),
        *_countries(lines),
        *_subdivisions(lines),
        "</svg>\n",
    ]
    return "\n".join(parts)


def tile_at(left: int, top: int, line: PolicyLine) -> str:
    """One tile: code, minimum age and, where guardians are asked, a strip with their age."""
    is_open, middle = line.mark == "default", left + TILE / 2
    face, ink = _colours(line.minimum_age, is_open=is_open)
    code = line.code.rpartition("-")[2] + (GUESSED if line.mark == "fallback" else "")
    age = f"{line.minimum_age or 'any'}{UNREACHED if line.no_method else ''}"
    asked = line.consent_below
    strip = "" if asked is None else _strip(left, top + TILE - STRIP, asked, is_open=is_open)
    code_at, age_at, size = (top + 12, top + 24, "low") if strip else (top + 17, top + 31.5, "age")
    return (
        f"<g><title>{escape(_words(line))}</title>"
        f'<rect class="{face}" x="{left}" y="{top}" width="{TILE}" height="{TILE}" rx="{ROUND}"/>{strip}'
        f'<text class="code {ink}" x="{middle}" y="{code_at}">{code}</text>'
        f'<text class="{size} {ink}" x="{middle}" y="{age_at}">{age}</text></g>'
    )


def _strip(left: int, top: int, age: int, *, is_open: bool) -> str:
    face, ink = _colours(age, is_open=is_open)
    shape = f"M{left} {top}h{TILE}v{STRIP - ROUND}a{ROUND} {ROUND} 0 0 1 -{ROUND} {ROUND}"
    shape += f"h-{TILE - 2 * ROUND}a{ROUND} {ROUND} 0 0 1 -{ROUND} -{ROUND}z"
    return (
        f'<path class="{face}" d="{shape}"/><path class="edge" d="M{left} {top}h{TILE}"/>'
        f'<text class="low {ink}" x="{left + TILE / 2}" y="{top + 10}">{age}</text>'
    )


def _colours(age: int, *, is_open: bool) -> tuple[str, str]:
    """The classes of a face and of the ink on it; where no rule is on file, both stay neutral."""
    step = step_of(age)
    return ("open", "plain") if is_open else (f"a{step}", f"t{step}")


def _words(line: PolicyLine) -> str:
    told = f"minimum age {line.minimum_age}" if line.minimum_age else "no minimum age"
    asked = f", guardian's consent below {line.consent_below} ({line.method})" if line.consent_below else ""
    sources = "; ".join(dict.fromkeys(reason.citation for reason in line.reasons))
    return f"{line.name} ({line.code}): {told}{asked}. {sources}"


def _tale(lines: tuple[PolicyLine, ...]) -> str:
    """The picture in words, for those who do not see it."""
    ranked = sorted(lines, key=lambda line: line.minimum_age)
    ages = (
        f"{age or 'none'}: {', '.join(line.name if line.code == ELSEWHERE.code else line.code for line in group)}"
        for age, group in groupby(ranked, key=lambda line: line.minimum_age)
    )
    return f"Minimum ages. {'. '.join(ages)}."


def _legend(lines: tuple[PolicyLine, ...]) -> Iterator[str]:
    ages = {line.minimum_age for line in lines} | {line.consent_below for line in lines if line.consent_below}
    left = MARGIN
    for step in sorted({step_of(age) for age in ages}):
        yield f'<rect class="a{step}" x="{left}" y="90" width="18" height="18" rx="4"/>'
        yield f'<text class="soft" x="{left + 25}" y="104">{label_of(step)}</text>'
        left += 40 + 8 * len(label_of(step))
    yield f'<rect class="open" x="{left}" y="90" width="18" height="18" rx="4"/>'
    notes = ["no rule on file, so the default"]
    if any(line.mark == "fallback" for line in lines):
        notes.append(f"{GUESSED} a law without a number, so our suggestion")
    if any(line.no_method for line in lines):
        notes.append(f"{UNREACHED} no method on offer reaches what a rule asks")
    yield f'<text class="soft" x="{left + 25}" y="104">{GAP.join(notes)}</text>'


def _countries(lines: tuple[PolicyLine, ...]) -> Iterator[str]:
    by_code = {line.code: line for line in lines}
    for tile in world_tiles():
        line = by_code.get(tile.code)
        if line is None:
            line = replace(by_code[ELSEWHERE.code], code=tile.code, name=countries()[tile.code].name)
        yield tile_at(MARGIN + PITCH * tile.column, MAP_TOP + PITCH * tile.row, line)


def _subdivisions(lines: tuple[PolicyLine, ...]) -> Iterator[str]:
    """The states and provinces with rows of their own, in one row below the map."""
    inner = sorted((line for line in lines if "-" in line.code), key=lambda line: line.code)
    left = MARGIN
    for country, group in groupby(inner, key=lambda line: line.country):
        name, tiles = countries()[country].name, list(group)
        yield f'<text class="soft" x="{left}" y="{PARTS_TOP - 12}">{escape(name)}</text>'
        yield from (tile_at(left + PITCH * nth, PARTS_TOP, line) for nth, line in enumerate(tiles))
        left += max(PITCH * len(tiles), 8 * len(name)) + PITCH // 2
