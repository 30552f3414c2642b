"""Which first names a guardian may be shown."""

import pytest

from agegate.web.child_name import is_child_name

TAKEN = [
    "Mia",
    "O'Brien",
    "Null",
    "True",
    "山田",
    "Jean-Luc",
    "Zoë",
    "Zoe\u0308",
    "محمد",
    "मीरा",
    "{{7*7}}",
    "<b>",
    "😀",
]
REFUSED = [
    "",
    " ",
    " Mia",
    "Mia ",
    "Mia\n",
    "Mi\0a",
    "Mi\u202ea",  # right-to-left override
    "Mi\u200ba",  # zero-width space
    "\ufeffMia",
    "Mi\u2028a",
    "\u200d",
    "Z" + "\u0301" * 5,
    "x" * 61,
    "Mia\ue000",
]


@pytest.mark.parametrize("name", TAKEN)
def test_a_name_of_any_script_is_taken(name: str) -> None:
    assert is_child_name(name)


@pytest.mark.parametrize("name", REFUSED)
def test_a_name_that_could_disguise_or_break_is_refused(name: str) -> None:
    assert not is_child_name(name)


def test_sixty_characters_as_people_count_them_are_taken() -> None:
    assert is_child_name("e\u0301" * 60)


def test_a_joined_emoji_is_one_character() -> None:
    assert is_child_name("👩\u200d🚀")
