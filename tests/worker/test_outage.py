"""The mail server goes away for half an hour: nothing is lost, and no question gets a second name.

`MAILS` says how many questions wait; `make outages` asks for a thousand.
"""

import asyncio
import os
from dataclasses import replace
from email import message_from_bytes
from email.policy import default

from agegate.app import worker
from notifications.transports import open_transport
from tests.houses import Home
from tests.journeys.people import SIXTEEN, sign_up
from tests.notifications.smtp_servers import HOST, Letterbox, Recorder, aiosmtpd_server

MAILS = int(os.environ.get("MAILS", "8"))
NOBODY = 9  # the discard port: refused on every machine of ours


def ask_everybody(home: Home) -> set[str]:
    """Signs up that many minors and asks one guardian for each."""
    asked = set()
    for number in range(MAILS):
        sign_up(home, f"child-{number}", SIXTEEN)
        guardian = f"guardian-{number}@example.org"
        path = f"/v1/subjects/child-{number}/consent-requests"
        assert home.call("POST", path, {"guardian_email": guardian}, key=home.keys["game"]).status_code == 202
        asked.add(guardian)
    return asked


async def serve(home: Home, port: int) -> None:
    transport = open_transport(f"smtp://{HOST}:{port}?tls=none", home.house.settings.mail_from)
    await worker(replace(home.house, transport=transport)).until_idle()


async def live_through(home: Home) -> list[bytes]:
    """It takes every text and dies before it says so; it is gone for 30 minutes; it is back."""
    dying, back = Recorder(reset_after_data=True), Letterbox()
    async with dying.running() as port:
        await serve(home, port)
    for _ in range(30):
        home.clock.move(minutes=1)
        await serve(home, NOBODY)
    async with aiosmtpd_server(back) as port:
        for _ in range(24):
            home.clock.move(minutes=10)
            await serve(home, port)
    return [*dying.texts, *back.contents]


def test_an_outage_of_half_an_hour_loses_no_mail_and_renames_none(home: Home) -> None:
    asked = ask_everybody(home)
    arrived = [message_from_bytes(content, policy=default) for content in asyncio.run(live_through(home))]
    names: dict[str, set[str]] = {}
    for mail in arrived:
        names.setdefault(str(mail["To"]), set()).add(str(mail["Message-ID"]))
    assert set(names) == asked
    assert {to: len(found) for to, found in names.items() if len(found) != 1} == {}
    assert len(arrived) == 2 * MAILS  # the copy whose receipt got lost, and the one after it
