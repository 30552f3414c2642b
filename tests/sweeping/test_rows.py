"""What a line must say to be an account, and that reading it quickly is reading it strictly."""

from datetime import UTC, date, datetime
from functools import cache
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agegate.flows.rule_book import RuleBook
from agegate.law.civil_day import civil_today, latest_today
from agegate.law.loader import load_law, shipped_profiles
from agegate.law.places import countries
from agegate.rules.birth_date import BirthDate, BirthDateRefused
from agegate.rules.place import Place
from agegate.sweeping.file_pass import FilePass
from agegate.sweeping.jurisdictions import Found, Jurisdictions
from agegate.sweeping.lines import LONGEST, Lines
from agegate.sweeping.row_reader import Account, RowReader
from agegate.sweeping.sheets import Fault, HeaderRefused, RowRefused
from agegate.web.addresses import AddressRefused, read_address
from tests.sweeping.files import FULL, HEADER

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
GOOD = "a,1990-05-04,DE"


@cache
def rules() -> RuleBook:
    law = load_law()
    return RuleBook.of(law, shipped_profiles(law))


def reader() -> RowReader:
    return RowReader(Jurisdictions(rules(), rules().profile("deepseek"), NOW), NOW)


def walk(content: bytes) -> tuple[list[Account], list[tuple[int, Fault]], FilePass]:
    """Every account and every fault of a file."""
    places, wrong = Jurisdictions(rules(), rules().profile("deepseek"), NOW), list[tuple[int, Fault]]()
    reading = FilePass(
        BytesIO(content), places, RowReader(places, NOW), lambda line, fault: wrong.append((line, fault))
    )
    return [account for block in reading.accounts() for account in block], wrong, reading


BAD_ROWS = {
    "b,1990-5-4,DE": Fault("date_of_birth", "invalid_format"),
    "b,1990-02-30,DE": Fault("date_of_birth", "not_a_date"),
    "b,2027-01-01,DE": Fault("date_of_birth", "in_future"),
    "b,1890-01-01,DE": Fault("date_of_birth", "out_of_range"),
    "b,19900504,DE": Fault("date_of_birth", "invalid_format"),
    "b,,DE": Fault("date_of_birth", "invalid_format"),
    "b,1990-05-04,XX": Fault("country", "not_iso3166_alpha2"),
    "b,1990-05-04,de": Fault("country", "not_iso3166_alpha2"),
    "b,1990-05-04,UK": Fault("country", "reserved_code"),
    "b,1990-05-04,": Fault("country", "not_iso3166_alpha2"),
    ",1990-05-04,DE": Fault("subject", "invalid_subject"),
    "b@example.com,1990-05-04,DE": Fault("subject", "subject_is_personal"),
    "b c,1990-05-04,DE": Fault("subject", "invalid_subject"),
    "b,1990-05-04": Fault("line", "wrong_number_of_columns"),
    "b,1990-05-04,DE,": Fault("line", "wrong_number_of_columns"),
    '"b,1990-05-04,DE': Fault("line", "unclosed_quote"),
    "a,1990-05-04,DE": Fault("subject", "repeated_subject"),
    "b" * (LONGEST + 1): Fault("line", "line_too_long"),
    "b" * 200_000: Fault("line", "line_too_long"),
}


@pytest.mark.parametrize(("row", "fault"), BAD_ROWS.items(), ids=[str(fault) for fault in BAD_ROWS.values()])
def test_a_bad_row_is_named_by_its_line_and_its_neighbours_are_read(row: str, fault: Fault) -> None:
    accounts, wrong, reading = walk(f"{HEADER}\n{GOOD}\n{row}\nz,1991-05-04,FR\n".encode())
    assert ([each.subject for each in accounts], wrong, reading.rows) == (["a", "z"], [(3, fault)], 3)


BAD_CELLS = {
    ("region", "US-XX"): "not_iso3166_2",
    ("region", "CA-ON"): "region_of_other_country",
    ("email", "nobody"): "invalid_email",
    ("email", "nö@example.com"): "non_ascii_local",
    ("guardian_email", "g@localhost"): "invalid_email",
    ("locale", "english language"): "invalid_locale",
    ("created_at", "yesterday"): "invalid_format",
    ("created_at", "2027-01-01"): "in_future",
    ("consent_at", "2024-13-01"): "not_a_date",
    ("consent_reference", "a\x07b"): "invalid_reference",
}


@pytest.mark.parametrize(("column", "cell"), BAD_CELLS)
def test_a_bad_cell_is_named_by_its_column(column: str, cell: str) -> None:
    header = f"{HEADER},{column}"
    _, wrong, _ = walk(f"{header}\na,1990-05-04,US,{cell}\n".encode())
    assert wrong == [(2, Fault(column, BAD_CELLS[column, cell]))]


BAD_JSON = {
    "nonsense": Fault("line", "invalid_json"),
    "[1]": Fault("line", "invalid_json"),
    "[" * 5000: Fault("line", "invalid_json"),
    '{"subject":"b","subject":"c","date_of_birth":"1990-05-04","country":"DE"}': Fault("line", "repeated_member"),
    '{"subject":"b","date_of_birth":"1990-05-04","country":"DE","name":"x"}': Fault("line", "unknown_member"),
    '{"subject":"b","date_of_birth":1990,"country":"DE"}': Fault("date_of_birth", "invalid_type"),
    '{"subject":"b","country":"DE"}': Fault("date_of_birth", "invalid_format"),
}


@pytest.mark.parametrize(("row", "fault"), BAD_JSON.items(), ids=[row[:20] for row in BAD_JSON])
def test_a_bad_json_line_is_named_too(row: str, fault: Fault) -> None:
    first = '{"subject":"a","date_of_birth":"1990-05-04","country":"DE","region":null}'
    accounts, wrong, _ = walk(f"{first}\n{row}\n".encode())
    assert ([each.subject for each in accounts], wrong) == (["a"], [(2, fault)])


def test_a_line_that_is_not_utf8_is_named_and_the_others_are_read() -> None:
    accounts, wrong, _ = walk(HEADER.encode() + b"\na,1990-05-04,DE\n\xff\xfe,1990-05-04,DE\nc,1990-05-04,FR")
    assert ([each.line for each in accounts], wrong) == ([2, 4], [(3, Fault("line", "not_utf8"))])


@pytest.mark.parametrize(
    "content", ["\ufeff{}\n{}\n", "{}\r\n{}\r\n", "{}\n\n{}", '"subject","date_of_birth","country"\n{1}']
)
def test_marks_line_ends_blank_lines_and_quotes_are_taken(content: str) -> None:
    accounts, wrong, _ = walk(content.format(HEADER, '"a","1990-05-04","DE"').encode())
    assert ([each.subject for each in accounts], wrong) == (["a"], [])


@pytest.mark.parametrize(
    "header", ["subject,country", f"{HEADER},name", f"{HEADER},country", "subject;date_of_birth", ""]
)
def test_a_header_that_cannot_be_read_is_refused_at_once(header: str) -> None:
    with pytest.raises(HeaderRefused):
        walk(f"{header}\na,1990-05-04,DE\n".encode())


@given(st.lists(st.binary(max_size=40), max_size=30), st.integers(1, 64))
def test_lines_are_the_same_however_the_file_is_cut(parts: list[bytes], chunk: int) -> None:
    content = b"\n".join(parts)

    def read(size: int) -> list[tuple[int, str, str | None]]:
        blocks = list(Lines(BytesIO(content), size))
        return [
            (block.first + place, line, block.bad.get(place))
            for block in blocks
            for place, line in enumerate(block.lines)
            if line or place in block.bad
        ]

    assert read(chunk) == read(1 << 20)


WRITTEN_DATES = st.one_of(
    st.dates(date(1880, 1, 1), date(2030, 1, 1)).map(str),
    st.text(alphabet="0123456789-+ T٣", max_size=12),
    st.text(max_size=12),
)


@given(st.lists(WRITTEN_DATES, min_size=1, max_size=20))
def test_dates_are_read_as_at_a_signup(texts: list[str]) -> None:
    remembering = reader()
    for text in texts * 2:
        try:
            expected: object = BirthDate.read(text, latest_today(NOW)).day
        except BirthDateRefused as refused:
            expected = Fault("date_of_birth", refused.code)
        try:
            found: object = remembering.birth_date(text)
        except RowRefused as refused:
            found = refused.fault
        assert found == expected


LOCALS = st.one_of(st.text(alphabet="aZ9._+-'@\" é", max_size=12), st.text("a", min_size=60, max_size=70))
DOMAINS = st.one_of(
    st.sampled_from(["example.com", "EXAMPLE.com", "bücher.example.com", "a--b.com", "-a.com", "localhost", "x.test"]),
    st.text(alphabet="a-.9Bé", max_size=12),
    st.text("a", min_size=186, max_size=196).map(
        lambda text: f"{text[:60]}.{text[60:120]}.{text[120:180]}.{text[180:]}.com"
    ),
)


@given(LOCALS, DOMAINS)
def test_addresses_are_read_as_at_a_signup(local: str, domain: str) -> None:
    text = f"{local}@{domain}"
    try:
        expected: object = read_address(text)
    except AddressRefused as refused:
        expected = Fault("email", refused.code)
    remembering = reader()
    for _ in range(2):
        try:
            found: object = remembering.address("email", text)
        except RowRefused as refused:
            found = refused.fault
        assert found == expected


@given(st.sampled_from(sorted(countries())), st.dates(date(1950, 1, 1), date(2026, 11, 1)))
def test_an_account_is_judged_as_a_signup_would_be(country: str, born: date) -> None:
    account = reader()(1, ("a", str(born), country, *[""] * 7))
    at = Place(country)
    judged = rules().judge_on(rules().profile("deepseek"), BirthDate(born), [at], [civil_today(NOW, at)], ())
    assert account.at.answers[account.step] == judged.decision


def test_what_is_found_is_counted_by_place_and_answer() -> None:
    rows = ["1990-05-04,DE,,", "2011-05-04,DE,,", "2011-05-04,DE,2024-05-01,", "2011-05-04,US,,", "2020-05-04,US,,"]
    lines = [f"s{number},{row}" for number, row in enumerate(rows)]
    text = "\n".join([f"{HEADER},consent_at,consent_reference", *lines])
    _, wrong, reading = walk(text.encode())
    counted = {
        code: {found: n for found, n in each.items() if n} for code, each in reading.jurisdictions.counted().items()
    }
    assert wrong == []
    assert counted["DE"] == {Found.ALLOWED: 1, Found.CONSENT_REQUIRED: 1, Found.CONSENT_CLAIMED: 1}
    assert sum(counted["US"].values()) == 2


def test_the_header_may_name_its_columns_in_any_order() -> None:
    names = FULL.split(",")
    cells = dict.fromkeys(names, "") | {"subject": "a", "date_of_birth": "1990-05-04", "country": "DE", "locale": "de"}
    turned = list(reversed(names))
    accounts, _, _ = walk("\n".join([",".join(turned), ",".join(cells[name] for name in turned)]).encode())
    assert (accounts[0].subject, accounts[0].locale) == ("a", "de")
