"""A sweep as a picture: a tile for each country with its accounts, coloured by how many of them lack a consent.

Owns what is drawn; positions are the policy map's. Plain SVG that loads nothing and runs no script.
"""

from collections.abc import Iterator
from html import escape

from agegate.law.world_palette import INK, PAPER, STYLE
from agegate.law.world_picture import HEIGHT, MAP_TOP, MARGIN, PARTS_TOP, PITCH, ROUND, TILE, WIDTH
from agegate.law.world_tiles import world_tiles
from agegate.sweeping.jurisdictions import Found
from agegate.sweeping.report import Counts, Report, place_label, without_consent

SHARES: tuple[tuple[float, str, str, str], ...] = (
    (0.0, "#cfe8d5", INK, "none"),
    (0.0001, "#fde8c4", INK, "under 1 %"),
    (0.01, "#fbcb8b", INK, "1 to 5 %"),
    (0.05, "#f29b5c", INK, "5 to 20 %"),
    (0.20, "#d65f4a", PAPER, "20 to 50 %"),
    (0.50, "#8f2a46", PAPER, "half and more"),
)
"""From which share on a colour holds: its fill, the ink on it, and its words."""

READING = (
    "The number is how many accounts the file has there; the colour, how many of them are children without a consent."
)


def sweep_picture(report: Report) -> str:
    """The picture of one report."""
    size = f'width="{WIDTH}" height="{HEIGHT}"'
    day = report.at.date()
    classes = "".join(
        f".s{n} {{ fill: {fill}; }} .k{n} {{ fill: {ink}; }}\n" for n, (_, fill, ink, _) in enumerate(SHARES)
    )
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="picture" {size} viewBox="0 0 {WIDTH} {HEIGHT}"',
        'role="img" aria-labelledby="name tale">',
        f'<title id="name">{escape(report.service)}: accounts by country on {day}</title>',
        f'<desc id="tale">{escape(_tale(report))}</desc>',
        f"<style>\n{STYLE}{classes}</style>",
        f'<rect class="paper" {size}/>',
        f'<text class="head" x="{MARGIN}" y="48">{escape(report.service)}: {escape(_head(report))}</text>',
        f'<text class="soft" x="{MARGIN}" y="72">{day}, {escape(report.profile)}. {READING}</text>',
        *_legend(),
        *_countries(report),
        *_subdivisions(report),
        "</svg>\n",
    ]
    return "\n".join(parts)


def short(count: int) -> str:
    """A count in at most four characters."""
    for size, letter in ((1_000_000_000, "G"), (1_000_000, "M"), (1_000, "k")):
        if count >= size:
            return f"{count // size}{letter}" if count >= 10 * size else f"{count // (size // 10) / 10:g}{letter}"
    return str(count)


def shade(counts: Counts) -> int:
    """The number of the colour for what was found at a place."""
    share = without_consent(counts) / max(1, sum(counts.values()))
    return max(n for n, (least, *_) in enumerate(SHARES) if share >= least or (n == 1 and share > 0))


def _tile(left: int, top: int, code: str, counts: Counts | None) -> str:
    middle, inner = left + TILE / 2, code.rpartition("-")[2]
    box = f'x="{left}" y="{top}" width="{TILE}" height="{TILE}" rx="{ROUND}"'
    if counts is None:
        return f'<rect class="open" {box}/><text class="code soft" x="{middle}" y="{top + 23}">{inner}</text>'
    n = shade(counts)
    return (
        f"<g><title>{escape(_words(code, counts))}</title>"
        f'<rect class="s{n}" {box}/><text class="code k{n}" x="{middle}" y="{top + 17}">{inner}</text>'
        f'<text class="age k{n}" x="{middle}" y="{top + 31.5}">{short(sum(counts.values()))}</text></g>'
    )


def _words(code: str, counts: Counts) -> str:
    told = ", ".join(f"{found.value.replace('_', ' ')} {counts[found]}" for found in Found if counts[found])
    return f"{place_label(code)} ({code}): {told}"


def _head(report: Report) -> str:
    judged = report.rows - report.bad
    return f"{without_consent(report.totals):,} of {judged:,} accounts are children without a consent"


def _tale(report: Report) -> str:
    return ". ".join([_head(report), *(_words(code, counts) for code, counts in report.places.items())]) + "."


def _legend() -> Iterator[str]:
    left = MARGIN
    for n, (_, _, _, words) in enumerate(SHARES):
        yield f'<rect class="s{n}" x="{left}" y="90" width="18" height="18" rx="4"/>'
        yield f'<text class="soft" x="{left + 25}" y="104">{words}</text>'
        left += 46 + 8 * len(words)
    yield f'<rect class="open" x="{left}" y="90" width="18" height="18" rx="4"/>'
    yield f'<text class="soft" x="{left + 25}" y="104">no account</text>'


def _countries(report: Report) -> Iterator[str]:
    whole: dict[str, dict[Found, int]] = {}
    for code, counts in report.places.items():
        sums = whole.setdefault(code.partition("-")[0], dict.fromkeys(Found, 0))
        for found in Found:
            sums[found] += counts[found]
    for tile in world_tiles():
        left, top = MARGIN + PITCH * tile.column, MAP_TOP + PITCH * tile.row
        yield _tile(left, top, tile.code, whole.get(tile.code))


def _subdivisions(report: Report) -> Iterator[str]:
    inner = [(code, counts) for code, counts in report.places.items() if "-" in code]
    if inner:
        yield f'<text class="soft" x="{MARGIN}" y="{PARTS_TOP - 12}">Subdivisions with rules of their own</text>'
    for nth, (code, counts) in enumerate(inner):
        yield _tile(MARGIN + PITCH * nth, PARTS_TOP, code, counts)
