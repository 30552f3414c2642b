"""The composition root's part for the guardian's pages: which page gets which flow. It builds, and decides nothing."""

from starlette.routing import BaseRoute

from agegate.flows.answer_consent import AnswerConsent
from agegate.flows.ask_manage_link import AskManageLink
from agegate.flows.attest_guardian import AttestGuardian
from agegate.flows.confirm_consent import ConfirmConsent
from agegate.flows.end_undeliverable import EndUndeliverable
from agegate.flows.grant_consent import GrantConsent
from agegate.flows.note_consent_event import NoteConsentEvent
from agegate.flows.review_request import ReviewRequest
from agegate.flows.start_sign_in import StartSignIn
from agegate.flows.stop_request import StopRequest
from agegate.flows.switch_purposes import SwitchPurposes
from agegate.flows.withdraw_consent import WithdrawConsent
from agegate.flows.write_receipt import WriteReceipt
from agegate.house import House
from agegate.remote.outbound import Outbound
from agegate.remote.verifiers import Verifiers, open_verifiers
from agegate.web.assurance_facts import AssuranceFacts
from agegate.web.assurance_routes import AssuranceRoutes
from agegate.web.attestation_routes import AttestationRoutes
from agegate.web.bounce_routes import BounceRoutes
from agegate.web.consent_facts import ConsentFacts
from agegate.web.counter import Counter
from agegate.web.guardian_facts import GuardianFacts
from agegate.web.guardian_routes import GuardianRoutes
from agegate.web.guardian_visits import Visits
from agegate.web.manage_routes import ManageRoutes
from agegate.web.new_link_routes import NewLinkRoutes
from agegate.web.stop_routes import StopRoutes


def guardian_routes(house: House, counter: Counter) -> list[BaseRoute]:
    """Every address that a guardian's browser comes to, and those at which others speak about a guardian."""
    receipt = WriteReceipt(house.rules, house.digests, house.keys, house.entropy)
    note = NoteConsentEvent(house.keys)
    withdraw = WithdrawConsent(house.rules, house.purge, house.announce, house.sticky, note)
    switch = SwitchPurposes(house.rules, house.announce, note)
    grant, verifiers = GrantConsent(receipt, house.announce, house.settle.consent), guardian_verifiers(house)
    answer = AnswerConsent(grant, withdraw, house.purge, house.announce)
    issuer, facts = house.settings.public_issuer, GuardianFacts(house.rules, verifiers)
    sign_in = StartSignIn(house.sign_ins, house.digests, house.entropy)
    confirm = ConfirmConsent(house.rules, grant)
    visits = Visits(counter, house.open_link, issuer, house.keyring.derive("guardian-cookie"))
    stop = StopRequest(house.vault, house.digests, EndUndeliverable(house.announce))
    review, secret = ReviewRequest(EndUndeliverable(house.announce)), house.settings.mail_webhook_secret
    families = (
        GuardianRoutes(visits, answer, facts),
        AssuranceRoutes(visits, answer, confirm, sign_in, verifiers, AssuranceFacts()),
        AttestationRoutes(counter, verifiers, review, AttestGuardian(house.audit)),
        ManageRoutes(visits, withdraw, switch, ConsentFacts(house.rules)),
        StopRoutes(visits, stop, facts),
        BounceRoutes(counter, house.take_bounce, secret.get_secret_value() if secret else None),
        NewLinkRoutes(counter, AskManageLink(house.digests, house.entropy), issuer),
    )
    return [route for family in families for route in family.routes()]


def guardian_verifiers(house: House) -> Verifiers:
    """Who can tell that a guardian is an adult, by the settings. Raises CannotStart."""
    settings, digests = house.settings, house.digests
    outbound = Outbound(settings.allow_loopback)
    return open_verifiers(settings.guardian_providers, outbound, lambda *parts: digests.reference("sign-in", *parts))
