"""A machine that tries, in every order, to get from a "no" to a laxer answer while one name still recognises it."""

from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from agegate.flows.correct_birth_date import Corrected
from agegate.flows.forms import CorrectionForm, SignupForm
from agegate.rules.birth_date import BirthDate
from agegate.rules.consent import Answer, SubjectState
from agegate.rules.errors import InputRefused, SubjectUnknown
from agegate.rules.evidence import LIFTING, EvidenceAssurance, EvidenceKind
from agegate.rules.place import Place
from agegate.rules.purge import PurgeReason
from tests.flows.lines import Line, Lines
from tests.flows.remembered import Names, Notebook

BEGIN = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
EXAMPLES, STEPS = 460, 50
WEIGHT = {"allowed": 0, "consented": 0, "consent_required": 1, "restricted": 2, "blocked": 2, "purged": 2}

SUBJECTS = st.sampled_from(["ada", "bo", "cy"])
ADDRESSES = st.sampled_from([None, "one@example.org", "two@example.org", "TWO+more@example.org"])
DEVICES = st.sampled_from([None, "device-1-device-1", "device-2-device-2"])
AGES = st.sampled_from([10, 13, 15, 17, 20, 40]).map(lambda years: years * 365 + years // 4)
MOMENT = timedelta(microseconds=1)
"""No guardian is asked twice in the same one."""

SPANS = st.sampled_from([0, 1, 11, 35, 36, 71, 72, 73, 24 * 8]).map(lambda hours: timedelta(hours=hours))
STRENGTHS = st.sampled_from(EvidenceAssurance)


def weight_of(days: int) -> int:
    """How strict the answer is to somebody of that age in days: blocked below 14 years, a guardian below 18."""
    return 2 if days < 14 * 365 else int(days < 18 * 365)


class Tries(RuleBasedStateMachine):
    """People of one service, and a notebook that knows what they were told."""

    lines: ClassVar[Lines]
    steps: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        self.now = BEGIN
        self.book = Notebook()
        self.known: dict[str, set[str]] = {}
        self.ages: dict[str, int] = {}
        self.stuck: set[str] = set()
        self.leaving: dict[str, tuple[str, datetime]] = {}
        self.ended = ExitStack()
        self.line: Line = self.ended.enter_context(self.lines.begin(BEGIN))

    def teardown(self) -> None:
        self.ended.close()

    def state(self, subject: str) -> str | None:
        held = self.line.held(subject)
        return held.state if held else None

    def born(self, days: int) -> BirthDate:
        return BirthDate((BEGIN - timedelta(days=days)).date())

    def names_of(self, subject: str, *given: str | None) -> Names:
        same_mailbox = {"TWO+more@example.org": "two@example.org"}
        return frozenset({subject, *(same_mailbox.get(name, name) for name in given if name)})

    @rule(subject=SUBJECTS, days=AGES, address=ADDRESSES, device=DEVICES)
    def sign_up(self, subject: str, days: int, address: str | None, device: str | None) -> None:
        """First, again, older, younger, under new names or old ones."""
        Tries.steps += 1
        form = SignupForm(self.born(days), (Place("US"),), email=address, device_digest=device)
        before, names = self.state(subject), self.names_of(subject, address, device)
        if before is None:
            self.first(subject, days, names, form, device)
        else:
            self.again(subject, days, names, form, before)

    def first(self, subject: str, days: int, names: Names, form: SignupForm, device: str | None) -> None:
        corrected = self.book.correction(subject, self.now)
        days = days if corrected is None else min(days, corrected)
        matched = [] if corrected is not None else self.book.matching(names, self.now)
        wanted = max([weight_of(days), *(no.weight for no in matched)])
        view = self.line.sign_up(subject, form, self.now)
        assert WEIGHT[view.decision] == wanted, "a first answer is neither laxer nor harder than what is remembered"
        if wanted:
            self.book.told(subject, names, weight_of(days), self.now, exempt=corrected is not None)
        self.enter(subject, days, names, view.decision, device, stuck=wanted > weight_of(days))

    def enter(self, subject: str, days: int, names: Names, decision: str, device: str | None, *, stuck: bool) -> None:
        if decision == "blocked":
            return
        self.ages[subject] = days
        # The device of somebody who is let in is not kept.
        self.known[subject] = set(names) - ({device} if decision == "allowed" and device else set())
        self.stuck.discard(subject)
        if stuck:
            self.stuck.add(subject)

    def again(self, subject: str, days: int, names: Names, form: SignupForm, before: str) -> None:
        known = frozenset(self.known[subject] | names)
        view = self.line.sign_up(subject, form, self.now)
        assert WEIGHT[view.decision] >= WEIGHT[before], "a repeat never loosens"
        assert days >= self.ages[subject] or WEIGHT[view.decision] >= weight_of(days) or before == "consented"
        self.ages[subject] = min(days, self.ages[subject])
        if view.decision == "consent_required":
            self.book.told(subject, known, max(1, weight_of(days)), self.now)
        elif view.decision in {"restricted", "blocked"} and weight_of(days):
            self.book.told(subject, known, weight_of(days), self.now)

    @rule(span=SPANS)
    def wait(self, span: timedelta) -> None:
        Tries.steps += 1
        self.now += span

    @rule(subject=SUBJECTS, answer=st.sampled_from(Answer))
    def answer(self, subject: str, answer: Answer) -> None:
        """The guardian consents, or refuses, which purges."""
        Tries.steps += 1
        self.now += MOMENT
        request = self.line.ask(subject, self.now) if self.state(subject) == "consent_required" else None
        if request is None:
            return
        self.line.answer(request, answer, self.now)
        assert self.state(subject) == ("consented" if answer is Answer.GRANT else None)
        if answer is Answer.DECLINE:
            self.no_more(subject)

    @rule(subject=SUBJECTS)
    def silence(self, subject: str) -> None:
        """The time to find a guardian is over."""
        Tries.steps += 1
        held = self.line.held(subject)
        if held is None or held.state != SubjectState.CONSENT_REQUIRED:
            return
        self.line.expire.subject(self.line.tx, held.id, self.now)
        if held.admitted_at is None:
            assert self.state(subject) is None
            self.no_more(subject)

    @rule(subject=SUBJECTS, delete_now=st.booleans())
    def withdraw(self, subject: str, *, delete_now: bool) -> None:
        """The guardian takes the consent back; it is a "no" at once, and again when the data goes."""
        Tries.steps += 1
        held = self.line.held(subject)
        if held is None or held.state != SubjectState.CONSENTED:
            return
        request = self.line.withdraw(held, self.now, delete_now=delete_now)
        self.book.told(subject, frozenset(self.known[subject]), 1, self.now)
        if delete_now:
            self.no_more(subject)
        else:
            self.leaving[subject] = request, self.now + timedelta(days=3)
        assert self.state(subject) == (None if delete_now else "consent_required")

    @precondition(lambda self: self.leaving)
    @rule(data=st.data())
    def grace_over(self, data: st.DataObject) -> None:
        """The data goes, unless somebody consented anew."""
        Tries.steps += 1
        subject = data.draw(st.sampled_from(sorted(self.leaving)))
        request, at = self.leaving.pop(subject)
        self.now, before = max(self.now, at), self.state(subject)
        self.line.expire.grace(self.line.tx, request, self.now)
        if before is not None and self.state(subject) is None:
            self.no_more(subject)

    @rule(subject=SUBJECTS)
    def delete(self, subject: str) -> None:
        """The account is deleted on request: no new "no", but the old ones hold."""
        Tries.steps += 1
        self.line.purge(subject, PurgeReason.SUBJECT_REQUEST, self.now)
        self.book.corrected.pop(subject, None)

    def no_more(self, subject: str) -> None:
        self.book.told(subject, frozenset(self.known[subject]), 1, self.now)
        self.book.corrected.pop(subject, None)

    @rule(subject=SUBJECTS, days=AGES, strength=STRENGTHS)
    def correct(self, subject: str, days: int, strength: EvidenceAssurance) -> None:
        """An operator has evidence. Weak evidence never makes anybody older or lifts a "no"."""
        Tries.steps += 1
        form = CorrectionForm(self.born(days), EvidenceKind.DOCUMENT, "ref", strength, self.now)
        before = self.state(subject)
        came = self.line.correct(subject, form, self.now)
        if before is None:
            self.corrected_absent(subject, days, came, strong=strength in LIFTING)
        else:
            self.corrected_held(subject, days, came, before, strong=strength in LIFTING)

    def corrected_absent(self, subject: str, days: int, came: object, *, strong: bool) -> None:
        names = frozenset({subject})
        if not self.book.matching(names, self.now) and self.book.correction(subject, self.now) is None:
            assert isinstance(came, SubjectUnknown)
        elif not strong:
            assert isinstance(came, InputRefused)
        else:
            assert isinstance(came, Corrected)
            self.book.lift(subject)
            self.book.corrected[subject] = (days, self.now + timedelta(hours=72))

    def corrected_held(self, subject: str, days: int, came: object, before: str, *, strong: bool) -> None:
        after = self.state(subject)
        if days > self.ages[subject] and not strong:
            assert isinstance(came, InputRefused)
            assert after == before
            return
        own = weight_of(days)
        if subject in self.stuck and not strong:
            own = max(own, 1)
        if strong:
            self.book.lift(subject)
            self.stuck.discard(subject)
            assert after == "consented" or WEIGHT[after or "purged"] == own or before == "allowed"
        self.ages[subject] = days
        if own and after != "consented":
            self.book.told(subject, frozenset(self.known[subject]), own, self.now)

    @precondition(lambda self: self.book.noes)
    @rule(subject=SUBJECTS, data=st.data())
    def sneak(self, subject: str, data: st.DataObject) -> None:
        """An adult's date under a name that a "no" is remembered by: the shortest way round, tried on purpose."""
        no = data.draw(st.sampled_from(self.book.noes))
        name = data.draw(st.sampled_from(sorted(no.names)))
        address = name if "@" in name else None
        device = name if name.startswith("device") else None
        who = name if name in {"ada", "bo", "cy"} else subject
        self.sign_up(who, 40 * 365, address, device)


def test_no_way_leads_from_a_no_to_a_laxer_answer_while_one_name_is_recognised(tmp_path: Path) -> None:
    Tries.lines = Lines(tmp_path, lambda: BEGIN)
    run_state_machine_as_test(
        Tries,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    Tries.lines.house.close()
    assert Tries.steps >= 20_000
