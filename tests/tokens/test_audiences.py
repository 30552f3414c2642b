"""What an audience learns from a token: what it is registered for, and nothing that tells a date of birth."""

from datetime import date, timedelta
from itertools import product

import pytest

from agegate.flows.forms import TokenForm
from agegate.flows.issue_token import Grant, IssueToken
from agegate.flows.judge_again import JudgeAgain
from agegate.flows.show_ages import ShowAges
from agegate.signing.signer import Signer
from agegate.signing.verify import Kind, PublicKeys, verify
from agegate.store.records import Audience
from agegate.store.registry import read_registry
from agegate.store.transaction import Transaction
from agegate.store.vault import DataKey, Vault
from tests.houses import ISSUER, Home
from tests.journeys.people import ADULT, sign_up
from tests.tokens.issuing import CHAT, read, register_audience, token_for

EXACT = {
    "iss",
    "aud",
    "sub",
    "iat",
    "nbf",
    "exp",
    "jti",
    "age_decision",
    "age_method",
    "policy",
    "environment",
    "status",
}


def issue_token(home: Home) -> IssueToken:
    house = home.house
    ages = ShowAges(JudgeAgain(house.rules, house.vault))
    return IssueToken(house.rules, house.digests, house.entropy, ages, house.places, ISSUER)


def ages_of(token: str) -> dict[str, object]:
    return {name: value for name, value in read(token).items() if name.startswith("age_over_")}


def test_an_audience_that_is_not_registered_learns_the_decision_and_no_age(home: Home) -> None:
    sign_up(home, "ada", ADULT)
    assert set(read(token_for(home, "ada"))) == EXACT


def test_a_registered_audience_learns_its_thresholds_and_no_other(home: Home) -> None:
    register_audience(home, over=(18, 13, 65))
    sign_up(home, "ada", ADULT)
    assert ages_of(token_for(home, "ada")) == {"age_over_13": True, "age_over_18": True, "age_over_65": False}


@pytest.mark.parametrize("born", [ADULT, "1955-11-21", "1961-11-23", "2004-11-21", "2005-11-22", "2005-11-23"])
@pytest.mark.parametrize("over", [(18,), (21,), (13, 21, 65)])
def test_the_token_of_a_signup_shows_the_same(sqlite_home: Home, born: str, over: tuple[int, ...]) -> None:
    register_audience(sqlite_home, over=over)
    token = sign_up(sqlite_home, "ada", born, audience=CHAT).json()["token"]
    assert ages_of(token) == ages_of(token_for(sqlite_home, "ada")) != {}


def test_the_token_of_a_signup_shows_no_more_than_a_signal_lets(home: Home) -> None:
    register_audience(home, over=(18, 21))
    told = [{"source": "google_play_age_signals", "age_lower": 18, "age_upper": 20, "assurance": "unknown"}]
    token = sign_up(home, "ada", ADULT, audience=CHAT, signals=told).json()["token"]
    assert ages_of(token) == {"age_over_18": True, "age_over_21": False}


def test_a_threshold_taken_away_is_shown_no_more_after_a_second(home: Home) -> None:
    register_audience(home, over=(18,))
    sign_up(home, "ada", ADULT)
    token_for(home, "ada")
    register_audience(home, over=())
    assert ages_of(token_for(home, "ada")) == {}


@pytest.mark.parametrize(
    ("born", "country", "over_21"),
    [("2005-11-22", "DE", True), ("2005-11-23", "DE", False), ("2005-11-22", "US", False)],
)
def test_a_birthday_counts_on_the_civil_day_of_the_place(home: Home, born: str, country: str, over_21: bool) -> None:
    """At 09:00 UTC of 22 November the last place of the United States still has the 21st."""
    register_audience(home, over=(21,))
    sign_up(home, "ada", born, country)
    assert ages_of(token_for(home, "ada")) == {"age_over_21": over_21}


def test_a_signal_of_a_lower_age_caps_what_is_shown(home: Home) -> None:
    register_audience(home, over=(18, 25))
    told = [{"source": "google_play_age_signals", "age_lower": 18, "age_upper": 20, "assurance": "unknown"}]
    sign_up(home, "ada", ADULT, signals=told)
    assert ages_of(token_for(home, "ada")) == {"age_over_18": True, "age_over_25": False}


def test_pairwise_names_differ_by_audience_and_stay(home: Home) -> None:
    register_audience(home, "one", pairwise=True)
    register_audience(home, "two", pairwise=True)
    sign_up(home, "ada", ADULT)
    names = [str(read(token_for(home, "ada", audience))["sub"]) for audience in ("one", "two", "one")]
    assert names[0] == names[2] != names[1]
    assert all(len(name) == 25 and name.startswith("pw_") and "ada" not in name for name in names)


def test_the_seal_stays_closed_for_whoever_learns_no_age(sqlite_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    sign_up(sqlite_home, "ada", ADULT)
    opened: list[str] = []
    genuine = Vault.open_key

    def watched(vault: Vault, owner: str, wrapped: str | None) -> DataKey:
        opened.append(owner)
        return genuine(vault, owner, wrapped)

    monkeypatch.setattr(Vault, "open_key", watched)
    token_for(sqlite_home, "ada")
    assert opened == []
    register_audience(sqlite_home, over=(18,))
    token_for(sqlite_home, "ada")
    assert len(opened) == 1


def test_ten_thousand_tokens_have_no_claim_beyond_the_closed_set(sqlite_home: Home) -> None:
    home, tokens = sqlite_home, issue_token(sqlite_home)
    births = [f"{year}-{month:02}-15" for year in (1950, 1980, 2000, 2007) for month in range(1, 13)]
    for place, born in enumerate(births):
        sign_up(home, f"s{place}", born)
    service = home.house.store.read_now(read_registry).services["game"]
    audiences = [Audience("game", f"a{n}", [13, 18, 21][: n % 4], pairwise=n % 2 == 0) for n in range(8)]
    forms = [(TokenForm(f"s{place}", each.name), each) for place, each in product(range(len(births)), audiences)]

    def grants(tx: Transaction) -> list[Grant]:
        for form, to in forms:
            assert isinstance(tokens(tx, service, form, to, home.clock()), Grant)
        found = [tokens.again(tx, service, form, to, home.clock()) for _ in range(27) for form, to in forms]
        return [grant for grant in found if isinstance(grant, Grant)]

    found = home.house.store.write_now(grants)
    assert len(found) >= 10_000
    keys = home.house.store.read_now(home.house.keys.read)
    public, signer = (
        PublicKeys.from_jwks(keys.published_at(home.clock())),
        Signer(keys.active_at(home.clock()), ISSUER, "test"),
    )
    learns = {each.name: {f"age_over_{age}" for age in each.over} for each in audiences}
    for grant in found:
        to = str(grant.claims["aud"])
        claims = verify(
            signer.sign(Kind.AGE_STATUS, grant.claims), public,
            kind=Kind.AGE_STATUS, issuer=ISSUER, audience=to, now=home.clock(), accept_test=True,
        )  # fmt: skip
        assert set(claims) == EXACT | learns[to]


def largest_gap(one: list[int], other: list[int]) -> float:
    """The two-sample statistic of Kolmogorov and Smirnov."""

    def share(sample: list[int], at: int) -> float:
        return sum(value <= at for value in sample) / len(sample)

    return max(abs(share(one, at) - share(other, at)) for at in {*one, *other})


def test_when_a_token_ends_tells_nothing_of_the_birthday(sqlite_home: Home) -> None:
    """Birthdays around today against birthdays anywhen: the same ends, to the second."""
    home = sqlite_home
    register_audience(home, over=(18,))
    today = date(2008, 11, 22)
    near = [(today + timedelta(days=day)).isoformat() for day in range(-2, 1)] * 20
    far = [f"199{n % 10}-0{n % 6 + 1}-10" for n in range(60)]
    lives: dict[bool, list[int]] = {True: [], False: []}
    for n, (born, is_near) in enumerate([(each, True) for each in near] + [(each, False) for each in far]):
        sign_up(home, f"s{n}", born, "DE")
        home.clock.move(minutes=13, seconds=n)
        claims = read(token_for(home, f"s{n}"))
        lives[is_near].append(int(str(claims["exp"])) - int(str(claims["iat"])))
    assert largest_gap(lives[True], lives[False]) == 0.0
    assert set(lives[True]) == {600}
