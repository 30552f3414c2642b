"""A guardian signs in: at a real OpenID provider, and at one that lies."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from urllib.parse import parse_qsl, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from agegate.clock import utc_now
from agegate.provider_settings import OidcSettings
from agegate.remote.guardian_oidc import GuardianOidc
from agegate.remote.guardian_verifier import NotShown, Reason, Shown, SignIn
from agegate.remote.oidc_provider import OidcProvider
from agegate.remote.outbound import Outbound
from tests.oidc.hostile_provider import FOREIGN_KEY, HostileProvider, hostile_provider
from tests.oidc.real_provider import REDIRECT_URI, SECRET, RealProvider, is_ready, real_provider

BOTH = ("age_over_18", "birthdate")
REAL = [None] if is_ready() else []
ACCOUNTS = [
    ("adult-by-flag", True),
    ("adult-by-birth", True),
    ("minor-by-flag", False),
    ("minor-by-birth", False),
    ("says-both", False),
    ("says-nothing", False),
]


def sign_in(mark: str = "one") -> SignIn:
    return SignIn(
        request="01request",
        state=f"state-{mark}",
        nonce=f"nonce-{mark}",
        code_verifier=mark.ljust(43, "v"),
        redirect_uri=REDIRECT_URI,
        back_to="http://127.0.0.1:8000/guardian",
    )


def verifier(issuer: str, *, allow_loopback: bool = True, **given: Sequence[str]) -> GuardianOidc:
    accepted: dict[str, object] = {"accepts": BOTH, "scopes": ("adult",)}
    settings = OidcSettings.model_validate(
        {"name": "id", "label": "ID", "kind": "oidc", "issuer": issuer, "client_id": "agegate", **accepted, **given}
    )
    provider = OidcProvider(issuer, Outbound(allow_loopback))
    return GuardianOidc(settings, provider, SECRET, lambda *parts: "ref:" + ":".join(parts))


def begin(guardian: GuardianOidc, one: SignIn) -> str:
    where = asyncio.run(guardian.begin(one, utc_now()))
    assert isinstance(where, str), where
    return where


def finish(guardian: GuardianOidc, one: SignIn, came_back: dict[str, str]) -> Shown | NotShown:
    now = utc_now()
    return asyncio.run(guardian.finish(one, came_back, now.date(), now))


@pytest.fixture(scope="module", params=REAL)
def real() -> Iterator[RealProvider]:
    with real_provider() as running:
        yield running


@pytest.mark.parametrize(("account", "adult"), ACCOUNTS)
def test_a_real_provider_shows_adults_and_nobody_else(real: RealProvider, account: str, *, adult: bool) -> None:
    guardian, one = verifier(real.issuer), sign_in()
    came = finish(guardian, one, real.sign_in(begin(guardian, one), account))
    assert came == (
        Shown(came.method, "id", f"ref:01request:{real.issuer}:{account}")
        if isinstance(came, Shown)
        else NotShown(Reason.NOT_ADULT, "claims")
    )
    assert isinstance(came, Shown) is adult


def test_a_code_is_good_once(real: RealProvider) -> None:
    guardian, one = verifier(real.issuer), sign_in()
    came_back = real.sign_in(begin(guardian, one), "adult-by-flag")
    assert isinstance(finish(guardian, one, came_back), Shown)
    assert finish(guardian, one, came_back) == NotShown(Reason.UNREACHABLE, "token_http_400")


def test_a_code_is_good_for_its_own_sign_in_only(real: RealProvider) -> None:
    guardian = verifier(real.issuer)
    came_back = real.sign_in(begin(guardian, sign_in("one")), "adult-by-flag")
    assert isinstance(finish(guardian, sign_in("two"), came_back), NotShown)


def test_the_real_provider_returns_the_state_and_names_itself(real: RealProvider) -> None:
    came_back = real.sign_in(begin(verifier(real.issuer), sign_in()), "adult-by-flag")
    assert (came_back["state"], came_back["iss"]) == ("state-one", real.issuer)


@pytest.fixture
def hostile() -> Iterator[HostileProvider]:
    with hostile_provider() as running:
        yield running


def came_of(
    hostile: HostileProvider, *, accepts: Sequence[str] = BOTH, acr_values: Sequence[str] = ()
) -> Shown | NotShown:
    """A whole sign-in; the code of this provider is the nonce."""
    guardian, one = verifier(hostile.issuer, accepts=accepts, acr_values=acr_values), sign_in()
    nonce = dict(parse_qsl(urlsplit(begin(guardian, one)).query))["nonce"]
    return finish(guardian, one, {"code": nonce})


def test_the_other_provider_can_be_good(hostile: HostileProvider) -> None:
    assert isinstance(came_of(hostile), Shown)


Minted = Callable[[HostileProvider, str], str]
NOW = int(utc_now().timestamp())
FORGED: dict[str, Minted] = {
    "another nonce": lambda provider, _: provider.token("another"),
    "no nonce": lambda provider, _: provider.token(None),
    "another audience": lambda provider, nonce: provider.token(nonce, aud="other"),
    "a further audience": lambda provider, nonce: provider.token(nonce, aud=["agegate", "other"], azp="agegate"),
    "no audience": lambda provider, nonce: provider.token(nonce, aud=None),
    "another authorised party": lambda provider, nonce: provider.token(nonce, azp="other"),
    "another issuer": lambda provider, nonce: provider.token(nonce, iss="https://other.example"),
    "no subject": lambda provider, nonce: provider.token(nonce, sub=None),
    "expired": lambda provider, nonce: provider.token(nonce, exp=NOW - 120),
    "no end": lambda provider, nonce: provider.token(nonce, exp=None),
    "from the future": lambda provider, nonce: provider.token(nonce, iat=NOW + 7200, exp=NOW + 7300),
    "issued long ago": lambda provider, nonce: provider.token(nonce, iat=NOW - 7200),
    "an instant that is none": lambda provider, nonce: provider.token(nonce, iat=True),
    "of another access token": lambda provider, nonce: provider.token(nonce, at_hash="AAAAAAAAAAAAAAAAAAAAAA"),
    "signed by another key": lambda provider, nonce: provider.token(nonce, FOREIGN_KEY),
    "not signed": lambda provider, nonce: _unsigned(provider.token(nonce)),
    "signed with the client's secret": lambda provider, nonce: jwt.encode(
        {"alg": "HS256", "kid": "good"}, provider.claims(nonce), OctKey.import_key(SECRET)
    ),
    "of an unknown key": lambda provider, nonce: _with_header(provider.token(nonce), '{"alg":"RS256","kid":"new"}'),
    "too long": lambda provider, nonce: provider.token(nonce, padding="x" * 20_000),
    "cut": lambda provider, nonce: provider.token(nonce)[:-20],
    "no token": lambda _, __: "none",
}


def _with_header(token: str, header: str) -> str:
    from base64 import urlsafe_b64encode

    encoded = urlsafe_b64encode(header.encode()).rstrip(b"=").decode()
    return ".".join((encoded, *token.split(".")[1:]))


def _unsigned(token: str) -> str:
    return _with_header(token, '{"alg":"none"}').rpartition(".")[0] + "."


@pytest.mark.parametrize("forged", FORGED)
def test_a_token_that_this_sign_in_did_not_ask_for_shows_nobody(hostile: HostileProvider, forged: str) -> None:
    hostile.minted = FORGED[forged]
    came = came_of(hostile)
    assert isinstance(came, NotShown)
    assert came.reason is Reason.FORGED


@pytest.mark.parametrize(
    "claims",
    [
        {"age_over_18": "true"},
        {"age_over_18": 1},
        {"age_over_18": None, "birthdate": "0000-03-01"},
        {"age_over_18": None, "birthdate": "19850301"},
        {"age_over_18": None, "birthdate": 1985},
        {"age_over_18": None, "birthdate": "1985-02-30"},
        {"age_over_18": None, "acr": "not-agreed"},
        {"age_over_18": None, "acr": ["high"]},
    ],
)
def test_a_claim_counts_in_its_one_form_only(hostile: HostileProvider, claims: dict[str, object]) -> None:
    hostile.minted = lambda provider, nonce: provider.token(nonce, more=claims)
    assert came_of(hostile, acr_values=("high",)) == NotShown(Reason.NOT_ADULT, "claims")


def test_an_agreed_class_of_sign_in_shows_an_adult(hostile: HostileProvider) -> None:
    hostile.minted = lambda provider, nonce: provider.token(nonce, age_over_18=None, acr="high")
    assert isinstance(came_of(hostile, accepts=(), acr_values=("high",)), Shown)


def test_a_claim_that_was_not_agreed_on_shows_nobody(hostile: HostileProvider) -> None:
    assert came_of(hostile, accepts=("birthdate",)) == NotShown(Reason.NOT_ADULT, "claims")


@pytest.mark.parametrize(
    ("metadata", "code"),
    [
        ({"issuer": "https://other.example"}, "issuer_differs"),
        ({"jwks_uri": "http://169.254.169.254/keys"}, "endpoint_refused"),
        ({"token_endpoint": "file:///etc/passwd"}, "endpoint_refused"),
        ({"authorization_endpoint": "javascript:alert(1)"}, "endpoint_refused"),
        ({"token_endpoint": None}, "endpoint_refused"),
    ],
)
def test_odd_words_of_a_provider_are_not_believed(
    hostile: HostileProvider, metadata: dict[str, object], code: str
) -> None:
    hostile.metadata = metadata
    came = asyncio.run(verifier(hostile.issuer).begin(sign_in(), utc_now()))
    assert came == NotShown(Reason.UNREACHABLE, code)


def test_loopback_is_asked_only_where_it_is_allowed(hostile: HostileProvider) -> None:
    came = asyncio.run(verifier(hostile.issuer, allow_loopback=False).begin(sign_in(), utc_now()))
    assert came == NotShown(Reason.UNREACHABLE, "address_refused")


def test_an_answer_in_another_providers_name_is_refused(hostile: HostileProvider) -> None:
    came = finish(verifier(hostile.issuer), sign_in(), {"code": "nonce-one", "iss": "https://other.example"})
    assert came == NotShown(Reason.FORGED, "iss")


def test_a_provider_that_names_itself_has_to_do_so_always(hostile: HostileProvider) -> None:
    hostile.metadata = {"authorization_response_iss_parameter_supported": True}
    assert finish(verifier(hostile.issuer), sign_in(), {"code": "nonce-one"}) == NotShown(Reason.FORGED, "iss")


def test_a_sign_in_that_was_broken_off_shows_nobody(hostile: HostileProvider) -> None:
    came = finish(verifier(hostile.issuer), sign_in(), {"error": "access_denied"})
    assert came == NotShown(Reason.REFUSED, "provider_error")


def test_the_secret_and_the_code_verifier_go_to_the_token_endpoint_alone(hostile: HostileProvider) -> None:
    came_of(hostile)
    (asked,) = hostile.asked
    assert asked["code_verifier"] == sign_in().code_verifier
    assert str(asked["authorization"]).startswith("Basic ")
    assert "client_secret" not in asked


def test_the_question_asks_for_the_accepted_claims_by_pkce(hostile: HostileProvider) -> None:
    hostile.metadata = {"claims_parameter_supported": True}
    asked = dict(parse_qsl(urlsplit(begin(verifier(hostile.issuer), sign_in())).query))
    assert asked["claims"] == '{"id_token":{"age_over_18":{"essential":true},"birthdate":{"essential":true}}}'
    assert (asked["code_challenge_method"], asked["scope"]) == ("S256", "openid adult")
