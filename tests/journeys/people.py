"""The people of the journeys, and the steps that many journeys share. Ages are those of 22 November 2026."""

import re

import httpx

from tests.houses import Home, Json

ADULT, SIXTEEN, FIFTEEN, TWELVE = "1996-05-01", "2010-05-01", "2011-05-01", "2014-05-01"
GUARDIAN = "guardian@example.org"
LINK = re.compile(r"/g/[A-Za-z0-9_-]+")
NONCE = re.compile(r'name="nonce" value="([^"]+)"')


def sign_up(
    home: Home, subject: str, born: str, country: str = "US", service: str = "game", **more: object
) -> httpx.Response:
    """PUT /v1/subjects/{subject}."""
    body: Json = {"date_of_birth": born, "country": country, **more}
    return home.call("PUT", f"/v1/subjects/{subject}", body, key=home.keys[service])


def notice(home: Home, service: str = "game") -> Json:
    """The notice that the service names, as an assent names it back."""
    found = home.call("GET", "/v1/requirements?country=US", key=home.keys[service]).json()["notice"]
    return {
        "policy_version": found["policy_version"],
        "locale": found["locale"],
        "notice_sha256": found["sha256"],
    }


def waiting_minor(home: Home, subject: str = "alex", *, assent: bool = True) -> None:
    """A 16-year-old who waits for a guardian."""
    more: dict[str, object] = {"assent": notice(home)} if assent else {}
    assert sign_up(home, subject, SIXTEEN, "US", "game", **more).json()["decision"] == "consent_required"


def ask_guardian(home: Home, subject: str = "alex", guardian: str = GUARDIAN, **more: object) -> str:
    """A consent request, mailed; returns its id."""
    path = f"/v1/subjects/{subject}/consent-requests"
    reply = home.call("POST", path, {"guardian_email": guardian, **more}, key=home.keys["game"])
    assert reply.status_code == 202, reply.text
    home.work()
    return str(reply.json()["id"])


def link_in_last_mail(home: Home) -> str:
    """The path of the link in the newest mail."""
    part = home.mails()[-1].get_body(("plain",))
    found = LINK.search(part.get_content()) if part else None
    assert found is not None
    return found[0]


def open_page(home: Home, link: str) -> tuple[str, httpx.Response]:
    """Follows a link as a browser does: the cookie, and the page it leads to."""
    first = home.browse("GET", link)
    assert first.status_code == 303, first.text
    cookie = first.headers["set-cookie"].partition(";")[0]
    return cookie, home.browse("GET", first.headers["location"], cookie=cookie)


def answer(home: Home, choice: str, link: str | None = None) -> httpx.Response:
    """The guardian's answer: `grant` or `decline`."""
    cookie, page = open_page(home, link or link_in_last_mail(home))
    nonce = NONCE.search(page.text)
    assert nonce is not None
    return home.browse("POST", "/guardian", {"nonce": nonce[1], "answer": choice}, cookie)


def consented_minor(home: Home, subject: str = "alex") -> str:
    """A 16-year-old whose guardian consented; returns the request's id."""
    waiting_minor(home, subject)
    request = ask_guardian(home, subject)
    assert answer(home, "grant").status_code == 200
    home.work()
    return request


def withdraw(home: Home, choice: str) -> httpx.Response:
    """The guardian takes it back by the link in the receipt's mail: `withdraw` or `delete_now`."""
    cookie, page = open_page(home, link_in_last_mail(home))
    nonce = NONCE.search(page.text)
    assert nonce is not None
    return home.browse("POST", "/guardian/manage", {"nonce": nonce[1], "choice": choice, "sure": "yes"}, cookie)


def decision(home: Home, subject: str, service: str = "game") -> str:
    """What GET says about the subject."""
    return str(home.call("GET", f"/v1/subjects/{subject}", key=home.keys[service]).json().get("decision"))


def token(home: Home, subject: str, service: str = "game") -> httpx.Response:
    """POST /v1/tokens for the audience `chat`."""
    return home.call("POST", "/v1/tokens", {"subject": subject, "audience": "chat"}, key=home.keys[service])
