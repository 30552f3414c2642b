"""Which names that people type are taken: a child's first name, to be shown to its guardian, and an account's.

Owns the refusal of text that could disguise or break a page or a mail: invisible characters, direction
overrides, stacked marks. Any script and any spelling of a name is fine.
"""

import unicodedata
from typing import Final

MAX_GRAPHEMES: Final = 60
MAX_ACCOUNT: Final = 128
MAX_CHARACTERS: Final = 240
MAX_MARKS_ON_ONE_LETTER: Final = 4
# The two joiners shape Persian and Indic names and join emoji; other invisible characters only disguise.
JOINERS: Final = frozenset("\u200c\u200d")
REFUSED_CATEGORIES: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})


def is_child_name(text: str) -> bool:
    """Whether the text may stand where a guardian reads the child's first name."""
    return _is_name(text, MAX_GRAPHEMES)


def is_account_name(text: str) -> bool:
    """Whether the text can be the public name of an account, as a reporter sees it."""
    return _is_name(text, MAX_ACCOUNT)


def _is_name(text: str, most: int) -> bool:
    if not text.strip() or len(text) > MAX_CHARACTERS or text != text.strip():
        return False
    graphemes = marks = 0
    for character in text:
        category = unicodedata.category(character)
        if category in REFUSED_CATEGORIES and character not in JOINERS:
            return False
        extends = category.startswith("M") or character in JOINERS
        marks = marks + 1 if extends else 0
        graphemes += not extends
        if marks > MAX_MARKS_ON_ONE_LETTER:
            return False
    return 0 < graphemes <= most
