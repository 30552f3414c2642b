"""Two persons who revoke keys, one between any two statements of the other: some key signs afterwards."""

from agegate.flows.rotate_keys import RevokeKey, Rotated, RotateKeys
from agegate.signing.key_states import USUAL_LEAD, KeyState, standings
from agegate.store.signing_keys import signing_keys
from tests.houses import Home
from tests.processes.between import Act, Scene, everywhere, writes


def revokes(home: Home, kid: str) -> Act:
    """A person's word that a key is lost."""
    now = home.clock()
    return writes(lambda house: lambda tx: RevokeKey(RotateKeys(house.vault, house.audit))(tx, kid, "jo", now))


def signing(home: Home) -> list[str]:
    """The keys that sign now."""
    kept = home.house.store.read_now(signing_keys)
    found = standings((key.dates for key in kept), home.clock()).items()
    return [kid for kid, standing in found if standing.state is KeyState.ACTIVE]


def test_revoking_the_active_key_beside_the_next_one_leaves_one_that_signs(postgres_home: Home) -> None:
    home = postgres_home

    def scene(_: str) -> Scene:
        home.clock.move(hours=1)  # so that verifiers take further keys
        now = home.clock()
        (active,) = signing(home)
        rotate = RotateKeys(home.house.vault, home.house.audit)
        made = home.house.store.write_now(lambda tx: rotate(tx, USUAL_LEAD, now))
        assert isinstance(made, Rotated)
        pair = revokes(home, active), revokes(home, made.kid)
        return *pair, lambda: len(signing(home))

    found = everywhere(home, scene)
    assert len(found) > 2
    assert [met for met in found if met.fell or met.end != 1] == []
