"""Which addresses may be registered and called, by text and by what they resolve to."""

import asyncio

import pytest

from agegate.remote.outbound import AddressRefused, Outbound, RemoteUnreachable, address_fault
from tests.remote.loopback import resolving, serving

REFUSED_BY_TEXT = [
    # not https, or not the port for it
    *("http://example.com/", "ftp://example.com/", "file:///etc/passwd"),
    *("gopher://example.com/", "//example.com/"),
    *("https://example.com:22/", "https://example.com:80/"),
    *("https://example.com:8443/", "https://example.com:0/"),
    *("HTTPS://example.com/", "https:/example.com", "https:example.com"),
    *("example.com", "", "javascript:alert(1)"),
    # two readers, two hosts
    *("https://user@example.com/", "https://user:password@example.com/"),
    *("https://example.com@127.0.0.1/"),
    *("https://example.com\\@127.0.0.1/", "https://127.0.0.1\\.example.com/"),
    *("https://example.com#@127.0.0.1/"),
    *("https://example.com/\r\nHost: evil", "https://example.com /"),
    *(" https://example.com/", "https://exa\tmple.com/"),
    *("https://example.com:443:22/", "https://example.com:\uff14\uff14\uff13/", "https://[::1"),
    *("https://[::1]]/", "https:///"),
    # loopback in every spelling
    *("https://127.0.0.1/", "https://127.1/", "https://127.0.1/"),
    *("https://0x7f.1/", "https://0x7f000001/"),
    *("https://2130706433/", "https://0177.0.0.1/", "https://017700000001/", "https://127.0.0.1./"),
    *("https://①②⑦.⓪.⓪.①/", "https://127。0。0。1/", "https://localhost/"),
    *("https://LOCALHOST/", "https://localhost./"),
    *("https://a.localhost/", "https://0/", "https://0.0.0.0/"),
    *("https://%31%32%37.0.0.1/", "https://127.0.0.1:443/"),
    *("https://[::1]/", "https://[::]/", "https://[0:0:0:0:0:0:0:1]/", "https://[::ffff:127.0.0.1]/"),
    *("https://[::127.0.0.1]/", "https://[64:ff9b::7f00:1]/"),
    *("https://[2002:7f00:1::]/", "https://[::1%25lo]/"),
    # inside
    *("https://10.0.0.1/", "https://172.16.0.1/", "https://192.168.1.1/"),
    *("https://100.64.0.1/", "https://192.0.0.192/"),
    *("https://169.254.169.254/latest/meta-data/", "https://198.18.0.1/"),
    *("https://224.0.0.1/", "https://240.0.0.1/"),
    *("https://255.255.255.255/", "https://[fd00::1]/", "https://[fe80::1]/"),
    *("https://[ff02::1]/", "https://[2001::1]/"),
    *("https://[fec0::1]/", "https://[64:ff9b:1::1]/"),
    *("https://[2001:db8::1]/", "https://[::ffff:10.0.0.1]/"),
    # no public name
    *("https://intranet/", "https://-a.example/", "https://a..example/"),
    *("https://a_b.example/", "https://x.0x7f/"),
    *("https://" + "a" * 64 + ".example/", "https://" + "a." * 130 + "example/"),
    "https://a.example/" + "p" * 2048,
]  # fmt: skip

REFUSED_BY_RESOLUTION = [
    *("127.0.0.1", "127.8.9.10", "0.0.0.1", "10.0.0.1"),
    *("100.64.0.1", "169.254.169.254", "172.31.255.255"),
    *("192.168.0.1", "192.0.0.192", "192.88.99.1", "198.19.0.1"),
    *("224.0.0.1", "239.255.255.255", "255.255.255.255"),
    *("::1", "::", "::127.0.0.1", "::ffff:127.0.0.1"),
    *("::ffff:8.8.8.8", "64:ff9b::7f00:1", "64:ff9b:1::1"),
    *("2002:7f00:1::", "2001::1", "100::1", "fd00::1", "fe80::1"),
    *("fe80::1%1", "fec0::1", "ff02::1", "ff0e::1"),
    "not an address",
]  # fmt: skip

ALLOWED = [
    "https://example.com",
    "https://example.com/",
    "https://example.com:443/hook",
    "https://hooks.example.co.uk/a/b?c=d&e=%20",
    "https://xn--bcher-kva.example/",
    "https://93.184.216.34/",
    "https://[2606:4700::1111]/",
]


@pytest.mark.parametrize("url", REFUSED_BY_TEXT)
def test_an_address_is_refused_at_registration(url: str) -> None:
    assert address_fault(url, allow_loopback=False) == "not_public_https"


@pytest.mark.parametrize("url", REFUSED_BY_TEXT)
def test_an_address_that_registration_refuses_is_not_even_resolved_at_delivery(url: str) -> None:
    resolver = resolving(["93.184.216.34"])
    with pytest.raises(AddressRefused):
        asyncio.run(Outbound(allow_loopback=False, resolve=resolver).post(url, b"", {}))
    assert resolver.asked == 0


@pytest.mark.parametrize("url", ALLOWED)
def test_a_public_address_may_be_registered(url: str) -> None:
    assert address_fault(url, allow_loopback=False) is None


@pytest.mark.parametrize("answer", REFUSED_BY_RESOLUTION)
def test_a_name_that_leads_inside_is_refused_at_delivery(answer: str) -> None:
    with pytest.raises(AddressRefused):
        asyncio.run(Outbound(allow_loopback=False, resolve=resolving([answer])).post("https://hook.example/", b"", {}))


@pytest.mark.parametrize("answers", [["93.184.216.34", "127.0.0.1"], ["127.0.0.1", "93.184.216.34"]])
def test_one_inner_address_among_public_ones_refuses_all(answers: list[str]) -> None:
    with pytest.raises(AddressRefused):
        asyncio.run(Outbound(allow_loopback=False, resolve=resolving(answers)).post("https://hook.example/", b"", {}))


def test_a_refusal_does_not_tell_what_the_name_resolves_to() -> None:
    with pytest.raises(AddressRefused) as caught:
        asyncio.run(
            Outbound(allow_loopback=False, resolve=resolving(["10.1.2.3"])).post("https://hook.example/", b"", {})
        )
    assert str(caught.value) == "The address may not be called: it must be a public https address."


def test_a_name_without_addresses_is_unreachable() -> None:
    with pytest.raises(RemoteUnreachable, match="name_unknown"):
        asyncio.run(Outbound(allow_loopback=False, resolve=resolving([])).post("https://hook.example/", b"", {}))


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("http://127.0.0.1:9000/hook", None),
        ("http://localhost:9000/hook", None),
        ("http://[::1]:9000/hook", None),
        ("https://example.com/", None),
        ("http://example.com/", None),  # refused at delivery, unless the name leads to loopback
        ("http://10.0.0.1/", "not_public_https"),
        ("http://169.254.169.254/", "not_public_https"),
        ("http://user@127.0.0.1/", "not_public_https"),
        ("http://127.0.0.1:99999/", "not_public_https"),
        ("http://127.1/", "not_public_https"),
        ("https://10.0.0.1/", "not_public_https"),
    ],
)
def test_loopback_opens_nothing_but_loopback(url: str, fault: str | None) -> None:
    assert address_fault(url, allow_loopback=True) == fault


@pytest.mark.parametrize("answer", ["93.184.216.34", "10.0.0.1", "::ffff:127.0.0.1"])
def test_http_to_a_name_is_refused_unless_it_leads_to_loopback(answer: str) -> None:
    with pytest.raises(AddressRefused):
        asyncio.run(Outbound(allow_loopback=True, resolve=resolving([answer])).post("http://hook.example/", b"", {}))


def test_public_at_registration_and_loopback_at_delivery_connects_nowhere() -> None:
    async def scene() -> int:
        async with serving() as canary:
            url = f"https://hook.example:{canary.port}/"
            outbound = Outbound(allow_loopback=False, resolve=resolving(["127.0.0.1"]), ports=frozenset({canary.port}))
            with pytest.raises(AddressRefused):
                await outbound.post(url, b"", {})
            return canary.connections

    assert asyncio.run(scene()) == 0


def test_a_resolver_that_changes_its_answer_is_asked_only_once() -> None:
    """What was judged is what is connected: there is no second question to answer differently."""

    async def scene() -> tuple[int, int, int]:
        async with serving(host="127.0.0.1") as judged, serving(host="127.0.0.2") as other:
            resolver = resolving(["127.0.0.1"], ["127.0.0.2"])
            await Outbound(allow_loopback=True, resolve=resolver).post(f"http://hook.example:{judged.port}/", b"", {})
            return resolver.asked, judged.connections, other.connections

    assert asyncio.run(scene()) == (1, 1, 0)
