"""A guardian of whom the law wants proof signs in at a real provider, comes back, and then chooses."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import httpx
import pytest
from sqlalchemy import select

from agegate.clock import utc_now
from agegate.store.consents import REQUESTS
from tests.houses import Home, open_home
from tests.journeys.people import NONCE, decision, link_in_last_mail, open_page, sign_up
from tests.oidc.real_provider import SECRET, RealProvider, is_ready, real_provider

PROFILE = Path(__file__).parents[2] / "agegate" / "law" / "profiles" / "coppa-general.toml"
FORMS = 'action="/guardian/verify"'
REAL = [None] if is_ready() else []


@pytest.fixture(scope="module", params=REAL)
def real() -> Iterator[RealProvider]:
    with real_provider() as running:
        yield running


@pytest.fixture
def strict(tmp_path: Path, database_url: str, real: RealProvider) -> Iterator[Home]:
    """A house whose service `kids` demands a verified adult and knows one provider."""
    (tmp_path / "secret").write_text(SECRET, encoding="ascii")
    own = tmp_path / "data" / "profiles"
    own.mkdir(parents=True)
    text = PROFILE.read_text("utf-8").replace('name = "coppa-general"', 'name = "strict"')
    text = text.replace('methods = ["email", "email_plus"]', 'methods = ["verified"]')
    (own / "strict.toml").write_text(text.replace('assurance = "email_plus"', 'assurance = "verified"'), "utf-8")
    provider = {
        "name": "id",
        "label": "National ID",
        "kind": "oidc",
        "issuer": real.issuer,
        "client_id": "agegate",
        "client_secret_file": tmp_path / "secret",
        "accepts": ["age_over_18", "birthdate"],
    }
    opened = open_home(tmp_path, at=utc_now(), database_url=database_url, guardian_providers=[provider])
    opened.register("kids", "strict")
    yield opened
    opened.house.close()


def asked(home: Home, subject: str = "kim") -> tuple[str, str]:
    """A child whose guardian is asked: the request, and the link in the mail."""
    born = f"{home.clock().year - 10}-01-01"
    assert sign_up(home, subject, born, service="kids").json()["consent"]["assurance"] == "verified"
    path, body = f"/v1/subjects/{subject}/consent-requests", {"guardian_email": f"{subject}@example.org"}
    request = home.call("POST", path, body, key=home.keys["kids"]).json()["id"]
    home.work()
    return str(request), link_in_last_mail(home)


def begin(home: Home, link: str) -> tuple[str, str]:
    """The cookie, and the provider's address that the page leads to."""
    cookie, page = open_page(home, link)
    nonce = NONCE.search(page.text[page.text.index(FORMS) :])
    assert nonce is not None
    told = home.browse("POST", "/guardian/verify", {"nonce": nonce[1], "provider": "id"}, cookie)
    assert told.status_code == 200, told.text
    where = told.text.partition('class="button" href="')[2].partition('"')[0]
    return cookie, where.replace("&amp;", "&")


def back(home: Home, came_back: dict[str, str], cookie: str) -> httpx.Response:
    return home.browse("GET", f"/guardian/verified?{urlencode(came_back)}", cookie=cookie)


def choose(home: Home, link: str, choice: str) -> httpx.Response:
    cookie, page = open_page(home, link)
    nonce = NONCE.search(page.text[page.text.index('id="answer"') :])
    assert nonce is not None
    return home.browse("POST", "/guardian", {"nonce": nonce[1], "answer": choice}, cookie)


def kept(home: Home, request: str) -> dict[str, object]:
    with home.house.store.engine.connect() as connection:
        return dict(connection.execute(select(REQUESTS).where(REQUESTS.c.id == request)).mappings().one())


def test_a_yes_counts_after_a_sign_in_and_not_before(strict: Home, real: RealProvider) -> None:
    request, link = asked(strict)
    assert choose(strict, link, "grant").status_code == 403
    cookie, where = begin(strict, link)
    returned = back(strict, real.sign_in(where, "adult-by-birth"), cookie)
    assert (returned.status_code, returned.headers.get("location")) == (303, "/guardian")
    assert decision(strict, "kim", "kids") == "consent_required"
    assert choose(strict, link, "grant").status_code == 200
    assert decision(strict, "kim", "kids") == "consented"
    row = kept(strict, request)
    assert (row["method"], row["assurance"]) == ("oidc", "verified")
    assert "adult-by-birth" not in str(row)
    assert "1985" not in str(row)


def test_a_minor_is_no_guardian(strict: Home, real: RealProvider) -> None:
    request, link = asked(strict)
    cookie, where = begin(strict, link)
    assert back(strict, real.sign_in(where, "minor-by-birth"), cookie).status_code == 403
    assert kept(strict, request)["method"] is None


def test_the_way_back_works_once_in_its_own_browser_for_its_own_request(strict: Home, real: RealProvider) -> None:
    first, link = asked(strict)
    other, other_link = asked(strict, "alex")
    cookie, where = begin(strict, link)
    other_cookie, _ = begin(strict, other_link)
    came_back = real.sign_in(where, "adult-by-flag")
    assert back(strict, came_back, other_cookie).status_code == 409
    strict.clock.move(seconds=1)
    again_cookie, _ = open_page(strict, link)
    assert back(strict, came_back, again_cookie).status_code == 409
    assert back(strict, came_back, "").status_code == 409
    assert back(strict, came_back, cookie).status_code == 303
    assert back(strict, came_back, cookie).status_code == 409
    assert (kept(strict, first)["method"], kept(strict, other)["method"]) == ("oidc", None)


def test_a_guardian_may_always_say_no(strict: Home) -> None:
    _, link = asked(strict)
    assert choose(strict, link, "decline").status_code == 200
    assert strict.rows()["subjects"] == 0


def test_the_question_offers_no_yes_before_an_adult_is_shown(strict: Home) -> None:
    _, link = asked(strict)
    _, page = open_page(strict, link)
    assert ('value="grant"' in page.text, 'value="decline"' in page.text) == (False, True)


def test_nothing_personal_goes_to_the_provider(strict: Home) -> None:
    _, link = asked(strict)
    _, where = begin(strict, link)
    asks = urlsplit(where).query
    assert "example.org" not in asks
    assert "kim" not in asks
