"""What the store hands to the flows: frozen values, each a selection of its table's columns.

Their repr names ids and states only; sealed values are shown by nobody.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

Reasons = list[list[str]]
"""Pairs of rule id and citation, as recorded with a decision."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject that we hold."""

    id: str
    service: str
    subject: str
    state: str
    wrapped_key: str = field(repr=False)
    sealed_birth_date: str = field(repr=False)
    sealed_signal: str | None = field(repr=False)
    email_digest: str | None = field(repr=False)
    device_digest: str | None = field(repr=False)
    country: str = field(repr=False)
    region: str | None = field(repr=False)
    hint_country: str | None = field(repr=False)
    hint_region: str | None = field(repr=False)
    profile: str
    reasons: Reasons
    decided_on: date = field(repr=False)
    assurance: str | None
    assent_needed: bool
    assent_sha256: str | None
    assent_locale: str | None
    assent_version: str | None
    expires_at: datetime | None
    admitted_at: datetime | None
    grown: bool = field(repr=False)
    stuck: bool
    consent_request: str | None = None
    review_month: str | None = field(default=None, repr=False)
    held_state: str | None = None


@dataclass(frozen=True, slots=True)
class ConsentRequest:
    """The question to one guardian."""

    id: str
    service: str
    subject_id: str
    state: str
    sealed_guardian: str = field(repr=False)
    sealed_child_name: str | None = field(repr=False)
    locale: str
    assurance: str
    profile: str
    policy_version: str
    notice_sha256: str
    created_at: datetime
    expires_at: datetime
    mailed_at: datetime | None
    decided_at: datetime | None
    receipt_id: str | None
    delete_at: datetime | None
    guardian_digest: str = field(repr=False)
    mailbox_digest: str | None = field(repr=False)
    purposes_given: list[str] | None
    method: str | None
    method_reference: str | None = field(repr=False)
    method_at: datetime | None
    confirm_at: datetime | None
    reminded_at: datetime | None
    mail_hold: str | None
    ended_at: datetime | None
    ended_why: str | None
    refused_at: datetime | None
    reviewed_at: datetime | None
    flags: list[str] | None


@dataclass(frozen=True, slots=True)
class StickyAnswer:
    """A "no" that still holds, or the corrected date of birth that lifted it."""

    id: str
    kind: str
    owner: str = field(repr=False)
    service: str
    digest: str = field(repr=False)
    decision: str
    assurance: str | None
    assent_needed: bool
    reasons: Reasons
    profile: str
    expires_at: datetime
    wrapped_key: str | None = field(repr=False)
    sealed_birth_date: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Purge:
    """A purge and how far it is."""

    id: str
    service: str
    subject_digest: str = field(repr=False)
    commitment: str
    wrapped_key: str | None = field(repr=False)
    sealed_subject: str | None = field(repr=False)
    sealed_letter: str | None = field(repr=False)
    state: str
    reason: str
    deleted: dict[str, int]
    ordered_at: datetime
    due_at: datetime
    completed_at: datetime | None
    certificate: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class PurgeLeg:
    """One holder's part of a purge."""

    id: str
    purge_id: str
    service: str
    holder: str
    state: str
    attempts: int
    last_error: str | None
    due_at: datetime
    delivered_at: datetime | None
    completed_at: datetime | None
    counts: dict[str, int]
    exceptions: list[dict[str, str | None]]
    categories: list[str] | None
    escalated_at: datetime | None
    closing_by: str | None
    closing_at: datetime | None
    closing_reason: str | None
    closed_by: str | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Event:
    """What a service is told, and what it takes to tell it: its webhook, and the name while it may be named."""

    seq: int
    id: str
    service: str
    type: str
    subject_id: str | None
    purge_id: str | None
    request_id: str | None
    report_id: str | None
    holder: str | None
    occurred_at: datetime
    webhook_url: str | None
    sealed_webhook_secret: str | None = field(repr=False)
    subject: str | None = field(repr=False)
    purge_key: str | None = field(repr=False)
    sealed_subject: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A signed document about a subject, which names it by a commitment."""

    id: str
    kind: str
    issued_at: datetime
    jws: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """Work that was claimed; `leased_until` is the fence for recording its result."""

    id: str
    kind: str
    ref: str
    due_at: datetime
    leased_until: datetime
    attempts: int


@dataclass(frozen=True, slots=True)
class Service:
    """A product that calls us."""

    name: str
    profile: str
    controller_name: str | None
    controller_address: str | None
    controller_contact: str | None
    webhook_url: str | None
    sealed_webhook_secret: str | None = field(repr=False)

    @property
    def controller_complete(self) -> bool:
        """Whether a guardian can be told who asks (GDPR Art. 13(1)(a), 16 CFR 312.4)."""
        return all((self.controller_name, self.controller_address, self.controller_contact))


@dataclass(frozen=True, slots=True)
class Holder:
    """A downstream service with data to delete on order."""

    id: str
    service: str
    name: str
    url: str
    sealed_secret: str = field(repr=False)
    categories: list[str]
    audience: str | None
    due_within_seconds: int | None


@dataclass(frozen=True, slots=True)
class Audience:
    """Who verifies a service's tokens, which thresholds it may learn, and whether `sub` is its own."""

    service: str
    name: str
    over: list[int]
    pairwise: bool


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key that may call us."""

    id: str
    service: str
    holder: str | None
    person: str | None
    scopes: list[str]
    secret_digest: str = field(repr=False)
    revoked_at: datetime | None
