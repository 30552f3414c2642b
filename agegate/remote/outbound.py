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
from functools import cache
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final

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
from agegate.remote.kept import Kept, Pin, connection_for, pinned
from notifications.retry_after import asked_wait

if TYPE_CHECKING:
    import httpcore

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
    import certifi

    return ssl.create_default_context(cafile=certifi.where())


@dataclass(frozen=True, slots=True)
class Outbound:
    """Asks addresses given by others. Loopback over http only where `allow_loopback` says so."""

    allow_loopback: bool
    resolve: Resolver = field(default=system_resolver, kw_only=True)
    ports: frozenset[int] = field(default=frozenset({443}), kw_only=True)
    total: timedelta = field(default=timedelta(seconds=15), kw_only=True)
    clock: Clock = field(default=utc_now, kw_only=True)
    tls: Callable[[], ssl.SSLContext] = field(default=public_tls, kw_only=True, repr=False)
    kept: Kept | None = field(default=None, kw_only=True)
    """Connections to use again; whoever gives them closes them. Without, each question has its own."""

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
            # The library counts its timeouts per operation, so a slow drip would never end.
            async with asyncio.timeout(self.total.total_seconds()):
                addresses = await self._judged_addresses(target)
                return await self._ask_pinned(target, addresses, question)
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

    async def _ask_pinned(self, target: Target, addresses: Sequence[IpAddress], question: Question) -> Answer:
        pin = Pin(addresses)
        try:
            return await self._ask_once(target, pin, question, self.kept)
        except RemoteUnreachable as fault:
            if pin.opened or fault.code != "protocol_error":
                raise
        # The other side had ended a connection that was kept: whatever is asked again carries the same id.
        return await self._ask_once(target, Pin(addresses), question, None)

    async def _ask_once(self, target: Target, pin: Pin, question: Question, kept: Kept | None) -> Answer:
        import httpcore  # late: most processes ask nobody for hours

        # A hanging handshake ends by its own limit: cancelled from outside, it would leave its socket open.
        seconds = self.total.total_seconds()
        limits = {"connect": seconds / 4, "read": seconds, "write": seconds}
        url = httpcore.URL(f"{target.scheme}://{target.authority}{target.path}")
        pinned.set(pin)
        try:
            async with (
                connection_for(kept, url, self.tls) as connection,
                connection.stream(
                    question.method,
                    url,
                    headers=[*question.headers.items(), ("Host", target.authority), ("Accept-Encoding", "identity")],
                    content=question.body or None,
                    extensions={"timeout": limits},
                ) as response,
            ):
                body = await _read(response, question.keep) if question.keep else await _drain(response)
                return Answer(response.status, self._retry_after(response), body)
        except httpcore.TimeoutException:
            raise RemoteUnreachable("timeout") from None
        except httpcore.ConnectError as fault:
            raise RemoteUnreachable("tls_failed" if _is_tls(fault) else "connection_failed") from None
        except (httpcore.NetworkError, httpcore.ProtocolError):
            raise RemoteUnreachable("protocol_error") from None

    def _retry_after(self, response: "httpcore.Response") -> timedelta | None:
        """At most a day: nobody postpones us for ever."""
        said = next((value for name, value in response.headers if name.lower() == b"retry-after"), b"")
        return asked_wait(said.decode("latin-1"), self.clock, LONGEST_WAIT)


async def _read(response: "httpcore.Response", most: int) -> bytes:
    """The whole body, or a refusal where it is longer than anything we ever ask for."""
    kept = bytearray()
    async for chunk in response.aiter_stream():
        kept += chunk
        if len(kept) > most:
            raise RemoteUnreachable("too_large")
    return bytes(kept)


async def _drain(response: "httpcore.Response") -> bytes:
    """Reads a little of the body, so that a decent server sees a clean end. The status already counts."""
    import httpcore

    read = 0
    with suppress(httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException, TimeoutError):
        async with asyncio.timeout(DRAIN_FOR.total_seconds()):
            async for chunk in response.aiter_stream():
                read += len(chunk)
                if read >= LONGEST_ANSWER:
                    break
    return b""


def _is_tls(fault: BaseException | None) -> bool:
    while fault is not None:
        if isinstance(fault, ssl.SSLError):
            return True
        fault = fault.__cause__ or fault.__context__
    return False
