"""openapi.yaml is valid, and it and the code say the same: routes, refusals, members of bodies."""

import re

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from starlette.routing import Route

from agegate.flows.announce import EventType
from agegate.rules.assurance import Assurance
from agegate.rules.consent import Answer, RequestState, Stop
from agegate.rules.guardian_proof import ATTESTED
from agegate.rules.purge import CALLERS_REASONS, LegState, PurgeReason, PurgeState
from agegate.rules.report import CLAIMS, Basis, ReportState, Ruling
from agegate.web import bodies
from agegate.web.guardian_routes import REFUSE
from agegate.web.problems import PROBLEMS
from tests.contract.promises import CONTRACT, Node, contract, faults_of, operations, resolve
from tests.houses import Home

SCHEMAS: Node = contract()["components"]["schemas"]
REQUESTS: dict[str, type[bodies.Body]] = {
    "Signup": bodies.SignupBody,
    "Signal": bodies.SignalBody,
    "Assent": bodies.AssentBody,
    "Correction": bodies.CorrectionBody,
    "Attestation": bodies.AttestationBody,
    "HoldRequest": bodies.HoldBody,
    "Evidence": bodies.EvidenceBody,
    "ConsentRequest": bodies.ConsentRequestBody,
    "Report": bodies.ReportBody,
    "ReportedSubject": bodies.NamedBody,
    "Contest": bodies.ContestBody,
    "Ruling": bodies.RulingBody,
    "TokenRequest": bodies.TokenBody,
    "PurgeOrder": bodies.PurgeBody,
    "LegAnswer": bodies.LegBody,
    "LegException": bodies.LegExceptionBody,
}


def test_the_contract_is_valid_openapi() -> None:
    assert [fault.message for fault in OpenAPIV31SpecValidator(contract()).iter_errors()] == []


def test_the_contract_and_the_routes_are_the_same_set(still: Home) -> None:
    served = {
        (method.lower(), route.path)
        for route in still.app.routes
        if isinstance(route, Route)
        for method in (route.methods or set()) - {"HEAD"}
    }
    assert served == operations()


def test_every_refusal_stands_in_the_contract_with_its_status() -> None:
    told = re.findall(r"^ +\| `([a-z-]+)` \| (\d{3}) \| \S.+ \|$", CONTRACT.read_text("utf-8"), re.MULTILINE)
    assert sorted(told) == sorted((kind.slug, str(kind.status)) for kind in PROBLEMS.values())


@pytest.mark.parametrize("name", REQUESTS)
def test_a_body_has_the_members_of_its_schema(name: str) -> None:
    fields = REQUESTS[name].model_fields
    required = {member for member, field in fields.items() if field.is_required()}
    assert (set(SCHEMAS[name]["properties"]), set(SCHEMAS[name]["required"])) == (set(fields), required)


@pytest.mark.parametrize("name", REQUESTS)
def test_a_body_takes_no_other_member(name: str) -> None:
    assert [fault for fault in faults_of(SCHEMAS[name], {"foreign": 1}) if "foreign" in fault]


WORDS = {
    "RequestState": set(RequestState),
    "ReportState": set(ReportState),
    "PurgeState": set(PurgeState),
    "PurgeReason": set(PurgeReason),
    "EventType": set(EventType) - {EventType.PURGE_REQUESTED},  # that one goes to holders
    "Assurance": {assurance.value for assurance in Assurance},
}


@pytest.mark.parametrize("name", WORDS)
def test_the_words_of_the_contract_are_those_of_the_code(name: str) -> None:
    assert set(SCHEMAS[name]["enum"]) == WORDS[name]


@pytest.mark.parametrize(
    ("schema", "member", "words"),
    [
        ("Attestation", "method", set(ATTESTED)),
        ("Report", "basis", set(CLAIMS)),
        ("ReportView", "basis", set(Basis)),
        ("Ruling", "ruling", set(Ruling)),
        ("PurgeOrder", "reason", set(CALLERS_REASONS)),
        ("LegAnswer", "status", {LegState.IN_PROGRESS, LegState.COMPLETED, LegState.REFUSED}),
        ("Leg", "state", set(LegState)),
        ("AnswerForm", "answer", {*Answer, REFUSE}),
        ("StopForm", "stop", set(Stop)),
    ],
)
def test_the_words_of_a_member_are_those_of_the_code(schema: str, member: str, words: set[str]) -> None:
    assert set(SCHEMAS[schema]["properties"][member]["enum"]) == words


def test_every_event_has_its_webhook() -> None:
    assert set(contract()["webhooks"]) == set(EventType)


def test_every_call_of_the_api_names_its_scope() -> None:
    silent = [
        (method, path)
        for method, path in operations()
        if path.startswith("/v1/") and "Scope `" not in contract()["paths"][path][method]["description"]
    ]
    assert silent == []


def examples() -> list[tuple[str, Node, object]]:
    """Every example of a body or an answer, with its schema."""
    found: list[tuple[str, Node, object]] = []
    for method, path in sorted(operations()):
        operation = contract()["paths"][path][method]
        parts = [operation.get("requestBody", {}), *map(resolve, operation["responses"].values())]
        for media in (media for part in parts for media in part.get("content", {}).values()):
            given = [media["example"]] if "example" in media else []
            given += [example["value"] for example in media.get("examples", {}).values()]
            found += [(f"{method} {path}", media["schema"], each) for each in given]
    schemas = [(name, schema, schema["example"]) for name, schema in SCHEMAS.items() if "example" in schema]
    return found + schemas


@pytest.mark.parametrize(("place", "schema", "example"), examples())
def test_an_example_is_what_its_schema_says(place: str, schema: Node, example: object) -> None:
    assert faults_of(schema, example) == [], place
