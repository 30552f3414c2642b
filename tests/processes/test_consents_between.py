"""What becomes of a consent, and another process between any two statements of it."""

from agegate.flows.due import Due
from agegate.flows.forms import ConsentRequestForm, ReportForm
from agegate.flows.give_assent import WithdrawAssent
from agegate.flows.judge_again import JudgeAgain
from agegate.flows.judge_guardian import JudgeGuardian
from agegate.flows.let_expire import LetExpire
from agegate.flows.report_subject import ReportSubject
from agegate.flows.request_consent import RequestConsent
from agegate.flows.verify_guardian import verify_guardian
from agegate.house import House
from agegate.rules.consent import Answer, MailHold, RequestState, Stop
from agegate.rules.guardian_proof import GuardianMethod
from agegate.rules.report import Basis
from agegate.store import agenda
from agegate.store.consents import request_by_id, requests_of
from agegate.store.records import ConsentRequest, Service
from agegate.store.registry import find_service
from agegate.store.subjects import find_subject
from agegate.store.transaction import Transaction
from tests.consents.races import answering, says
from tests.houses import Home
from tests.journeys.people import waiting_minor
from tests.processes.between import Flow, Scene, everywhere, writes


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


def test_no_question_is_sent_to_a_mailbox_that_wants_none_any_more(postgres_home: Home) -> None:
    home = postgres_home

    def scene(subject: str) -> Scene:
        guardian = f"{subject}@example.org"
        waiting_minor(home, f"{subject}-one")
        waiting_minor(home, f"{subject}-two")
        first = asked(home, f"{subject}-one", guardian)
        home.clock.move(days=1)  # there is room for another mail
        now = home.clock()

        def ask(house: House) -> Flow:
            judge = JudgeGuardian(JudgeAgain(house.rules, house.vault), house.digests)
            flow = RequestConsent(judge, house.vault, house.digests, house.links, house.entropy, house.audit)
            return lambda tx: flow(tx, game(tx), f"{subject}-two", ConsentRequestForm(guardian), now)

        def look() -> object:
            def read(tx: Transaction) -> object:
                held = find_subject(tx, "game", f"{subject}-two")
                return [request.mail_hold for request in requests_of(tx, held.id)] if held else None

            return home.house.store.read_now(read)

        stops = writes(lambda house: lambda tx: house.take_bounce.stop(tx, first, Stop.NEVER_AGAIN, now))
        return writes(ask), stops, look

    found = everywhere(home, scene)
    assert len(found) > 4
    assert [met for met in found if met.fell or met.end != [MailHold.SUPPRESSED]] == []


def test_an_adult_who_is_shown_beside_the_yes_is_in_its_record(postgres_home: Home) -> None:
    home, now = postgres_home, postgres_home.clock()

    def scene(subject: str) -> Scene:
        waiting_minor(home, subject)
        request = asked(home, subject)
        shows = writes(
            lambda _: lambda tx: verify_guardian(tx, request, GuardianMethod.SIGNED_FORM, "case-1", now, person="jo")
        )

        def look() -> object:
            found = home.house.store.read_now(lambda tx: request_by_id(tx, request))
            return (found.state, found.method) if found else None

        return says(request, Answer.GRANT), shows, look

    found = everywhere(home, scene)
    assert len(found) > 4
    shown = [met for met in found if isinstance(met.other, ConsentRequest)]
    assert shown != []
    assert [met for met in shown if met.end != (RequestState.GRANTED, GuardianMethod.SIGNED_FORM)] == []


def test_who_consented_anew_is_not_purged_by_the_end_of_the_grace(postgres_home: Home) -> None:
    home = postgres_home

    def scene(subject: str) -> Scene:
        waiting_minor(home, subject)
        request = asked(home, subject)
        says(request, Answer.GRANT)(home.house)
        now = home.clock()
        taken_back = answering(home.house).withdraw
        home.house.store.write_now(lambda tx: taken_back(tx, request, now, delete_now=False))
        home.clock.move(days=1)
        anew = asked(home, subject, f"{subject}-b@example.org")
        claim, later = ReportForm(subject, Basis.SELF_STATEMENT), home.clock()

        def consents_and_is_reported(house: House) -> object:
            assert says(anew, Answer.GRANT)(house) == RequestState.GRANTED
            return house.store.write_now(lambda tx: ReportSubject(house.cases)(tx, game(tx), claim, later))

        def look() -> object:
            held = home.house.store.read_now(lambda tx: find_subject(tx, "game", subject))
            return held.state if held else "gone"

        ends = writes(
            lambda house: lambda tx: LetExpire(house.purge, house.announce, house.settle).grace(tx, request, later)
        )
        return ends, consents_and_is_reported, look

    found = everywhere(home, scene)
    assert len(found) > 4
    # Either the guardian was first, who is told so, or the end of the grace was.
    assert [met for met in found if met.end != ("gone" if met.fell else "restricted")] == []
