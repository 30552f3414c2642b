"""What becomes of a consent, and another process between any two statements of it."""

from agegate.flows.due import Due
from agegate.flows.give_assent import WithdrawAssent
from agegate.rules.consent import Answer
from agegate.store import agenda
from agegate.store.records import Service
from agegate.store.registry import find_service
from agegate.store.subjects import find_subject
from agegate.store.transaction import Transaction
from tests.consents.races import says
from tests.houses import Home
from tests.journeys.people import waiting_minor
from tests.processes.between import Scene, everywhere, writes


def asked(home: Home, subject: str, guardian: str = "") -> str:
    """A question to a guardian; its id."""
    mail = {"guardian_email": guardian or f"{subject}@example.org"}
    path = f"/v1/subjects/{subject}/consent-requests"
    return str(home.call("POST", path, mail, key=home.keys["game"]).json()["id"])


def game(tx: Transaction) -> Service:
    """The service."""
    found = find_service(tx, "game")
    assert found is not None
    return found


def test_an_assent_that_is_taken_back_beside_a_yes_has_an_end(postgres_home: Home) -> None:
    home, now = postgres_home, postgres_home.clock()

    def scene(subject: str) -> Scene:
        waiting_minor(home, subject)
        request = asked(home, subject)

        def look() -> object:
            def read(tx: Transaction) -> object:
                held = find_subject(tx, "game", subject)
                assert held is not None
                ends = [
                    kind for kind in (Due.SUBJECT_EXPIRY, Due.ASSENT_WITHDRAWAL) if agenda.is_known(tx, kind, held.id)
                ]
                return held.state, held.expires_at is not None, len(ends)

            return home.house.store.read_now(read)

        takes_back = writes(
            lambda house: (
                lambda tx: WithdrawAssent(house.rules, house.announce, house.sticky)(tx, game(tx), subject, now)
            )
        )
        return takes_back, says(request, Answer.GRANT), look

    found = everywhere(home, scene)
    assert len(found) > 2
    assert {(met.end, met.fell) for met in found} == {(("consent_required", True, 1), False)}
