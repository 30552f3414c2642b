"""The composition root: the one file that knows every room. It builds, and decides nothing.

Owns which flow gets which collaborator, which route which flow, and which due work which act. Opening the house
itself is `house.py`.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Route
from starlette.types import StatelessLifespan

from agegate.environment import Environment
from agegate.flows.apply_tombstones import ApplyTombstones
from agegate.flows.ask_manage_link import SendManageLinks
from agegate.flows.ask_swept_guardian import AskSweptGuardian
from agegate.flows.come_of_age import ComeOfAge
from agegate.flows.correct_birth_date import CorrectBirthDate
from agegate.flows.decide_again import DecideAgain
from agegate.flows.due import Due
from agegate.flows.end_undeliverable import EndUndeliverable
from agegate.flows.forget_mailboxes import ForgetMailboxes
from agegate.flows.forget_reports import ForgetReports
from agegate.flows.give_assent import GiveAssent, WithdrawAssent
from agegate.flows.introspect import Introspect
from agegate.flows.judge_again import JudgeAgain
from agegate.flows.judge_guardian import JudgeGuardian
from agegate.flows.let_expire import LetExpire
from agegate.flows.look_ahead import LookAhead, LookAheadDaily
from agegate.flows.note_consent_event import NoteConsentEvent
from agegate.flows.record_mail import RecordMail
from agegate.flows.remind_guardian import RemindGuardian
from agegate.flows.renew_consent import RenewConsent
from agegate.flows.request_consent import RequestConsent
from agegate.flows.rotate_keys import KeepKeys, RotateKeys
from agegate.flows.view_request import ResendMail
from agegate.flows.view_subject import ViewSubject
from agegate.flows.watch_rules import WatchRules
from agegate.flows.write_last_letter import WriteLastLetter
from agegate.flows.write_letter import WriteLetter
from agegate.guardian_door import guardian_routes
from agegate.house import House
from agegate.purge_door import purge_acts, purge_routes
from agegate.records_office import end_hold, hold_routes, keep_epochs, rewrapping, sealing
from agegate.remote.kept import Kept
from agegate.remote.mailing import Mailing
from agegate.report_door import report_routes, report_timers
from agegate.settings import LOOPBACK_NAMES
from agegate.signup_desk import issue_token, sign_up
from agegate.store import agenda
from agegate.store.line import StoreUnavailable
from agegate.store.registry_cache import RegistryCache
from agegate.store.sticky import forget_sticky
from agegate.telemetry.process_log import PROCESS_LOG
from agegate.telemetry.requests import Line, Requests
from agegate.telemetry.scrape import Scrape
from agegate.telemetry.traces import Traces
from agegate.web.consent_routes import ConsentRoutes
from agegate.web.correction_routes import CorrectionRoutes
from agegate.web.counter import Counter
from agegate.web.edge import Edge
from agegate.web.metrics_routes import MetricsRoutes
from agegate.web.public_routes import PublicRoutes
from agegate.web.signup_routes import SignupRoutes
from agegate.web.status_lists import StatusLists
from agegate.web.tombstone_routes import TombstoneRoutes
from agegate.web.verification_routes import VerificationRoutes
from agegate.worker.ledger_keeper import LedgerKeeper
from agegate.worker.loop import Chore, Worker, name_of
from agegate.worker.mail import Mail
from agegate.worker.mail_files import MailFiles
from agegate.worker.outcome import Act
from agegate.worker.retry import Retry
from agegate.worker.timers import Timers


def web_app(
    house: House,
    *,
    with_worker: bool,
    write: Callable[[Line], None] = PROCESS_LOG.request,
    traces: Traces | None = None,
) -> Starlette:
    """The HTTP application; `with_worker` runs the worker beside it, in the same process; `write` logs requests.

    Its `state.scrape` answers what is counted, for a listener beside it.
    """
    requests, keeper = Requests(write), ledger_keeper(house)
    scrape = Scrape(house.store, house.clock, requests, PROCESS_LOG.dropped)

    app = Edge(
        [*_routes(house), *_metrics_routes(house, scrape).routes()],
        issuer=house.settings.public_issuer,
        loopback_names=LOOPBACK_NAMES if house.settings.environment is Environment.TEST else (),
        entropy=house.entropy,
        unavailable=[StoreUnavailable],
        lifespan=_lifespan(house, scrape, worker(house, traces) if with_worker else None),
        seen=traces.seeing(requests) if traces else requests,
        require_current=keeper.require_current,
    )
    app.state.scrape = scrape
    PROCESS_LOG.know(routes=(route.path for route in app.routes if isinstance(route, Route)), kinds=Due)
    return app


def _lifespan(house: House, scrape: Scrape, beside: Worker | None) -> StatelessLifespan[Starlette]:
    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        del app
        stop = asyncio.Event()
        if beside and house.alone:
            await house.store.write(agenda.release_all)
        tasks = [asyncio.create_task(beside.run(stop))] if beside else []
        yield
        stop.set()
        await asyncio.gather(*tasks)
        await house.transport.aclose()
        scrape.close()

    return lifespan


def _metrics_routes(house: House, scrape: Scrape) -> MetricsRoutes:
    token = house.settings.metrics_token
    in_test = house.settings.environment is Environment.TEST
    return MetricsRoutes(scrape, token.get_secret_value() if token else None, in_test)


def _routes(house: House) -> list[BaseRoute]:
    counter = Counter(house.store, RegistryCache(house.store, house.clock), house.digests, house.clock)
    public = PublicRoutes(house.store, house.settings.public_issuer)
    consent = ConsentRoutes(counter, _request_consent(house), ResendMail(house.entropy))
    correct = CorrectBirthDate(_judge_again(house), house.settle, house.entropy, house.audit)
    correction = CorrectionRoutes(counter, correct)
    signup, verification = _signup_routes(house, counter), _verification_routes(house, counter)
    tombstones, holds = TombstoneRoutes(counter), hold_routes(house, counter)
    families = (signup, public, verification, consent, correction, tombstones, holds)
    named = [route for family in families for route in family.routes()]
    return [*named, *purge_routes(house, counter), *guardian_routes(house, counter), *report_routes(house, counter)]


def _verification_routes(house: House, counter: Counter) -> VerificationRoutes:
    issuer, in_test = house.settings.public_issuer, house.settings.environment is Environment.TEST
    lists = StatusLists(house.store, house.keys, house.places, issuer, house.clock)
    introspect = Introspect(house.keys, house.places, issuer, accept_test=in_test)
    return VerificationRoutes(counter, house.keys, lists, introspect)


def _judge_again(house: House) -> JudgeAgain:
    return JudgeAgain(house.rules, house.vault)


def _decide_again(house: House) -> DecideAgain:
    renew = RenewConsent(_request_consent(house), house.settle)
    return DecideAgain(_judge_again(house), house.settle, house.entropy, renew)


def _request_consent(house: House) -> RequestConsent:
    judge = JudgeGuardian(_judge_again(house), house.digests)
    return RequestConsent(judge, house.vault, house.digests, house.links, house.entropy, house.audit)


def _signup_routes(house: House, counter: Counter) -> SignupRoutes:
    tokens = issue_token(house)
    return SignupRoutes(
        counter,
        house.rules,
        sign_up(house, tokens),
        ViewSubject(house.digests),
        GiveAssent(house.rules, house.audit, house.settle.consent),
        WithdrawAssent(house.rules, house.announce, house.sticky),
        tokens,
        house.keys,
    )


def worker(house: House, traces: Traces | None = None) -> Worker:
    """The worker, with an act for every kind of due work."""
    PROCESS_LOG.know(kinds=Due)
    age = timedelta(days=house.settings.rotate_after_days)
    rotate = KeepKeys(RotateKeys(house.vault, house.audit), house.keys, age)
    chores: list[Chore] = [rotate, ForgetMailboxes(), ForgetReports(), keep_epochs(house)]
    chores.append(LookAheadDaily(house.entropy))
    PROCESS_LOG.know(kinds=map(name_of, (forget_sticky, *chores)))
    lease = timedelta(seconds=house.settings.lease_seconds)
    watch, current = WatchRules(house.rules, house.entropy), ledger_keeper(house).stay_current
    kept = Kept()
    acts = _acts(house, kept)
    acts = traces.acting(acts) if traces else acts
    return Worker(house.store, house.clock, acts, watch, chores, lease, current, sealing(house), kept.aclose)


def ledger_keeper(house: House) -> LedgerKeeper:
    """What keeps the database beside the ledger of what was purged."""
    apply = ApplyTombstones(house.purge, house.digests, house.ledger)
    return LedgerKeeper(house.store, house.clock, apply)


def _mail_acts(house: House, retry: Retry) -> dict[str, Act]:
    issuer = house.settings.public_issuer
    links, names, sender = house.links, house.letter_names, house.settings.mail_from
    letters = WriteLetter(house.rules, house.vault, house.open_link, links, names, issuer, sender)
    mailing = Mailing(house.transport)
    mail = Mail(house.store, mailing, RecordMail(EndUndeliverable(house.announce)), retry)
    return {
        Due.REQUEST_MAIL: mail.asking(letters.question),
        Due.REMINDER_MAIL: mail.asking(letters.reminder),
        Due.CONFIRMATION_MAIL: mail.asking(letters.confirmation),
        Due.RECEIPT_MAIL: mail.telling(letters.receipt),
        Due.SUPERSEDED_MAIL: mail.telling(letters.superseded),
        Due.WITHDRAWAL_MAIL: mail.telling(letters.withdrawn),
        Due.COMING_MAIL: mail.telling(letters.coming_of_age),
        Due.MANAGE_MAIL: mail.telling(letters.manage_link),
        Due.MAIL_FILES: MailFiles(mailing, house.letter_names),
        Due.LAST_MAIL: mail.last(WriteLastLetter(house.rules, house.vault, house.settings.mail_from)),
    }


def _acts(house: House, kept: Kept) -> dict[str, Act]:
    retry = Retry(house.entropy)
    expire = LetExpire(house.purge, house.announce, house.settle)
    watch = WatchRules(house.rules, house.entropy)
    return {
        **_mail_acts(house, retry),
        **purge_acts(house, retry, kept),
        Due.REQUEST_REMINDER: Timers.run(RemindGuardian(house.entropy)),
        Due.MANAGE_LINKS: Timers.run(SendManageLinks(house.entropy)),
        Due.REQUEST_EXPIRY: Timers.run(expire.request),
        Due.SUBJECT_EXPIRY: Timers.run(expire.subject),
        Due.WITHDRAWAL: Timers.run(expire.grace),
        Due.ASSENT_WITHDRAWAL: Timers.run(expire.assent),
        Due.RULES: Timers.run(lambda tx, _, now: watch.compare(tx, now)),
        Due.LAW_DAY: Timers.run(watch.day),
        Due.REVIEW: Timers.run(LookAhead(_judge_again(house), house.entropy)),
        Due.OF_AGE: Timers.run(ComeOfAge(_judge_again(house), house.settle, NoteConsentEvent(house.keys))),
        Due.REDECIDE: Timers.run(_decide_again(house)),
        Due.REWRAP: rewrapping(house),
        Due.HOLD_END: Timers.run(end_hold(house).at_its_date),
        **{due: Timers.run(flow) for due, flow in report_timers(house).items()},
        Due.SWEPT_QUESTION: Timers.run(AskSweptGuardian(_request_consent(house))),
    }
