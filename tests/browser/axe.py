"""axe-core from npm: the accessibility faults of a page as it is rendered."""

import json
from pathlib import Path

from playwright.sync_api import Page

SOURCE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
GRAVE = {"serious", "critical"}


def axe_is_here() -> bool:
    """Whether npm brought it."""
    return SOURCE.is_file()


def faults(page: Page) -> list[str]:
    """Every fault as `impact rule: place`. The pages allow no script, so it comes through the debugger."""
    page.evaluate(SOURCE.read_text("utf-8"))
    found = page.evaluate(f"async () => JSON.stringify((await axe.run({{runOnly: {json.dumps(RULES)}}})).violations)")
    return [
        f"{fault['impact']} {fault['id']}: {' '.join(node['target'])}"
        for fault in json.loads(found)
        for node in fault["nodes"]
    ]


def grave(page: Page) -> list[str]:
    """The serious and the critical ones."""
    return [fault for fault in faults(page) if fault.split(" ", 1)[0] in GRAVE]
