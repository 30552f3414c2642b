"""Mail domains that hand out throw-away addresses, from a versioned list that is pinned with the dependencies.

A guardian who can be asked only once can neither be reminded nor take a consent back.
"""

from importlib.metadata import version

from disposable_email_domains import blocklist

LIST_VERSION = version("disposable-email-domains")


def is_disposable(address: str) -> bool:
    """Whether the address lies at such a domain or below one."""
    labels = address.rpartition("@")[2].lower().rstrip(".").split(".")
    return any(".".join(labels[start:]) in blocklist for start in range(len(labels)))
