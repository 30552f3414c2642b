"""Reading an e-mail address at the door.

Owns which addresses are taken and the one form in which they go on: the local part as given, the domain as
A-label in small letters. Whether two are one mailbox is `rules.mailbox`' business; nothing is looked up.
"""

import unicodedata
from typing import Final

MAX_CHARACTERS: Final = 254

# Scripts that one language writes together (Unicode TS 39, "highly restrictive").
WRITTEN_TOGETHER: Final = (
    frozenset({"LATIN", "CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "IDEOGRAPHIC"}),
    frozenset({"LATIN", "CJK", "BOPOMOFO", "IDEOGRAPHIC"}),
    frozenset({"LATIN", "CJK", "HANGUL"}),
)
# Letters of other scripts that look like Latin ones; a label made of nothing else is a disguise.
LATIN_TWINS: Final = frozenset(
    "\u0430\u0441\u0501\u0435\u04bb\u0456\u0458\u04cf\u043e\u0440\u051b\u0455\u051d\u0445\u0443"  # Cyrillic
    "\u03b1\u03b9\u03bd\u03bf\u03c1\u03c5"  # Greek
)
COMMON: Final = frozenset({"COMBINING", "DIGIT", "HYPHEN-MINUS", "MIDDLE", "ARABIC-INDIC", "EXTENDED"})


class AddressRefused(ValueError):
    """No address that mail can be sent to without doubt about whose it is. Never carries the text."""

    def __init__(self, code: str) -> None:
        super().__init__()
        self.code = code


def read_address(text: str) -> str:
    """The address in the form that is stored and mailed to.

    Raises AddressRefused with `invalid_email`, `non_ascii_local` or `confusable_domain`.
    """
    # Late: the tables of international domains are loaded with the first address.
    from email_validator import EmailNotValidError, validate_email

    if len(text) > MAX_CHARACTERS or text.count("@") != 1:
        raise AddressRefused("invalid_email")
    if not text.partition("@")[0].isascii():
        raise AddressRefused("non_ascii_local")
    try:
        # `test_environment` only opens the reserved domain `test`, which is nobody's.
        found = validate_email(
            text, check_deliverability=False, strict=True, allow_smtputf8=False, test_environment=True
        )
    except EmailNotValidError:
        raise AddressRefused("invalid_email") from None
    if "." not in found.domain or found.ascii_domain is None:
        raise AddressRefused("invalid_email")
    if any(is_confusable(label) for label in found.domain.split(".")):
        raise AddressRefused("confusable_domain")
    return f"{found.local_part}@{found.ascii_domain.lower()}"


def is_confusable(label: str) -> bool:
    """Whether a domain label mixes scripts that no language mixes, or only imitates Latin letters."""
    if label.isascii():
        return False
    letters = [character for character in label.lower() if not character.isascii() or character.isalpha()]
    scripts = {_script(letter) for letter in letters} - COMMON
    if len(scripts) > 1:
        return not any(scripts <= together for together in WRITTEN_TOGETHER)
    return all(letter in LATIN_TWINS for letter in letters)


def _script(letter: str) -> str:
    # The first word of a character's Unicode name is its script, which saves a table of our own.
    return unicodedata.name(letter, "UNKNOWN").split(" ", 1)[0]
