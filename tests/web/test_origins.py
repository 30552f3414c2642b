"""Who sent a form, seen through proxies: only a trusted one is believed, and only about whom it heard itself."""

from ipaddress import ip_network

import pytest
from pydantic import ValidationError
from starlette.requests import Request

from agegate.settings import Settings, load_settings
from agegate.web.origins import Origins

PROXIES = tuple(ip_network(each) for each in ("10.0.0.0/8", "::1/128", "198.51.44.7/32"))


def request(peer: str | None, *told: str) -> Request:
    headers = [(b"x-forwarded-for", each.encode("latin-1")) for each in told]
    return Request({"type": "http", "headers": headers, "client": (peer, 1) if peer else None})


@pytest.mark.parametrize(
    ("peer", "told", "network"),
    [
        ("8.8.4.4", (), "8.8.4.0/24"),
        ("2a00:1450:4001:81b::200e", (), "2a00:1450:4001:800::/56"),
        ("8.8.4.4", ("9.9.9.9",), "8.8.4.0/24"),
        ("10.1.2.3", ("9.9.9.9",), "9.9.9.0/24"),
        ("10.1.2.3", ("1.1.1.1, 9.9.9.9",), "9.9.9.0/24"),
        ("10.1.2.3", ("1.1.1.1", "9.9.9.9"), "9.9.9.0/24"),
        ("10.1.2.3", ("9.9.9.9, 198.51.44.7, 10.0.0.9",), "9.9.9.0/24"),
        ("::1", ("::ffff:9.9.9.9",), "9.9.9.0/24"),
        ("10.1.2.3", (), None),
        ("10.1.2.3", ("",), None),
        ("10.1.2.3", ("192.168.1.4",), None),
        ("10.1.2.3", ("9.9.9.9, unknown",), None),
        ("10.1.2.3", ("9.9.9.9:443",), None),
        ("10.1.2.3", (", ".join(["9.9.9.9", *["10.0.0.1"] * 20]),), None),
        ("127.0.0.1", ("9.9.9.9",), None),
        ("a socket", ("9.9.9.9",), None),
        (None, ("9.9.9.9",), None),
    ],
)
def test_the_last_address_that_is_no_trusted_proxy_counts(
    peer: str | None, told: tuple[str, ...], network: str | None
) -> None:
    assert Origins(PROXIES).network_of(request(peer, *told)) == network


def test_without_trusted_proxies_nobody_is_believed() -> None:
    assert Origins().network_of(request("10.1.2.3", "9.9.9.9")) is None


def test_the_setting_takes_addresses_and_networks_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGEGATE_TRUSTED_PROXIES", "10.0.0.0/8, ::1,198.51.44.7")
    assert load_settings().trusted_proxies == PROXIES


@pytest.mark.parametrize("given", ["0.0.0.0/0", "::/0", "10.0.0.1/8", "proxy.example"])
def test_what_believes_everybody_or_names_nobody_is_refused(given: str) -> None:
    with pytest.raises(ValidationError):
        Settings.model_validate({"trusted_proxies": given})
