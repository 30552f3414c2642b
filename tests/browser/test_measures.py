"""What can be measured on every page: it fits the smallest window, a thumb hits each control, yes and no are equal."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab

from agegate.web.page_facts import Page
from agegate.web.pages import STATIC, render
from tests.browser.chromium import Eyes, looking
from tests.browser.walk import EVERY_WALK, SIDEWAYS, Walk
from tests.web.guardian_pages import EVERY_PAGE

LOCALES = ["de", "ar"] if EVERY_WALK else ["de"]
TWICE = "document.documentElement.style.fontSize = '200%'"
OPEN_ALL = "document.querySelectorAll('details').forEach(each => each.open = true)"
SIZES = "found => found.map(each => each.getBoundingClientRect()).map(box => [box.width, box.height])"
CONTROLS = "button, a.button, input[type=text], input[type=email], label.card"
THUMB = 44
FOCUSED = """() => {
  const seen = document.activeElement, style = getComputedStyle(seen), box = seen.getBoundingClientRect();
  const ringed = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  const place = `${seen.tagName} ${seen.name || ''} ${seen.form ? seen.form.id : ''}`;
  return [place, ringed && box.bottom > 0 && box.top < innerHeight];
}"""


@pytest.fixture(params=LOCALES)
def small(request: pytest.FixtureRequest, browser: Browser) -> Iterator[tuple[str, Tab]]:
    """The smallest window there is, and its language."""
    with looking(browser, Eyes(width=320, height=560, locale=request.param)) as tab:
        yield request.param, tab


def show(tab: Tab, page: Page, locale: str) -> None:
    """The page with its style and everything opened."""
    html = bytes(render(page, locale).body).decode()
    tab.set_content(html.replace("</head>", f"<style>{(STATIC / 'guardian.css').read_text('utf-8')}</style></head>"))
    tab.evaluate(OPEN_ALL)


def sizes(tab: Tab, controls: str) -> list[tuple[float, float]]:
    """Width and height of each, as it is shown."""
    return [(round(width, 1), round(height, 1)) for width, height in tab.locator(controls).evaluate_all(SIZES)]


def test_no_page_is_wider_than_the_smallest_window_even_with_letters_twice_as_large(small: tuple[str, Tab]) -> None:
    locale, tab = small
    wide = []
    for page in EVERY_PAGE:
        show(tab, page, locale)
        wide += [page] if tab.evaluate(SIDEWAYS) else []
        tab.evaluate(TWICE)
        wide += [page] if tab.evaluate(SIDEWAYS) else []
    assert wide == []


def test_every_control_is_as_large_as_a_thumb(small: tuple[str, Tab]) -> None:
    locale, tab = small
    tiny = []
    for page in EVERY_PAGE:
        show(tab, page, locale)
        tiny += [page for width, height in sizes(tab, CONTROLS) if min(width, height) < THUMB]
    assert tiny == []


@pytest.mark.parametrize("width", [320, 1280])
def test_the_ways_to_answer_are_equally_large(browser: Browser, width: int) -> None:
    uneven = []
    with looking(browser, Eyes(width=width, locale="de")) as tab:
        for page in EVERY_PAGE:
            show(tab, page, "de")
            uneven += [page for group in (".cards > .card", "#withdraw button") if len(set(sizes(tab, group))) > 1]
    assert uneven == []


def test_a_keyboard_alone_answers_and_the_focus_is_always_seen(walk: Walk) -> None:
    subject = f"keys-{walk.eyes}"
    walk.open(walk.site.asked(subject))
    seen: list[tuple[str, bool]] = []

    def onward(to: str) -> None:
        while not seen or not seen[-1][0].startswith(to):
            walk.page.keyboard.press("Tab")
            seen.append(tuple(walk.page.evaluate(FOCUSED)))
            assert len(seen) < 30, seen

    onward("INPUT answer")
    walk.page.keyboard.press("Space")
    onward("BUTTON  answer")
    with walk.page.expect_navigation():
        walk.page.keyboard.press("Enter")
    walk.look()
    assert [place for place, visible in seen if not visible] == []
    assert walk.site.decision(subject) == "consented"
