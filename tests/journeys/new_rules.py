"""A house that starts again under other rules, as a server does that sees a new table or profile."""

from dataclasses import replace
from datetime import date

from agegate.flows.rule_book import RuleBook
from agegate.law.loader import load_law, shipped_profiles
from agegate.rules.law import Law
from agegate.rules.law_row import ConsentMethod, Kind, LawRow, Status
from agegate.rules.profile import Profile
from tests.houses import Home

LAW = load_law()
ROW = LawRow(
    id="ES-new",
    country="ES",
    name="Spain",
    regime="other",
    kind=Kind.CONSENT,
    service_class="any",
    consent_age=16,
    citation="A law made for this test",
    effective_from=date(2020, 1, 1),
    status=Status.IN_FORCE,
    consent_method=ConsentMethod.GUARDIAN,
)


def restarted(home: Home, *rows: LawRow, without: str = "", **profiles: Profile) -> Home:
    """The same house under other rules: that is how a server sees a new table or profile."""
    kept = tuple(row for row in LAW.rows if row.id != without)
    law = Law(rows=(*kept, *rows), adult_ages=LAW.adult_ages, service_classes=LAW.service_classes)
    rules = RuleBook.of(law, {**shipped_profiles(LAW), **profiles})
    again = Home(replace(home.house, rules=rules), home.clock)
    again.keys.update(home.keys)
    again.work()
    return again
