"""Make the first "no" stick: a child who was told no and tries again with an older date gets the same answer.

Recognised by the service's subject id, the address given and the device digest, each as a keyed digest of this
service only, for the time the profile says (16 CFR 312 FAQ H.3: stop the back button). A retry repeats the "no" of
whoever was told it first, for what is left of its time, under every name the retry gave as well.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from agegate.entropy import Entropy, new_id
from agegate.flows.forms import SignupForm
from agegate.flows.rule_book import RuleBook
from agegate.flows.standing import ALLOWED, Standing, strictest
from agegate.rules.profile import Profile
from agegate.store.digests import Digests
from agegate.store.lookahead import Lookup
from agegate.store.records import StickyAnswer, Subject
from agegate.store.registry import find_service
from agegate.store.sticky import KeyKind, find_sticky, known_answer, stick, sticky_lookup
from agegate.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Keys:
    """By what somebody is recognised, as keyed digests of one service; `owner` is the subject's own."""

    service: str
    owner: str
    others: frozenset[tuple[KeyKind, str]] = frozenset()

    def __iter__(self) -> Iterator[tuple[KeyKind, str]]:
        yield KeyKind.SUBJECT, self.owner
        yield from sorted(self.others)

    @property
    def digests(self) -> list[str]:
        """The digests alone."""
        return [self.owner, *sorted([digest for _, digest in self.others])]


@dataclass(frozen=True, slots=True)
class StickAnswer:
    """Remembers an answer under every digest by which its person may come back. Of a blocked child nothing else."""

    rules: RuleBook
    digests: Digests
    entropy: Entropy

    def keys(self, service: str, subject: str, form: SignupForm, held: Subject | None = None) -> Keys:
        """What a signup gives to be recognised by, and what we hold already."""
        others = keys_of(held) if held is not None else set()
        if form.email:
            others.add((KeyKind.ADDRESS, self.digests.address(service, form.email)))
        if form.device_digest:
            others.add((KeyKind.DEVICE, self.digests.device(service, form.device_digest)))
        return Keys(service, self.digests.subject(service, subject), frozenset(others))

    @staticmethod
    def looks_for(keys: Keys) -> list[Lookup]:
        """The rows that `earlier` will ask for."""
        return [sticky_lookup(keys.service, digest) for digest in keys.digests]

    def earlier(self, tx: Transaction, keys: Keys, now: datetime) -> list[StickyAnswer]:
        """Every "no" that still holds for this person; or the corrected date of birth alone, which lifts them all."""
        found = find_sticky(tx, keys.service, keys.digests, now)
        own = [each for each in found if each.kind == KeyKind.CORRECTED and each.owner == keys.owner]
        return own or [each for each in found if each.kind != KeyKind.CORRECTED]

    def told(
        self, tx: Transaction, keys: Keys, own: Standing, noes: Iterable[StickyAnswer], profile: Profile, now: datetime
    ) -> None:
        """Remembers what a signup was told: its own "no" for the full time, those of others for what is left."""
        by_owner: dict[str, list[StickyAnswer]] = {}
        for no in (no for no in noes if no.kind != KeyKind.CORRECTED):
            by_owner.setdefault(no.owner, []).append(no)
        if own.decision != ALLOWED:
            before = by_owner.pop(keys.owner, [])
            said = strictest((own, *(Standing.stuck(no) for no in before)))
            self(tx, keys, said, keys.owner, now + profile.retention.sticky, now)
        for owner, theirs in by_owner.items():
            longest = max(no.expires_at for no in theirs)
            self(tx, keys, strictest(Standing.stuck(no) for no in theirs), owner, longest, now)

    def held(self, tx: Transaction, held: Subject, now: datetime, said: Standing | None = None) -> None:
        """Remembers afresh that somebody whom we hold is told no: refused, expired, withdrawn, or found younger."""
        service = find_service(tx, held.service)
        standing = said or Standing.recorded(held)
        if service is None or standing.decision == ALLOWED:
            return
        owner = self.digests.subject(held.service, held.subject)
        keys = Keys(held.service, owner, frozenset(keys_of(held)))
        self.told(tx, keys, standing, self.earlier(tx, keys, now), self.rules.profile(service.profile), now)

    def __call__(
        self, tx: Transaction, keys: Keys, standing: Standing, owner: str, until: datetime, now: datetime
    ) -> None:
        """One row per digest. What another process told the same owner meanwhile is not taken back by less."""
        for kind, digest in keys:
            known = known_answer(tx, keys.service, digest, owner)
            holds = known is not None and known.kind != KeyKind.CORRECTED and known.expires_at > now
            said = strictest((standing, Standing.stuck(known))) if known is not None and holds else standing
            row = {"id": new_id(self.entropy, now), "service": keys.service, "kind": kind, "digest": digest}
            stick(tx, row | {"owner": owner, "expires_at": until} | said.columns, known)


def keys_of(held: Subject) -> set[tuple[KeyKind, str]]:
    """The digests by which somebody whom we hold is recognised beside its name."""
    known = (KeyKind.ADDRESS, held.email_digest), (KeyKind.DEVICE, held.device_digest)
    return {(kind, digest) for kind, digest in known if digest is not None}
