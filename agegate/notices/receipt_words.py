"""The words and codes of a receipt that have a name in every language. What is not listed is shown as it is signed.

Owns what people read for a code of the record; the record itself keeps its codes and its English sentences.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from notifications.letters import said

METHOD: Final = said("web form, an unselected choice and a submit, reached by a link mailed to the guardian")
RIGHTS: Final = said("to see, correct and delete the data, to withdraw, and to complain")
WITHDRAWAL: Final = said("one step on the page that the receipt's mail links to")

CODES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "granted": said("yes"),
        "refused": said("no"),
        "not_asked": said("not asked"),
        "none": said("none"),
        "email": said("a link in an e-mail"),
        "email_plus": said("two e-mails"),
        "verified": said("a verified identity"),
        "dpv:ConsentRequested": said("The guardian was asked."),
        "dpv:ConsentGiven": said("The guardian said yes to what is named here."),
        "dpv:RenewedConsentGiven": said("The guardian said yes again."),
        "dpv:ConsentWithdrawn": said("The consent was taken back."),
        "dpv:ConsentExpired": said("The consent ended: the child came of age."),
        "dpv:ConsentInvalidated": said("The consent was declared invalid."),
    }
)


def english(code: str) -> str:
    """What a code means; a text that is no code stands for itself."""
    return CODES.get(code, code)
