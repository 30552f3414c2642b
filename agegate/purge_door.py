"""The composition root's part for purges: what call and what due work gets which flow. It only builds."""

from starlette.routing import BaseRoute

from agegate.flows.certify_purge import CertifyPurge
from agegate.flows.close_leg import CloseLeg
from agegate.flows.confirm_leg import ConfirmLeg
from agegate.flows.due import Due
from agegate.flows.escalate_leg import EscalateLeg
from agegate.flows.forget_evidence import forget_evidence
from agegate.flows.purge_subject import PurgeSubject
from agegate.flows.record_delivery import RecordDelivery
from agegate.flows.record_tombstone import RecordTombstone
from agegate.flows.view_purge import ViewPurges
from agegate.flows.write_event import WriteEvent
from agegate.flows.write_operator_note import WriteOperatorNote
from agegate.flows.write_order import WriteOrder
from agegate.house import House
from agegate.remote.kept import Kept
from agegate.remote.mailing import Mailing
from agegate.remote.outbound import Outbound
from agegate.remote.webhooks import Webhooks
from agegate.web.counter import Counter
from agegate.web.event_routes import EventRoutes
from agegate.web.leg_routes import LegRoutes
from agegate.web.purge_routes import PurgeRoutes
from agegate.worker.burial import Burial
from agegate.worker.deliveries import Deliveries
from agegate.worker.operator_mail import OperatorMail
from agegate.worker.outcome import Act
from agegate.worker.retry import Retry
from agegate.worker.timers import Timers


def purge_routes(house: House, counter: Counter) -> list[BaseRoute]:
    """The calls of services, of holders and of the operator's people about purges."""
    confirm, close = ConfirmLeg(house.entropy, house.audit), CloseLeg(house.entropy, house.audit)
    families = (
        PurgeRoutes(counter, PurgeSubject(house.purge), ViewPurges(_orders(house))),
        LegRoutes(counter, confirm, close),
        EventRoutes(counter, WriteEvent(house.vault)),
    )
    return [route for family in families for route in family.routes()]


def purge_acts(house: House, retry: Retry, kept: Kept) -> dict[str, Act]:
    """What the worker does about purges, and about what services are told."""
    settings = house.settings
    escalate = EscalateLeg(house.announce, house.entropy, settings.operator_mail)
    record = RecordDelivery(house.audit, escalate)
    webhooks = Webhooks(Outbound(settings.allow_loopback, kept=kept))
    told = Deliveries(house.store, WriteEvent(house.vault), _orders(house), webhooks, record, retry)
    timers = Timers(house.store, CertifyPurge(house.keys, house.announce, house.entropy, house.rules), record)
    notes = WriteOperatorNote(settings.public_issuer, settings.mail_from, settings.operator_mail)
    return {
        Due.EVENT: told.event,
        Due.LEG: told.order,
        Due.LEG_OVERDUE: timers.run(escalate),
        Due.OPERATOR_MAIL: OperatorMail(house.store, Mailing(house.transport), notes, retry),
        Due.TOMBSTONE: Burial(house.store, house.ledger, RecordTombstone(house.entropy)),
        Due.CERTIFICATE: timers.run(timers.certificate),
        Due.FORGET_EVIDENCE: timers.run(forget_evidence),
        Due.FORGET_SUBJECT: timers.forget,
    }


def _orders(house: House) -> WriteOrder:
    return WriteOrder(house.vault, house.digests, house.keys, house.settings.public_issuer)
