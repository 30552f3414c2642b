"""What is worked out once for a place and an answer is what every single account of it would be told."""

import random
from datetime import date, timedelta
from pathlib import Path

from agegate.flows.forms import SignupForm
from agegate.flows.sign_up import Prepared
from agegate.rules.birth_date import BirthDate
from agegate.rules.place import Place
from agegate.store.subjects import SUBJECTS
from tests.houses import START, Home
from tests.sweeping.files import PLACES, write_csv
from tests.sweeping.swept import Swept

ADMITTED = {"allowed": "allowed", "consent_required": "consent_required", "blocked": "restricted"}


def test_every_account_stands_where_its_own_signup_would(sqlite_home: Home, tmp_path: Path) -> None:
    chance = random.Random(7)  # noqa: S311 - the same file every time
    born = [START.date() - timedelta(days=chance.randrange(365 * 5, 365 * 30)) for _ in range(150)]
    born += [date(START.year - age, START.month, START.day + day) for age in range(9, 22) for day in (-1, 0, 1)]
    header = "subject,date_of_birth,country,region"
    rows = [f"s{n},{day},{PLACES[n % len(PLACES)]}" for n, day in enumerate(born)]
    begun = Swept(sqlite_home, write_csv(tmp_path / "accounts.csv", rows, header)).run()
    with sqlite_home.house.store.engine.connect() as connection:
        held = {row["subject"]: row for row in connection.execute(SUBJECTS.select()).mappings()}
    for number, day in enumerate(born):
        country, region = PLACES[number % len(PLACES)].split(",")
        form = SignupForm(BirthDate(day), (Place(country, region or None),))
        own = begun.enrol.sign_up.prepare(begun.service, f"s{number}", form, START)
        assert isinstance(own, Prepared)
        found = held[f"s{number}"]
        assert (found["state"], found["reasons"], found["assurance"], found["decided_on"], found["grown"]) == (
            ADMITTED[own.standing.decision],
            own.standing.reasons,
            own.standing.assurance,
            own.today,
            own.grown,
        )
