"""Which acts are kept, by whom, and that an entry names nobody."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from agegate.rules.audit import COMMAND
from agegate.store.audit_log import ENTRIES
from tests.houses import Home
from tests.journeys.operators import correct, operator
from tests.journeys.people import (
    ADULT,
    FIFTEEN,
    answer,
    ask_guardian,
    consented_minor,
    notice,
    sign_up,
    waiting_minor,
    withdraw,
)


def acts(home: Home) -> list[tuple[str, str]]:
    """What was done, and by whom, beside the commands that furnished the house."""
    with home.house.store.engine.connect() as connection:
        rows = connection.execute(select(ENTRIES.c.action, ENTRIES.c.actor)).all()
    return sorted((row.action, row.actor) for row in rows if row.actor != COMMAND)


def adult(home: Home) -> None:
    sign_up(home, "ada", ADULT)


def repeated(home: Home) -> None:
    sign_up(home, "ada", ADULT)
    sign_up(home, "ada", ADULT)


def blocked_twice(home: Home) -> None:
    sign_up(home, "alex", FIFTEEN, "DE", "scan")
    sign_up(home, "alex", ADULT, "DE", "scan")


def turned_younger(home: Home) -> None:
    sign_up(home, "ada", ADULT)
    sign_up(home, "ada", FIFTEEN)


def consented(home: Home) -> None:
    consented_minor(home)


def declined(home: Home) -> None:
    waiting_minor(home, assent=False)
    ask_guardian(home)
    answer(home, "decline")
    home.work()


def withdrawn(home: Home) -> None:
    consented_minor(home)
    withdraw(home, "delete_now")
    home.work()


def assented(home: Home) -> None:
    waiting_minor(home, assent=False)
    home.call("PUT", "/v1/subjects/alex/assent", notice(home), key=home.keys["game"])


def purged_unknown(home: Home) -> None:
    asked = {"subject": "nobody", "reason": "service_request"}
    home.call("POST", "/v1/purges", asked, key=home.keys["game"])


SIGNED_UP = ("signup.decided", "service:game")
ASKED = ("consent.requested", "service:game")
PURGED = ("purge.ordered", "agegate")
GUARDIANS = [("consent.granted", "guardian"), ("consent.withdrawn", "guardian")]
CERTIFIED = [("purge.certified", "agegate"), ("purge.completed", "agegate")]


@pytest.mark.parametrize(
    ("life", "expected"),
    [
        (adult, [SIGNED_UP]),
        (repeated, [SIGNED_UP]),
        (blocked_twice, [("signup.decided", "service:scan")]),
        (turned_younger, [SIGNED_UP, ("report.taken", "agegate"), ("subject.restricted", "agegate")]),
        (consented, [SIGNED_UP, ASKED, ("consent.granted", "guardian")]),
        (declined, [SIGNED_UP, ASKED, ("consent.declined", "guardian"), PURGED, *CERTIFIED]),
        (withdrawn, [SIGNED_UP, ASKED, *GUARDIANS, PURGED, *CERTIFIED]),
        (assented, [SIGNED_UP, ("assent.given", "subject")]),
        (purged_unknown, [PURGED]),
    ],
)  # fmt: skip
def test_an_act_that_matters_is_kept_once(
    home: Home, life: Callable[[Home], None], expected: list[tuple[str, str]]
) -> None:
    life(home)
    assert acts(home) == sorted(expected)


def test_a_correction_is_kept_in_the_name_of_the_person(home: Home) -> None:
    key = operator(home)
    sign_up(home, "ada", ADULT)
    assert correct(home, key, "ada", "1990-01-01").status_code == 200
    assert ("birth_date.corrected", "operator:jo-smith") in acts(home)


def test_a_blocked_child_leaves_nothing_that_could_be_tied_to_it(home: Home) -> None:
    blocked_twice(home)
    with home.house.store.engine.connect() as connection:
        kept = connection.execute(select(ENTRIES).where(ENTRIES.c.action == "signup.decided")).mappings().one()
    assert (kept["commitment"], kept["ref"], set(kept["facts"])) == (None, None, {"decision", "profile", "rules"})


def test_two_entries_of_one_subject_do_not_match(home: Home) -> None:
    consented_minor(home)
    with home.house.store.engine.connect() as connection:
        found = (
            connection.execute(select(ENTRIES.c.commitment).where(ENTRIES.c.commitment.is_not(None))).scalars().all()
        )
    assert (len(found) >= 3, len(set(found))) == (True, len(found))
