"""The calls about reports: claim, contest, name, rule. What a reporter learns is that the report was taken."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from agegate.flows.contest_report import ContestReport
from agegate.flows.receive_report import ReceiveReport
from agegate.flows.report_subject import ReportSubject
from agegate.flows.rule_report import RuleReport, Said
from agegate.rules.audit import of_operator, of_service
from agegate.web.answers import report_json
from agegate.web.counter import Caller, Counter, answer
from agegate.web.forms import parse_contest, parse_named, parse_report, parse_ruling
from agegate.web.reader import read_json

REPORT = "/v1/reports/{id}"


@dataclass(frozen=True, slots=True)
class ReportRoutes:
    """One method per call."""

    counter: Counter
    report: ReportSubject
    receive: ReceiveReport
    contest: ContestReport
    rule: RuleReport

    def routes(self) -> list[BaseRoute]:
        """The addresses."""
        return [
            Route("/v1/reports", self.post_report, methods=["POST"]),
            Route(f"{REPORT}/subject", self.post_subject, methods=["POST"]),
            Route(f"{REPORT}/contest", self.post_contest, methods=["POST"]),
            Route(f"{REPORT}/ruling", self.put_ruling, methods=["PUT"]),
        ]

    async def post_report(self, request: Request) -> Response:
        """POST /v1/reports: 202, the same for every subject, known here or not."""
        caller, now = await self.counter.caller(request, "report"), self.counter.clock()
        form = parse_report(await read_json(request), now)
        row = await self.counter.write(lambda tx: self.report(tx, caller.service, form, now), urgent=True)
        return answer({"id": row}, 202)

    async def post_subject(self, request: Request) -> Response:
        """POST /v1/reports/{id}/subject: whom a report of the public form means, or `unknown`."""
        caller = await self.counter.caller(request, "report", "operator")
        wanted, now = request.path_params["id"], self.counter.clock()
        subject, actor = parse_named(await read_json(request), now), _actor(caller)
        case = await self.counter.write(lambda tx: self.receive.name(tx, caller.service, wanted, subject, now, actor))
        return answer(report_json(case))

    async def post_contest(self, request: Request) -> Response:
        """POST /v1/reports/{id}/contest: 202; a person looks at the evidence, and then a second one."""
        caller = await self.counter.caller(request, "report", "operator")
        wanted, now = request.path_params["id"], self.counter.clock()
        form, actor, service = parse_contest(await read_json(request), now), _actor(caller), caller.service.name
        case = await self.counter.write(
            lambda tx: self.contest(tx, wanted, form, now, actor=actor, service=service), urgent=True
        )
        return answer(report_json(case), 202)

    async def put_ruling(self, request: Request) -> Response:
        """PUT /v1/reports/{id}/ruling: a person's word; with the purge where it led to one."""
        caller = await self.counter.caller(request, "operator")
        wanted, now = request.path_params["id"], self.counter.clock()
        form = parse_ruling(await read_json(request), now)
        said = Said(form.ruling, form.reason, caller.key.person or "")
        ruled = await self.counter.write(lambda tx: self.rule(tx, wanted, said, now, caller.service.name), urgent=True)
        return answer(report_json(ruled.report) | {"purge": ruled.purge})


def _actor(caller: Caller) -> str:
    return of_operator(caller.key.person) if caller.key.person else of_service(caller.service.name)
