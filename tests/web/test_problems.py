"""The table of problems: every refusal has a row, and no answer repeats what was sent."""

import re

import orjson
import pytest

from agegate.rules import errors as rules
from agegate.rules.errors import AgeGateError, Fault, InputRefused
from agegate.web import refusals as web
from agegate.web.problems import PROBLEMS, headers_of, kind_of, problem, problem_text
from tests.web.asking import ISSUER

INSTANCE = "urn:uuid:7f1d8c1e-55a1-4b3c-9a76-0d6f0e3f9f10"


def descendants(cls: type[AgeGateError]) -> list[type[AgeGateError]]:
    return [found for child in cls.__subclasses__() for found in (child, *descendants(child))]


EVERY_REFUSAL = descendants(AgeGateError)


@pytest.mark.parametrize("cls", EVERY_REFUSAL)
def test_every_refusal_has_a_row(cls: type[AgeGateError]) -> None:
    assert cls in PROBLEMS


@pytest.mark.parametrize("cls", EVERY_REFUSAL)
def test_every_refusal_says_what_happened_in_a_sentence(cls: type[AgeGateError]) -> None:
    assert re.fullmatch(r"[A-Z].{20,}", str(cls())), "the docstring is what the caller reads"


def test_no_two_refusals_share_a_slug() -> None:
    slugs = [kind.slug for kind in PROBLEMS.values()]
    assert len(set(slugs)) == len(slugs)


@pytest.mark.parametrize(
    ("error", "status", "slug"),
    [
        (rules.ConsentRequired(), 403, "consent-required"),
        (rules.SubjectBlocked(), 403, "blocked"),
        (rules.SubjectRestricted(), 403, "restricted"),
        (rules.SubjectUnknown(), 404, "subject-unknown"),
        (rules.RequestExpired(), 410, "request-expired"),
        (rules.AlreadyAnswered(), 409, "already-answered"),
        (rules.ConsentNotNeeded(), 409, "consent-not-needed"),
        (rules.CertificateNotReady(), 409, "certificate-not-ready"),
        (rules.ControllerIncomplete(), 409, "controller-incomplete"),
        (rules.FormForged(), 403, "form-forged"),
        (rules.ChoiceMissing(), 422, "choice-missing"),
        (rules.LinkUnknown(), 404, "link-unknown"),
        (rules.InputRefused(), 422, "input-refused"),
        (web.ScopeMissing(), 403, "scope-missing"),
        (web.Unavailable(), 503, "unavailable"),
        (web.Unexpected(), 500, "unexpected"),
    ],
)
def test_what_a_refusal_is_called_in_http(error: AgeGateError, status: int, slug: str) -> None:
    assert (kind_of(error).status, kind_of(error).slug) == (status, slug)


def test_a_problem_has_the_members_of_rfc_9457_and_its_faults() -> None:
    answer = problem(InputRefused(Fault("/country", "reserved_code", "No.")), INSTANCE, ISSUER)
    assert answer.media_type == "application/problem+json"
    assert orjson.loads(answer.body) == {
        "type": "https://age.example/problems/input-refused",
        "title": "Input refused",
        "status": 422,
        "detail": "The input is not usable. The list of errors says which member is wrong and why.",
        "instance": INSTANCE,
        "errors": [{"pointer": "/country", "code": "reserved_code", "detail": "No."}],
    }


@pytest.mark.parametrize(
    ("error", "name", "value"),
    [
        (web.NotAuthenticated(), "WWW-Authenticate", 'Bearer realm="agegate"'),
        (web.MethodNotAllowed(["PUT", "GET"]), "Allow", "GET, PUT"),
        (web.Unavailable(), "Retry-After", "5"),
        (web.BodyTooLarge(), "Connection", "close"),
    ],
)
def test_the_headers_that_a_status_demands_are_there(error: AgeGateError, name: str, value: str) -> None:
    assert headers_of(error)[name] == value


def test_the_cause_of_an_error_is_never_told() -> None:
    error = rules.SubjectUnknown("1999-12-31")
    error.__cause__ = ValueError("1999-12-31")
    assert b"1999" not in problem(error, INSTANCE, ISSUER).body


@pytest.mark.parametrize("kind", PROBLEMS.values(), ids=lambda kind: kind.slug)
def test_each_type_address_has_something_to_read(kind: object) -> None:
    assert problem_text(getattr(kind, "slug", ""))


def test_an_unknown_type_address_has_nothing() -> None:
    assert problem_text("no-such-problem") is None
