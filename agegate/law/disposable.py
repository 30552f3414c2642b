"""Mail domains that hand out throw-away addresses, from a versioned list that is pinned with the dependencies.

A guardian who can be asked only once can neither be reminded nor take a consent back.
"""


def is_disposable(address: str) -> bool:
    """Whether the address lies at such a domain or below one."""
    from disposable_email_domains import blocklist  # late: thousands of names, read when the first address is judged

    labels = address.rpartition("@")[2].lower().rstrip(".").split(".")
    return any(".".join(labels[start:]) in blocklist for start in range(len(labels)))
