"""The call by which an operator corrects a date of birth."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from agegate.flows.correct_birth_date import CorrectBirthDate
from agegate.web.answers import subject_json
from agegate.web.counter import Counter, answer
from agegate.web.forms import parse_correction
from agegate.web.reader import read_json


@dataclass(frozen=True, slots=True)
class CorrectionRoutes:
    """Only a person's key may call; a service cannot correct what its own users typed."""

    counter: Counter
    correct: CorrectBirthDate

    def routes(self) -> list[BaseRoute]:
        """The address."""
        return [Route("/v1/subjects/{subject}/corrections", self.post_correction, methods=["POST"])]

    async def post_correction(self, request: Request) -> Response:
        """POST …/corrections: 200 with the subject decided again; 202 where the next signup is decided on the date."""
        caller = await self.counter.caller(request, "operator")
        subject, now = request.path_params["subject"], self.counter.clock()
        form = parse_correction(await read_json(request), now)
        done = await self.counter.write(
            lambda tx: self.correct(tx, caller.service, subject, form, caller.key.person, now)
        )
        if done.view is not None:
            self.counter.store.tally.count("decisions", done.view.decision, done.view.profile)
        if done.view is None:
            return answer({"subject": subject, "correction": done.correction}, 202)
        return answer(subject_json(done.view) | {"correction": done.correction})
