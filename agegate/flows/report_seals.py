"""What of a case is sealed, and how it opens: under a key of the case's own, which ends with it."""

import json
from collections.abc import Mapping

from agegate.store.reports import Report
from agegate.store.vault import Cell, DataKey, Vault

Words = dict[str, str]
"""What people said: reporter, detail, evidence, reason."""


def open_case_key(vault: Vault, report: Report) -> DataKey:
    """The key of a case. Raises SealBroken when the case is over."""
    return vault.open_key(report.id, report.wrapped_key)


def subject_of(vault: Vault, report: Report) -> str:
    """The subject id that a case names. Raises SealBroken when the case is over or names nobody."""
    return vault.open(open_case_key(vault, report), named_cell(report.id), report.sealed_subject)


def words_of(vault: Vault, report: Report) -> Words:
    """What people said in a case so far."""
    if report.sealed_words is None:
        return {}
    words: Words = json.loads(vault.open(open_case_key(vault, report), words_cell(report.id), report.sealed_words))
    return words


def with_words(vault: Vault, report: Report, said: Mapping[str, str | None]) -> str:
    """The sealed words of a case, with what was said now."""
    told = {name: text for name, text in said.items() if text}
    return vault.seal(open_case_key(vault, report), words_cell(report.id), json.dumps(words_of(vault, report) | told))


def named_cell(report: str) -> Cell:
    """Where a case keeps the subject id."""
    return Cell("reports", "sealed_subject", report)


def account_cell(report: str) -> Cell:
    """Where a report keeps the account's public name, as the reporter knows it."""
    return Cell("reports", "sealed_account", report)


def words_cell(report: str) -> Cell:
    """Where a case keeps what people said."""
    return Cell("reports", "sealed_words", report)
