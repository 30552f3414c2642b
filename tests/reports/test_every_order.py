"""A machine that reports, contests, rules and waits in every order, beside a notebook that says how it must stand."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from tests.houses import open_home
from tests.journeys.operators import operator
from tests.journeys.people import decision, token
from tests.reports import people

SHUTTING = ("verified_guardian", "self_statement", "staff")
LIVE = ("received", "plausible", "contested")
DAY = timedelta(days=1)


@dataclass
class Case:
    """What the notebook knows of one case."""

    shuts: bool
    one_is_enough: bool
    ends: datetime
    state: str = "received"
    ruling: str | None = None
    by: str | None = None

    def settled(self, ruling: str, person: str) -> str:
        """`counts`, `noted` or `second`: the rule in other words than the code's."""
        two = self.state == "contested" or (ruling == "upheld" and not self.one_is_enough)
        if ruling == "plausible" or not two:
            return "counts"
        if self.by == person:
            return "second"
        return "counts" if self.ruling in {ruling, "plausible"} else "noted"


class Cases(RuleBasedStateMachine):
    """One adult, whom people report."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.home = open_home(Path(self.folder.name))
        self.home.register("game", "deepseek")
        people.adult(self.home)
        for person in ("jo", "kim"):
            self.home.keys[person] = operator(self.home, person=person)
        self.cases: dict[str, Case] = {}
        self.dismissed: set[str] = set()
        self.basis: dict[str, str] = {}
        self.statement: datetime | None = None
        self.purged = False

    def teardown(self) -> None:
        self.home.house.close()
        self.folder.cleanup()

    def live(self) -> list[Case]:
        return [case for case in self.cases.values() if case.state in LIVE]

    def check(self) -> None:
        """The subject is what the notebook says, and so is its token."""
        shut = any(case.shuts for case in self.live())
        wanted = "purged" if self.purged else "restricted" if shut else "allowed"
        assert (decision(self.home, "sam"), token(self.home, "sam").status_code == 201) == (wanted, wanted == "allowed")

    @precondition(lambda self: not self.purged and len(self.cases) < 6)
    @rule(basis=st.sampled_from([*SHUTTING, "other"]))
    def report(self, basis: str) -> None:
        self.home.clock.move(minutes=11)  # two claims within ten minutes are one
        self.silence()
        if self.purged:
            return
        now = self.home.clock()
        if basis in SHUTTING[:2]:
            self.shorten(now)
        taken = people.reported(self.home, basis=basis)
        shuts = basis in SHUTTING and basis not in self.dismissed
        contested = any(case.state == "contested" for case in self.live())
        case = Case(shuts, shuts, now + 30 * DAY, "contested" if contested else "received")
        self.cases[taken], self.basis[taken] = case, basis
        self.check()

    def shorten(self, now: datetime) -> None:
        """A second statement of the subject or a guardian, where a first one is still looked at."""
        if any(self.basis[row] in SHUTTING[:2] and case.state in LIVE for row, case in self.cases.items()):
            for case in self.live():
                case.ends = min(case.ends, now + DAY) if case.shuts else case.ends

    @precondition(lambda self: self.cases)
    @rule(which=st.integers(0, 5), ruling=st.sampled_from(["plausible", "upheld", "dismissed"]), jo=st.booleans())
    def rule_on(self, which: int, ruling: str, jo: bool) -> None:
        row, case = list(self.cases.items())[which % len(self.cases)]
        person = "jo" if jo else "kim"
        came = people.rule(self.home, row, ruling, person)
        if case.state not in LIVE:
            assert (came.status_code == 200) == (case.ruling == ruling)
            return
        look = case.settled(ruling, person)
        assert came.status_code == (403 if look == "second" else 200), came.text
        if look != "second":
            self.ruled(row, case, ruling, person, counts=look == "counts")
        self.check()

    def ruled(self, row: str, case: Case, ruling: str, person: str, *, counts: bool) -> None:
        case.ruling, case.by = ruling, person
        if ruling == "plausible" and case.state == "received":
            case.state, case.ends = "plausible", max(case.ends, self.home.clock() + DAY)
        elif counts and ruling == "upheld":
            self.purge(case, "upheld")
        elif counts and ruling == "dismissed":
            case.state = "dismissed"
            self.dismissed.add(self.basis[row])

    def purge(self, case: Case, state: str) -> None:
        self.purged = True
        for each in self.live():
            each.state = "ended"
        case.state = state

    @precondition(lambda self: self.cases)
    @rule(which=st.integers(0, 5))
    def contest(self, which: int) -> None:
        row, case = list(self.cases.items())[which % len(self.cases)]
        assert people.contest(self.home, row).status_code == (202 if case.state in LIVE else 409)
        if case.state in LIVE:
            for each in self.live():
                each.state = "contested" if each.shuts or each is case else each.state
        self.check()

    @rule(span=st.sampled_from([timedelta(hours=1), timedelta(hours=25), 10 * DAY, 31 * DAY]))
    def wait(self, span: timedelta) -> None:
        self.home.clock.now += span
        self.silence()
        self.check()

    def silence(self) -> None:
        """The worker looks; the notebook lets silence act on what is due."""
        self.home.work()
        due = sorted((case for case in self.live() if case.ends <= self.home.clock()), key=lambda case: case.ends)
        for case in due:
            if not case.shuts and case.state in LIVE:
                case.state = "ended"
            elif case.state == "plausible":
                self.purge(case, "silent")


def test_in_every_order_the_subject_stands_as_the_notebook_says() -> None:
    small = settings(
        max_examples=8, stateful_step_count=12, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    run_state_machine_as_test(Cases, settings=small)
