"""Every sentence that people read, as the sources say it, and the catalogues it belongs into. `make languages`.

Owns the table of rooms with their sources. A catalogue is rewritten as it is: what is translated stays, what nobody
says any more goes, what is new waits for its words. It has no dates or places, so that it changes only with words.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from notifications.languages import FALLBACK, LOCALES
from notifications.wording import babel_locale
from tests.languages.page_sentences import page_sentences

ROOT = Path(__file__).resolve().parents[2]
TRANSLATED = tuple(locale for locale in LOCALES if locale != FALLBACK)
METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("**.j2", "jinja2")]
OPTIONS = {pattern: {"trimmed": "true", "newstyle_gettext": "true"} for pattern in ("**.html", "**.j2")}
KEYWORDS: dict[str, tuple[int, ...] | None] = {"_": None, "gettext": None, "ngettext": (1, 2), "said": None}
HEADER = """msgid ""
msgstr ""
"Language: {locale}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""


@dataclass(frozen=True, slots=True)
class Room:
    """One catalogue per language, made from the sources of one folder."""

    name: str
    folder: Path
    extra: tuple[str, ...] = ()

    def path(self, locale: str) -> Path:
        return self.folder / "catalogues" / f"{locale}.po"


ROOMS = (
    Room("mails", ROOT / "notifications"),
    Room("notices", ROOT / "agegate/notices"),
    Room("pages", ROOT / "agegate/web", page_sentences()),
)


def spoken(room: Room) -> Catalog:
    """What the sources of a room say, in English."""
    found = Catalog()
    for sentence in _sentences(room):
        found.add(sentence)
    return found


def _sentences(room: Room) -> Iterator[str | tuple[str, str]]:
    for _, _, message, _, _ in extract_from_dir(room.folder, METHODS, OPTIONS, KEYWORDS, ()):
        yield message if isinstance(message, str) else (message[0], message[1])
    yield from room.extra


def written(room: Room, locale: str) -> Catalog:
    """The catalogue as it lies there; an empty one where there is none."""
    path, name = room.path(locale), str(babel_locale(locale))
    if not path.exists():
        return Catalog(name)
    with path.open("rb") as file:
        return read_po(file, locale=name)


def brought_up(room: Room, locale: str) -> bytes:
    """The catalogue as it has to be: exactly the sentences of today, with the words that there are."""
    catalogue, sentences = written(room, locale), spoken(room)
    catalogue.update(sentences, no_fuzzy_matching=True)
    for message in catalogue:
        message.locations, message.auto_comments, message.flags = [], [], message.flags & {"python-format"}
    content = BytesIO()
    write_po(content, catalogue, width=0, omit_header=True, ignore_obsolete=True, sort_output=True)
    header = HEADER.format(locale=locale, plurals=catalogue.plural_forms)
    return header.encode() + content.getvalue().lstrip(b"\n")


def words(text: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    """A sentence, or its forms by number."""
    return (text or "",) if text is None or isinstance(text, str) else tuple(text)


def lacking(room: Room, locale: str) -> list[str]:
    """The sentences that have no words, or not all forms of them."""
    return [words(each.id)[0] for each in written(room, locale) if each.id and not all(words(each.string))]


def main() -> int:
    """Writes every catalogue anew and tells what still waits for its words."""
    waiting = 0
    for room in ROOMS:
        for locale in TRANSLATED:
            room.path(locale).parent.mkdir(exist_ok=True)
            room.path(locale).write_bytes(brought_up(room, locale))
            missing = lacking(room, locale)
            waiting += len(missing)
            sys.stdout.writelines(f"{room.name} in {locale}: {text}\n" for text in missing)
    sys.stdout.write(f"{waiting} sentences wait for a translation.\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
