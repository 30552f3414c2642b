"""What a profile tells people about the processing.

Owns the content of a notice as values. Its wording per locale and its digest belong to `notices`.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """One reason to process personal data, with its own switch unless it is required."""

    id: str
    title: str
    text: str
    categories: tuple[str, ...]
    retention: str
    required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeTerms:
    """The terms a guardian or a minor agrees to."""

    policy_url: str
    purposes: tuple[Purpose, ...]
    recipients: tuple[str, ...]
    storage_places: tuple[str, ...]
    complaint_route: str
