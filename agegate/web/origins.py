"""Where a public form came from: the network of whoever sent it, seen through the proxies that the operator trusts.

Owns the reading of X-Forwarded-For. Nobody else is believed about it, and nothing but the count of forms rests on it.
"""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

from starlette.requests import Request

NETWORK_BITS: Final = {4: 24, 6: 56}
MOST_HOPS: Final = 8


@dataclass(frozen=True, slots=True)
class Origins:
    """The proxies whose word counts."""

    trusted: tuple[IPv4Network | IPv6Network, ...] = ()

    def network_of(self, request: Request) -> str | None:
        """The network that sent it; None where a neighbour did, such as a proxy that is not trusted to say who asks.

        Each proxy appends whom it heard, so the last address that is not a trusted proxy's own is the one that counts;
        what stands before it, anybody may have written.
        """
        peer = request.client.host if request.client else ""
        told = ",".join(request.headers.getlist("x-forwarded-for")).split(",")[-MOST_HOPS:]
        for text in (peer, *reversed(told)):
            address = _address(text.strip())
            if address is None:
                return None
            if not any(address in network for network in self.trusted):
                return _network(address)
        return None


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(text)
    except ValueError:
        return None
    return (found.ipv4_mapped if isinstance(found, IPv6Address) else None) or found


def _network(address: IPv4Address | IPv6Address) -> str | None:
    if not address.is_global:
        return None
    return str(ip_network(f"{address}/{NETWORK_BITS[address.version]}", strict=False))
