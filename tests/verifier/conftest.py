"""A loopback agegate for every test that asks for one."""

from collections.abc import Iterator

import pytest

from tests.verifier.agegate_double import Issuer, publishing


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with publishing() as running:
        yield running
