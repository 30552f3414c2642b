"""The JSON of what flows return, member by member as `openapi.yaml` lists them.

Owns names and order; a value that a caller must not see is not here. None stands for "left out".
"""

from agegate.clock import rfc3339
from agegate.flows.standing import SubjectView
from agegate.flows.verify_guardian import reached_by
from agegate.flows.view_purge import PurgeView
from agegate.flows.view_request import RequestView
from agegate.notices.notice import Notice
from agegate.rules.assurance import Assurance
from agegate.rules.requirements import Requirements
from agegate.store.records import ConsentRequest, PurgeLeg
from agegate.store.reports import Report


def profile_json(label: str) -> dict[str, object]:
    """`deepseek@1` as name and version."""
    name, _, version = label.rpartition("@")
    return {"name": name, "version": int(version)} if name else {"name": label}


def subject_json(view: SubjectView) -> dict[str, object]:
    """A subject as its service sees it."""
    content: dict[str, object] = {
        "subject": view.subject,
        "decision": view.decision,
        "reasons": [{"rule": rule, "citation": citation} for rule, citation in view.reasons],
        "profile": profile_json(view.profile),
    }
    if view.assurance:
        content["consent"] = {
            "assurance": view.assurance,
            "assent_needed": view.assent_needed,
            "expires_at": rfc3339(view.expires_at) if view.expires_at else None,
        }
    return content


def request_json(view: RequestView) -> dict[str, object]:
    """A consent request as its service sees it; never the guardian's address."""
    request = view.request
    return {
        "id": request.id,
        "state": request.state,
        "assurance": request.assurance,
        "expires_at": rfc3339(request.expires_at),
        "verified": verified_json(request),
        "flags": request.flags or None,
        "decided_at": rfc3339(request.decided_at) if request.decided_at else None,
        "receipt": view.receipt,
        "receipt_entries": view.entries or None,
    }


def verified_json(request: ConsentRequest) -> dict[str, object] | None:
    """What showed an adult: method and time. The reference stays with whoever gave it."""
    if request.method_at is None or reached_by(request) < Assurance.VERIFIED:
        return None
    return {"method": request.method, "at": rfc3339(request.method_at)}


def leg_json(leg: PurgeLeg) -> dict[str, object]:
    """One holder's part of a purge."""
    return {
        "holder": leg.holder,
        "state": leg.state,
        "attempts": leg.attempts,
        "last_error": leg.last_error,
        "due_at": rfc3339(leg.due_at),
        "delivered_at": rfc3339(leg.delivered_at) if leg.delivered_at else None,
        "completed_at": rfc3339(leg.completed_at) if leg.completed_at else None,
        "counts": leg.counts,
        "exceptions": leg.exceptions,
        "categories": leg.categories,
        "escalated_at": rfc3339(leg.escalated_at) if leg.escalated_at else None,
        "closing_at": rfc3339(leg.closing_at) if leg.closing_at else None,
        "closed_at": rfc3339(leg.closed_at) if leg.closed_at else None,
    }


def purge_json(view: PurgeView) -> dict[str, object]:
    """A purge with its legs; it names no subject."""
    purge = view.purge
    return {
        "id": purge.id,
        "state": purge.state,
        "reason": purge.reason,
        "ordered_at": rfc3339(purge.ordered_at),
        "due_at": rfc3339(purge.due_at),
        "completed_at": rfc3339(purge.completed_at) if purge.completed_at else None,
        "legs": [leg_json(leg) for leg in view.legs],
        "order": view.order,
    }


def report_json(report: Report) -> dict[str, object]:
    """A report as service and operator see it: how it stands, and nothing of what was said."""
    return {
        "id": report.id,
        "state": report.state,
        "basis": report.basis,
        "ruling": report.ruling,
        "contest_ends": rfc3339(report.contest_ends) if report.contest_ends and not report.ended_at else None,
    }


def requirements_json(found: Requirements, notice: Notice) -> dict[str, object]:
    """What a service has to ask at a place, and why."""
    return {
        "country": found.place.country,
        "region": found.place.region,
        "minimum_age": found.minimum_age,
        "consent_below": found.consent_below,
        "consent_assurance": found.consent_assurance.value if found.consent_assurance else None,
        "adult_age": found.adult_age,
        "date_of_birth_precision": found.date_of_birth_precision,
        "rules": [
            {
                "id": row.id,
                "citation": row.citation,
                "effective_from": row.effective_from.isoformat() if row.effective_from else None,
            }
            for row in found.rules
        ],
        "profile": profile_json(found.profile),
        "notice": {
            "policy_version": notice.policy_version,
            "locale": notice.locale,
            "sha256": notice.sha256,
            "url": notice.url,
        },
    }
