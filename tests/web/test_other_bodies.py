"""The bodies of assent, consent request, token, purge and a holder's word."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from agegate.clock import rfc3339
from agegate.flows.forms import LegException
from agegate.rules.errors import InputRefused
from agegate.rules.purge import LegState, PurgeReason
from agegate.web.bodies import Body, read_body
from agegate.web.forms import parse_assent, parse_consent_request, parse_leg, parse_purge, parse_token
from agegate.web.json_text import JsonObject

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
Parse = Callable[[JsonObject, datetime], object]
LEAST: Mapping[Parse, JsonObject] = {
    parse_assent: {"policy_version": "2024-12-05", "locale": "en", "notice_sha256": "0f" * 32},
    parse_consent_request: {"guardian_email": "parent@example.org"},
    parse_token: {"subject": "u-1", "audience": "chat"},
    parse_purge: {"subject": "u-1", "reason": "subject_request"},
    parse_leg: {"status": "completed"},
}


def found(parse: Parse, body: JsonObject) -> list[tuple[str, str]]:
    """What is wrong with a body."""
    try:
        parse(body, NOW)
    except InputRefused as refused:
        return [(fault.pointer, fault.code) for fault in refused.faults]
    return []


@pytest.mark.parametrize("parse", LEAST)
def test_the_least_that_a_call_needs_is_enough(parse: Parse) -> None:
    assert found(parse, LEAST[parse]) == []


@pytest.mark.parametrize("parse", LEAST)
def test_each_missing_member_is_named(parse: Parse) -> None:
    assert found(parse, {}) == [(f"/{name}", "required") for name in LEAST[parse]]


@pytest.mark.parametrize("parse", LEAST)
@pytest.mark.parametrize("value", [0, True, None, [], {}, 1.5])
def test_a_text_of_another_type_is_refused(parse: Parse, value: JsonValue) -> None:
    body: JsonObject = dict.fromkeys(LEAST[parse], value)
    assert found(parse, body) == [(f"/{name}", "invalid_type") for name in body]


def kinds(body: type[Body]) -> list[type[Body]]:
    """Every body there is."""
    return [kind for child in body.__subclasses__() for kind in (child, *kinds(child))]


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind in kinds(Body) for name in kind.model_fields])
def test_null_is_a_wrong_type_for_every_member_of_every_body(kind: type[Body], name: str) -> None:
    with pytest.raises(InputRefused) as refused:
        read_body(kind, {name: None}, NOW)
    codes = [fault.code for fault in refused.value.faults if fault.pointer == f"/{name}"]
    assert codes == ["invalid_type"]


@pytest.mark.parametrize("parse", LEAST)
@pytest.mark.parametrize("name", ["id", "state", "tenant_id", "is_adult", "consent_ver", "__proto__", "holder"])
def test_a_member_that_no_call_knows_is_refused(parse: Parse, name: str) -> None:
    assert found(parse, {**LEAST[parse], name: "x"}) == [(f"/{name}", "unknown_field")]


ROWS: list[tuple[Parse, JsonObject, list[tuple[str, str]]]] = [
    (parse_consent_request, {"guardian_email": "a@localhost"}, [("/guardian_email", "invalid_email")]),
    (
        parse_consent_request,
        {"guardian_email": "a@x.org\r\nBcc: z@z.org"},
        [("/guardian_email", "invalid_email")],
    ),
    (parse_consent_request, {"guardian_email": "p\u0430@x.org"}, [("/guardian_email", "non_ascii_local")]),
    (
        parse_consent_request,
        {"guardian_email": "a@xn--exmple-4nf.org"},
        [("/guardian_email", "confusable_domain")],
    ),
    (parse_consent_request, {"child_name": "Mi\0a"}, [("/child_name", "invalid_name")]),
    (parse_consent_request, {"child_name": "x" * 61}, [("/child_name", "invalid_name")]),
    (parse_consent_request, {"child_name": "Mi\u202ea"}, [("/child_name", "invalid_name")]),
    (parse_consent_request, {"child_name": None}, [("/child_name", "invalid_type")]),
    (parse_consent_request, {"locale": "de\n"}, [("/locale", "invalid_format")]),
    (parse_token, {"subject": "mia@example.org"}, [("/subject", "subject_is_personal")]),
    (parse_token, {"subject": "' OR 1=1--"}, [("/subject", "invalid_subject")]),
    (
        parse_token,
        {"subject": "x" * 129, "audience": ""},
        [("/subject", "invalid_subject"), ("/audience", "invalid_format")],
    ),
    (parse_purge, {"reason": "because"}, [("/reason", "invalid_value")]),
    (
        parse_purge,
        {"reason": "consent_declined"},
        [("/reason", "invalid_value")],
    ),  # not the service's to claim
    (parse_leg, {"status": "delivered"}, [("/status", "invalid_value")]),  # ours to say
    (parse_leg, {"completed_at": "2026-11-22"}, [("/completed_at", "invalid_format")]),
    (parse_leg, {"completed_at": "2026-11-22T09:30:00"}, [("/completed_at", "invalid_format")]),
    (parse_leg, {"completed_at": "2026-02-30T09:30:00Z"}, [("/completed_at", "not_a_date")]),
    (parse_leg, {"completed_at": "0001-01-01T00:00:00+14:00"}, [("/completed_at", "not_a_date")]),
    (parse_leg, {"completed_at": 1795340000}, [("/completed_at", "invalid_type")]),
    (parse_leg, {"counts": {"chats": -1}}, [("/counts/chats", "out_of_range")]),
    (parse_leg, {"counts": {"chats": 1.5}}, [("/counts/chats", "invalid_type")]),
    (parse_leg, {"counts": {"chats": True}}, [("/counts/chats", "invalid_type")]),
    (parse_leg, {"counts": {"mia@example.org": 1}}, [("/counts", "invalid_format")]),
    (parse_leg, {"counts": [1]}, [("/counts", "invalid_type")]),
    (
        parse_leg,
        {"exceptions": [{}]},
        [("/exceptions/0/category", "required"), ("/exceptions/0/legal_basis", "required")],
    ),
    (
        parse_leg,
        {"exceptions": [{"category": "x", "legal_basis": "a\nb"}]},
        [("/exceptions/0/legal_basis", "invalid_format")],
    ),
    (
        parse_leg,
        {"exceptions": [{"category": "x", "legal_basis": "y", "until": "2027-02-30"}]},
        [("/exceptions/0/until", "not_a_date")],
    ),
]


@pytest.mark.parametrize(("parse", "members", "faults"), ROWS)
def test_a_member_is_refused_at_its_place(parse: Parse, members: JsonObject, faults: list[tuple[str, str]]) -> None:
    assert found(parse, {**LEAST[parse], **members}) == faults


@pytest.mark.parametrize(("ahead", "faults"), [(60, []), (61, [("/completed_at", "in_future")]), (-3600, [])])
def test_a_completion_may_be_a_minute_ahead_of_our_clock(ahead: int, faults: list[tuple[str, str]]) -> None:
    at = rfc3339(NOW + timedelta(seconds=ahead))
    assert found(parse_leg, {"status": "completed", "completed_at": at}) == faults


def test_a_completion_with_an_offset_is_the_same_instant() -> None:
    at = NOW.astimezone(timezone(timedelta(hours=5, minutes=30))).isoformat()
    assert parse_leg({"status": "completed", "completed_at": at}, NOW).completed_at == NOW


def test_a_leg_says_all_that_was_given() -> None:
    form = parse_leg(
        {
            "status": "refused",
            "counts": {"chats": 0, "device details": 7},
            "exceptions": [{"category": "invoices", "legal_basis": "§ 147 AO", "until": "2036-12-31"}],
        },
        NOW,
    )
    assert (form.status, dict(form.counts)) == (LegState.REFUSED, {"chats": 0, "device details": 7})
    assert form.exceptions == (LegException("invoices", "§ 147 AO", date(2036, 12, 31)),)


def test_a_consent_request_shows_neither_address_nor_name() -> None:
    form = parse_consent_request({"guardian_email": "parent@example.org", "child_name": "Mia"}, NOW)
    assert not [value for value in ("parent", "Mia") if value in repr(form)]


@pytest.mark.parametrize("name", ["O'Brien", "Null", "True", "山田", "{{7*7}}", "<b>", "😀"])
def test_a_name_goes_on_as_it_was_given(name: str) -> None:
    form = parse_consent_request({"guardian_email": "parent@example.org", "child_name": name}, NOW)
    assert form.child_name == name


def test_a_purge_names_one_of_the_reasons_a_service_may_give() -> None:
    assert parse_purge({"subject": "u-1", "reason": "under_age"}, NOW).reason is PurgeReason.UNDER_AGE


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=50)
@given(st.sampled_from(list(LEAST)), st.data())
def test_any_object_gives_a_form_or_faults(parse: Parse, data: st.DataObject) -> None:
    names = st.sampled_from([*LEAST[parse], "counts", "exceptions", "completed_at", "child_name"])
    body = data.draw(st.dictionaries(names | st.text(max_size=8), VALUES, max_size=6))
    with suppress(InputRefused):
        assert parse(body, NOW)
