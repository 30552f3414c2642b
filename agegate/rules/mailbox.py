"""When two e-mail addresses are one mailbox.

Owns the key under which addresses are compared, to see that a guardian's address is not the child's own.
A key is never mailed to and does not tell who reads the mailbox. Takes addresses that the door has read.
"""

import unicodedata
from functools import lru_cache
from typing import Final

# Domains of one provider that deliver to the same mailbox.
SAME_PROVIDER: Final = {
    alias: home
    for home, aliases in {
        "gmail.com": ("googlemail.com",),
        "icloud.com": ("me.com", "mac.com"),
        "proton.me": ("protonmail.com", "pm.me", "protonmail.ch"),
        "yandex.ru": ("ya.ru", "yandex.com", "yandex.by", "yandex.kz", "yandex.ua"),
    }.items()
    for alias in aliases
}
# What a provider ignores within the local part.
IGNORED: Final = {"gmail.com": ".", "proton.me": ".-_"}
# What a provider reads as something else.
READ_AS: Final = {"yandex.ru": (".", "-")}
# Where everything after this character is a tag, beside the plus that is a tag everywhere.
TAG_SIGNS: Final = {"yahoo.com": "-", "ymail.com": "-", "rocketmail.com": "-"}
# Providers that also read tag@name.domain as name@domain.
# What IDNA reads as a dot (RFC 3490 section 3.1).
DOTS: Final = {ord(each): "." for each in "\u3002\uff0e\uff61"}
SUBDOMAIN_TAGS: Final = frozenset({"fastmail.com", "fastmail.fm"})


def mailbox_key(address: str) -> str:
    """The key that all spellings of one mailbox share.

    A plus tag is cut on every domain, since nobody needs one to be a guardian. Forwarding and catch-all
    domains are NOT seen through.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", address).casefold())
    local, _, domain = folded.rpartition("@")
    local, domain = _without_subdomain_tag(local, _as_mailed_to(domain))
    domain = SAME_PROVIDER.get(domain, domain)
    for sign in "+" + TAG_SIGNS.get(domain, ""):
        # An address that begins with the sign has no name before its tag: it stays as it is.
        local = local.partition(sign)[0] or local
    for ignored in IGNORED.get(domain, ""):
        local = local.replace(ignored, "")
    if domain in READ_AS:
        local = local.replace(*READ_AS[domain])
    return f"{local}@{domain}"


def same_mailbox(one: str, other: str) -> bool:
    """Whether mail to both addresses lands in one mailbox, as far as spelling tells."""
    return mailbox_key(one) == mailbox_key(other)


@lru_cache(maxsize=4096)
def _as_mailed_to(domain: str) -> str:
    """The domain as the mail system writes it: A-labels, with every dot that IDNA reads as one."""
    plain = domain.translate(DOTS).rstrip(".")
    try:
        return plain.encode("idna").decode()
    except UnicodeError:
        return plain


def _without_subdomain_tag(local: str, domain: str) -> tuple[str, str]:
    name, _, parent = domain.partition(".")
    if parent in SUBDOMAIN_TAGS and name:
        return name, parent
    return local, domain
