"""Which addresses are one mailbox, and which only look alike."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agegate.rules.mailbox import mailbox_key, same_mailbox

# Each row lists spellings of one mailbox; every two of a row must meet.
ONE_MAILBOX = [
    ("mia@example.org", "MIA@example.org", "mia@EXAMPLE.ORG", "Mia+school@example.org", "mia+@example.org"),
    (
        "mia.k@gmail.com",
        "miak@gmail.com",
        "m.i.a.k@gmail.com",
        "miak+x@googlemail.com",
        "MIA.K@GoogleMail.com",
    ),
    ("mia@outlook.com", "mia+games@outlook.com", "Mia@Outlook.com"),
    ("mia.k@proton.me", "miak@protonmail.com", "mia_k@pm.me", "mia-k+a@protonmail.ch"),
    ("mia@icloud.com", "mia@me.com", "mia@mac.com", "mia+1@icloud.com"),
    ("mia.k@yandex.ru", "mia-k@ya.ru", "mia.k@yandex.com", "mia-k@yandex.kz", "mia.k+x@yandex.by"),
    ("mia@fastmail.com", "school@mia.fastmail.com", "mia+school@fastmail.com"),
    ("mia@yahoo.com", "mia-school@yahoo.com", "mia+school@yahoo.com"),
    (
        "mia@xn--mnchen-3ya.example.com",
        "MIA@xn--mnchen-3ya.example.com",
        "mia+a+b@xn--mnchen-3ya.example.com",
    ),
    ("mia@example.org", "\uff4d\uff49\uff41@example.org", "mia@\uff45xample.org"),  # full-width letters
    ("mia@example.org", "mia@example.org."),
    ("strasse@example.org", "straße@example.org"),
    ("mia@münchen.example", "mia@xn--mnchen-3ya.example", "MIA@MÜNCHEN.example", "mia+a@mu\u0308nchen.example"),
    ("mia@例え.example", "mia@xn--r8jz45g.example", "Mia@例え\u3002example", "mia+b@例え\uff61example"),
    (
        "mia.kay@gmail.com",
        "MIAKAY@gmail.com",
        "miakay+school@gmail.com",
        "m.iakay@googlemail.com",
        "mi.akay+a+b@GOOGLEMAIL.COM",
        "mia.kay@gmail.com.",
        "\uff4d\uff49\uff41kay@gmail.com",
        "miakay@\uff47mail.com",
        "miakay@gmail\u3002com",
    ),
    (
        "ben@hotmail.com",
        "BEN@HOTMAIL.COM",
        "ben+1@hotmail.com",
        "ben@hotmail.com.",
        "\uff42en@hotmail.com",
        "ben+x@\uff48otmail.com",
        "ben@hotmail\uff0ecom",
    ),
    (
        "li.wei@protonmail.com",
        "liwei@proton.me",
        "li-wei@pm.me",
        "li_wei+kids@protonmail.ch",
        "LI.WEI@PROTON.ME",
        "l.i.w.e.i@pm.me",
        "li.wei@protonmail\uff61com",
    ),
    (
        "zoe@me.com",
        "zoe@icloud.com",
        "ZOE@mac.com",
        "zoe+shop@me.com",
        "zoe@icloud.com.",
        "\uff5aoe@mac.com",
        "zoe@\uff4de.com",
    ),
    (
        "ana.b@ya.ru",
        "ana-b@yandex.ru",
        "ANA.B@yandex.ua",
        "ana.b+x@yandex.by",
        "ana-b@yandex.com",
        "ana.b@yandex.kz.",
    ),
    (
        "kim@ymail.com",
        "KIM@ymail.com",
        "kim-list@ymail.com",
        "kim+list@ymail.com",
        "kim-a-b@ymail.com",
        "kim@\uff59mail.com",
    ),
    ("noa@fastmail.fm", "list@noa.fastmail.fm", "noa+x@fastmail.fm", "NOA@FASTMAIL.FM", "noa@fastmail\u3002fm"),
    ('"m@a"@gmail.com', '"m@a"@googlemail.com'),  # the last @ divides
]

LOOK_ALIKE = [
    ("mia.k@example.org", "miak@example.org"),  # dots count everywhere but at a few providers
    ("mia.k@outlook.com", "miak@outlook.com"),
    ("mia_k@gmail.com", "miak@gmail.com"),
    ("mia-k@gmail.com", "miak@gmail.com"),
    ("mia-k@example.org", "mia@example.org"),
    ("mia@outlook.com", "mia@hotmail.com"),
    ("mia@hotmail.com", "mia@live.com"),
    ("mia@yahoo.com", "mia@ymail.com"),
    ("mia@gmail.com", "mia@gmail.co"),
    ("mia@gmail.com", "mia@gmial.com"),
    ("mia@gmail.com", "mia@mail.gmail.com"),
    ("mia@gmail.com", "mia@gmail.com.example.org"),
    ("mia@proton.me", "mia@proton.example"),
    ("mia@icloud.com", "mia@icloud.example"),
    ("mia@yandex.ru", "mia@mail.ru"),
    ("mia_k@yandex.ru", "mia-k@yandex.ru"),
    ("mia@fastmail.com", "mia@fastmail.example"),
    ("mia@example.org", "mia@mia.example.org"),
    ("mia@example.org", "mia@example.com"),
    ("mia@example.org", "mia1@example.org"),
    ("mia@example.org", "mla@example.org"),
    ("mia@example.org", "m1a@example.org"),
    ("mia@example.org", "rnia@example.org"),
    ("mia@example.org", "mi\u0430@example.org"),  # Cyrillic a
    ("mia@example.org", "mia@ex\u0430mple.org"),
    ("mia@example.org", "mía@example.org"),
    ("o@example.org", "0@example.org"),
    ("+mia@example.org", "+ben@example.org"),
    ("%s@example.org", "s@example.org"),
    ("mia@münchen.example", "mia@munchen.example"),
    ("mia@münchen.example", "mia@muenchen.example"),
    ("mia.k@hotmail.com", "miak@hotmail.com"),
    ("mia.k@icloud.com", "miak@icloud.com"),
    ("mia.k@yahoo.com", "miak@yahoo.com"),
    ("mia.k@fastmail.com", "miak@fastmail.com"),
    ("mia_k@icloud.com", "miak@icloud.com"),
    ("mia-k@outlook.com", "mia@outlook.com"),
    ("mia-k@icloud.com", "mia@icloud.com"),
    ("mia@gmail.com", "mia@gmail.de"),
    ("mia@gmail.com", "mia@gmail.example.com"),
    ("mia@googlemail.com", "mia@google.com"),
    ("mia@me.com", "mia@me.example.com"),
    ("mia@pm.me", "mia@pm.example"),
    ("mia@outlook.com", "mia@outlook.de"),
    ("mia@fastmail.com", "mia@fastmail.fm"),
    ("mia@yahoo.com", "mia@rocketmail.com"),
    ("mia@example.org", "mia@example.org.uk"),
    ("mia@example.org", "mia@examp1e.org"),
    ("mia@example.org", "m.ia@example.org"),
    ("mia@example.org", "mia@exаmple.org"),  # noqa: RUF001 - the Cyrillic a is the point
    ("mia@例え.example", "mia@例.example"),
]

PAIRS = [pair for row in ONE_MAILBOX for pair in combinations(row, 2)]


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_every_spelling_of_a_mailbox_has_the_same_key(one: str, other: str) -> None:
    assert same_mailbox(one, other)


@pytest.mark.parametrize(("one", "other"), LOOK_ALIKE)
def test_mailboxes_that_only_look_alike_are_not_merged(one: str, other: str) -> None:
    assert not same_mailbox(one, other)


def test_two_hundred_pairs_of_spellings_and_fifty_of_look_alikes_are_held_to_it() -> None:
    assert (len(PAIRS) >= 200, len(LOOK_ALIKE) >= 50) == (True, True)


@given(st.emails())
def test_a_key_is_its_own_key(address: str) -> None:
    assert mailbox_key(mailbox_key(address)) == mailbox_key(address)


@given(st.emails().filter(lambda address: address[0] != "+"), st.text("abc0123-.", min_size=1, max_size=8))
def test_a_plus_tag_never_makes_another_mailbox(address: str, tag: str) -> None:
    local, _, domain = address.rpartition("@")
    assert same_mailbox(f"{local}@{domain}", f"{local}+{tag}@{domain}")


@given(st.text(max_size=60))
def test_any_text_has_a_key(text: str) -> None:
    assert "@" in mailbox_key(text)
