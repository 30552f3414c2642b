"""Which addresses agegate may call: public https, and loopback only where a test server allows it.

Owns the syntax of a webhook address and the judgement on resolved addresses. Pure: resolves nothing, connects
to nothing. A name is judged again at every delivery, by what it resolves to then.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

IpAddress = IPv4Address | IPv6Address

NOT_PUBLIC_HTTPS = "not_public_https"
"""The one code for every refused address, so that nobody learns what a name resolves to in here."""

DEFAULT_PORTS = {"https": 443, "http": 80}
LONGEST_URL = 2048
# One spelling only: lower-case scheme, ASCII, no userinfo, no fragment, no backslash. What two parsers could
# read differently is not an address.
URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::(?P<port>[1-9][0-9]{0,4}))?"
    r"(?P<path>(?:/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)?(?:\?[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*)?)",
    re.ASCII,
)
NAME = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)
LONGEST_NAME = 253

LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
# `is_global` says yes to some of these although they lead inside, by translation, tunnel or multicast.
NEVER: tuple[IPv4Network | IPv6Network, ...] = tuple(
    ip_network(cidr)
    for cidr in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4"),
        *("::/96", "::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64"),
        *("2001::/32", "2002::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8"),
    )
)


class AddressRefused(Exception):
    """The address may not be called. It must be a public https address."""

    def __init__(self) -> None:
        super().__init__("The address may not be called: it must be a public https address.")


@dataclass(frozen=True, slots=True)
class Target:
    """An address that is well formed. Its host may be a name, not yet judged by what it resolves to."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """What the `Host` member must say."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"


def read_target(url: str, *, allow_loopback: bool, ports: Collection[int] = (443,)) -> Target:
    """The parts of an address that may be called as far as its text tells, or `AddressRefused`."""
    found = URL.fullmatch(url) if len(url) <= LONGEST_URL else None
    if found is None:
        raise AddressRefused
    scheme, host = found["scheme"], found["host"].lower().strip("[]")
    port = int(found["port"] or DEFAULT_PORTS[scheme])
    if scheme == "https" and port not in ports:
        raise AddressRefused
    if (scheme == "http" and not allow_loopback) or port > 65535:  # noqa: PLR2004 - the last port
        raise AddressRefused
    literal = _literal(host)
    if literal is not None:
        judge_addresses(scheme, [literal], allow_loopback=allow_loopback)
    elif not _is_name(host, allow_loopback=allow_loopback):
        raise AddressRefused
    return Target(scheme, host, port, found["path"] or "/")


def judge_addresses(scheme: str, addresses: Iterable[IpAddress], *, allow_loopback: bool) -> None:
    """Refuses unless every address may be called: one bad answer among good ones is an attack."""
    for address in addresses:
        if allow_loopback and any(address in network for network in LOOPBACK):
            continue
        if scheme != "https" or not _is_public(address):
            raise AddressRefused


def address_fault(url: str, allow_loopback: bool) -> str | None:
    """The code of what is wrong with an address at registration, or None. Looks at its text only."""
    try:
        read_target(url, allow_loopback=allow_loopback)
    except AddressRefused:
        return NOT_PUBLIC_HTTPS
    return None


def _is_public(address: IpAddress) -> bool:
    return address.is_global and not any(address in network for network in NEVER)


def _literal(host: str) -> IpAddress | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _is_name(host: str, *, allow_loopback: bool) -> bool:
    # The last label must begin with a letter, which leaves out `127.1`, `0x7f.1` and `2130706433`: resolvers
    # read those as addresses.
    if host == "localhost" or host.endswith(".localhost"):
        return allow_loopback
    return len(host) <= LONGEST_NAME and NAME.fullmatch(host) is not None
