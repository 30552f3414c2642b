"""The real flows of one service on one open transaction: many steps, and nothing of them is kept."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from starlette.applications import Starlette
from starlette.routing import Route

from agegate.app import web_app
from agegate.clock import Clock
from agegate.flows.forms import ConsentRequestForm, CorrectionForm, SignupForm
from agegate.flows.let_expire import LetExpire
from agegate.flows.register import Controller, Register
from agegate.flows.rule_book import RuleBook
from agegate.flows.standing import SubjectView
from agegate.house import House, open_house
from agegate.law.loader import load_law, shipped_profiles
from agegate.rules.consent import Answer
from agegate.rules.errors import AgeGateError
from agegate.rules.purge import PurgeReason
from agegate.settings import Settings
from agegate.store.consents import requests_of
from agegate.store.records import Service, Subject
from agegate.store.registry import find_service
from agegate.store.subjects import find_subject
from agegate.store.transaction import Transaction
from agegate.web.consent_routes import ConsentRoutes
from agegate.web.correction_routes import CorrectionRoutes
from agegate.web.guardian_routes import GuardianRoutes
from agegate.web.signup_routes import SignupRoutes

GUARDIAN = "guardian@example.org"
CONTROLLER = Controller("Example Chat Ltd", "1 Example Street, Dublin", "privacy@example.com")
T = TypeVar("T")


def one_consent_is_enough() -> RuleBook:
    """The packaged rules, with a `deepseek` whose minors need not agree themselves: one step fewer to a consent."""
    law = load_law()
    return RuleBook.of(law, {"deepseek": replace(shipped_profiles(law)["deepseek"], assent_needed=False)})


def family(app: Starlette, kind: type[T]) -> T:
    """The routes of one family, with the flows they were wired with."""
    owners = (getattr(route.endpoint, "__self__", None) for route in app.routes if isinstance(route, Route))
    return next(owner for owner in owners if isinstance(owner, kind))


@dataclass(frozen=True, slots=True)
class Line:
    """One service, one transaction, and the verbs of its people."""

    house: House
    tx: Transaction
    service: Service
    signup: SignupRoutes
    consent: ConsentRoutes
    guardian: GuardianRoutes
    correction: CorrectionRoutes

    def sign_up(self, subject: str, form: SignupForm, now: datetime) -> SubjectView:
        ready = self.signup.sign_up.prepare(self.service, subject, form, now)
        assert not isinstance(ready, AgeGateError)
        return self.signup.sign_up(self.tx, self.service, subject, form, ready, None, now).view

    def held(self, subject: str) -> Subject | None:
        return find_subject(self.tx, self.service.name, subject)

    def ask(self, subject: str, now: datetime) -> str | None:
        """A question to the guardian, or None where nobody can be asked."""
        form = ConsentRequestForm(GUARDIAN)
        asked = self.consent.request_consent(self.tx, self.service, subject, form, now)
        return None if isinstance(asked, AgeGateError) else asked.id

    def answer(self, request: str, answer: Answer, now: datetime) -> None:
        assert not isinstance(self.guardian.answer(self.tx, request, answer, now), AgeGateError)

    def withdraw(self, held: Subject, now: datetime, *, delete_now: bool) -> str:
        """Takes the consent back that admitted somebody; returns its request."""
        granted = next(each.id for each in requests_of(self.tx, held.id) if each.id == held.consent_request)
        self.guardian.answer.withdraw(self.tx, granted, now, delete_now=delete_now)
        return granted

    def correct(self, subject: str, form: CorrectionForm, now: datetime) -> object:
        return self.correction.correct(self.tx, self.service, subject, form, "jo", now)

    def purge(self, subject: str, reason: PurgeReason, now: datetime) -> None:
        self.house.purge(self.tx, self.service.name, subject, reason, now)

    @property
    def expire(self) -> LetExpire:
        return LetExpire(self.house.purge, self.house.announce, self.house.settle)


class Lines:
    """A house whose every line starts with a service of its own and ends in a rollback."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        opened = open_house(Settings(data=folder), clock)
        self.house = replace(opened, rules=one_consent_is_enough())
        self.app = web_app(self.house, with_worker=False)
        self._count = 0

    @contextmanager
    def begin(self, now: datetime) -> Iterator[Line]:
        """A line; what is done in it is gone afterwards."""
        self._count += 1
        name = f"service-{self._count}"
        with self.house.store.engine.connect() as connection, connection.begin() as transaction:
            tx = Transaction(connection)
            register = Register(self.house.vault, self.house.digests, self.house.entropy)
            register.service(tx, name, "deepseek", CONTROLLER, None, now)
            service = find_service(tx, name)
            assert service is not None
            yield Line(
                self.house,
                tx,
                service,
                family(self.app, SignupRoutes),
                family(self.app, ConsentRoutes),
                family(self.app, GuardianRoutes),
                family(self.app, CorrectionRoutes),
            )
            transaction.rollback()
