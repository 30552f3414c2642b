"""A house that is open: keys, database, rules and mail, for the server, the worker and every command.

Owns the order of opening and the refusals to start. What is done with it is wired in `app.py` and the commands.
"""

from dataclasses import dataclass, field
from pathlib import Path

from agegate.clock import Clock, utc_now
from agegate.entropy import Entropy, system_entropy
from agegate.environment import CannotStart, Environment
from agegate.flows.announce import Announce
from agegate.flows.end_undeliverable import EndUndeliverable
from agegate.flows.open_case import OpenCase
from agegate.flows.open_link import OpenLink
from agegate.flows.order_purge import OrderPurge
from agegate.flows.rule_book import RuleBook
from agegate.flows.settle_consent import SettleConsent
from agegate.flows.settle_standing import SettleStanding
from agegate.flows.stick_answer import StickAnswer
from agegate.flows.stop_request import StopRequest
from agegate.flows.take_bounce import TakeBounce
from agegate.flows.write_audit import WriteAudit
from agegate.law.loader import BadFile, all_profiles, load_law
from agegate.settings import Settings
from agegate.signing.letter_names import LetterNames
from agegate.signing.links import Links
from agegate.signing.sign_in_secrets import SignInSecrets
from agegate.signing.status_places import StatusPlaces
from agegate.store.connecting import Limits
from agegate.store.digests import Digests
from agegate.store.engine import open_engine
from agegate.store.key_book import KeyBook
from agegate.store.keyring import Keyring
from agegate.store.ledger import Ledger
from agegate.store.live_epochs import LiveEpochs
from agegate.store.own_keys import open_keyring, open_signing_keys
from agegate.store.registry import read_registry
from agegate.store.schema import is_current, require_current
from agegate.store.store import Store
from agegate.store.vault import Vault
from notifications.transports import BadMailUrl, FolderTransport, Transport, open_transport


@dataclass(frozen=True, slots=True)
class House:
    """Everything that is open: keys, database, rules, mail. Close it when done."""

    settings: Settings
    clock: Clock
    entropy: Entropy
    store: Store
    keyring: Keyring = field(repr=False)
    keys: KeyBook
    rules: RuleBook
    transport: Transport
    ledger: Ledger
    epochs: LiveEpochs

    @property
    def vault(self) -> Vault:
        """Seals and opens fields."""
        return Vault(self.keyring, self.entropy, self.epochs)

    @property
    def digests(self) -> Digests:
        """Recognises names without keeping them."""
        return Digests(self.keyring)

    @property
    def links(self) -> Links:
        """Derives guardians' links."""
        return Links(self.keyring.derive("links"))

    @property
    def letter_names(self) -> LetterNames:
        """Names letters so that a bounce can be believed."""
        return LetterNames(self.keyring.derive("letter-name"))

    @property
    def take_bounce(self) -> TakeBounce:
        """Takes what is said of letters afterwards."""
        end = EndUndeliverable(self.announce)
        return TakeBounce(self.letter_names, end, StopRequest(self.vault, self.digests, end))

    @property
    def sign_ins(self) -> SignInSecrets:
        """Derives what guardians' sign-ins carry."""
        return SignInSecrets(self.keyring.derive("guardian-sign-in"))

    @property
    def places(self) -> StatusPlaces:
        """Gives status list entries their places."""
        return StatusPlaces(self.keyring.derive("status-list"))

    @property
    def announce(self) -> Announce:
        """Tells services."""
        return Announce(self.entropy, self.audit)

    @property
    def audit(self) -> WriteAudit:
        """Keeps acts in the audit log."""
        return WriteAudit(self.digests, self.entropy)

    @property
    def purge(self) -> OrderPurge:
        """Orders purges."""
        stays = isinstance(self.transport, FolderTransport)
        return OrderPurge(self.vault, self.digests, self.entropy, self.sticky, self.audit, stays)

    @property
    def sticky(self) -> StickAnswer:
        """Remembers who was told no."""
        return StickAnswer(self.rules, self.digests, self.entropy)

    @property
    def settle(self) -> SettleStanding:
        """Moves subjects to where a new judgement puts them."""
        return SettleStanding(self.sticky, self.purge, self.announce, self.cases, SettleConsent(self.cases))

    @property
    def cases(self) -> OpenCase:
        """Opens cases about a subject's age."""
        return OpenCase(self.rules, self.vault, self.digests, self.entropy, self.announce)

    @property
    def open_link(self) -> OpenLink:
        """Finds the request of a link."""
        return OpenLink(self.links, self.vault)

    @property
    def alone(self) -> bool:
        """Whether this process is the only one that works on the agenda: one process owns the SQLite file."""
        return self.store.engine.dialect.name == "sqlite"

    def close(self) -> None:
        """Finishes what was handed to the writer and lets go of the database."""
        self.store.close()


def open_house(settings: Settings, clock: Clock = utc_now, entropy: Entropy = system_entropy) -> House:
    """Opens everything, or raises CannotStart with the reason; nothing half-open is left behind."""
    rules = load_rules(settings.data / "profiles")
    transport = _open_mail(settings)
    keyring = open_keyring(settings, entropy, clock())
    engine = open_engine(settings.database, limits_of(settings))
    in_test = settings.environment is Environment.TEST
    if in_test and not is_current(engine):
        from agegate.store.migrate import migrate_at

        migrate_at(settings.database)
    require_current(engine)
    store = Store(engine)
    try:
        keys = open_signing_keys(settings, store, Vault(keyring, entropy), clock, may_make=in_test)
        _require_profiles(store, rules)
    except CannotStart:
        store.close()
        raise
    ledger = Ledger(settings.ledger_folder, keyring.derive("ledger"))
    return House(
        settings, clock, entropy, store, keyring, keys, rules, transport, ledger, LiveEpochs(settings.key_file, clock)
    )


def limits_of(settings: Settings) -> Limits:
    """How long a statement of the server or the worker may take."""
    idle = settings.idle_in_transaction_timeout_seconds
    return Limits(settings.statement_timeout_seconds, settings.lock_timeout_seconds, idle)


def _open_mail(settings: Settings) -> Transport:
    try:
        return open_transport(settings.mail_address, settings.mail_from, settings.bounce_address)
    except BadMailUrl as fault:
        raise CannotStart(f"AGEGATE_MAIL_URL: {fault}") from None
    except ValueError as fault:
        raise CannotStart(f"AGEGATE_MAIL_FROM or AGEGATE_BOUNCE_ADDRESS: {fault}") from None


def _require_profiles(store: Store, rules: RuleBook) -> None:
    for service in store.read_now(read_registry).services.values():
        if service.profile not in rules.profiles:
            raise CannotStart(
                f"The service {service.name} uses the profile {service.profile}, which does not exist. "
                "Put its file into the folder `profiles` of the data folder, or give the service another one."
            )


def load_rules(folder: Path) -> RuleBook:
    """The law, the shipped profiles and those in a folder of one's own; CannotStart with every fault found."""
    try:
        law = load_law()
        return RuleBook.of(law, all_profiles(folder, law))
    except BadFile as fault:
        raise CannotStart(str(fault)) from None
