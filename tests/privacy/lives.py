"""A life that leaves something in every table that may hold a subject's data."""

from sqlalchemy import insert, select, update

from agegate.entropy import new_id, system_entropy
from agegate.flows.due import Due
from agegate.store.agenda import AGENDA
from agegate.store.consent_tables import ConsentRequestRow
from agegate.store.sign_in_tables import SignInRow
from agegate.store.subjects import SUBJECTS
from agegate.store.sweep_tables import SweptSubjectRow
from agegate.store.transaction import table_of
from tests.houses import Home
from tests.journeys.people import answer, notice, sign_up
from tests.privacy.canaries import BORN, CHILD, GUARDIAN, NAME, SUBJECT
from tests.reports.people import contest, reported

REPORTER, DETAIL = "canary-reporter-q7x", "canary-detail-q7x"
STRAY = "canary-of-a-stray-row-q7x"


def full_life(home: Home) -> None:
    """A guardian, an assent, a token, a service that is told, a younger date, claims of others, and strays."""
    home.register_holder("game", "logs", "")
    home.webhook("game", "http://127.0.0.1:9/hook")
    home.clock.move(seconds=2)
    facts: dict[str, object] = {"email": CHILD, "device_digest": "d" * 32, "assent": notice(home)}
    sign_up(home, SUBJECT, BORN, "US", "game", region="US-CA", country_hint="US", region_hint="US-NY", **facts)
    body = {"guardian_email": GUARDIAN, "child_name": NAME}
    home.call("POST", f"/v1/subjects/{SUBJECT}/consent-requests", body, key=home.keys["game"])
    home.work()
    answer(home, "grant")
    home.call("POST", "/v1/tokens", {"subject": SUBJECT, "audience": "https://chat.example"}, key=home.keys["game"])
    home.work()
    contest(home, reported(home, SUBJECT, "other", reporter=REPORTER, detail=DETAIL))
    signal = {"source": "parent-app", "age_upper": 11, "assurance": "high"}
    sign_up(home, SUBJECT, BORN, "US", "game", signals=[signal])  # found: restricted, with a case of our own
    _strays(home)


def _strays(home: Home) -> None:
    """What only rare ways write: a sign-in under way, a file's words, a person's review, work that failed."""
    request = table_of(ConsentRequestRow)
    soon = home.clock.now.replace(year=home.clock.now.year + 1)
    with home.house.store.engine.begin() as connection:
        row, subject = connection.execute(select(request.c.id, request.c.subject_id)).one()
        sign_in = {"id": new_id(system_entropy, home.clock()), "request_id": row, "provider": STRAY}
        connection.execute(insert(table_of(SignInRow)).values(**sign_in, browser_digest=STRAY, expires_at=soon))
        swept = {"subject_id": subject, "claim_reference_digest": STRAY, "sealed_guardian": STRAY, "locale": STRAY}
        connection.execute(insert(table_of(SweptSubjectRow)).values(**swept))
        connection.execute(update(request).values(reviewed_by=STRAY, method_reference=STRAY, method_by=STRAY))
        work = {"id": new_id(system_entropy, home.clock()), "kind": Due.COMING_MAIL, "ref": row, "due_at": soon}
        connection.execute(insert(AGENDA).values(**work, attempts=1, last_error=STRAY, lane=STRAY))
        connection.execute(update(SUBJECTS).values(consent_request=row))
