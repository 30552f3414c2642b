"""The demo's second half: the consent is withdrawn, the data goes everywhere, and it is proven."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx

from agegate.demo.mailbox import link_in
from agegate.demo.parts import Parts
from agegate.demo.report import Differs, Report
from agegate.demo.wire import Wire, nonce_in
from agegate.signing.verify import Claims, Kind, PublicKeys, verify

PATIENCE_SECONDS = 20.0


@dataclass(slots=True)
class Purging:
    """What the scenes hand on to each other."""

    parts: Parts
    report: Report
    api: Callable[[], Wire]
    browser: httpx.Client
    link: str = ""
    purge: str = ""
    page: str = ""

    def receipt_arrives(self) -> None:
        """The guardian gets the receipt, with a way out."""
        self.report.step("The receipt arrives by mail, with a link to change one's mind")
        mail = self.parts.mailbox.wait(2)
        if mail is None:
            raise Differs("the receipt should arrive within 15 seconds and does not.")
        self.report.note(f"Subject: {mail['subject']}")
        receipts = [part.get_content() for part in mail.iter_attachments()]
        claims = self._verify(_as_text(receipts[0]), Kind.CONSENT_RECEIPT)
        self.report.note(f"receipt: {', '.join(sorted(claims))}")
        self.page = _as_text(receipts[1])
        self.link = link_in(mail)
        self.report.came("a signed receipt that verifies offline and names nobody")

    def withdraw(self) -> None:
        """One step, as easy as giving it."""
        self.report.step("The guardian withdraws the consent: delete now")
        page = self.browser.get(self.link)
        self.report.wire(page)
        form = {"nonce": nonce_in(page), "choice": "delete_now", "sure": "yes"}
        done = self.browser.post(f"{self.parts.issuer}/guardian/manage", data=form)
        self.report.wire(done)
        self.report.expect(done.status_code, 200, "the status of the withdrawal")
        self.report.came("withdrawn and shut in the same transaction; the purge is ordered")

    def shut(self, token_of: Callable[[int], str]) -> None:
        """No token any more."""
        self.report.step("The service asks for another token")
        token_of(410)
        found = self.api().get("/v1/subjects/alex-16", 200)
        self.report.expect(found["decision"], "purged", "the decision after the withdrawal")
        self.report.came("no token, and agegate itself holds nothing of the subject any more")

    def holder_deletes(self) -> None:
        """The order reaches the holder, who deletes and confirms."""
        self.report.step("The data holder receives the signed order, deletes and confirms")
        events = self.api().get("/v1/events", 200)["events"]
        told = [event["type"] for event in events] if isinstance(events, list) else []
        self.report.note(f"events so far: {', '.join(told)}")
        self.purge = self._find_purge()
        until = time.monotonic() + PATIENCE_SECONDS
        while (found := self._look())["state"] != "completed":
            if time.monotonic() > until:
                raise Differs(f"the purge should be completed within {PATIENCE_SECONDS:.0f} seconds: {found}")
            time.sleep(0.1)
        legs = self.api().get(f"/v1/purges/{self.purge}", 200)["legs"]
        counts = legs[0]["counts"] if isinstance(legs, list) else None
        self.report.expect(counts, {"messages": 42, "pictures": 7}, "what the holder deleted")
        held = httpx.get(f"{self.parts.holder}/records", trust_env=False)
        self.report.wire(held)
        self.report.expect(held.json(), {}, "what the holder still has")
        self.report.came("42 messages and 7 pictures deleted downstream, confirmed by the holder itself")

    def certificate(self) -> None:
        """The evidence, checked with public keys only."""
        self.report.step("The certificate is fetched and verified with the public keys")
        signed = self.api().text(f"/v1/purges/{self.purge}/certificate", 200)
        claims = self._verify(signed, Kind.PURGE_CERTIFICATE)
        self.report.note(f"certificate: {dict(claims)}")
        self.report.expect(claims["purge"], self.purge, "the purge that the certificate names")
        self.report.expect("alex-16" in str(claims), False, "the subject's name being in the certificate")
        self.parts.command("purge", "show", self.purge)
        self.report.came("the certificate verifies, names every holder, and names nobody")

    def receipt_outlives(self) -> None:
        """What the guardian kept still proves what was agreed to."""
        self.report.step("The guardian has the receipt's page checked, now that the data is gone")
        page, keys = self.parts.folder / "receipt.html", self.parts.folder / "archive.json"
        page.write_text(self.page)
        keys.write_bytes(httpx.get(f"{self.parts.issuer}/.well-known/jwks-archive.json", trust_env=False).content)
        words = ("receipt", "verify", str(page), "--keys", str(keys), "--accept-test")
        self.report.note(f"$ agegate {' '.join(words)}")
        found = self.parts.command(*words)
        self.report.expect("alex-16" in found, False, "the subject's name being in the receipt")
        self.report.came("the page and its proof agree, checked offline with the saved public keys")

    def _look(self) -> dict[str, str]:
        headers = {"Authorization": f"Bearer {self.api().key}"}
        address = f"{self.parts.issuer}/v1/purges/{self.purge}"
        found = httpx.get(address, headers=headers, trust_env=False).json()
        return {"state": str(found["state"])}

    def _find_purge(self) -> str:
        found = self.api().get("/v1/purges", 200)["purges"]
        if not isinstance(found, list) or len(found) != 1:
            raise Differs("there should be exactly one purge.")
        return str(found[0]["id"])

    def _verify(self, signed: str, kind: Kind) -> Claims:
        document = httpx.get(f"{self.parts.issuer}/.well-known/jwks.json", trust_env=False).json()
        keys = PublicKeys.from_jwks(document)
        now = datetime.now(UTC)
        return verify(signed, keys, kind=kind, issuer=self.parts.issuer, audience=None, now=now, accept_test=True)


def _as_text(content: object) -> str:
    return content.decode() if isinstance(content, bytes) else str(content)
