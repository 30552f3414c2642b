"""Take a sign-in back from a provider: once, in the browser and for the request that it was begun for."""

from dataclasses import dataclass, field
from datetime import date, datetime

from agegate.flows.start_sign_in import OpenSignIn, StartSignIn
from agegate.law.civil_day import civil_today
from agegate.rules.errors import SignInOver
from agegate.rules.place import Place
from agegate.store.consents import request_by_id
from agegate.store.sign_ins import take_sign_in
from agegate.store.subjects import subject_by_id
from agegate.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Returned:
    """A sign-in that came back, and the day on which whoever signed in has to be an adult."""

    sign_in: OpenSignIn
    today: date = field(repr=False)


@dataclass(frozen=True, slots=True)
class TakeSignIn:
    """The way back."""

    start: StartSignIn

    def __call__(self, tx: Transaction, state: str, request: str, browser: str, now: datetime) -> Returned | SignInOver:
        """The sign-in of that state; whatever comes of it, the same state never counts again."""
        row = self.start.parts.row_of(state)
        seen = self.start.digests.reference("browser", browser)
        provider = take_sign_in(tx, row, request, seen, now) if row else None
        asked = request_by_id(tx, request)
        subject = subject_by_id(tx, asked.subject_id) if asked else None
        if row is None or provider is None or subject is None:
            return SignInOver()
        place = Place(subject.country, subject.region)
        return Returned(self.start.of(row, request, provider), civil_today(now, place))
