"""The calls of a signup backend: what to ask, signing up, the minor's assent, and tokens."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from agegate.clock import rfc3339
from agegate.flows.give_assent import GiveAssent, WithdrawAssent
from agegate.flows.issue_token import Grant, IssueToken
from agegate.flows.rule_book import RuleBook
from agegate.flows.sign_up import SignUp
from agegate.flows.view_subject import ViewSubject
from agegate.law.civil_day import civil_today
from agegate.law.places import country_fault, region_fault
from agegate.rules.decision import requirements
from agegate.rules.errors import InputRefused
from agegate.rules.place import Place
from agegate.signing.verify import Kind
from agegate.store.key_book import KeyBook
from agegate.web.answers import requirements_json, subject_json
from agegate.web.counter import Counter, answer, granted
from agegate.web.faults import fault
from agegate.web.forms import parse_assent, parse_signup, parse_subject, parse_token
from agegate.web.reader import read_json, read_query
from agegate.web.token_ahead import TokenAhead

SUBJECT = "/v1/subjects/{subject}"


@dataclass(frozen=True, slots=True)
class SignupRoutes:
    """One method per call."""

    counter: Counter
    rules: RuleBook
    sign_up: SignUp
    view: ViewSubject
    assent: GiveAssent
    no_assent: WithdrawAssent
    tokens: IssueToken
    keys: KeyBook

    def routes(self) -> list[BaseRoute]:
        """The addresses."""
        return [
            Route("/v1/requirements", self.ask, methods=["GET"]),
            Route(SUBJECT, self.put_subject, methods=["PUT"]),
            Route(SUBJECT, self.get_subject, methods=["GET"]),
            Route(f"{SUBJECT}/assent", self.put_assent, methods=["PUT"]),
            Route(f"{SUBJECT}/assent", self.delete_assent, methods=["DELETE"]),
            Route("/v1/tokens", self.post_token, methods=["POST"]),
        ]

    async def ask(self, request: Request) -> Response:
        """GET /v1/requirements: what this service must ask at a place, before anybody types."""
        caller = await self.counter.caller(request, "signup")
        query = read_query(request)
        place = read_place(query.get("country"), query.get("region"))
        profile = self.rules.profile(caller.service.profile)
        today = civil_today(self.counter.clock(), place)
        found = requirements(profile, self.rules.law, place, today)
        return answer(requirements_json(found, self.rules.notice(profile, query.get("locale"))))

    async def put_subject(self, request: Request) -> Response:
        """PUT /v1/subjects/{subject}: 201 the first time, 200 on a repeat."""
        caller = await self.counter.caller(request, "signup")
        subject, now = parse_subject(request.path_params["subject"]), self.counter.clock()
        form = parse_signup(await read_json(request), now)
        ready = granted(self.sign_up.prepare(caller.service, subject, form, now))
        audience = caller.audience(form.audience) if form.audience else None
        ahead = TokenAhead(await self.keys.signer()) if audience else None
        done = await self.counter.write(
            lambda tx: self.sign_up(tx, caller.service, subject, form, ready, audience, now),
            looks_for=self.sign_up.looks_for(caller.service, subject, ready),
            meanwhile=ahead,
        )
        if done.created:
            self.counter.store.tally.count("decisions", done.view.decision, done.view.profile)
        content = subject_json(done.view)
        if done.grant is not None:
            token = await self._sign(done.grant, ahead)
            content |= {"token": token, "token_expires_at": rfc3339(done.grant.expires_at)}
        return answer(content, 201 if done.created else 200)

    async def get_subject(self, request: Request) -> Response:
        """GET /v1/subjects/{subject}: the same view without the token."""
        caller = await self.counter.caller(request, "signup")
        subject, now = request.path_params["subject"], self.counter.clock()
        return answer(subject_json(await self.counter.read(lambda tx: self.view(tx, caller.service, subject, now))))

    async def put_assent(self, request: Request) -> Response:
        """PUT …/assent: the minor's own agreement."""
        caller = await self.counter.caller(request, "signup")
        subject, now = request.path_params["subject"], self.counter.clock()
        form = parse_assent(await read_json(request), now)
        view = await self.counter.write(lambda tx: self.assent(tx, caller.service, subject, form, now))
        return answer(subject_json(view))

    async def delete_assent(self, request: Request) -> Response:
        """DELETE …/assent: the minor takes it back."""
        caller = await self.counter.caller(request, "signup")
        subject, now = request.path_params["subject"], self.counter.clock()
        view = await self.counter.write(lambda tx: self.no_assent(tx, caller.service, subject, now), urgent=True)
        return answer(subject_json(view))

    async def post_token(self, request: Request) -> Response:
        """POST /v1/tokens: a token for one audience, or the reason why there is none."""
        caller = await self.counter.caller(request, "token")
        form = parse_token(await read_json(request), self.counter.clock())
        now = self.counter.clock()
        audience = caller.audience(form.audience)
        grant = await self.counter.read(
            lambda tx: self.tokens.again(tx, caller.service, form, audience, now),
            looks_for=self.tokens.looks_for(caller.service, form.subject),
        )
        if grant is None:
            grant = await self.counter.write(lambda tx: self.tokens(tx, caller.service, form, audience, now))
        return answer({"token": await self._sign(grant), "expires_at": rfc3339(grant.expires_at)}, 201)

    async def _sign(self, grant: Grant, ahead: TokenAhead | None = None) -> str:
        signer = await self.keys.signer()
        signed = ahead.token_of(grant, signer) if ahead else None
        return signed or signer.sign(Kind.AGE_STATUS, grant.claims)


def read_place(country: str | None, region: str | None) -> Place:
    """The place of a query, or InputRefused with what is wrong with it."""
    if country is None:
        raise InputRefused(fault("/country", "required"))
    if code := country_fault(country):
        raise InputRefused(fault("/country", code))
    if region is not None and (code := region_fault(country, region)):
        raise InputRefused(fault("/region", code))
    return Place(country, region)
