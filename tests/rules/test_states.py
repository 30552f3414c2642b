"""What may follow what: consents, purges, subject ids, and the sentences of refusals."""

import pytest

from agegate.rules.consent import ANSWERED, TRANSITIONS, Answer, RequestState, co_consent_complete
from agegate.rules.errors import AgeGateError, ControllerIncomplete, Fault, InputRefused, SubjectBlocked
from agegate.rules.purge import LegState, all_answered
from agegate.rules.subject_id import subject_id_fault


@pytest.mark.parametrize(
    ("needed", "assent", "consent", "complete"),
    [
        (False, None, None, False),
        (True, "notice", None, False),
        (False, None, "notice", True),
        (True, None, "notice", False),
        (True, "notice", "notice", True),
        (True, "older notice", "notice", False),
        (False, "older notice", "notice", True),
    ],
)
def test_minor_and_guardian_have_to_name_the_same_notice(
    *, needed: bool, assent: str | None, consent: str | None, complete: bool
) -> None:
    assert co_consent_complete(assent_needed=needed, assent_sha256=assent, consent_sha256=consent) is complete


ENDS = {
    RequestState.GRANTED,
    RequestState.DECLINED,
    RequestState.EXPIRED,
    RequestState.SUPERSEDED,
    RequestState.UNDELIVERABLE,
}


@pytest.mark.parametrize("state", RequestState)
def test_a_settled_request_is_settled_for_good(state: RequestState) -> None:
    onward = {after for after, before in TRANSITIONS.items() if state in before}
    assert onward == {
        RequestState.PENDING: {RequestState.CONFIRMING} | ENDS,
        RequestState.CONFIRMING: ENDS,
        RequestState.GRANTED: {RequestState.WITHDRAWN, RequestState.AGED_OUT},
    }.get(state, set())


@pytest.mark.parametrize("answer", Answer)
def test_an_answer_leads_to_a_state_that_a_pending_request_may_take(answer: Answer) -> None:
    assert RequestState.PENDING in TRANSITIONS[ANSWERED[answer]]


@pytest.mark.parametrize(
    ("legs", "over"),
    [
        ([], True),
        ([LegState.COMPLETED, LegState.REFUSED], True),
        ([LegState.COMPLETED, LegState.DELIVERED], False),
        ([LegState.IN_PROGRESS], False),
        ([LegState.QUEUED], False),
    ],
)
def test_a_purge_is_over_when_every_holder_has_answered(legs: list[LegState], *, over: bool) -> None:
    assert all_answered(legs) is over


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("u-1", None),
        ("A.b_c:d-9", None),
        ("x" * 128, None),
        ("x" * 129, "invalid_subject"),
        ("", "invalid_subject"),
        ("a b", "invalid_subject"),
        ("ünal", "invalid_subject"),
        ("kid@example.com", "subject_is_personal"),
        ("kid%40example.com", "subject_is_personal"),
        ("kid%20", "invalid_subject"),
    ],
)
def test_a_subject_id_is_opaque(text: str, fault: str | None) -> None:
    assert subject_id_fault(text) == fault


def test_a_refusal_reads_as_its_sentence() -> None:
    assert str(SubjectBlocked()) == "The rules do not admit this subject. No consent can lift this."


def test_a_refusal_of_two_paragraphs_reads_as_one_line() -> None:
    told = str(ControllerIncomplete())
    assert told.startswith("The service has no complete controller (name, postal address, contact), which a ")
    assert told.endswith(" must be told. Complete it with: agegate service add NAME --profile P --controller FILE")


def test_a_refusal_without_a_sentence_is_empty() -> None:
    assert str(type("Nameless", (AgeGateError,), {"__doc__": ""})()) == ""


def test_refused_input_keeps_its_faults_in_order() -> None:
    faults = (Fault("/a", "missing", "It is missing."), Fault("/b", "invalid_type", "It must be a text."))
    assert InputRefused(*faults).faults == faults
