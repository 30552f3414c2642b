"""The service's own name for a person: opaque to agegate.

Owns what such a name may look like. Whether it is known is the store's question.
"""

import re

SUBJECT_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}", re.ASCII)


def subject_id_fault(text: str) -> str | None:
    """The code of what is wrong with a subject id, or None.

    `subject_is_personal`: it is an e-mail address, which would put personal data into URLs, tokens and logs.
    """
    if "@" in text or "%40" in text:
        return "subject_is_personal"
    return None if SUBJECT_ID.fullmatch(text) else "invalid_subject"
