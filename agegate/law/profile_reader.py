"""A profile file, checked against itself and against the law it names.

Owns what a profile file must say. What a profile means is `rules/demands.py`'s business; finding lines,
`page.py`'s.
"""

import re
from dataclasses import fields

from agegate.law.block import Block
from agegate.law.page import Page
from agegate.rules.assurance import Assurance
from agegate.rules.demands import lacking
from agegate.rules.law import ANY_CLASS, Law
from agegate.rules.profile import AgeLimit, NoticeTerms, Profile, Purpose, Retention
from agegate.rules.switches import DISCLOSURE

CONSENT_AGE = "consent_age"
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)


def read_profile(page: Page, law: Law) -> Profile:
    """The profile as the file tells it; faults are noted on the page."""
    top = Block(page, page.values)
    limits, consent = top.table("limits"), top.table("consent")
    profile = Profile(
        name=top.text("name"),
        version=top.number("version", 1, 1_000_000),
        policy_version=top.text("policy_version"),
        service_class=top.text("service_class"),
        block_below=_age_limit(limits, "block_below"),
        block_floor=limits.perhaps_number("block_floor") or 0,
        consent_below=_age_limit(limits, "consent_below"),
        discloses=_needed_flag(top, "discloses"),
        methods=_methods(consent),
        assurance=_assurance(consent),
        assent_needed=consent.flag("assent_needed", default=False),
        limited_access_while_pending=consent.flag("limited_access_while_pending", default=False),
        old_scope_holds=consent.flag("old_scope_holds", default=True),
        refuse_disposable=consent.flag("refuse_disposable", default=True),
        laws=top.texts("laws"),
        retention=_retention(top.table("retention")),
        notice=_notice(top.table("notice")),
    )
    for block in (limits, consent, top):
        block.refuse_the_rest()
    _check_itself(top, limits, consent, profile)
    _check_law(top, consent, profile, law)
    return profile


def _check_itself(top: Block, limits: Block, consent: Block, profile: Profile) -> None:
    if profile.name and not _NAME.fullmatch(profile.name):
        top.refuse("name", "must be small letters, digits and single hyphens, like my-profile")
    blocked, guarded = profile.block_below, profile.consent_below
    if isinstance(blocked, int) and isinstance(guarded, int) and guarded <= blocked:
        limits.refuse("consent_below", "must lie above block_below, or nobody is in the guardian's band")
    if profile.block_floor and blocked != CONSENT_AGE:
        limits.refuse("block_floor", f'goes only with block_below = "{CONSENT_AGE}". Write one number instead')
    if not profile.methods:
        consent.refuse("methods", 'is missing or empty. Offer at least one, like ["email"]')
    elif profile.discloses and Assurance.EMAIL_PLUS in profile.methods:
        consent.refuse("methods", "cannot offer email_plus where data is disclosed (16 CFR 312.5(b)(2)(viii))")
    elif profile.assurance > max(profile.methods):
        consent.refuse("assurance", "is more than any of the methods reaches. Offer that method too")


def _check_law(top: Block, consent: Block, profile: Profile, law: Law) -> None:
    if profile.service_class not in {ANY_CLASS, *law.service_classes}:
        top.refuse("service_class", f"must be one of {', '.join(law.service_classes)}")
    rows = {row.id: row for row in law.rows}
    for name in profile.laws:
        row = rows.get(name)
        if row is None:
            top.refuse("laws", f"names {name}, which is no row of the law. Look it up with: agegate law show")
        elif needed := lacking(profile, row):
            consent.refuse(
                "methods",
                f"cannot satisfy {row.id} ({row.citation}), which asks for {needed.value} below"
                f" {row.consent_below}{' where data is disclosed' if profile.discloses else ''}."
                f" Offer {needed.value} or block below that age",
            )


def _age_limit(limits: Block, key: str) -> AgeLimit:
    value = limits.limit(key)
    if isinstance(value, str):
        if value != CONSENT_AGE:
            limits.refuse(key, f'must be an age or "{CONSENT_AGE}"')
        return "consent_age"
    return value


def _needed_flag(top: Block, key: str) -> bool:
    if key not in top.keys():  # noqa: SIM118 - a Block is not a dict
        top.refuse(key, "is missing. Write true where personal data goes to third parties, else false")
    return top.flag(key, default=True)


def _methods(consent: Block) -> frozenset[Assurance]:
    known = {each.value: each for each in Assurance}
    offered = consent.texts("methods")
    if strange := [name for name in offered if name not in known]:
        consent.refuse("methods", f"must be of {', '.join(known)}; it has {len(strange)} other")
    return frozenset(known[name] for name in offered if name in known)


def _assurance(consent: Block) -> Assurance:
    if "assurance" not in consent.keys():  # noqa: SIM118 - as above
        return Assurance.EMAIL
    return consent.choice("assurance", Assurance)


def _retention(block: Block) -> Retention:
    defaults = Retention()
    spans = {each.name: block.span(each.name, getattr(defaults, each.name)) for each in fields(Retention)}
    retention = Retention(**spans)
    for key, reason in retention.faults():
        block.refuse(key, reason)
    block.refuse_the_rest()
    return retention


def _notice(block: Block) -> NoticeTerms:
    notice = NoticeTerms(
        policy_url=block.text("policy_url"),
        purposes=tuple(_purpose(each) for each in block.tables("purpose")),
        recipients=block.texts("recipients"),
        storage_places=block.texts("storage_places"),
        complaint_route=block.text("complaint_route"),
    )
    if notice.policy_url and not notice.policy_url.startswith("https://"):
        block.refuse("policy_url", "must be an https address that people can open")
    if not notice.storage_places:
        block.refuse("storage_places", "is missing. Name the countries where the data is kept")
    if not notice.purposes:
        block.refuse(None, "no [[notice.purpose]]: say at least once what the data is for")
    if len({purpose.id for purpose in notice.purposes}) < len(notice.purposes):
        block.refuse(None, "two purposes share an id. Give each its own")
    block.refuse_the_rest()
    return notice


def _purpose(block: Block) -> Purpose:
    purpose = Purpose(
        id=block.text("id"),
        title=block.text("title"),
        text=block.text("text"),
        categories=block.texts("categories"),
        retention=block.text("retention"),
        required=block.flag("required", default=False),
    )
    if purpose.id == DISCLOSURE:
        block.refuse("id", "is taken: passing data to others always has a switch of that name")
    if not purpose.categories:
        block.refuse("categories", "is missing. Name the kinds of data, each as people would call it")
    block.refuse_the_rest()
    return purpose
