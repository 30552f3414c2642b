"""What is wrong with an entry of `guardian_providers` is said at the start."""

import pytest

from agegate.environment import CannotStart
from agegate.settings import load_settings

OIDC = {"name": "id", "label": "ID", "kind": "oidc", "issuer": "https://id.example", "client_id": "agegate"}


def test_a_provider_is_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(
        "AGEGATE_GUARDIAN_PROVIDERS",
        '[{"name":"id","label":"ID","kind":"oidc","issuer":"https://id.example","client_id":"a","acr_values":["high"]}]',
    )
    (provider,) = load_settings().guardian_providers
    assert (provider.name, provider.serves("any")) == ("id", True)


@pytest.mark.parametrize(
    "entry",
    [
        OIDC,  # accepts nothing
        {**OIDC, "accepts": ["name"]},
        {**OIDC, "accepts": ["birthdate"], "name": "Not A Name"},
        {**OIDC, "accepts": ["birthdate"], "label": "two\nlines"},
        {**OIDC, "accepts": ["birthdate"], "kind": "saml"},
        {**OIDC, "accepts": ["birthdate"], "client_secret": "in the clear"},
        {"name": "idv", "label": "IDV", "kind": "third_party"},
    ],
)
def test_a_faulty_entry_ends_the_start(entry: dict[str, object]) -> None:
    with pytest.raises(CannotStart, match="AGEGATE_GUARDIAN_PROVIDERS"):
        load_settings(guardian_providers=[entry])


def test_a_provider_serves_only_the_services_that_are_named() -> None:
    provider = load_settings(guardian_providers=[{**OIDC, "accepts": ["birthdate"], "services": ["game"]}])
    assert [provider.guardian_providers[0].serves(name) for name in ("game", "scan")] == [True, False]
