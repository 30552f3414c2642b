"""Open a case about a subject's age: a claim of somebody, or what we found ourselves.

The case keeps what was said under a key of its own and waits for a person's ruling. Who may claim what, and whether
the subject is shut, is decided by those who call this.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from agegate.entropy import Entropy, new_id
from agegate.flows.announce import Announce
from agegate.flows.due import Due
from agegate.flows.report_seals import Words, account_cell, named_cell, words_cell
from agegate.flows.rule_book import RuleBook
from agegate.flows.write_audit import About
from agegate.rules.audit import AGEGATE, Act
from agegate.rules.consent import SubjectState
from agegate.rules.place import Place
from agegate.rules.report import SAME_CALL, SHORTENED, STATEMENTS, Basis, Flag, ReportState, only_consent_missing
from agegate.store import agenda
from agegate.store.digests import Digests
from agegate.store.records import Service, Subject
from agegate.store.registry import find_service
from agegate.store.reports import add_report, contested_among, end_report, live_reports, note_report
from agegate.store.transaction import Transaction
from agegate.store.vault import Vault


@dataclass(frozen=True, slots=True)
class Claim:
    """What a case says. Without a subject it names an account by its public name."""

    basis: Basis
    subject: str | None = None
    account: str | None = field(default=None, repr=False)
    words: Words = field(default_factory=dict, repr=False)
    reporter_digest: str | None = field(default=None, repr=False)
    former: tuple[str, str | None] | None = field(default=None, repr=False)
    """A subject's sealed date and signal from before what was found, to go back to after a dismissal."""

    flags: Sequence[Flag] = ()
    restricts: bool = False
    actor: str = AGEGATE
    contested: Collection[str] | None = field(default=None, repr=False)
    """Digests of those with a contested case, where they were looked up for many at once."""


@dataclass(frozen=True, slots=True)
class OpenCase:
    """The one way a case begins."""

    rules: RuleBook
    vault: Vault
    digests: Digests
    entropy: Entropy
    announce: Announce

    def __call__(self, tx: Transaction, service: Service, claim: Claim, held: Subject | None, now: datetime) -> str:
        """The id of the case. `held` is the subject where we hold it."""
        row = new_id(self.entropy, now)
        named = claim.subject is not None
        digest = self.digests.subject(service.name, claim.subject) if claim.subject is not None else None
        ends = self.ends(service, held, now) if named else None
        add_report(
            tx,
            {
                "id": row,
                "service": service.name,
                "basis": claim.basis,
                "state": self._first_state(tx, service.name, digest, claim.contested),
                "subject_digest": digest,
                "reporter_digest": claim.reporter_digest,
                **self._sealed(row, claim),
                "sealed_former": json.dumps(claim.former) if claim.former else None,
                "restricts": claim.restricts,
                "flags": [str(flag) for flag in claim.flags],
                "ruling": None,
                "ruled_by": None,
                "created_at": now,
                "stated_at": now,
                "contest_ends": ends,
                "ended_at": None,
            },
        )
        if ends is not None:
            agenda.put_new(tx, new_id(self.entropy, now), Due.CONTEST_END, row, ends)
        facts: dict[str, object] = {"basis": claim.basis, "restricts": int(claim.restricts)}
        about = About(service.name, held.id if held else None, row)
        self.announce.audit(tx, Act.REPORT_RECEIVED, about, now, actor=claim.actor, facts=facts)
        return row

    def found(self, tx: Transaction, held: Subject, basis: Basis, now: datetime) -> str | None:
        """A case about what we found ourselves on a subject that was admitted, as it was before."""
        service = find_service(tx, held.service)
        if service is None:
            return None
        former = (held.sealed_birth_date, held.sealed_signal)
        return self(tx, service, Claim(basis, held.subject, former=former, restricts=True), held, now)

    def shorten(
        self, tx: Transaction, service: str, subject: str, now: datetime, said: Collection[Basis] = STATEMENTS
    ) -> None:
        """A second statement equal to one of `said`: what is not contested may be for 24 hours more.

        One that comes within minutes is the same call again, and changes nothing.
        """
        live = live_reports(tx, service, self.digests.subject(service, subject))
        if not any(case.basis in said and case.stated_at <= now - SAME_CALL for case in live):
            return
        for case in live:
            soon = now + SHORTENED
            if case.restricts and case.contest_ends is not None and case.contest_ends > soon:
                note_report(tx, case.id, {"contest_ends": soon, "stated_at": now})
                agenda.put(tx, new_id(self.entropy, now), Due.CONTEST_END, case.id, soon)

    def end_all(self, tx: Transaction, held: Subject, now: datetime) -> None:
        """Evidence or a consent settled it: every case that is open on a subject is over, and what was said goes."""
        digest = self.digests.subject(held.service, held.subject)
        for case in live_reports(tx, held.service, digest):
            if end_report(tx, case.id, ReportState.ENDED, now):
                agenda.drop(tx, [case.id])
                about, facts = About(held.service, held.id, case.id), {"state": ReportState.ENDED.value}
                self.announce.audit(tx, Act.REPORT_ENDED, about, now, facts=facts)

    def ends(self, service: Service, held: Subject | None, now: datetime) -> datetime:
        """Until when it may be contested, where the subject lives or may live."""
        places = []
        if held is not None:
            places.append(Place(held.country, held.region))
            if held.hint_country is not None:
                places.append(Place(held.hint_country, held.hint_region))
        return now + self.rules.contest_time(self.rules.profile(service.profile), places, now)

    @staticmethod
    def _first_state(tx: Transaction, service: str, digest: str | None, known: Collection[str] | None) -> ReportState:
        """What was contested once is contested in every case that comes on top of it."""
        if digest is None:
            return ReportState.UNNAMED
        contested = contested_among(tx, service, [digest]) if known is None else known
        return ReportState.CONTESTED if digest in contested else ReportState.RECEIVED

    def _sealed(self, row: str, claim: Claim) -> dict[str, object]:
        key = self.vault.new_key(row)
        subject, account, words = claim.subject, claim.account, claim.words
        return {
            "wrapped_key": key.wrapped,
            "sealed_subject": self.vault.seal(key, named_cell(row), subject) if subject is not None else None,
            "sealed_account": self.vault.seal(key, account_cell(row), account) if account is not None else None,
            "sealed_words": self.vault.seal(key, words_cell(row), json.dumps(words)) if words else None,
        }


def lacks_only_consent(tx: Transaction, digests: Digests, held: Subject) -> bool:
    """Whether a subject is shut for want of a guardian's consent alone."""
    if held.state != SubjectState.RESTRICTED or held.held_state is not None:
        return False
    live = live_reports(tx, held.service, digests.subject(held.service, held.subject))
    return only_consent_missing([case.basis for case in live if case.restricts])
