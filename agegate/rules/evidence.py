"""What a corrected date of birth rests on.

Owns the kinds of evidence, their strength, and which strength may move an age upward. Checking a document is the
operator's business; of the evidence itself nothing is kept.
"""

from enum import StrEnum


class EvidenceKind(StrEnum):
    """Where the operator has the date from."""

    DOCUMENT = "document"
    OIDC = "oidc"
    THIRD_PARTY = "third_party"
    OPERATOR = "operator"


class EvidenceAssurance(StrEnum):
    """How strong it is, in the words of the eIDAS regulation. What a person types at signup counts as `low`."""

    LOW = "low"
    SUBSTANTIAL = "substantial"
    HIGH = "high"


LIFTING = frozenset({EvidenceAssurance.SUBSTANTIAL, EvidenceAssurance.HIGH})
"""Only these may make somebody older, or lift an earlier "no"; any evidence may make somebody younger."""
