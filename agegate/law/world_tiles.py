"""Where each country's tile lies on the map.

Owns reading `world_tiles.toml`. What a tile says and looks like is `world_picture.py`'s business.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SEA = ".."


@dataclass(frozen=True, slots=True)
class Tile:
    """A country's place on the grid, counted from the upper left."""

    code: str
    column: int
    row: int


@cache
def world_tiles() -> tuple[Tile, ...]:
    """Every tile, row by row."""
    text = Path(__file__).with_name("world_tiles.toml").read_text("utf-8")
    lines = tomllib.loads(text)["grid"].strip().splitlines()
    return tuple(
        Tile(code, column, row)
        for row, line in enumerate(lines)
        for column, code in enumerate(line.split())
        if code != SEA
    )
