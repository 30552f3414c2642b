"""The one HTTP client for addresses that others gave us.

Owns the pin (resolve once, judge all answers, connect to a judged one), no redirects, no proxy, a total time
limit and a bound on what is read. Leaves what is sent and what an answer means to those who ask.
"""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from ipaddress import IPv6Address, ip_address
from typing import Final

import httpx

from agegate.clock import Clock, utc_now
from agegate.remote.addresses import (
    NOT_PUBLIC_HTTPS,
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
LONGEST_DOCUMENT: Final = 256 * 1024
DRAIN_FOR: Final = timedelta(seconds=2)
LONGEST_WAIT: Final = timedelta(hours=24)
MOST_ADDRESSES: Final = 4


class RemoteUnreachable(Exception):
    """No answer came: `timeout`, `name_unknown`, `connection_failed`, `tls_failed`, `protocol_error`, `too_large`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other side said: its status, how long it asked us to wait, and the body if it was asked for."""

    status: int
    retry_after: timedelta | None
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of an address; `keep` is how much of the answer's body is wanted, and the most it may hold."""

    method: str
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    keep: int = 0


async def system_resolver(host: str, port: int) -> Sequence[str]:
    """Asks the operating system, off the event loop."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


@cache
def public_tls() -> ssl.SSLContext:
    """The authorities that the public trusts, read at the first question: they are megabytes."""
    return httpx.create_ssl_context(trust_env=False)


@dataclass(frozen=True, slots=True)
class Outbound:
    """Asks addresses given by others. Loopback over http only where `allow_loopback` says so."""

    allow_loopback: bool
    resolve: Resolver = field(default=system_resolver, kw_only=True)
    ports: frozenset[int] = field(default=frozenset({443}), kw_only=True)
    total: timedelta = field(default=timedelta(seconds=15), kw_only=True)
    clock: Clock = field(default=utc_now, kw_only=True)
    tls: Callable[[], ssl.SSLContext] = field(default=public_tls, kw_only=True, repr=False)

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """The answer to one POST, its body dropped."""
        return await self._ask(url, Question("POST", body, headers))

    async def fetch(self, method: str, url: str, headers: Mapping[str, str], body: bytes = b"") -> Answer:
        """The answer with its body, of at most 256 KiB."""
        return await self._ask(url, Question(method, body, headers, LONGEST_DOCUMENT))

    async def fault_now(self, url: str) -> str | None:
        """The code of what is wrong with an address that somebody registers, or None; connects to nothing.

        A name that resolves to nothing now may do so later: it is judged again at every call.
        """
        try:
            target = read_target(url, allow_loopback=self.allow_loopback, ports=self.ports)
            async with asyncio.timeout(self.total.total_seconds() / 3):
                await self._judged_addresses(target)
        except AddressRefused:
            return NOT_PUBLIC_HTTPS
        except (RemoteUnreachable, TimeoutError):
            return None
        return None

    async def _ask(self, url: str, question: Question) -> Answer:
        """The answer, `AddressRefused` or `RemoteUnreachable`, within `total` in any case."""
        target = read_target(url, allow_loopback=self.allow_loopback, ports=self.ports)
        try:
            # httpx counts its timeouts per operation, so a slow drip would never end.
            async with asyncio.timeout(self.total.total_seconds()):
                addresses = await self._judged_addresses(target)
                return await self._ask_first(target, addresses, question)
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

    async def _ask_first(self, target: Target, addresses: Sequence[IpAddress], question: Question) -> Answer:
        """Tries the next address only while no connection came about, so that nothing is asked twice."""
        *others, last = addresses
        for address in others:
            with suppress(httpx.ConnectError, httpx.ConnectTimeout):
                return await self._ask_pinned(target, address, question)
        try:
            return await self._ask_pinned(target, last, question)
        except httpx.ConnectTimeout:
            raise RemoteUnreachable("timeout") from None
        except httpx.ConnectError as fault:
            raise RemoteUnreachable("tls_failed" if _is_tls(fault) else "connection_failed") from None

    async def _ask_pinned(self, target: Target, address: IpAddress, question: Question) -> Answer:
        host = f"[{address}]" if isinstance(address, IPv6Address) else str(address)
        request_headers = {**question.headers, "Host": target.authority, "Accept-Encoding": "identity"}
        # A client of its own: a pooled connection is found again by address, whoever's certificate it showed.
        seconds = self.total.total_seconds()
        # A hanging handshake ends by its own limit: cancelled from outside, it would leave its socket open.
        limits = httpx.Timeout(seconds, connect=seconds / 4)
        async with httpx.AsyncClient(
            verify=self.tls(), follow_redirects=False, trust_env=False, timeout=limits
        ) as client:
            try:
                async with client.stream(
                    question.method,
                    f"{target.scheme}://{host}:{target.port}{target.path}",
                    content=question.body or None,
                    headers=request_headers,
                    extensions={"sni_hostname": target.host},
                ) as response:
                    kept = await _read(response, question.keep) if question.keep else b""
                    if not question.keep:
                        await _drain(response)
                    return Answer(response.status_code, self._retry_after(response), kept)
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


async def _read(response: httpx.Response, most: int) -> bytes:
    """The whole body, or a refusal where it is longer than anything we ever ask for."""
    kept = bytearray()
    async for chunk in response.aiter_raw():
        kept += chunk
        if len(kept) > most:
            raise RemoteUnreachable("too_large")
    return bytes(kept)


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
