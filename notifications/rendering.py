"""Templates in, finished text out.

Owns the template environments: each letter is one template that is rendered twice, as text and as HTML, from
parts of the same names, so that neither can tell less than the other. Knows nothing of what the letters mean.
"""

from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from notifications.languages import direction
from notifications.text import one_line, unbroken, wrapped

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

HERE = Path(__file__).parent
CATALOGUES = HERE / "catalogues"
Form = Literal["txt", "html"]


def named(value: str) -> "Markup":
    """A text of somebody else's in a sentence of ours: it must not turn the sentence's direction around."""
    from markupsafe import Markup

    return Markup("<bdi>{}</bdi>").format(one_line(value))


def plainly(value: str, *, turned: bool, whole: bool) -> str:
    """The same in plain text, where invisible characters do what the tag does. A `whole` one is never broken."""
    line = unbroken(one_line(value)) if whole else one_line(value)
    return f"\u2068{line}\u2069" if turned else line


def strong(value: str) -> "Markup":
    from markupsafe import Markup

    return Markup("<strong>{}</strong>").format(value)


@cache
def environment(locale: str, form: Form) -> "Environment":
    """The templates in one language, for one of the two parts of a mail."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # late: a process at rest has written no mail

    from notifications.wording import instant, listed, teach

    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=form == "html",  # noqa: S701 - the other form is plain text
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    teach(made, CATALOGUES, locale)
    turned = direction(locale)
    plain = partial(plainly, turned=turned == "rtl")
    made.globals |= {"locale": locale, "direction": turned, "parts": f"parts.{form}.j2", "layout": f"layout.{form}.j2"}
    made.globals |= {"when": partial(instant, locale=locale), "listed": partial(listed, locale=locale)}
    in_html = {"name": named, "words": named, "strong": strong}
    in_text = {"name": partial(plain, whole=True), "words": partial(plain, whole=False), "strong": str}
    made.globals |= in_html if form == "html" else in_text
    return made


def render(locale: str, form: Form, name: str, subject: str, letter: object) -> str:
    """One part of a mail, given the letter's fields."""
    text = environment(locale, form).get_template(f"letters/{name}.j2").render(letter=letter, subject=subject)
    return text.strip() + "\n" if form == "html" else wrapped(text)


def sentence(locale: str, english: str, **facts: str) -> str:
    """One sentence of the catalogue with its facts, each on one line."""
    from notifications.wording import catalogue

    return catalogue(CATALOGUES, locale).gettext(english) % {key: one_line(fact) for key, fact in facts.items()}
