"""A bad law or profile file is refused whole, with every fault, its line and what to do."""

from pathlib import Path

import pytest

import agegate.law.loader
from agegate.law.loader import BadFile, load_law, load_profile

LAW = load_law()
SHIPPED = Path(agegate.law.loader.__file__).parent

LAW_FILE = """\
as_of = 2026-11-22
[adult_ages]
US-AL = 19
[service_classes.any]
meaning = "all"
[[row]]
id = "DE-one"
code = "DE"
name = "Germany"
regime = "gdpr_art8"
kind = "consent"
service_class = "any"
consent_age = 16
adult_age = 18
consent_method = "guardian"
leap_day = "unknown"
citation = "GDPR Art. 8(1)"
effective_from = 2018-05-25
status = "in_force"
evidence = "background"
confidence = "high"
"""

LAW_FAULTS = [
    ('code = "DE"', "code = NO", 8, "is not TOML"),
    ('code = "DE"', 'code = "UK"', 8, "reserved_code"),
    ('code = "DE"', 'code = "EU"', 8, "not_iso3166_alpha2"),
    ('code = "DE"', 'code = "DE"\nsubdivision = "DE-XX"', 9, "not_iso3166_2"),
    ('code = "DE"', 'code = "DE"\nsubdivision = "US-CA"', 9, "region_of_other_country"),
    ('id = "DE-one"\n', "", 6, "id is missing"),
    ('id = "DE-one"', 'id = " "', 7, "id is missing"),
    ("consent_age = 16", 'consent_age = "16"', 13, "without quotes"),
    ("consent_age = 16", "consent_age = 61", 13, "from 0 to 25"),
    ("consent_age = 16", "consent_age = true", 13, "without quotes"),
    ("adult_age = 18\n", "", 6, "adult_age is missing"),
    ('kind = "consent"', 'kind = "consnet"', 11, "must be one of consent, account_consent"),
    ('status = "in_force"', 'status = "active"', 19, "must be one of in_force"),
    ('leap_day = "unknown"', 'leap_day = "mar2"', 16, "must be one of mar1"),
    ('service_class = "any"', 'service_class = "shops"', 12, "not a class of this file"),
    ("2018-05-25", "2018-05-25\neffective_until = 2018-05-24", 19, "before effective_from"),
    ("2018-05-25", "2018-05-25T00:00:00Z", 18, "a day like"),
    ("2018-05-25", '"2018-05-25"', 18, "a day like"),
    ("consent_age = 16", "consent_aeg = 16", 13, "not a known key"),
    ('status = "in_force"', 'status = "in_force"\nsuperseded_by = "DE-two"', 20, "names no row"),
    ('confidence = "high"', 'confidence = "high"\nverified_facts = ["age", 3]', 22, "a list of texts"),
    ('confidence = "high"', 'confidence = "high"\nverified_facts = "age"', 22, "a list of texts"),
    ('confidence = "high"', 'confidence = "high"\n[[watch]]\ncode = "EU"', 22, "what is missing"),
    ("US-AL = 19", "US-ZZ = 19", 3, "is not a place"),
    ("US-AL = 19", "UK = 19", 3, "is not a place"),
    ("US-AL = 19", "US-AL = 190", 3, "from 14 to 25"),
    ('meaning = "all"', "", 4, "meaning is missing"),
    ("as_of = 2026-11-22", "as_of = 2026-11-22\nasof = 1", 2, "not a known key"),
    ("as_of = 2026-11-22", "as_of = 2026-11-22\nwatch = [1]", 2, "a list of tables"),
    ("[[row]]", "[row]", 6, "a list of tables"),
    ('confidence = "high"', 'confidence = "high', 21, "is not TOML"),
]


@pytest.mark.parametrize(("good", "bad", "line", "words"), LAW_FAULTS)
def test_a_fault_in_the_law_is_told_with_its_line(tmp_path: Path, good: str, bad: str, line: int, words: str) -> None:
    file = tmp_path / "law.toml"
    file.write_text(LAW_FILE.replace(good, bad, 1), encoding="utf-8")
    with pytest.raises(BadFile) as refused:
        load_law(file)
    assert any(fault.line == line and words in fault.reason for fault in refused.value.faults), refused.value


def test_the_plain_law_file_is_good(tmp_path: Path) -> None:
    file = tmp_path / "law.toml"
    file.write_text(LAW_FILE, encoding="utf-8")
    assert [row.id for row in load_law(file).rows] == ["DE-one"]


def test_every_fault_of_a_file_stands_in_one_report_in_the_order_of_its_lines(tmp_path: Path) -> None:
    file = tmp_path / "law.toml"
    block = LAW_FILE[LAW_FILE.index("[[row]]") :]
    text = LAW_FILE.replace('"consent"', '"consnet"').replace("= 16", "= 61") + block.replace('"DE"', '"XX"')
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadFile) as refused:
        load_law(file)
    kinds = "no_fixed_age, block, guardian_link, design_duty, age_signal"
    assert str(refused.value).splitlines() == [
        "law.toml cannot be used, 4 faults. Nothing of it was taken; correct it and load again.",
        f"  law.toml:11: kind must be one of consent, account_consent, feature_consent, {kinds}",
        "  law.toml:13: consent_age must be a whole number from 0 to 25",
        "  law.toml:23: id names another row too. Give each row its own id",
        "  law.toml:24: code is not a country (not_iso3166_alpha2). Write ISO 3166-1 alpha-2, like GB or GR",
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "cannot be read: No such file"),
        (b"\xff\xfe", "is not UTF-8"),
        (b"", "no [[row]] at all"),
    ],
)
def test_a_file_that_is_none_is_refused(tmp_path: Path, content: bytes | None, words: str) -> None:
    file = tmp_path / "law.toml"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(BadFile) as refused:
        load_law(file)
    assert "law.toml cannot be used, 1 fault. " in str(refused.value)
    assert words in str(refused.value)


PROFILE_FAULTS = [
    ("deepseek", 'name = "deepseek"', 'name = "Deep Seek"', "name must be small letters"),
    ("deepseek", "version = 1", "version = 0", "version must be a whole number from 1"),
    ("deepseek", "version = 1\n", "", "version is missing"),
    ("deepseek", 'policy_version = "2024-12-05"', "policy_version = 2024-12-05", 'a text in "quotes"'),
    ("deepseek", 'service_class = "any"', 'service_class = "shops"', "service_class must be one of any,"),
    ("deepseek", "discloses = true", "discloses = 1", "discloses must be true or false"),
    ("deepseek", "discloses = true", "# none", "discloses is missing"),
    ("deepseek", '"CN-pipl"', '"CN-pilp"', "laws names CN-pilp, which is no row of the law"),
    ("deepseek", "block_below = 14", 'block_below = "age"', 'an age or "consent_age"'),
    ("deepseek", "block_below = 14", "block_below = 140", "from 0 to 25"),
    ("deepseek", "consent_below = 18", "consent_below = 14", "must lie above block_below"),
    ("deepseek", "block_below = 14", "block_below = 14\nblock_floor = 13", "goes only with block_below"),
    ("deepseek", "block_below = 14", "block_blow = 14", "not a known key"),
    ("deepseek", 'methods = ["email"]', "methods = []", "methods is missing or empty"),
    ("deepseek", 'methods = ["email"]', 'methods = ["email", "fax"]', "it has 1 other"),
    ("deepseek", 'assurance = "email"', 'assurance = "verified"', "more than any of the methods"),
    ("deepseek", 'assurance = "email"', 'assurance = "sure"', "assurance must be one of email"),
    ("deepseek", '"7 days"', '"15 days"', "request_expiry must be at most 14 days"),
    ("deepseek", '"3 days"', '"31 days"', "withdrawal_grace must be at most 30 days"),
    ("deepseek", '"10 minutes"', '"16 minutes"', "token_life must be at most 0:15:00"),
    ("deepseek", '"72 hours"', '"0 hours"', "sticky must be longer than nothing"),
    ("deepseek", '"72 hours"', '"3 weeks"', "sticky must be a time in minutes"),
    ("deepseek", '"72 hours"', "72", "sticky must be a text"),
    ("deepseek", "sticky =", "stiky =", "stiky is not a known key"),
    ("deepseek", "policy_url =", "policy =", "policy_url is missing"),
    ("deepseek", "https://cdn", "http://cdn", "must be an https address"),
    ("deepseek", 'storage_places = ["People', '# ["People', "storage_places is missing"),
    ("deepseek", 'id = "safety"', 'id = "provide"', "two purposes share an id"),
    ("deepseek", 'id = "safety"', 'id = "disclosure"', "id is taken: passing data to others"),
    ("deepseek", "categories = [", "categories = [] # [", "categories is missing"),
    ("coppa-general", '["email", "email_plus"]', '["email"]', "which asks for email_plus below 13"),
    ("social-media", '["email", "verified"]', '["email", "email_plus"]', "US-TN-hb1891"),
    ("social-media", '["email", "verified"]', '["email_plus", "verified"]', "cannot offer email_plus where data is"),
    ("social-media", "block_below = 13\n", 'block_below = 13\nmore = "x"\n', "more is not a known key"),
]


@pytest.mark.parametrize(("name", "good", "bad", "words"), PROFILE_FAULTS)
def test_a_fault_in_a_profile_is_told_with_its_line(tmp_path: Path, name: str, good: str, bad: str, words: str) -> None:
    text = (SHIPPED / "profiles" / f"{name}.toml").read_text("utf-8")
    assert good in text
    file = tmp_path / "profile.toml"
    file.write_text(text.replace(good, bad, 1), encoding="utf-8")
    with pytest.raises(BadFile) as refused:
        load_profile(file, LAW)
    changed = text[: text.index(good)].count("\n") + 1
    headers = {n for n, line in enumerate(text.splitlines()[:changed], 1) if line.startswith("[")}
    told = [fault.line for fault in refused.value.faults if words in str(fault)]
    assert told, refused.value
    assert told[0] in {*range(changed, changed + bad.count("\n") + 1), 1, *headers}


def test_a_profile_without_a_single_purpose_is_refused(tmp_path: Path) -> None:
    text = (SHIPPED / "profiles" / "deepseek.toml").read_text("utf-8")
    file = tmp_path / "profile.toml"
    file.write_text(text[: text.index("[[notice.purpose]]")], encoding="utf-8")
    with pytest.raises(BadFile, match=r"no .*notice\.purpose"):
        load_profile(file, LAW)


def test_the_row_that_forbids_a_profile_is_told_at_its_methods(tmp_path: Path) -> None:
    text = (SHIPPED / "profiles" / "coppa-general.toml").read_text("utf-8")
    file = tmp_path / "profile.toml"
    file.write_text(text.replace("discloses = false", "discloses = true"), encoding="utf-8")
    with pytest.raises(BadFile) as refused:
        load_profile(file)
    # One fault is the profile's own, that a disclosing service offers a confirmed mail; the other names the row.
    own, fault = refused.value.faults
    line = text.splitlines().index('methods = ["email", "email_plus"]') + 1
    assert (own.line, fault.line) == (line, line)
    assert own.reason.startswith("methods cannot offer email_plus")
    assert fault.reason.startswith("methods cannot satisfy US-coppa-2025 (15 USC 6501-6506; 16 CFR 312.2")
    assert fault.reason.endswith(
        "asks for verified below 13 where data is disclosed. Offer verified or block below that age"
    )
