"""The configured guardian verifiers, opened at start: their secrets read, their addresses judged.

Owns who serves which service. What each of them does is in the files beside this one.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from agegate.environment import CannotStart
from agegate.provider_settings import GuardianProvider, OidcSettings, ThirdPartySettings, read_secret
from agegate.remote.guardian_verifier import GuardianVerifier
from agegate.remote.guardian_webhook import GuardianWebhook
from agegate.remote.outbound import Outbound, address_fault
from agegate.remote.webhooks import SECRET_PREFIX

Refer = Callable[[str, str, str], str]


@dataclass(frozen=True, slots=True)
class Verifiers:
    """All of them, by name."""

    known: tuple[GuardianVerifier, ...]

    def of(self, service: str) -> tuple[GuardianVerifier, ...]:
        """Those that guardians of a service may use, in the order of the settings."""
        return tuple(each for each in self.known if each.serves(service))

    def find(self, name: str, service: str) -> GuardianVerifier | None:
        """The one of that name, if it may be used for that service."""
        return next((each for each in self.of(service) if each.name == name), None)

    def webhook(self, name: str) -> GuardianWebhook | None:
        """The one of that name that tells its results by webhook."""
        return next((each for each in self.known if each.name == name and isinstance(each, GuardianWebhook)), None)


def open_verifiers(settings: Iterable[GuardianProvider], outbound: Outbound, refer: Refer) -> Verifiers:
    """Opens what the settings name. Raises CannotStart with the entry and what is wrong with it."""
    known: dict[str, GuardianVerifier] = {}
    for each in settings:
        if each.name in known:
            raise CannotStart(f"AGEGATE_GUARDIAN_PROVIDERS: two entries are named {each.name}. Rename one of them.")
        known[each.name] = _oidc(each, outbound, refer) if isinstance(each, OidcSettings) else _webhook(each, outbound)
    return Verifiers(tuple(known.values()))


def _oidc(settings: OidcSettings, outbound: Outbound, refer: Refer) -> GuardianVerifier:
    # Megabytes that an installation without such a provider does not need.
    from agegate.remote.guardian_oidc import GuardianOidc
    from agegate.remote.oidc_provider import OidcProvider

    _require_address(settings.name, "issuer", settings.issuer, outbound)
    secret = _secret(settings.name, settings) if settings.client_secret_file else None
    return GuardianOidc(settings, OidcProvider(settings.issuer, outbound), secret, refer)


def _webhook(settings: ThirdPartySettings, outbound: Outbound) -> GuardianWebhook:
    if settings.start_url is not None:
        _require_address(settings.name, "start_url", settings.start_url, outbound)
    secret = _secret(settings.name, settings)
    if not secret.startswith(SECRET_PREFIX):
        raise CannotStart(f"AGEGATE_GUARDIAN_PROVIDERS: {settings.name}: secret_file must hold a secret like whsec_….")
    return GuardianWebhook(settings, secret)


def _require_address(name: str, key: str, url: str, outbound: Outbound) -> None:
    if address_fault(url, outbound.allow_loopback):
        raise CannotStart(f"AGEGATE_GUARDIAN_PROVIDERS: {name}: {key} must be a public https address on port 443.")


def _secret(name: str, settings: OidcSettings | ThirdPartySettings) -> str:
    path = settings.client_secret_file if isinstance(settings, OidcSettings) else settings.secret_file
    try:
        return read_secret(path) if path else ""
    except (OSError, ValueError):
        raise CannotStart(
            f"AGEGATE_GUARDIAN_PROVIDERS: {name}: the file with the secret cannot be read, is empty or is not ASCII."
        ) from None
