"""Show a consent's receipt: the signed record, and the page that says the same for people."""

from dataclasses import dataclass, field

from agegate.notices.receipt_page import receipt_page
from agegate.store.consents import receipt_record
from agegate.store.transaction import Transaction
from notifications.languages import FALLBACK


@dataclass(frozen=True, slots=True)
class ShownReceipt:
    """What a guardian keeps: a page that carries its own proof."""

    record: tuple[str, ...] = field(repr=False)
    html: str = field(repr=False)


def show_receipt(tx: Transaction, request: str, locale: str = FALLBACK) -> ShownReceipt | None:
    """The receipt of a request with everything signed after it; None before there is one."""
    record = receipt_record(tx, request)
    return ShownReceipt(tuple(record), receipt_page(record, locale)) if record else None
