"""Input that is refused, over HTTP: status, pointer and code; nothing is written, nothing is mailed."""

import pytest
from pydantic import JsonValue

from tests.houses import Home, Json
from tests.journeys.people import notice
from tests.web.asking import ask
from tests.web.calls import ASSENT, SIGN_UP, WITH_BODY, Call, codes


def each(code: str, *values: JsonValue) -> list[tuple[JsonValue, str]]:
    """Values that are all refused by the same code."""
    return [(value, code) for value in values]


DATES = [
    *each("invalid_type", 0, -1, 1.5, 1262304000, True, None, [], {}),
    *each("invalid_format", "0", "1262304000", "", "abc", "2010-2-3", "20100203", "01/02/2010", "9" * 10_000),
    *each("invalid_format", "2010-W01-1", "2010-001", "2010-01-01T00:00:00", "2010-01-01Z", " 2010-01-01"),
    *each("invalid_format", "2010-01-01\n", "2010-01-01\u0000", "2010\u201001\u201001"),
    *each("invalid_format", "\u0662\u0660\u0661\u0660-\u0660\u0661-\u0660\u0661"),
    *each("not_a_date", "2010-02-30", "2010-13-01", "2023-02-29", "1900-02-29"),
    *each("out_of_range", "0001-01-01", "1850-01-01"),
    *each("in_future", "9999-12-31", "2026-11-24"),
]
COUNTRIES = [
    *each("not_iso3166_alpha2", "gb", "USA", "840", "", "G\u0412", "US-CA", "ZZ", "XX", "EU", "AN"),
    *each("reserved_code", "UK", "EL"),
    *each("invalid_type", 0, None, ["US"]),
]
MEMBERS: list[tuple[Json, list[tuple[str, str]]]] = [
    ({"region": "CA"}, [("/region", "not_iso3166_2")]),
    ({"region": "DE-BE"}, [("/region", "region_of_other_country")]),
    ({"region_hint": "US-CA"}, [("/region_hint", "without_country")]),
    ({"time_zone": "Mars/Olympus"}, [("/time_zone", "unknown_time_zone")]),
    ({"locale": "de\n"}, [("/locale", "invalid_format")]),
    ({"email": "robin@localhost"}, [("/email", "invalid_email")]),
    ({"device_digest": "short"}, [("/device_digest", "invalid_format")]),
    ({"audience": ""}, [("/audience", "invalid_format")]),
    ({"signals": [{"source": "app_store"}]}, [("/signals/0/assurance", "required")]),
    ({"signals": [{"source": "x", "assurance": "y", "age_lower": -1}]}, [("/signals/0/age_lower", "out_of_range")]),
    ({"assent": {**ASSENT, "notice_sha256": "x"}}, [("/assent/notice_sha256", "invalid_format")]),
    ({"is_adult": True, "__proto__": {}}, [("/is_adult", "unknown_field"), ("/__proto__", "unknown_field")]),
    ({"date_of_birth": "x", "country": "UK"}, [("/date_of_birth", "invalid_format"), ("/country", "reserved_code")]),
]
GUARDIANS = [
    *each("invalid_email", "guardian", "a@b@x.org", ".a@x.org", "a..b@x.org", "a@localhost", "a@test", "a@" * 32_000),
    *each("invalid_email", "a@[127.0.0.1]", '"a b"@x.org', "Bob <a@b.org>", "a@x.org,b@x.org", "a@x.org;b@x.org"),
    *each("invalid_email", "a@x.org\r\nBcc: z@z.org", "a@x.org\u0000", "a@x\u202e.org", f"{'a' * 65}@x.org"),
    *each("non_ascii_local", "p\u0430rent@x.org"),
    *each("confusable_domain", "parent@xn--exmple-4nf.org"),
]


def refused(home: Home, method: str, path: str, body: object) -> list[tuple[str, str]]:
    """The faults of a call that must be a 422 and leave no trace."""
    before = home.rows(), len(home.mails())
    status, faults = codes(home, method, path, body)
    assert (status, home.rows(), len(home.mails())) == (422, *before)
    return faults


@pytest.mark.parametrize(("value", "code"), DATES, ids=lambda value: repr(value)[:24])
def test_a_date_of_birth_is_refused_by_code(still: Home, value: JsonValue, code: str) -> None:
    body = {**SIGN_UP, "date_of_birth": value}
    assert refused(still, "PUT", "/v1/subjects/new", body) == [("/date_of_birth", code)]


@pytest.mark.parametrize(("value", "code"), COUNTRIES, ids=lambda value: repr(value)[:24])
def test_a_country_is_refused_by_code(still: Home, value: JsonValue, code: str) -> None:
    assert refused(still, "PUT", "/v1/subjects/new", {**SIGN_UP, "country": value}) == [("/country", code)]


@pytest.mark.parametrize(("members", "faults"), MEMBERS, ids=lambda value: repr(value)[:32])
def test_a_member_is_refused_at_its_place(still: Home, members: Json, faults: list[tuple[str, str]]) -> None:
    assert refused(still, "PUT", "/v1/subjects/new", {**SIGN_UP, **members}) == faults


@pytest.mark.parametrize(("address", "code"), GUARDIANS, ids=lambda value: repr(value)[:32])
def test_a_guardians_address_is_refused_by_code(still: Home, address: str, code: str) -> None:
    path = "/v1/subjects/alex/consent-requests"
    assert refused(still, "POST", path, {"guardian_email": address}) == [("/guardian_email", code)]


@pytest.mark.parametrize("name", ["Mi\u0000a", "x" * 61, "Mi\u202ea", " ", "Z" + "\u0301" * 40])
def test_a_childs_name_that_disguises_is_refused(still: Home, name: str) -> None:
    body = {"guardian_email": "guardian@example.org", "child_name": name}
    assert refused(still, "POST", "/v1/subjects/alex/consent-requests", body) == [("/child_name", "invalid_name")]


@pytest.mark.parametrize("call", [call for call in WITH_BODY if "holder" not in call.scopes], ids=str)
@pytest.mark.parametrize("name", ["id", "state", "tenant_id", "is_adult", "consent_ver", "__proto__"])
def test_a_member_that_the_call_does_not_know_is_refused(still: Home, call: Call, name: str) -> None:
    assert refused(still, call.method, call.path, {**(call.body or {}), name: 1}) == [(f"/{name}", "unknown_field")]


@pytest.mark.parametrize("call", [call for call in WITH_BODY if "holder" not in call.scopes], ids=str)
def test_what_a_call_needs_is_named(still: Home, call: Call) -> None:
    assert refused(still, call.method, call.path, {}) == [(f"/{name}", "required") for name in call.body or {}]


@pytest.mark.parametrize(
    ("subject", "code"),
    [
        ("robin@mail.example", "subject_is_personal"),
        ("robin%2540mail.example", "subject_is_personal"),
        ("x" * 129, "invalid_subject"),
        ("a%20b", "invalid_subject"),
        ("%C3%A4", "invalid_subject"),
        ("'%20OR%201=1--", "invalid_subject"),
    ],
)
def test_a_subject_id_is_refused_by_code(still: Home, subject: str, code: str) -> None:
    assert refused(still, "PUT", f"/v1/subjects/{subject}", SIGN_UP) == [("/subject", code)]


@pytest.mark.parametrize("path", ["/v1/tokens", "/v1/purges"])
def test_a_personal_subject_is_refused_in_a_body_too(still: Home, path: str) -> None:
    body = {"subject": "robin@mail.example", "audience": "chat", "reason": "subject_request"}
    assert ("/subject", "subject_is_personal") in refused(still, "POST", path, body)


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ("", ("/country", "required")),
        ("country=UK", ("/country", "reserved_code")),
        ("country=zz", ("/country", "not_iso3166_alpha2")),
        ("country=US&region=DE-BE", ("/region", "region_of_other_country")),
    ],
)
def test_a_place_in_a_query_is_refused_by_code(still: Home, query: str, fault: tuple[str, str]) -> None:
    assert refused(still, "GET", f"/v1/requirements?{query}", None) == [fault]


@pytest.mark.parametrize("cursor", ["-1", "x", "1.5", "9" * 19, "%D9%A1", "+1"])
def test_a_cursor_that_we_never_gave_is_refused(still: Home, cursor: str) -> None:
    assert refused(still, "GET", f"/v1/events?cursor={cursor}", None) == [("/cursor", "invalid_cursor")]


def test_a_state_that_no_purge_has_is_refused(still: Home) -> None:
    assert refused(still, "GET", "/v1/purges?state=gone", None) == [("/state", "invalid_value")]


@pytest.mark.parametrize(
    "path",
    [
        *("/v1/requirements?country=US&country=DE", "/v1/events?cursor=0&cursor=1", "/v1/purges?state=open&state=open"),
        *("/v1/events?cursor=%FF", "/v1/events?cursor=%00", "/v1/requirements?country=%C3"),
    ],
)
def test_a_query_that_readers_disagree_on_is_malformed(still: Home, path: str) -> None:
    assert still.call("GET", path, key=still.keys["game"]).status_code == 400


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"{", "malformed_json"),
        (b"", "malformed_json"),
        (b'{"date_of_birth":NaN,"country":"US"}', "malformed_json"),
        (b'{"date_of_birth":1e999,"country":"US"}', "malformed_json"),
        (b'{"date_of_birth":' + b"1" * 5000 + b"}", "malformed_json"),
        (b"\xef\xbb\xbf{}", "malformed_json"),
        (b'{"country":"\xff"}', "malformed_json"),
        (b'{"date_of_birth":"2010-01-01","date_of_birth":"1990-01-01","country":"US"}', "duplicate_member"),
        (b"[" * 100, "too_deep"),
    ],
)
def test_json_that_parsers_read_differently_is_malformed(still: Home, content: bytes, code: str) -> None:
    headers = {"Authorization": f"Bearer {still.keys['game']}", "Content-Type": "application/json"}
    before = still.rows()
    reply = ask(still.app, "PUT", "/v1/subjects/new", headers=headers, content=content, base="http://127.0.0.1:8000")
    assert (reply.status_code, reply.json()["errors"][0]["code"], still.rows()) == (400, code, before)


def test_an_agreement_to_another_notice_is_a_conflict_and_writes_nothing(still: Home) -> None:
    before = still.rows()
    body = {**SIGN_UP, "assent": {**notice(still), "notice_sha256": "0f" * 32}}
    reply = still.call("PUT", "/v1/subjects/new", body, key=still.keys["game"])
    assert (reply.status_code, reply.json()["type"].rpartition("/")[2]) == (409, "notice-mismatch")
    assert still.rows() == before


def test_no_refusal_repeats_what_was_sent(still: Home) -> None:
    body = {"date_of_birth": "31.12.1999", "country": "Xanadu", "email": "mia@nowhere", "mia@x.org": 1}
    told = still.call("PUT", "/v1/subjects/new", body, key=still.keys["game"]).text
    assert not [value for value in ("1999", "Xanadu", "mia", "nowhere", "x.org") if value in told]
