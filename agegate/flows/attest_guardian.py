"""Attest a guardian: a person of the operator vouches for a signed form, a call or a video call.

The papers stay with the operator; what is kept here is the method, the time, the case number and who vouched.
"""

from datetime import datetime

from agegate.flows.forms import AttestationForm
from agegate.flows.verify_guardian import verify_guardian
from agegate.flows.view_request import RequestView, view_request
from agegate.rules.errors import AgeGateError, OperatorUnknown, RequestUnknown
from agegate.store.consents import request_by_id
from agegate.store.records import Service
from agegate.store.registry import has_person
from agegate.store.transaction import Transaction


def attest_guardian(
    tx: Transaction,
    service: Service,
    subject: str,
    request: str,
    form: AttestationForm,
    person: str | None,
    now: datetime,
) -> RequestView | AgeGateError:
    """The request as its service sees it, its guardian shown to be an adult."""
    found = view_request(tx, service, subject, request)
    if isinstance(found, AgeGateError):
        return found
    shown = verify_guardian(tx, found.request.id, form.method, form.reference, now, person=person)
    return shown if isinstance(shown, AgeGateError) else RequestView(shown, None)


def attest_request(
    tx: Transaction, request: str, form: AttestationForm, person: str, now: datetime
) -> RequestView | AgeGateError:
    """The same by the request's id alone, for the command line."""
    asked = request_by_id(tx, request)
    if asked is None:
        return RequestUnknown()
    if not has_person(tx, asked.service, person):
        return OperatorUnknown()
    shown = verify_guardian(tx, request, form.method, form.reference, now, person=person)
    return shown if isinstance(shown, AgeGateError) else RequestView(shown, None)
