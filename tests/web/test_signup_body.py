"""The body of a signup: each bad member with its pointer and code, all faults told at once."""

from contextlib import suppress
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agegate.flows.forms import SignupForm
from agegate.rules.errors import InputRefused
from agegate.rules.place import Place
from agegate.web.bodies import SignupBody
from agegate.web.faults import SENTENCES
from agegate.web.forms import parse_signup, parse_subject
from agegate.web.json_text import JsonObject
from tests.web.signup_bodies import ASSENT, LEAST, NOW, found

OTHERS: list[tuple[JsonObject, list[tuple[str, str]]]] = [
    ({"region": "DE-XX"}, [("/region", "not_iso3166_2")]),
    ({"region": "US-CA"}, [("/region", "region_of_other_country")]),
    ({"country": "UK", "region": "GB-ENG"}, [("/country", "reserved_code")]),
    ({"region_hint": "US-CA"}, [("/region_hint", "without_country")]),
    ({"country_hint": "XX"}, [("/country_hint", "not_iso3166_alpha2")]),
    ({"time_zone": "Mars/Olympus"}, [("/time_zone", "unknown_time_zone")]),
    ({"time_zone": "../../etc/passwd"}, [("/time_zone", "unknown_time_zone")]),
    ({"locale": "en_US"}, [("/locale", "invalid_format")]),
    ({"locale": None}, [("/locale", "invalid_type")]),
    ({"email": "mia@localhost"}, [("/email", "invalid_email")]),
    ({"email": "p\u0430rent@example.org"}, [("/email", "non_ascii_local")]),
    ({"email": "a@xn--exmple-4nf.org"}, [("/email", "confusable_domain")]),
    ({"email": None}, [("/email", "invalid_type")]),
    ({"device_digest": "short"}, [("/device_digest", "invalid_format")]),
    ({"audience": "two words"}, [("/audience", "invalid_format")]),
    ({"audience": "x" * 257}, [("/audience", "invalid_format")]),
    ({"assent": None}, [("/assent", "invalid_type")]),
    ({"assent": {}}, [(f"/assent/{name}", "required") for name in ASSENT]),
    ({"assent": {**ASSENT, "notice_sha256": "0F" * 32}}, [("/assent/notice_sha256", "invalid_format")]),
    ({"assent": {**ASSENT, "granted": True}}, [("/assent/granted", "unknown_field")]),
    ({"signals": {}}, [("/signals", "invalid_type")]),
    ({"signals": [1]}, [("/signals/0", "invalid_type")]),
    (
        {"signals": [{"source": "os", "assurance": "low", "age_lower": True}]},
        [("/signals/0/age_lower", "invalid_type")],
    ),
    (
        {"signals": [{"source": "os", "assurance": "low", "age_lower": -1}]},
        [("/signals/0/age_lower", "out_of_range")],
    ),
    (
        {"signals": [{"source": "os", "assurance": "low", "age_lower": 18, "age_upper": 12}]},
        [("/signals/0", "out_of_range")],
    ),
    ({"signals": [{"source": "os", "assurance": "low"}] * 17}, [("/signals", "too_long")]),
]


@pytest.mark.parametrize(("members", "faults"), OTHERS)
def test_every_other_member_is_refused_at_its_place(members: JsonObject, faults: list[tuple[str, str]]) -> None:
    assert found({**LEAST, **members}) == faults


FOREIGN = [
    *(
        "id",
        "state",
        "tenant_id",
        "service",
        "subject",
        "is_adult",
        "adult",
        "decision",
        "consent_ver",
        "consent",
    ),
    *(
        "created_at",
        "updated_at",
        "__proto__",
        "__class__",
        "constructor",
        "model_config",
        "birth_date",
        "dob",
    ),
    *("DATE_OF_BIRTH", "date_of_birth ", "places", "role", "scope", "token", "profile"),
]


@pytest.mark.parametrize("name", FOREIGN)
def test_a_member_that_the_call_does_not_know_is_refused(name: str) -> None:
    assert found({**LEAST, name: "x"}) == [(f"/{name}" if " " not in name else "", "unknown_field")]


def test_all_faults_are_told_at_once() -> None:
    assert found({"country": "UK", "email": "x", "foo": 1}) == [
        ("/date_of_birth", "required"),
        ("/country", "reserved_code"),
        ("/email", "invalid_email"),
        ("/foo", "unknown_field"),
    ]


def test_no_fault_repeats_what_was_sent() -> None:
    body: JsonObject = {
        "date_of_birth": "31.12.1999",
        "country": "Xanadu",
        "email": "mia@nowhere",
        "mia@x.org": 1,
    }
    with pytest.raises(InputRefused) as refused:
        parse_signup(body, NOW)
    told = repr(refused.value.faults) + str(refused.value)
    assert not [value for value in ("1999", "Xanadu", "mia", "nowhere") if value in told]


def test_the_cause_of_a_refusal_is_not_kept_with_the_values() -> None:
    with pytest.raises(InputRefused) as refused:
        parse_signup({**LEAST, "date_of_birth": "31.12.1999"}, NOW)
    assert refused.value.__suppress_context__


def test_a_form_says_all_that_was_given() -> None:
    form = parse_signup(
        {
            **LEAST,
            "region": "DE-BE",
            "country_hint": "US",
            "region_hint": "US-CA",
            "time_zone": "Europe/Berlin",
            "locale": "de-DE",
            "email": "Mia@EXAMPLE.org",
            "device_digest": "ab" * 16,
            "signals": [{"source": "app_store", "age_lower": 13, "assurance": "low"}],
            "assent": ASSENT,
            "audience": "chat",
        },
        NOW,
    )
    assert form.places == (Place("DE", "DE-BE"), Place("US", "US-CA"))
    assert (form.email, form.time_zone, form.locale) == ("Mia@example.org", "Europe/Berlin", "de-DE")
    assert [(signal.age_lower, signal.age_upper) for signal in form.signals] == [(13, None)]
    assert (form.assent and form.assent.policy_version, form.audience) == ("2024-12-05", "chat")


def test_the_repr_of_a_form_and_a_body_shows_nothing_personal() -> None:
    given_body: JsonObject = {**LEAST, "email": "mia@example.org", "device_digest": "ab" * 16}
    body = SignupBody.model_validate(given_body, context=NOW)
    told = repr(parse_signup(given_body, NOW)) + repr(body) + str(body)
    assert not [value for value in ("2010", "mia", "abab") if value in told]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("mia@example.org", "subject_is_personal"),
        ("", "invalid_subject"),
        ("x" * 129, "invalid_subject"),
        ("a/b", "invalid_subject"),
        ("mia\n", "invalid_subject"),
    ],
)
def test_a_subject_id_is_refused_by_code(text: str, code: str) -> None:
    with pytest.raises(InputRefused) as refused:
        parse_subject(text)
    assert [(fault.pointer, fault.code) for fault in refused.value.faults] == [("/subject", code)]


@pytest.mark.parametrize("name", ["date_of_birth", "country", "time_zone", "locale", "email", "device_digest"])
def test_a_text_of_64_kib_is_refused_at_once(name: str) -> None:
    started = perf_counter()
    assert found({**LEAST, name: "a@" * 32_000})
    assert perf_counter() - started < 0.05


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(sorted(SignupBody.model_fields)) | st.text(max_size=12)


@settings(max_examples=200)
@given(st.dictionaries(NAMES, VALUES, max_size=8))
def test_any_object_gives_a_form_or_faults(body: JsonObject) -> None:
    with suppress(InputRefused):
        assert isinstance(parse_signup(body, NOW), SignupForm)


@given(st.dictionaries(NAMES, VALUES, min_size=1, max_size=8))
def test_every_fault_has_a_code_of_ours_and_its_sentence(body: JsonObject) -> None:
    with pytest.raises(InputRefused) as refused:
        parse_signup({**body, "foreign": 1}, NOW)
    assert all(SENTENCES[fault.code] == fault.detail for fault in refused.value.faults)
