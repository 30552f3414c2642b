"""The composition root's part for the guardian's pages: which page gets which flow. It builds, and decides nothing."""

from starlette.routing import BaseRoute

from agegate.flows.answer_consent import AnswerConsent
from agegate.flows.ask_manage_link import AskManageLink
from agegate.flows.end_undeliverable import EndUndeliverable
from agegate.flows.grant_consent import GrantConsent
from agegate.flows.stop_request import StopRequest
from agegate.flows.switch_purposes import SwitchPurposes
from agegate.flows.withdraw_consent import WithdrawConsent
from agegate.flows.write_receipt import WriteReceipt
from agegate.house import House
from agegate.web.consent_facts import ConsentFacts
from agegate.web.counter import Counter
from agegate.web.guardian_facts import GuardianFacts
from agegate.web.guardian_routes import GuardianRoutes
from agegate.web.guardian_visits import Visits
from agegate.web.manage_routes import ManageRoutes
from agegate.web.new_link_routes import NewLinkRoutes
from agegate.web.stop_routes import StopRoutes


def guardian_routes(house: House, counter: Counter) -> list[BaseRoute]:
    """Every address that a guardian's browser comes to."""
    receipt = WriteReceipt(house.rules, house.digests, house.keys, house.entropy)
    withdraw = WithdrawConsent(house.rules, house.purge, house.announce, house.sticky)
    answer = AnswerConsent(GrantConsent(receipt, house.announce), withdraw, house.purge, house.announce)
    issuer, facts = house.settings.public_issuer, GuardianFacts(house.rules)
    visits = Visits(counter, house.open_link, issuer, house.keyring.derive("guardian-cookie"))
    stop = StopRequest(house.vault, house.digests, EndUndeliverable(house.announce))
    families = (
        GuardianRoutes(visits, answer, facts),
        ManageRoutes(visits, withdraw, SwitchPurposes(house.rules), ConsentFacts(house.rules)),
        StopRoutes(visits, stop, facts),
        NewLinkRoutes(counter, AskManageLink(house.digests, house.entropy), issuer),
    )
    return [route for family in families for route in family.routes()]
