"""The one HTTP client for addresses that others gave us.

Owns the pin (resolve once, judge all answers, connect to a judged one), no redirects, no proxy, a total time
limit and a bound on what is read. Leaves what is posted and what an answer means to `webhooks`.
"""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import parsedate_to_datetime
from ipaddress import IPv6Address, ip_address
from typing import Final

import httpx

from agegate.clock import Clock, utc_now
from agegate.remote.addresses import (
    AddressRefused,
    IpAddress,
    Target,
    address_fault,
    judge_addresses,
    read_target,
)

__all__ = ["AddressRefused", "Answer", "Outbound", "RemoteUnreachable", "address_fault"]

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
"""The addresses of a name, as texts. Raises OSError when there are none."""

LONGEST_ANSWER: Final = 64 * 1024
DRAIN_FOR: Final = timedelta(seconds=2)
LONGEST_WAIT: Final = timedelta(hours=24)
MOST_ADDRESSES: Final = 4


class RemoteUnreachable(Exception):
    """No answer came: `timeout`, `name_unknown`, `connection_failed`, `tls_failed` or `protocol_error`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other side said: its status, and how long it asked us to wait. The body is dropped."""

    status: int
    retry_after: timedelta | None


async def system_resolver(host: str, port: int) -> Sequence[str]:
    """Asks the operating system, off the event loop."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


@dataclass(frozen=True, slots=True)
class Outbound:
    """Posts to addresses given by others. Loopback over http only where `allow_loopback` says so."""

    allow_loopback: bool
    resolve: Resolver = field(default=system_resolver, kw_only=True)
    ports: frozenset[int] = field(default=frozenset({443}), kw_only=True)
    total: timedelta = field(default=timedelta(seconds=15), kw_only=True)
    clock: Clock = field(default=utc_now, kw_only=True)
    tls: ssl.SSLContext = field(
        default_factory=lambda: httpx.create_ssl_context(trust_env=False), kw_only=True, repr=False
    )

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """The answer to one POST, `AddressRefused` or `RemoteUnreachable`, within `total` in any case."""
        target = read_target(url, allow_loopback=self.allow_loopback, ports=self.ports)
        try:
            # httpx counts its timeouts per operation, so a slow drip would never end.
            async with asyncio.timeout(self.total.total_seconds()):
                addresses = await self._judged_addresses(target)
                return await self._post_to_first(target, addresses, body, headers)
        except TimeoutError:
            raise RemoteUnreachable("timeout") from None

    async def _judged_addresses(self, target: Target) -> list[IpAddress]:
        try:
            found = [ip_address(text) for text in await self.resolve(target.host, target.port)]
        except (OSError, UnicodeError):
            raise RemoteUnreachable("name_unknown") from None
        except ValueError:  # an answer that is no address
            raise AddressRefused from None
        judge_addresses(target.scheme, found, allow_loopback=self.allow_loopback)
        if not found:
            raise RemoteUnreachable("name_unknown")
        return list(dict.fromkeys(found))[:MOST_ADDRESSES]

    async def _post_to_first(
        self, target: Target, addresses: Sequence[IpAddress], body: bytes, headers: Mapping[str, str]
    ) -> Answer:
        """Tries the next address only while no connection came about, so that nothing is posted twice."""
        *others, last = addresses
        for address in others:
            with suppress(httpx.ConnectError, httpx.ConnectTimeout):
                return await self._post_pinned(target, address, body, headers)
        try:
            return await self._post_pinned(target, last, body, headers)
        except httpx.ConnectTimeout:
            raise RemoteUnreachable("timeout") from None
        except httpx.ConnectError as fault:
            raise RemoteUnreachable("tls_failed" if _is_tls(fault) else "connection_failed") from None

    async def _post_pinned(self, target: Target, address: IpAddress, body: bytes, headers: Mapping[str, str]) -> Answer:
        host = f"[{address}]" if isinstance(address, IPv6Address) else str(address)
        request_headers = {**headers, "Host": target.authority, "Accept-Encoding": "identity"}
        # A client of its own: a pooled connection is found again by address, whoever's certificate it showed.
        seconds = self.total.total_seconds()
        # A hanging handshake ends by its own limit: cancelled from outside, it would leave its socket open.
        limits = httpx.Timeout(seconds, connect=seconds / 4)
        async with httpx.AsyncClient(
            verify=self.tls, follow_redirects=False, trust_env=False, timeout=limits
        ) as client:
            try:
                async with client.stream(
                    "POST",
                    f"{target.scheme}://{host}:{target.port}{target.path}",
                    content=body,
                    headers=request_headers,
                    extensions={"sni_hostname": target.host},
                ) as response:
                    answer = Answer(response.status_code, self._retry_after(response))
                    await _drain(response)
                    return answer
            except (httpx.ConnectError, httpx.ConnectTimeout):
                raise
            except httpx.TimeoutException:
                raise RemoteUnreachable("timeout") from None
            except httpx.HTTPError:
                raise RemoteUnreachable("protocol_error") from None

    def _retry_after(self, response: httpx.Response) -> timedelta | None:
        """Seconds or an HTTP date (RFC 9110 section 10.2.3), at most a day: nobody postpones us for ever."""
        text = response.headers.get("Retry-After", "").strip()
        if text.isascii() and text.isdigit():
            return min(timedelta(seconds=int(text[:9])), LONGEST_WAIT)
        try:
            wait = parsedate_to_datetime(text) - self.clock()
        except (ValueError, TypeError, OverflowError):  # TypeError: a date without a zone
            return None
        return min(max(wait, timedelta(0)), LONGEST_WAIT)


async def _drain(response: httpx.Response) -> None:
    """Reads a little of the body, so that a decent server sees a clean end. The status already counts."""
    read = 0
    with suppress(httpx.HTTPError, TimeoutError):
        async with asyncio.timeout(DRAIN_FOR.total_seconds()):
            async for chunk in response.aiter_raw():
                read += len(chunk)
                if read >= LONGEST_ANSWER:
                    return


def _is_tls(fault: BaseException | None) -> bool:
    while fault is not None:
        if isinstance(fault, ssl.SSLError):
            return True
        fault = fault.__cause__ or fault.__context__
    return False
