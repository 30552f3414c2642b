"""The jurisdictions file, checked row by row.

Owns what a law file must say. What the rows mean is `rules/law_row.py`'s business, finding lines `page.py`'s.
"""

from collections import Counter

from agegate.law.block import Block
from agegate.law.page import Page
from agegate.law.places import country_fault, region_fault
from agegate.rules.birth_date import LeapRule
from agegate.rules.law import ANY_CLASS, ConsentMethod, Kind, Law, LawRow, ServiceClass, Status, Watched

DETAILS = (
    "teen_self_consent_from",
    "teen_self_consent_until",
    "teen_or_guardian_from",
    "teen_or_guardian_until",
    "teen_informed_consent_from",
    "teen_informed_consent_until",
    "child_consent_also_from",
    "sensitive_consent_age",
    "prohibited_below",
    "guardian_always_below",
)


def read_law(page: Page) -> Law:
    """The law as the file tells it; faults are noted on the page."""
    top = Block(page, page.values)
    classes = _read_classes(top.table("service_classes"))
    blocks = top.tables("row")
    rows = tuple(_read_row(block) for block in blocks)
    if not rows:
        top.refuse(None, "no [[row]] at all: a law file needs at least one rule")
    for block, row in zip(blocks, rows, strict=True):
        _check_place(block, row)
        _check_days(block, row)
        if row.service_class not in {ANY_CLASS, *classes}:
            block.refuse("service_class", "is not a class of this file. Add it below [service_classes]")
    _check_names(blocks, rows)
    law = Law(
        rows=rows,
        adult_ages=_read_adult_ages(top.table("adult_ages")),
        service_classes=classes,
        watchlist=tuple(_read_watched(block) for block in top.tables("watch")),
        as_of=top.day("as_of"),
    )
    top.refuse_the_rest()
    return law


def _read_row(block: Block) -> LawRow:
    details = ((key, block.perhaps_number(key)) for key in DETAILS)
    row = LawRow(
        id=block.text("id"),
        country=block.text("code"),
        region=block.perhaps_text("subdivision"),
        name=block.text("name"),
        regime=block.text("regime"),
        kind=block.choice("kind", Kind),
        service_class=block.text("service_class"),
        consent_age=block.perhaps_number("consent_age"),
        fallback_age=block.perhaps_number("fallback_age"),
        block_age=block.perhaps_number("block_age"),
        adult_age=block.number("adult_age", 14),
        contest_days=block.perhaps_number("contest_days", 1, 365),
        citation=block.text("citation"),
        effective_from=block.day("effective_from"),
        effective_until=block.day("effective_until"),
        superseded_by=block.perhaps_text("superseded_by"),
        status=block.choice("status", Status),
        consent_method=block.choice("consent_method", ConsentMethod),
        leap_day=block.choice("leap_day", LeapRule),
        notes=block.perhaps_text("notes") or "",
        evidence=block.text("evidence"),
        verified_facts=block.texts("verified_facts"),
        confidence=block.text("confidence"),
        date_precision=block.perhaps_text("date_precision"),
        comply_by=block.day("comply_by"),
        details=tuple((key, age) for key, age in details if age is not None),
    )
    block.refuse_the_rest()
    return row


def _check_place(block: Block, row: LawRow) -> None:
    if row.country and (fault := country_fault(row.country)):
        block.refuse("code", f"is not a country ({fault}). Write ISO 3166-1 alpha-2, like GB or GR")
    elif row.region and (fault := region_fault(row.country, row.region)):
        block.refuse("subdivision", f"is not one of that country ({fault}). Write ISO 3166-2, like US-CA")


def _check_days(block: Block, row: LawRow) -> None:
    first, end = row.effective_from, row.effective_until
    if first and end and end < first:
        block.refuse("effective_until", "lies before effective_from. It is the first day without the rule")


def _check_names(blocks: tuple[Block, ...], rows: tuple[LawRow, ...]) -> None:
    ids = Counter(row.id for row in rows)
    seen: set[str] = set()
    for block, row in zip(blocks, rows, strict=True):
        if row.id in seen:
            block.refuse("id", "names another row too. Give each row its own id")
        seen.add(row.id)
        if row.superseded_by and row.superseded_by not in ids:
            block.refuse("superseded_by", "names no row of this file. Correct the id or add that row")


def _read_classes(table: Block) -> dict[str, ServiceClass]:
    classes = {}
    for name in table.keys():  # noqa: SIM118 - a Block is not a dict
        block = table.table(name)
        classes[name] = ServiceClass(name, block.text("meaning"), block.texts("includes"))
        block.refuse_the_rest()
    return classes


def _read_adult_ages(table: Block) -> dict[str, int]:
    ages = {code: table.number(code, 14) for code in table.keys()}  # noqa: SIM118 - as above
    for code in ages:
        country = code.partition("-")[0]
        if country_fault(country) or ("-" in code and region_fault(country, code)):
            table.refuse(code, "is not a place. Write ISO 3166-1 or 3166-2, like US-AL")
    return ages


def _read_watched(block: Block) -> Watched:
    watched = Watched(block.text("code"), block.text("what"), block.perhaps_text("source"))
    block.refuse_the_rest()
    return watched
