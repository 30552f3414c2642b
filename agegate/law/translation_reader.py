"""The words of a profile's notice in other languages: a folder named like the profile, a file named like the locale.

Owns the demand that a translation tells neither less nor more than the English words. Where a language is missing,
people are shown the English ones, and that is what is recorded.
"""

from dataclasses import replace
from pathlib import Path

from agegate.law.bad_file import BadFile, FileFault
from agegate.law.block import Block
from agegate.law.page import Page
from agegate.rules.notice_terms import NoticeTerms, Purpose
from notifications.languages import FALLBACK, LOCALES


def read_translations(folder: Path, english: NoticeTerms) -> dict[str, NoticeTerms]:
    """By locale, in the order of our languages; raises `BadFile` with every fault of every file."""
    found: dict[str, NoticeTerms] = {}
    faults: list[FileFault] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            found[path.stem] = read_translation(path, english)
        except BadFile as bad:
            faults += (replace(fault, file=f"{folder.name}/{fault.file}") for fault in bad.faults)
    if faults:
        raise BadFile(tuple(faults))
    return {locale: found[locale] for locale in LOCALES if locale in found}


def read_translation(path: Path, english: NoticeTerms) -> NoticeTerms:
    """One file of words."""
    page = Page(path)
    top = Block(page, page.values)
    if path.stem not in LOCALES or path.stem == FALLBACK:
        top.refuse(None, f"is not named like one of {', '.join(LOCALES[1:])}. Rename it")
    purposes = top.table("purpose")
    terms = NoticeTerms(
        policy_url=top.perhaps_text("policy_url") or english.policy_url,
        purposes=tuple(_purpose(purposes.table(each.id), each) for each in english.purposes),
        recipients=_as_many(top, "recipients", english.recipients),
        storage_places=_as_many(top, "storage_places", english.storage_places),
        complaint_route=top.text("complaint_route"),
    )
    for block in (purposes, top):
        block.refuse_the_rest()
    page.require_no_faults()
    return terms


def _purpose(block: Block, english: Purpose) -> Purpose:
    purpose = replace(
        english,
        title=block.text("title"),
        text=block.text("text"),
        categories=_as_many(block, "categories", english.categories),
        retention=block.text("retention"),
    )
    block.refuse_the_rest()
    return purpose


def _as_many(block: Block, key: str, english: tuple[str, ...]) -> tuple[str, ...]:
    texts = block.texts(key)
    if len(texts) != len(english):
        block.refuse(key, f"has {len(texts)} entries where the English words have {len(english)}. Say the same")
    return texts
