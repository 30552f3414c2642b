"""The verifier's own HTTP client: to the issuer and to nobody else.

Owns redirects off, no proxy from the environment, a total time limit and a bound on what is read. Which
addresses an issuer may have is decided here too; what is fetched is not understood here.
"""

import asyncio
import re
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

import httpx

LONGEST_REPLY = 256 * 1024
JSON = "application/json"
ISSUER = re.compile(r"https?://[A-Za-z0-9.:\[\]-]+(?:/[A-Za-z0-9._~/-]*)?", re.ASCII)


class FetchFailed(Exception):
    """The issuer gave no usable answer."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, read whole."""

    status: int
    cache_control: str
    body: bytes


def checked_url(url: str) -> str:
    """The address itself if it is https, or http on loopback; a ValueError otherwise."""
    parts = urlsplit(url) if ISSUER.fullmatch(url) else None
    if parts is None or not parts.hostname or not (parts.scheme == "https" or _is_loopback(parts.hostname)):
        raise ValueError("an issuer address must be https, or http on loopback")
    return url


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


async def fetch(
    method: str, url: str, *, total: float, bearer: str = "", body: bytes | None = None, accept: str = JSON
) -> Reply:
    """One request, or `FetchFailed`. Never takes longer than `total` seconds."""
    headers = {"Accept": accept, "Accept-Encoding": "identity"}
    if bearer:
        headers |= {"Authorization": f"Bearer {bearer}"}
    if body is not None:
        headers |= {"Content-Type": JSON}
    try:
        async with (
            asyncio.timeout(total),
            httpx.AsyncClient(follow_redirects=False, trust_env=False, timeout=total) as client,
            client.stream(method, url, content=body, headers=headers) as response,
        ):
            read = bytearray()
            async for chunk in response.aiter_raw():
                read += chunk
                if len(read) > LONGEST_REPLY:
                    raise FetchFailed("the answer is too long")
            return Reply(response.status_code, response.headers.get("Cache-Control", ""), bytes(read))
    except TimeoutError:
        raise FetchFailed("no answer in time") from None
    except httpx.HTTPError as fault:
        raise FetchFailed(type(fault).__name__) from None
