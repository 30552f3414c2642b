"""Let evidence end: once it was kept for as long as the profile says, nothing is left that links it to anybody.

Salt, receipts, the entries after them, the purge with its certificate and its digest of the subject go. What a hash
chain keeps of them are commitments that nobody can open any more.
"""

from datetime import datetime

from agegate.store.consents import destroy_evidence
from agegate.store.purges import destroy_purge, purge_by_id
from agegate.store.salts import destroy_salts
from agegate.store.transaction import Transaction


def forget_evidence(tx: Transaction, purge: str, now: datetime) -> None:
    """Called when the time is over; calling it again does nothing."""
    destroy_salts(tx, now)
    found = purge_by_id(tx, purge)
    if found is not None and destroy_purge(tx, purge):
        destroy_evidence(tx, found.commitment)
