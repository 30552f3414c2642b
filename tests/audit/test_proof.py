"""Which evidence is whose: told while the subject's salt exists, and by nobody from then on."""

from datetime import timedelta

from agegate.flows.prove_subject import Proof, ProveSubject
from agegate.store.audit_log import AuditEntry, sealed_after
from agegate.store.salts import destroy_salts, set_salts_end
from tests.audit.logs import anchored, checked, exported, seal
from tests.houses import Home
from tests.journeys.people import ADULT, consented_minor, sign_up, withdraw


def proof(home: Home, subject: str, service: str = "game") -> Proof:
    flow = ProveSubject(home.house.vault, home.house.digests)
    return home.house.store.read_now(lambda tx: flow(tx, service, subject))


def own(home: Home, subject: str, service: str = "game") -> list[str]:
    """The acts that are the subject's, after sealing."""
    seal(home)
    return [entry.action for entry in proof(home, subject, service).own(all_entries(home))]


def all_entries(home: Home) -> list[AuditEntry]:
    """Every sealed entry."""
    return list(home.house.store.read_now(lambda tx: sealed_after(tx, 0, 1000)))


def lived_and_purged(home: Home) -> None:
    """Somebody else's life, and one that ended; sealed step by step."""
    sign_up(home, "ada", ADULT)
    consented_minor(home)
    seal(home)
    home.clock.move(minutes=1)
    withdraw(home, "delete_now")
    seal(home)
    home.clock.move(minutes=1)
    home.work()


def test_a_living_subject_is_shown_its_own(home: Home) -> None:
    sign_up(home, "ada", ADULT)
    consented_minor(home)
    assert sorted(own(home, "alex")) == ["consent.granted", "consent.requested", "signup.decided"]


def test_after_the_purge_everything_up_to_the_certificate_is_shown(home: Home) -> None:
    lived_and_purged(home)
    assert sorted(own(home, "alex")) == [
        "consent.granted",
        "consent.requested",
        "consent.withdrawn",
        "purge.certified",
        "purge.completed",
        "purge.ordered",
        "signup.decided",
    ]


def test_the_documents_are_found_too(home: Home) -> None:
    lived_and_purged(home)
    kinds = [(each.kind, each.jws is not None) for each in proof(home, "alex").documents]
    assert ("consent-receipt+jwt", True) in kinds
    assert ("purge", True) in kinds


def test_nothing_of_somebody_else_is_shown(home: Home) -> None:
    lived_and_purged(home)
    assert own(home, "ada") == ["signup.decided"]


def test_another_service_is_shown_nothing(home: Home) -> None:
    lived_and_purged(home)
    assert (proof(home, "alex", "scan").lives, own(home, "alex", "scan")) == ([], [])


def test_a_second_life_is_the_same_subjects(home: Home) -> None:
    lived_and_purged(home)
    home.clock.move(days=4)
    sign_up(home, "alex", ADULT)
    assert (len(proof(home, "alex").lives), own(home, "alex").count("signup.decided")) == (2, 2)


def test_when_the_salt_is_destroyed_nobody_can_tell_and_the_log_is_whole(home: Home) -> None:
    lived_and_purged(home)
    digest, end = home.house.digests.subject("game", "alex"), home.clock() + timedelta(days=1096)
    home.house.store.write_now(lambda tx: set_salts_end(tx, "game", digest, end))
    home.clock.move(days=1095)
    assert home.house.store.write_now(lambda tx: destroy_salts(tx, home.clock())) == 0
    home.clock.move(days=1)
    assert home.house.store.write_now(lambda tx: destroy_salts(tx, home.clock())) == 1
    assert (proof(home, "alex").lives, own(home, "alex")) == ([], [])


def test_after_the_evidence_ended_the_chain_holds_and_a_proof_finds_nothing(home: Home) -> None:
    lived_and_purged(home)
    assert "purge.completed" in own(home, "alex")
    home.clock.move(days=1097)
    home.work()
    seal(home)
    found, log = proof(home, "alex"), exported(home)
    assert (found.lives, found.documents, own(home, "alex")) == ([], [], [])
    assert checked(home, log, anchored(home)).entries == len(all_entries(home))
    assert [line for line in log if b"alex" in line] == []
