"""The last answers of a purge, and another process between any two of their statements: it is certified after all."""

from sqlalchemy import select, update

from agegate.flows.certify_purge import CertifyPurge
from agegate.flows.close_leg import CloseLeg
from agegate.flows.confirm_leg import ConfirmLeg
from agegate.flows.due import Due
from agegate.flows.escalate_leg import EscalateLeg
from agegate.flows.forms import LegForm
from agegate.flows.move_holder import MoveHolder
from agegate.flows.record_delivery import RecordDelivery
from agegate.flows.record_mail import RecordMail
from agegate.house import House
from agegate.rules.purge import LegState, PurgeReason
from agegate.store import agenda
from agegate.store.events import EVENTS
from agegate.store.purges import PURGES, latest_purge, legs_of, purge_by_id
from agegate.store.transaction import Transaction
from tests.houses import Home
from tests.journeys.people import ADULT, sign_up
from tests.processes.between import Act, Flow, Scene, claimed, everywhere, records, writes


def confirms(purge: str, holder: str, home: Home) -> Act:
    """A holder's last word."""
    form, now = LegForm(LegState.COMPLETED, counts={"rows": 1}), home.clock()
    return writes(lambda house: lambda tx: ConfirmLeg(house.entropy, house.audit)(tx, "game", purge, holder, form, now))


def closes(purge: str, holder: str, home: Home) -> Act:
    """The second person's word that a holder is no more; the first one's was said before."""
    now = home.clock()

    def close(person: str) -> Act:
        return writes(
            lambda house: (
                lambda tx: CloseLeg(house.entropy, house.audit)(tx, "game", purge, holder, person, "gone", now)
            )
        )

    close("jo")(home.house)
    return close("kim")


def certifies(home: Home, purge: str) -> Act:
    """A worker that looks whether a purge can be certified."""
    now = home.clock()
    home.house.store.write_now(lambda tx: agenda.put(tx, f"look-{purge}", Due.CERTIFICATE, purge, now))

    return records(
        claimed(home, Due.CERTIFICATE, purge),
        lambda house: lambda tx: CertifyPurge(house.keys, house.announce, house.entropy, house.rules)(tx, purge, now),
    )


def ordered(home: Home, subject: str) -> str:
    """A purge whose tombstone is in the ledger; its id."""
    sign_up(home, subject, ADULT)
    reply = home.call("DELETE", f"/v1/subjects/{subject}", key=home.keys["game"])
    home.work()
    return str(reply.json()["purge"])


def state(home: Home, purge: str) -> str:
    """What the worker has made of it."""
    home.work()
    found = home.house.store.read_now(lambda tx: purge_by_id(tx, purge))
    return found.state if found else "gone"


def holders(home: Home, *names: str) -> None:
    """Holders that fetch their orders."""
    for name in names:
        home.register_holder("game", name, url="")
    home.clock.move(seconds=2)


def test_two_holders_that_answer_last_leave_no_purge_without_its_certificate(postgres_home: Home) -> None:
    holders(postgres_home, "forum", "shop")

    def scene(subject: str) -> Scene:
        purge = ordered(postgres_home, subject)
        one, other = (confirms(purge, holder, postgres_home) for holder in ("forum", "shop"))
        return one, other, lambda: state(postgres_home, purge)

    found = everywhere(postgres_home, scene)
    assert len(found) > 4
    assert [met for met in found if (met.end, met.fell) != ("completed", False)] == []


def test_a_leg_that_is_closed_beside_the_last_answer_leaves_no_purge_without_its_certificate(
    postgres_home: Home,
) -> None:
    holders(postgres_home, "forum", "shop")

    def scene(subject: str) -> Scene:
        purge = ordered(postgres_home, subject)
        acts = closes(purge, "shop", postgres_home), confirms(purge, "forum", postgres_home)
        return *acts, lambda: state(postgres_home, purge)

    found = everywhere(postgres_home, scene)
    assert len(found) > 4
    assert [met for met in found if (met.end, met.fell) != ("completed", False)] == []


def test_an_answer_is_not_lost_on_a_worker_that_looked_a_moment_before(postgres_home: Home) -> None:
    holders(postgres_home, "forum")

    def scene(subject: str) -> Scene:
        purge = ordered(postgres_home, subject)
        acts = confirms(purge, "forum", postgres_home), certifies(postgres_home, purge)
        return *acts, lambda: state(postgres_home, purge)

    found = everywhere(postgres_home, scene)
    assert len(found) > 4
    assert [met for met in found if (met.end, met.fell) != ("completed", False)] == []


def test_a_holder_that_moves_while_a_purge_is_ordered_gets_the_order(postgres_home: Home) -> None:
    home = postgres_home
    holders(home, "forum")
    now = home.clock()

    def moved(url: str) -> Act:
        return writes(lambda house: lambda tx: MoveHolder(house.entropy, house.audit)(tx, "game", "forum", url, now))

    def scene(subject: str) -> Scene:
        sign_up(home, subject, ADULT)
        moved("")(home.house)
        orders = writes(lambda house: lambda tx: house.purge(tx, "game", subject, PurgeReason.SUBJECT_REQUEST, now))

        def look() -> object:
            def read(tx: Transaction) -> object:
                digest = home.house.digests.subject("game", subject)
                purge = latest_purge(tx, "game", digest)
                legs = legs_of(tx, purge.id) if purge else []
                return [agenda.is_known(tx, Due.LEG, leg.id) for leg in legs]

            return home.house.store.read_now(read)

        return orders, moved("http://127.0.0.1:9/orders"), look

    found = everywhere(home, scene)
    assert len(found) > 4
    assert [met for met in found if met.fell or met.end != [True]] == []


def test_the_last_event_and_the_last_letter_at_once_leave_no_name_behind(postgres_home: Home) -> None:
    home = postgres_home
    home.webhook("game", "http://127.0.0.1:9/events")
    home.clock.move(seconds=2)

    def scene(subject: str) -> Scene:
        purge, now = ordered(home, subject), home.clock()
        with home.house.store.engine.begin() as connection:  # as if its letter had still to be sent
            connection.execute(update(PURGES).where(PURGES.c.id == purge).values(sealed_letter="kept"))
            told = [
                str(row) for row in connection.execute(select(EVENTS.c.id).where(EVENTS.c.purge_id == purge)).scalars()
            ]

        def received(house: House) -> Flow:
            escalate = EscalateLeg(house.announce, house.entropy, None)
            return lambda tx: RecordDelivery(house.audit, escalate).events_received(tx, told, now)

        def look() -> object:
            found = home.house.store.read_now(lambda tx: purge_by_id(tx, purge))
            return (found.state, found.wrapped_key, found.sealed_subject) if found else None

        return writes(received), writes(lambda _: lambda tx: RecordMail.last(tx, purge)), look

    found = everywhere(home, scene)
    assert len(found) > 2
    assert [met for met in found if met.fell or met.end != ("completed", None, None)] == []
