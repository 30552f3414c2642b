"""A method that is weaker than what a law row or a profile demands never grants: every method against every demand."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path

import pytest

from agegate.flows.answer_consent import AnswerConsent
from agegate.flows.confirm_consent import ConfirmConsent
from agegate.flows.grant_consent import GrantConsent
from agegate.flows.note_consent_event import NoteConsentEvent
from agegate.flows.verify_guardian import VERIFYING, verify_guardian
from agegate.flows.withdraw_consent import WithdrawConsent
from agegate.flows.write_receipt import WriteReceipt
from agegate.rules.assurance import Assurance
from agegate.rules.consent import Answer, RequestState, SubjectState
from agegate.rules.errors import AgeGateError, LinkUnknown, RequestExpired, VerificationNeeded
from agegate.rules.guardian_proof import REACHES, GuardianMethod, demanded
from agegate.store.consents import note_request, request_by_id
from agegate.store.records import ConsentRequest
from agegate.store.subjects import change_subject
from tests.houses import Home, furnished
from tests.journeys.people import SIXTEEN, sign_up

CASES = list(product(GuardianMethod, Assurance, ("game", "kids"), ("request", "subject")))
DISCLOSES = {"game": True, "kids": False}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    folder: Path = tmp_path_factory.mktemp("assurance")
    for home in furnished(folder, f"sqlite:///{folder}/database.sqlite3"):
        home.register("kids", "coppa-general")
        yield home


def asked(home: Home, number: int, service: str, needed: Assurance, where: str) -> ConsentRequest:
    """A pending request where that much is demanded: when it was asked for, or since then of the subject."""
    sign_up(home, f"s{number}", SIXTEEN if service == "game" else "2014-05-01", service=service)
    body = {"guardian_email": f"guardian{number}@example.org"}
    path = f"/v1/subjects/s{number}/consent-requests"
    row = home.call("POST", path, body, key=home.keys[service]).json()["id"]
    found = home.house.store.read_now(lambda tx: request_by_id(tx, row))
    assert found is not None
    of_request, of_subject = (needed, Assurance.EMAIL) if where == "request" else (Assurance.EMAIL, needed)
    home.house.store.write_now(lambda tx: note_request(tx, row, {"assurance": of_request.value}))
    waiting = {SubjectState.CONSENT_REQUIRED}
    facts = {"assurance": of_subject.value, "assent_needed": False}
    home.house.store.write_now(lambda tx: change_subject(tx, found.subject_id, waiting, facts))
    return found


def flows(home: Home) -> tuple[AnswerConsent, ConfirmConsent]:
    house = home.house
    grant = GrantConsent(
        WriteReceipt(house.rules, house.digests, house.keys, house.entropy), house.announce, house.settle.consent
    )
    withdraw = WithdrawConsent(house.rules, house.purge, house.announce, house.sticky, NoteConsentEvent(house.keys))
    return AnswerConsent(grant, withdraw, house.purge, house.announce), ConfirmConsent(house.rules, grant)


def yes(home: Home, request: str, at: datetime) -> RequestState | AgeGateError:
    return home.house.store.write_now(lambda tx: flows(home)[0](tx, request, Answer.GRANT, at))


def confirm(home: Home, request: str, at: datetime) -> RequestState | AgeGateError:
    return home.house.store.write_now(lambda tx: flows(home)[1](tx, request, at))


def now_of(home: Home, request: str) -> ConsentRequest:
    found = home.house.store.read_now(lambda tx: request_by_id(tx, request))
    assert found is not None
    return found


def show(home: Home, request: str, method: GuardianMethod) -> None:
    at = home.clock()
    home.house.store.write_now(lambda tx: verify_guardian(tx, request, method, "case-1", at))


@pytest.mark.parametrize("number", range(len(CASES)))
def test_a_weaker_method_never_grants(house: Home, number: int) -> None:
    method, needed, service, where = CASES[number]
    request = asked(house, number, service, needed, where).id
    if method in VERIFYING:
        show(house, request, method)
    yes(house, request, house.clock())
    if method is GuardianMethod.EMAIL_PLUS:
        confirm(house, request, now_of(house, request).confirm_at or house.clock())
    left = now_of(house, request)
    suffices = REACHES[method] >= demanded(needed, discloses=DISCLOSES[service])
    assert (left.state == RequestState.GRANTED) is suffices
    assert not suffices or Assurance(left.assurance) >= demanded(needed, discloses=DISCLOSES[service])


def test_without_an_adult_a_yes_is_told_what_is_missing(house: Home) -> None:
    request = asked(house, 1000, "kids", Assurance.VERIFIED, "request").id
    assert isinstance(yes(house, request, house.clock()), VerificationNeeded)
    assert now_of(house, request).state == RequestState.PENDING


def test_the_second_mail_is_due_after_one_to_two_days(house: Home) -> None:
    request, at = asked(house, 1001, "kids", Assurance.EMAIL_PLUS, "request").id, house.clock()
    assert yes(house, request, at) is RequestState.CONFIRMING
    due = now_of(house, request).confirm_at
    assert due is not None
    assert timedelta(hours=24) <= due - at < timedelta(hours=48)


def test_before_the_second_mail_nothing_can_be_confirmed(house: Home) -> None:
    request, at = asked(house, 1002, "kids", Assurance.EMAIL_PLUS, "request").id, house.clock()
    yes(house, request, at)
    assert isinstance(confirm(house, request, at + timedelta(hours=23, minutes=59)), LinkUnknown)


def test_at_its_end_a_second_step_is_over(house: Home) -> None:
    request = asked(house, 1003, "kids", Assurance.EMAIL_PLUS, "request").id
    yes(house, request, house.clock())
    assert isinstance(confirm(house, request, now_of(house, request).expires_at), RequestExpired)


def test_an_adult_who_is_shown_meanwhile_need_not_wait(house: Home) -> None:
    request = asked(house, 1004, "kids", Assurance.EMAIL_PLUS, "request").id
    yes(house, request, house.clock())
    show(house, request, GuardianMethod.OIDC)
    assert yes(house, request, house.clock()) is RequestState.GRANTED
    assert (now_of(house, request).method, now_of(house, request).assurance) == ("oidc", "verified")


def test_more_may_be_demanded_between_the_two_steps(house: Home) -> None:
    before = asked(house, 1005, "kids", Assurance.EMAIL_PLUS, "request")
    yes(house, before.id, house.clock())
    waiting, more = {SubjectState.CONSENT_REQUIRED}, {"assurance": Assurance.VERIFIED.value}
    house.house.store.write_now(lambda tx: change_subject(tx, before.subject_id, waiting, more))
    due = now_of(house, before.id).confirm_at
    assert due is not None
    assert isinstance(confirm(house, before.id, due), VerificationNeeded)
    show(house, before.id, GuardianMethod.CALL)
    assert confirm(house, before.id, due) is RequestState.GRANTED
