"""A purge in the words of OpenDSR (an erasure request with its status), for tools that speak them.

Names nobody: the identity that OpenDSR would echo is left out. Who holds what is under `extensions`.
"""

from collections.abc import Mapping
from types import MappingProxyType

from agegate.clock import rfc3339
from agegate.flows.view_purge import PurgeView
from agegate.rules.purge import LegState, PurgeState
from agegate.store.records import PurgeLeg

VERSION = "2.0"
STATUS: Mapping[str, str] = MappingProxyType(
    {
        LegState.QUEUED: "pending",
        LegState.DELIVERED: "in_progress",
        LegState.IN_PROGRESS: "in_progress",
        LegState.COMPLETED: "completed",
        LegState.REFUSED: "cancelled",
        LegState.UNREACHABLE: "cancelled",
    }
)
"""OpenDSR's word for each state of a leg. It has none for "nobody ever said": that is not `completed`."""


def opendsr(view: PurgeView) -> dict[str, object]:
    """The request as OpenDSR's status answer shows it, one part a holder beside it."""
    purge = view.purge
    expected = max((leg.due_at for leg in view.legs), default=purge.due_at)
    return {
        "api_version": VERSION,
        "controller_id": purge.service,
        "subject_request_id": purge.id,
        "subject_request_type": "erasure",
        "received_time": rfc3339(purge.ordered_at),
        "expected_completion_time": rfc3339(expected),
        "request_status": _status(view),
        "results_count": sum(sum(leg.counts.values()) for leg in view.legs),
        "extensions": {"agegate": {"reason": purge.reason, "processors": [_processor(leg) for leg in view.legs]}},
    }


def _status(view: PurgeView) -> str:
    if view.purge.state == PurgeState.COMPLETED:
        return "completed"
    begun = any(leg.state != LegState.QUEUED for leg in view.legs)
    return "in_progress" if begun else "pending"


def _processor(leg: PurgeLeg) -> dict[str, object]:
    return {
        "processor_id": leg.holder,
        "request_status": STATUS[leg.state],
        "state": leg.state,
        "expected_completion_time": rfc3339(leg.due_at),
        "results_count": sum(leg.counts.values()),
        "counts": leg.counts,
        "exceptions": leg.exceptions,
    }
