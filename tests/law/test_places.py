"""Which codes of countries and subdivisions are taken, and why the others are not."""

import pycountry
import pytest

from agegate.law.places import countries, country_fault, region_fault


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("gb", "not_iso3166_alpha2"),
        ("USA", "not_iso3166_alpha2"),
        ("840", "not_iso3166_alpha2"),
        ("", "not_iso3166_alpha2"),
        ("G\u0412", "not_iso3166_alpha2"),  # a Cyrillic letter
        ("US-CA", "not_iso3166_alpha2"),
        (" DE", "not_iso3166_alpha2"),
        ("#", "not_iso3166_alpha2"),
        ("*", "not_iso3166_alpha2"),
        ("ZZ", "not_iso3166_alpha2"),
        ("XX", "not_iso3166_alpha2"),
        ("EU", "not_iso3166_alpha2"),
        ("UN", "not_iso3166_alpha2"),
        ("AN", "not_iso3166_alpha2"),
        ("SU", "not_iso3166_alpha2"),
        ("UK", "reserved_code"),
        ("EL", "reserved_code"),
        ("XK", None),
        ("NO", None),
        ("NA", None),
        ("GB", None),
        ("GR", None),
        ("ZW", None),
    ],
)
def test_a_country_is_named_by_its_iso_code_and_nothing_else(code: str, fault: str | None) -> None:
    assert country_fault(code) == fault


@pytest.mark.parametrize(
    ("country", "region", "fault"),
    [
        ("US", "US-CA", None),
        ("GB", "GB-SCT", None),
        ("CA", "CA-QC", None),
        ("US", "US-ZZ", "not_iso3166_2"),
        ("US", "CA", "not_iso3166_2"),
        ("US", "us-ca", "not_iso3166_2"),
        ("US", "US-", "not_iso3166_2"),
        ("US", "", "not_iso3166_2"),
        ("US", "ZZ-CA", "not_iso3166_2"),
        ("US", "CA-QC", "region_of_other_country"),
    ],
)
def test_a_subdivision_is_written_in_full_and_belongs_to_its_country(
    country: str, region: str, fault: str | None
) -> None:
    assert region_fault(country, region) == fault


def test_the_table_of_countries_is_that_of_iso_and_kosovo() -> None:
    assert set(countries()) == {country.alpha_2 for country in pycountry.countries} | {"XK"}


def test_the_table_of_subdivisions_is_that_of_iso() -> None:
    ours = {f"{country.code}-{suffix}" for country in countries().values() for suffix in country.regions}
    assert ours == {subdivision.code for subdivision in pycountry.subdivisions}


def test_a_country_has_a_name_for_people() -> None:
    assert (countries()["NO"].name, countries()["XK"].name) == ("Norway", "Kosovo")
