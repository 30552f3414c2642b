"""Results of third-party verifiers: only a fresh, signed message about one request counts."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook

from agegate.provider_settings import ThirdPartySettings
from agegate.remote.guardian_verifier import NotShown, Reason, Shown, SignIn
from agegate.remote.guardian_webhook import GuardianWebhook, Result, ResultRefused
from agegate.rules.guardian_proof import GuardianMethod

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
SECRET, OTHER_SECRET = "whsec_" + "QUFB" * 8, "whsec_" + "QkJC" * 8
REQUEST = "01k9abcdefghjkmnpqrstvwxyz"
SIGN_IN = SignIn(
    request=REQUEST, state="s", nonce="n", code_verifier="v", redirect_uri="r", back_to="https://a.example/g"
)


def verifier(start_url: str | None = None) -> GuardianWebhook:
    settings = ThirdPartySettings.model_validate(
        {"name": "idv", "label": "IDV", "kind": "third_party", "secret_file": "unread", "start_url": start_url}
    )
    return GuardianWebhook(settings, SECRET)


def said(**about: object) -> bytes:
    good = {"request": REQUEST, "result": "adult", "reference": "case-1"} | about
    return json.dumps({"type": "guardian.verified", "data": good}).encode()


def signed(body: bytes, *, secret: str = SECRET, at: datetime = NOW) -> dict[str, str]:
    return {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": "v1,AAAA " + Webhook(secret).sign("msg_1", at, body.decode()),
    }


def test_a_signed_result_names_its_request() -> None:
    body = said()
    shown = Shown(GuardianMethod.THIRD_PARTY, "idv", "case-1")
    assert verifier().read(signed(body), body, NOW) == Result(REQUEST, shown)


@pytest.mark.parametrize("result", ["minor", "not_adult", "unknown", "ADULT", ""])
def test_any_other_result_shows_nobody(result: str) -> None:
    body = said(result=result)
    assert verifier().read(signed(body), body, NOW) == Result(REQUEST, None)


@pytest.mark.parametrize(
    "body",
    [
        said(request="../../other"),
        said(request=REQUEST.upper()),
        said(request=7),
        said(result=True),
        said(reference="Jo Smith"),
        said(reference=None),
        b'{"type":"guardian.other","data":{}}',
        b'{"type":"guardian.verified"}',
        b"[]",
        b"{",
        b"\xff",
    ],
)
def test_a_message_in_another_form_is_refused(body: bytes) -> None:
    with pytest.raises(ResultRefused):
        verifier().read(signed(body) if body != b"\xff" else signed(b""), body, NOW)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        signed(said(), secret=OTHER_SECRET),
        signed(said(result="minor")),
        signed(said(), at=NOW - timedelta(seconds=301)),
        signed(said(), at=NOW + timedelta(seconds=301)),
        signed(said()) | {"webhook-id": "msg_2"},
        signed(said()) | {"webhook-id": ""},
        signed(said()) | {"webhook-timestamp": str(int(NOW.timestamp()) + 1)},
        signed(said()) | {"webhook-timestamp": "9" * 30},
        signed(said()) | {"webhook-timestamp": "soon"},
        signed(said()) | {"webhook-signature": ""},
        signed(said()) | {"webhook-signature": "v1a," + "A" * 44},
    ],
)
def test_a_message_that_is_not_signed_for_this_moment_is_refused(headers: dict[str, str]) -> None:
    with pytest.raises(ResultRefused):
        verifier().read(headers, said(), NOW)


def test_the_guardian_is_sent_with_the_request_and_the_way_back() -> None:
    where = asyncio.run(verifier("https://idv.example/start?app=1").begin(SIGN_IN, NOW))
    assert where == f"https://idv.example/start?app=1&request={REQUEST}&return_to=https%3A%2F%2Fa.example%2Fg"


def test_without_a_page_nobody_is_sent() -> None:
    assert asyncio.run(verifier().begin(SIGN_IN, NOW)) == NotShown(Reason.UNREACHABLE, "no_page")


def test_what_a_browser_brings_back_is_not_believed() -> None:
    came = asyncio.run(verifier().finish(SIGN_IN, {"result": "adult", "code": "1"}, NOW.date(), NOW))
    assert came == NotShown(Reason.FORGED, "not_signed")
