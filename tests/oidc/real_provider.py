"""The npm package oidc-provider on loopback, and a person who signs in there through its forms."""

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urljoin, urlsplit

import httpx

from agegate.clock import utc_now

HERE = Path(__file__).parent
REDIRECT_URI = "http://127.0.0.1:8000/guardian/verified"
SECRET = "a-secret/with+signs"
FORM = re.compile(r'<form[^>]*action="([^"]+)"', re.DOTALL)
MOST_STEPS = 12


def is_ready() -> bool:
    """Whether node and the package are here; `make node-oidc` fetches it."""
    return (HERE / "node_modules" / "oidc-provider").is_dir()


@dataclass(frozen=True)
class RealProvider:
    """A running provider. Its accounts are named after what their ID token says."""

    issuer: str

    def sign_in(self, address: str, account: str) -> dict[str, str]:
        """Follows the address, fills the forms in, and returns the query of the way back to us."""
        with httpx.Client(trust_env=False) as browser:
            reply = browser.get(address)
            for _ in range(MOST_STEPS):
                where = reply.headers.get("location")
                if where is not None:
                    there = urljoin(str(reply.url), where)
                    if there.startswith(REDIRECT_URI):
                        return dict(parse_qsl(urlsplit(there).query))
                    reply = browser.get(there)
                    continue
                form = FORM.search(reply.text)
                assert form is not None, reply.text
                prompt = "login" if 'name="login"' in reply.text else "consent"
                fields = {"prompt": prompt, "login": account, "password": "any"}
                reply = browser.post(urljoin(str(reply.url), form[1]), data=fields)
        raise AssertionError("the provider never sent the browser back")


@contextmanager
def real_provider() -> Iterator[RealProvider]:
    """Starts the provider and ends it."""
    minor = (utc_now() - timedelta(days=365 * 15)).date().isoformat()
    environment = {"PATH": os.environ["PATH"], "MINOR_BORN": minor, "REDIRECT_URI": REDIRECT_URI}
    with subprocess.Popen(
        ["node", str(HERE / "provider.mjs")],  # noqa: S607 - the machine's own node
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield RealProvider(process.stdout.readline().strip())
        finally:
            process.terminate()
