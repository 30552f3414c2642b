"""The reference of a case: what an operator or a verifier gives so that its papers can be found again.

Owns the form, which is that of a number and not of a name: it is kept in the clear and stands in receipts.
"""

import re

_FORM = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._:/-]{0,62}[A-Za-z0-9])?", re.ASCII)


def case_reference_fault(text: str) -> str | None:
    """The code of what is wrong with a reference, or None."""
    if not _FORM.fullmatch(text) or not any(character.isdigit() for character in text):
        return "invalid_reference"
    return None
