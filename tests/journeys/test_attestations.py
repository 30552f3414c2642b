"""Somebody vouches for a guardian: an operator's person, or a third party that signs. The guardian still answers."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select
from standardwebhooks import Webhook

from agegate.store.audit_log import ENTRIES
from agegate.store.consents import REQUESTS
from tests.houses import Home, open_home
from tests.journeys.operators import operator
from tests.journeys.people import answer, ask_guardian, decision, waiting_minor

SECRET = "whsec_" + "QUFB" * 8
CALL = {"method": "call", "reference": "case-4711"}


def attest(home: Home, key: str, request: str, subject: str = "alex", **form: str) -> httpx.Response:
    path = f"/v1/subjects/{subject}/consent-requests/{request}/attestations"
    return home.call("POST", path, form or CALL, key=key)


def proof_of(home: Home, request: str) -> tuple[object, ...]:
    """Method, reference and person, as they are kept."""
    wanted = select(*(REQUESTS.c[name] for name in ("method", "method_reference", "method_by")))
    with home.house.store.engine.connect() as connection:
        return tuple(connection.execute(wanted.where(REQUESTS.c.id == request)).one())


@pytest.fixture
def asked(home: Home) -> str:
    """The request for alex's guardian."""
    waiting_minor(home)
    return ask_guardian(home)


def test_an_attestation_shows_an_adult_and_answers_nothing(home: Home, asked: str) -> None:
    told = attest(home, operator(home), asked)
    assert told.status_code == 200, told.text
    assert (told.json()["verified"]["method"], told.json()["state"]) == ("call", "pending")
    assert decision(home, "alex") == "consent_required"


def test_method_reference_and_person_are_kept(home: Home, asked: str) -> None:
    attest(home, operator(home, person="jo-smith"), asked)
    assert proof_of(home, asked) == ("call", "case-4711", "jo-smith")


def test_the_first_proof_stands(home: Home, asked: str) -> None:
    key = operator(home)
    attest(home, key, asked)
    again = attest(home, key, asked, method="video_call", reference="case-2")
    assert (again.status_code, proof_of(home, asked)[:2]) == (200, ("call", "case-4711"))


def test_a_service_cannot_vouch_for_its_own_guardians(home: Home, asked: str) -> None:
    assert attest(home, home.keys["game"], asked).status_code == 403


def test_another_services_operator_sees_no_such_request(home: Home, asked: str) -> None:
    assert attest(home, operator(home, service="scan"), asked).status_code == 404


def test_an_answered_question_takes_no_proof(home: Home, asked: str) -> None:
    answer(home, "decline")
    assert attest(home, operator(home), asked).status_code in {404, 409}


def test_an_expired_question_takes_no_proof(home: Home, asked: str) -> None:
    home.clock.move(days=7)
    assert attest(home, operator(home), asked).status_code == 410


@pytest.mark.parametrize(
    ("form", "pointer"),
    [
        ({"method": "oidc", "reference": "case-1"}, "/method"),
        ({"method": "email", "reference": "case-1"}, "/method"),
        ({"method": "call", "reference": "Jo Smith"}, "/reference"),
        ({"method": "call"}, "/reference"),
    ],
)
def test_only_what_a_person_can_vouch_for_is_taken(home: Home, asked: str, form: dict[str, str], pointer: str) -> None:
    refused = attest(home, operator(home), asked, **form)
    assert (refused.status_code, [each["pointer"] for each in refused.json()["errors"]]) == (422, [pointer])


@pytest.fixture
def listening(tmp_path: Path, database_url: str) -> Iterator[Home]:
    """A house with a third-party verifier for the service `game` alone."""
    (tmp_path / "secret").write_text(SECRET + "\n", encoding="ascii")
    verifier = {
        "name": "idv",
        "label": "IDV",
        "kind": "third_party",
        "secret_file": tmp_path / "secret",
        "services": ["game"],
    }
    opened = open_home(tmp_path, database_url=database_url, guardian_providers=[verifier])
    opened.register("game", "deepseek")
    yield opened
    opened.house.close()


def tell(home: Home, request: str, result: str = "adult", *, secret: str = SECRET, verifier: str = "idv") -> int:
    """The verifier's webhook; the status it gets."""
    body = json.dumps(
        {"type": "guardian.verified", "data": {"request": request, "result": result, "reference": "check-1"}}
    )
    signature = Webhook(secret).sign("msg_1", home.clock(), body)
    headers = {
        "Content-Type": "application/json",
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(home.clock().timestamp())),
        "webhook-signature": signature,
    }

    async def post() -> httpx.Response:
        transport = httpx.ASGITransport(app=home.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
            return await client.post(f"/verifications/{verifier}", content=body, headers=headers)

    return asyncio.run(post()).status_code


def test_a_signed_result_shows_an_adult(listening: Home) -> None:
    waiting_minor(listening)
    request = ask_guardian(listening)
    assert [tell(listening, request), tell(listening, request)] == [204, 204]
    assert proof_of(listening, request) == ("third_party", "check-1", None)


def test_a_minors_result_shows_nobody(listening: Home) -> None:
    waiting_minor(listening)
    request = ask_guardian(listening)
    assert (tell(listening, request, "minor"), proof_of(listening, request)[0]) == (204, None)


def test_a_result_that_is_not_signed_by_its_verifier_is_refused(listening: Home) -> None:
    waiting_minor(listening)
    request = ask_guardian(listening)
    other = "whsec_" + "QkJC" * 8
    refused = [tell(listening, request, secret=other), tell(listening, request, verifier="gone")]
    assert (refused, proof_of(listening, request)[0]) == ([403, 403], None)


def test_a_result_for_a_request_that_is_not_there_learns_nothing(listening: Home) -> None:
    assert tell(listening, "01kb1m2zv5hq3w6t8r9xyabcde") == 204


def test_a_verifier_of_other_services_shows_nobody(listening: Home) -> None:
    listening.register("chat", "deepseek")
    listening.keys["game"] = listening.keys["chat"]
    waiting_minor(listening)
    request = ask_guardian(listening)
    assert (tell(listening, request), proof_of(listening, request)[0]) == (204, None)


def audited(home: Home) -> list[tuple[str, str, dict[str, object]]]:
    """What the audit log keeps of attestations: who, about which request, and the facts."""
    wanted = select(*(ENTRIES.c[name] for name in ("actor", "ref", "facts"))).where(
        ENTRIES.c.action == "guardian.attested"
    )
    with home.house.store.engine.connect() as connection:
        return [(row.actor, row.ref, row.facts) for row in connection.execute(wanted)]


def test_an_attestation_is_audited_once_with_a_digest_of_its_reference(home: Home, asked: str) -> None:
    key = operator(home, person="jo-smith")
    for _ in range(2):
        attest(home, key, asked)
    reference = home.house.digests.reference("attestation", "game", "case-4711")
    assert audited(home) == [("operator:jo-smith", asked, {"method": "call", "reference": reference})]


def test_an_attestation_that_came_too_late_is_not_audited(home: Home, asked: str) -> None:
    answer(home, "decline")
    assert (attest(home, operator(home), asked).status_code, audited(home)) == (404, [])
