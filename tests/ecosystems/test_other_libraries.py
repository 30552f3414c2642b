"""Other people's libraries check the same live tokens at the live key address, before and after a rotation."""

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path

import pytest

from agegate.clock import utc_now
from agegate.flows.rotate_keys import Rotated, RotateKeys
from agegate.signing.verify import Kind
from tests.ecosystems.recipes import Check, node_is_ready, node_recipe, python_recipe
from tests.houses import Hands
from tests.tokens.issuing import read
from tests.tokens.live import Live, listening
from tests.verifier.reading import header_of

LIBRARIES = ["PyJWT", "joserfc", "Authlib", *(["jose"] if node_is_ready() else [])]


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A server a minute behind the real time, which the libraries go by."""
    folder, clock = tmp_path_factory.mktemp("ecosystems"), Hands()
    clock.now = utc_now() - timedelta(minutes=1)
    with listening(folder / "data", f"sqlite:///{folder}/database.sqlite3", clock) as served:
        served.sign_up("ada")
        yield served


@pytest.fixture(params=LIBRARIES)
def check(request: pytest.FixtureRequest, live: Live, tmp_path: Path) -> Iterator[Check]:
    is_node = request.param == "jose"
    with node_recipe(tmp_path, live.url) if is_node else nullcontext(python_recipe(request.param, live.url)) as checks:
        yield checks


def rotate(live: Live) -> None:
    house, now = live.home.house, live.home.clock()
    made = house.store.write_now(lambda tx: RotateKeys(house.vault, house.audit)(tx, timedelta(0), now))
    assert isinstance(made, Rotated)
    live.home.clock.move(seconds=6)


def test_live_tokens_pass_before_and_after_a_rotation(check: Check, live: Live) -> None:
    old = live.token("ada")
    assert check(old)
    rotate(live)
    new = live.token("ada")
    assert header_of(new)["kid"] != header_of(old)["kid"]
    assert [check(new), check(old)] == [True, True]


def of_another_kind(live: Live) -> str:
    house, now = live.home.house, live.home.clock()
    signer = house.store.read_now(lambda tx: house.keys.signer_in(tx, now))
    return signer.sign(Kind.PURGE_ORDER, read(live.token("ada")))  # type: ignore[arg-type]  # claims of a token


def altered(live: Live) -> str:
    head, payload, signature = live.token("ada").split(".")
    return f"{head}.{payload}.{signature[:-4]}{'AAAA' if signature[-4:] != 'AAAA' else 'BBBB'}"


def undecided(live: Live) -> str:
    house, now = live.home.house, live.home.clock()
    signer = house.store.read_now(lambda tx: house.keys.signer_in(tx, now))
    return signer.sign(Kind.AGE_STATUS, {**read(live.token("ada")), "age_decision": "consent_required"})  # type: ignore[dict-item]  # claims of a token


@pytest.mark.parametrize(
    "make", [of_another_kind, altered, undecided, lambda live: live.token("ada", "https://other.example")]
)
def test_what_is_not_for_here_is_refused(check: Check, live: Live, make: Callable[[Live], str]) -> None:
    assert check(live.token("ada"))
    assert not check(make(live))
