"""A page taken apart: its elements in order and its text, as a browser without styles would have it."""

from html.parser import HTMLParser

from agegate.web.page_facts import Page
from agegate.web.pages import render

Element = tuple[str, dict[str, str | None]]
VOID = {"meta", "link", "input", "br"}


class Outline(HTMLParser):
    """The elements of a page in order, its text, and which elements were never closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def outline(page: Page) -> Outline:
    return Outline(bytes(render(page, "en").body).decode())


def main_form(page: Page) -> Outline:
    """The first form of a page alone."""
    html = bytes(render(page, "en").body).decode()
    start, end = html.index("<form "), html.index("</form>")
    return Outline(html[start : end + len("</form>")])


def text_of(page: Page) -> str:
    return " ".join(outline(page).text.split())
