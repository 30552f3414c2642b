"""The demo's scenes in order; each does one thing over real HTTP and checks what came."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import httpx

from agegate.demo.mailbox import link_in
from agegate.demo.parts import Parts
from agegate.demo.people import born
from agegate.demo.purging import Purging
from agegate.demo.report import Differs, Report
from agegate.demo.wire import Wire, nonce_in

CONTROLLER = """name = "Example Chat Ltd"
postal_address = "1 Example Street, Dublin, Ireland"
contact = "privacy@example.com"
"""
GUARDIAN = "guardian@example.org"


@dataclass(slots=True)
class Story:
    """What the scenes hand on to each other."""

    parts: Parts
    report: Report
    key: str = ""
    ocr_key: str = ""
    request: str = ""
    link: str = ""
    token: str = ""
    notice: dict[str, str] = field(default_factory=dict)
    browser: httpx.Client = field(default_factory=lambda: httpx.Client(trust_env=False, follow_redirects=True))

    def scenes(self) -> list[Callable[[], None]]:
        """Every scene, in order."""
        purging = Purging(self.parts, self.report, lambda: self.api, self.browser)
        return [
            self.open_up,
            self.ask_requirements,
            self.adult,
            self.twelve,
            self.sixteen,
            self.fifteen_in_three_countries,
            self.ask_guardian,
            self.scanner,
            self.guardian_answers,
            self.fetch_token,
            self.show_token,
            purging.receipt_arrives,
            purging.withdraw,
            lambda: purging.shut(self.token_of),
            purging.holder_deletes,
            purging.certificate,
            purging.receipt_outlives,
        ]

    @property
    def api(self) -> Wire:
        """The API with the key of the service `deepseek`."""
        return Wire(self.parts.issuer, self.key, self.report)

    def open_up(self) -> None:
        """Starts the parts and registers two services and a holder."""
        self.report.step("Start the parts: SMTP server, agegate, a downstream service, a data holder")
        self.report.note("starting an SMTP server and `agegate serve` …")
        self.parts.start_mail()
        self.parts.start_server()
        controller = self.parts.folder / "controller.toml"
        controller.write_text(CONTROLLER)
        for name in ("deepseek", "deepseek-ocr"):
            self._command("service", "add", name, "--profile", name, "--controller", str(controller))
        scopes = [part for name in ("signup", "consent", "token", "purge") for part in ("--scope", name)]
        self.key = self._command("key", "add", "deepseek", *scopes)
        self.ocr_key = self._command("key", "add", "deepseek-ocr", *scopes)
        secret = self._command("holder", "add", "deepseek", "chat-archive", f"{self.parts.holder}/purge-orders")
        holder_key = self._command("key", "add", "deepseek", "--scope", "holder", "--holder", "chat-archive")
        self.report.note("starting the downstream service and the data holder …")
        self.parts.start_downstream()
        self.parts.start_holder(holder_key, secret)
        mode = (self.parts.folder / "data" / "keys.json").stat().st_mode & 0o777
        self.report.expect(oct(mode), "0o600", "the mode of the key file")
        self.report.came(f"four parts run on loopback; agegate answers at {self.parts.issuer}")

    def ask_requirements(self) -> None:
        """What must be asked, before anybody types."""
        self.report.step("The signup backend asks what the rules require of somebody in the USA")
        found = self.api.get("/v1/requirements?country=US", 200)
        self.report.expect(found["minimum_age"], 14, "the minimum age of the profile deepseek")
        self.report.expect(found["consent_below"], 18, "the age below which a guardian consents")
        self.notice = found["notice"] if isinstance(found["notice"], dict) else {}
        self.report.came("below 14 nobody, from 14 to 17 with a guardian; the notice to agree to is named")

    def adult(self) -> None:
        """An adult gets in at once."""
        self.report.step("An adult signs up to deepseek")
        body = {"date_of_birth": born(30, self._today()), "country": "US", "audience": self.parts.downstream}
        found = self.api.put("/v1/subjects/sam-30", body, 201)
        self.report.expect(found["decision"], "allowed", "the decision for an adult")
        reply = self._enter(str(found.get("token", "")))
        self.report.expect(reply.status_code, 200, "the downstream service's answer to the adult")
        self.report.came("allowed at once; the downstream service lets the token in")

    def twelve(self) -> None:
        """A child is blocked, and stays blocked."""
        self.report.step("A 12-year-old signs up to deepseek, then tries again with an older date")
        child = {"date_of_birth": born(12, self._today()), "country": "US"}
        found = self.api.put("/v1/subjects/kim-12", child, 201)
        self.report.expect(found["decision"], "blocked", "the decision for a 12-year-old")
        older = self.api.put("/v1/subjects/kim-12", child | {"date_of_birth": born(25, self._today())}, 200)
        self.report.expect(older["decision"], "blocked", "the answer to the second try")
        self.api.post("/v1/tokens", {"subject": "kim-12", "audience": self.parts.downstream}, 403)
        self.report.came("blocked, also on the second try; nothing is stored but keyed digests that expire")

    def sixteen(self) -> None:
        """A minor agrees, and waits for a guardian."""
        self.report.step("A 16-year-old signs up to deepseek and agrees to the notice")
        assent = {
            "policy_version": self.notice["policy_version"],
            "locale": self.notice["locale"],
            "notice_sha256": self.notice["sha256"],
        }
        body = {"date_of_birth": born(16, self._today()), "country": "US", "assent": assent}
        found = self.api.put("/v1/subjects/alex-16", body, 201)
        self.report.expect(found["decision"], "consent_required", "the decision for a 16-year-old")
        self.api.post("/v1/tokens", {"subject": "alex-16", "audience": self.parts.downstream}, 403)
        self.report.came("consent required; the minor's own agreement is recorded; no token before the guardian's")

    def fifteen_in_three_countries(self) -> None:
        """The same age, three laws."""
        self.report.step("A 15-year-old in Germany, in Spain and in the USA signs up to deepseek-ocr")
        api = Wire(self.parts.issuer, self.ocr_key, self.report)
        for country, wanted in (("DE", "blocked"), ("ES", "allowed"), ("US", "allowed")):
            body = {"date_of_birth": born(15, self._today()), "country": country}
            found = api.put(f"/v1/subjects/robin-15-{country.lower()}", body, 201)
            self.report.expect(found["decision"], wanted, f"the decision for a 15-year-old in {country}")
        self.report.came("Germany (16): blocked; Spain (14): allowed; USA (13): allowed")

    def ask_guardian(self) -> None:
        """The question leaves by mail."""
        self.report.step("The service names a guardian; the question arrives by mail")
        asked = self.api.post(
            "/v1/subjects/alex-16/consent-requests", {"guardian_email": GUARDIAN, "child_name": "Alex"}, 202
        )
        self.request = str(asked["id"])
        mail = self.parts.mailbox.wait(1)
        if mail is None:
            raise Differs("a mail to the guardian should arrive within 15 seconds and does not.")
        self.report.expect(mail["to"], GUARDIAN, "the recipient")
        self.link = link_in(mail)
        self.report.note(f"Subject: {mail['subject']}")
        self.report.note(f"Message-ID: {mail['message-id']}")
        self.report.expect(self.link.startswith(self.parts.issuer), True, "the link leading to agegate")
        self.report.came("one mail over SMTP, with one link; no name, age or date of the child in its subject")

    def scanner(self) -> None:
        """Opening the link decides nothing."""
        self.report.step("A mail scanner opens the link three times")
        for _ in range(3):
            httpx.get(self.link, trust_env=False, follow_redirects=True)
        found = self.api.get(f"/v1/subjects/alex-16/consent-requests/{self.request}", 200)
        self.report.expect(found["state"], "pending", "the state after a scanner opened the link")
        self.report.came("still pending: a GET changes nothing")

    def guardian_answers(self) -> None:
        """Only a chosen answer counts."""
        self.report.step("The guardian opens the page, forgets to choose, then consents")
        page = self.browser.get(self.link)
        self.report.wire(page)
        form = {"nonce": nonce_in(page)}
        empty = self.browser.post(f"{self.parts.issuer}/guardian", data=form)
        self.report.expect(empty.status_code, 422, "the status of a form without an answer")
        answered = self.browser.post(f"{self.parts.issuer}/guardian", data=form | {"answer": "grant"})
        self.report.wire(answered)
        self.report.expect(answered.status_code, 200, "the status of the answer")
        found = self.api.get("/v1/subjects/alex-16", 200)
        self.report.expect(found["decision"], "consented", "the decision after both agreed")
        self.report.came("consented: minor and guardian agreed to the same notice")

    def fetch_token(self) -> None:
        """The token, decoded."""
        self.report.step("The service fetches a token; we look inside")
        self.token = self.token_of(201)
        for part, name in zip(self.token.split(".")[:2], ("header", "claims"), strict=True):
            self.report.note(f"{name}: {json.dumps(json.loads(base64.urlsafe_b64decode(part + '==')))}")
        self.report.came("an ES256 token of ten minutes; no date of birth, age, address or country in it")

    def show_token(self) -> None:
        """A process that knows only the issuer's keys decides."""
        self.report.step("The downstream process, which knows only the issuer's public keys, decides")
        head, claims, signature = self.token.split(".")
        forged = f"{head}.{claims[:-2]}{'AA' if claims[-2:] != 'AA' else 'BB'}.{signature}"
        for token, wanted, what in (
            (self.token, 200, "the token"),
            (forged, 401, "a changed token"),
            ("", 401, "none"),
        ):
            reply = self._enter(token)
            self.report.wire(reply)
            self.report.expect(reply.status_code, wanted, f"the downstream service's answer to {what}")
        self.report.came("let in with the token, refused with a changed one and without")

    def open_question(self) -> str:
        """A link that still waits for an answer, to try by hand."""
        body = {"date_of_birth": born(15, self._today()), "country": "US"}
        self.api.put("/v1/subjects/jo-15", body, 201)
        before = len(self.parts.mailbox.received)
        self.api.post("/v1/subjects/jo-15/consent-requests", {"guardian_email": GUARDIAN, "child_name": "Jo"}, 202)
        mail = self.parts.mailbox.wait(before + 1)
        return link_in(mail) or "(no mail came)"

    def token_of(self, status: int) -> str:
        """Asks for a token of the 16-year-old."""
        found = self.api.post("/v1/tokens", {"subject": "alex-16", "audience": self.parts.downstream}, status)
        return str(found.get("token", ""))

    def _command(self, *arguments: str) -> str:
        self.report.note(f"$ agegate {' '.join(arguments)}")
        return self.parts.command(*arguments)

    def _enter(self, token: str) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx.get(self.parts.downstream, headers=headers, trust_env=False)

    @staticmethod
    def _today() -> date:
        return datetime.now(UTC).date()
