"""The composition root: the one file that knows every room. It builds, and decides nothing.

Owns which flow gets which collaborator, which route which flow, and which due work which act. Opening the house
itself is `house.py`.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.routing import BaseRoute

from agegate.flows.answer_consent import AnswerConsent
from agegate.flows.certify_purge import CertifyPurge
from agegate.flows.confirm_leg import ConfirmLeg
from agegate.flows.due import Due
from agegate.flows.give_assent import GiveAssent, WithdrawAssent
from agegate.flows.issue_token import IssueToken
from agegate.flows.let_expire import LetExpire
from agegate.flows.purge_subject import PurgeSubject
from agegate.flows.record_delivery import RecordDelivery
from agegate.flows.record_mail import RecordMail
from agegate.flows.repeat_signup import RepeatSignup
from agegate.flows.request_consent import RequestConsent
from agegate.flows.sign_up import SignUp
from agegate.flows.stick_answer import StickAnswer
from agegate.flows.view_request import ResendMail
from agegate.flows.view_subject import ViewSubject
from agegate.flows.withdraw_consent import WithdrawConsent
from agegate.flows.write_event import WriteEvent
from agegate.flows.write_letter import WriteLetter
from agegate.flows.write_order import WriteOrder
from agegate.flows.write_receipt import WriteReceipt
from agegate.house import House
from agegate.remote.mailing import Mailing
from agegate.remote.outbound import Outbound
from agegate.remote.webhooks import Webhooks
from agegate.settings import LOOPBACK_NAMES, Environment
from agegate.signing.keys import jwks
from agegate.store.registry_cache import RegistryCache
from agegate.store.writer import StoreUnavailable
from agegate.web.consent_routes import ConsentRoutes
from agegate.web.counter import Counter
from agegate.web.edge import behind_edge
from agegate.web.guardian_facts import GuardianFacts
from agegate.web.guardian_routes import GuardianRoutes
from agegate.web.public_routes import PublicRoutes
from agegate.web.purge_routes import PurgeRoutes
from agegate.web.signup_routes import SignupRoutes
from agegate.worker.deliveries import Deliveries
from agegate.worker.loop import Worker
from agegate.worker.mail import Mail
from agegate.worker.outcome import Act
from agegate.worker.retry import Retry
from agegate.worker.timers import Timers


def web_app(house: House, *, with_worker: bool) -> Starlette:
    """The HTTP application; `with_worker` runs the worker beside it, in the same process."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        del app
        stop = asyncio.Event()
        tasks = [asyncio.create_task(worker(house).run(stop))] if with_worker else []
        yield
        stop.set()
        await asyncio.gather(*tasks)
        await house.transport.aclose()

    return behind_edge(
        _routes(house),
        issuer=house.settings.public_issuer,
        loopback_names=LOOPBACK_NAMES if house.settings.environment is Environment.TEST else (),
        entropy=house.entropy,
        unavailable=[StoreUnavailable],
        lifespan=lifespan,
    )


def _routes(house: House) -> list[BaseRoute]:
    counter = Counter(house.store, RegistryCache(house.store, house.clock), house.digests, house.clock)
    public = PublicRoutes(house.store, house.settings.public_issuer, jwks(house.keys.published))
    consent = ConsentRoutes(counter, _request_consent(house), ResendMail(house.entropy))
    purge = PurgeRoutes(counter, PurgeSubject(house.purge), ConfirmLeg(house.entropy), WriteEvent(house.vault))
    families = (public, _signup_routes(house, counter), consent, purge, _guardian_routes(house, counter))
    return [route for family in families for route in family.routes()]


def _request_consent(house: House) -> RequestConsent:
    return RequestConsent(house.rules, house.vault, house.digests, house.links, house.entropy)


def _signup_routes(house: House, counter: Counter) -> SignupRoutes:
    sticky = StickAnswer(house.digests, house.entropy)
    repeat = RepeatSignup(house.vault, sticky, house.purge, house.announce)
    tokens = IssueToken(house.rules, house.digests, house.entropy)
    return SignupRoutes(
        counter,
        house.rules,
        SignUp(house.rules, house.vault, house.entropy, sticky, repeat, tokens),
        ViewSubject(house.digests),
        GiveAssent(house.rules),
        WithdrawAssent(house.announce),
        tokens,
        house.signer,
    )


def _guardian_routes(house: House, counter: Counter) -> GuardianRoutes:
    receipt = WriteReceipt(house.rules, house.digests, house.signer, house.entropy)
    return GuardianRoutes(
        counter,
        house.open_link,
        AnswerConsent(receipt, house.purge, house.announce, house.entropy),
        WithdrawConsent(house.rules, house.purge, house.announce, house.entropy),
        GuardianFacts(house.rules),
        house.settings.public_issuer,
        house.keyring.derive("guardian-cookie"),
    )


def worker(house: House) -> Worker:
    """The worker, with an act for every kind of due work."""
    return Worker(house.store, house.clock, _acts(house))


def _acts(house: House) -> dict[str, Act]:
    issuer, retry, record = house.settings.public_issuer, Retry(house.entropy), RecordDelivery()
    letters = WriteLetter(house.rules, house.vault, house.open_link, house.links, issuer, house.settings.mail_from)
    mail = Mail(house.store, letters, Mailing(house.transport), RecordMail(house.announce), retry)
    orders = WriteOrder(house.vault, house.signer, issuer)
    webhooks = Webhooks(Outbound(house.settings.allow_loopback))
    told = Deliveries(house.store, WriteEvent(house.vault), orders, webhooks, record, retry)
    expire = LetExpire(house.purge, house.announce)
    timers = Timers(house.store, expire, CertifyPurge(house.signer, house.announce, house.entropy), record)
    return {
        Due.REQUEST_MAIL: mail.question,
        Due.RECEIPT_MAIL: mail.receipt,
        Due.REQUEST_EXPIRY: timers.run(expire.request),
        Due.SUBJECT_EXPIRY: timers.run(expire.subject),
        Due.WITHDRAWAL: timers.run(expire.grace),
        Due.EVENT: told.event,
        Due.LEG: told.order,
        Due.CERTIFICATE: timers.run(timers.certificate),
        Due.FORGET_SUBJECT: timers.forget,
    }
