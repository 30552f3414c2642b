"""The colours of the world picture: one for each age, in rising order, on a light page and on a dark one.

Owns the scale and the style sheet. What is drawn in them is `world_picture.py`'s business.
"""

INK, PAPER = "#10233f", "#ffffff"
YOUNGEST, OLDEST = 12, 19

SCALE: dict[int, tuple[str, str]] = {
    0: ("#eef1d2", INK),
    YOUNGEST: ("#d6ebc3", INK),
    13: ("#aadcc0", INK),
    14: ("#76c9bf", INK),
    15: ("#48b0c2", INK),
    16: ("#2677ab", PAPER),
    17: ("#2f64a6", PAPER),
    18: ("#334791", PAPER),
    OLDEST: ("#3a2a72", PAPER),
}
"""From which age on a colour holds: its fill, and the ink that can be read on it."""

STYLE = """\
text { font: 600 13px system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif; fill: var(--ink); }
.picture { --paper: #ffffff; --ink: #10233f; --soft: #566478; --open: #f1f3f6; --edge: #98a3b3; }
.paper { fill: var(--paper); } .soft { fill: var(--soft); font-weight: 400; }
.head { font-size: 24px; } .code, .age, .low { text-anchor: middle; }
.age, .low { font-weight: 400; } .age { font-size: 12px; } .low { font-size: 11px; }
.open { fill: var(--open); stroke: var(--edge); stroke-dasharray: 3 2.5; } .plain { fill: var(--ink); }
.edge { fill: none; stroke: var(--paper); stroke-opacity: 0.55; }
@media (prefers-color-scheme: dark) {
.picture { --paper: #0e1420; --ink: #e8edf5; --soft: #a3afc1; --open: #182131; --edge: #64738a; }
.edge { stroke: #ffffff; stroke-opacity: 0.3; }
}
"""


def step_of(age: int) -> int:
    """The step of the scale that an age falls on: those below 13 share one, and so do those above 18."""
    if age == 0:
        return 0
    return max((step for step in SCALE if 0 < step <= age), default=YOUNGEST)


def label_of(step: int) -> str:
    """A step in words."""
    if step == 0:
        return "any age"
    return {YOUNGEST: f"{YOUNGEST} or less", OLDEST: f"{OLDEST} or more"}.get(step, str(step))


def style_sheet() -> str:
    """The whole style, with one pair of classes for each step."""
    steps = (f".a{step} {{ fill: {fill}; }} .t{step} {{ fill: {ink}; }}\n" for step, (fill, ink) in SCALE.items())
    return STYLE + "".join(steps)
