"""A batch of old accounts, and another process between any two of its statements: a purge leaves nobody behind."""

from datetime import timedelta

from agegate.flows.enrol_swept import Pace, SweptAccount
from agegate.flows.forms import SignupForm
from agegate.house import House
from agegate.rules.birth_date import BirthDate
from agegate.rules.place import Place
from agegate.rules.purge import PurgeReason
from agegate.signup_desk import enrol_swept
from agegate.store.subjects import find_subject
from tests.houses import Home
from tests.journeys.people import ADULT
from tests.processes.between import Flow, Scene, everywhere, writes
from tests.processes.test_consents_between import game


def test_an_account_that_is_purged_while_it_is_enrolled_is_gone(postgres_home: Home) -> None:
    home, now = postgres_home, postgres_home.clock()
    service = home.house.store.read_now(game)

    def scene(subject: str) -> Scene:
        def enrols(house: House) -> Flow:
            flow, form = enrol_swept(house), SignupForm(BirthDate.of_iso(ADULT), (Place("US"),))
            judged = flow.judge(service, form, now)
            account = SweptAccount(subject, form, flow.prepare(service, subject, form, judged, now))
            return lambda tx: flow(tx, service, [account], Pace(now, timedelta(0)), now)

        purges = writes(lambda house: lambda tx: house.purge(tx, "game", subject, PurgeReason.SUBJECT_REQUEST, now))
        return writes(enrols), purges, lambda: home.house.store.read_now(lambda tx: find_subject(tx, "game", subject))

    found = everywhere(home, scene)
    assert len(found) > 1
    assert [met for met in found if met.fell or met.end is not None] == []
