"""Evidence over its whole life: given, checked by a stranger with saved keys, taken back, purged, and ended."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from agegate.flows.rotate_keys import RotateKeys
from agegate.flows.show_receipt import show_receipt
from agegate.rules.purge import LegState
from agegate.store.purges import answer_leg, legs_of
from agegate.verifier.evidence import Evidence, verify_evidence
from tests.cli.commands import run
from tests.houses import ISSUER, START, Home, Json, furnished
from tests.journeys.people import GUARDIAN, SIXTEEN, consented_minor, link_in_last_mail, open_page, withdraw
from tests.privacy.canaries import told
from tests.web.guardian_browser import nonce_in


@pytest.fixture
def earlier(tmp_path: Path) -> Iterator[Home]:
    """A house of a month ago: commands look at the real clock, and evidence of the future is refused."""
    yield from furnished(tmp_path, f"sqlite:///{tmp_path}/database.sqlite3", START - timedelta(days=30))


def record(home: Home, request: str) -> list[str]:
    """The receipt and its entries, as the service gets them."""
    path = f"/v1/subjects/alex/consent-requests/{request}"
    found = home.call("GET", path, key=home.keys["game"]).json()
    return [found["receipt"], *found.get("receipt_entries", [])]


def archive(home: Home) -> Json:
    """The issuer's key archive."""
    found: Json = home.call("GET", "/.well-known/jwks-archive.json").json()
    return found


def checked(home: Home, text: str) -> Evidence:
    """The one evidence in a text, as a stranger checks it who has the archive."""
    (found,) = verify_evidence(text, archive(home), issuer=ISSUER, now=home.clock.now, accept_test=True)
    return found


def rotate(home: Home) -> None:
    """Another key signs from now on."""
    now = home.clock.now
    home.house.store.write_now(lambda tx: RotateKeys(home.house.vault, home.house.audit)(tx, timedelta(hours=1), now))
    home.clock.move(hours=2)


def purge(home: Home) -> str:
    """The service has `alex` purged; the certificate."""
    ordered = home.call("DELETE", "/v1/subjects/alex", key=home.keys["game"]).json()["purge"]
    home.work()
    return home.call("GET", f"/v1/purges/{ordered}/certificate", key=home.keys["game"]).text


def test_the_receipt_names_what_was_agreed_to(home: Home) -> None:
    claims = checked(home, record(home, consented_minor(home))[0]).claims
    needed = {"schema", "receipt_id", "record_id", "principal", "expressed_by", "controller", "jurisdiction", "policy"}
    needed |= {"rules", "notice", "processing", "disclosure", "recipients", "storage_places", "events", "method"}
    needed |= {"rights", "authority", "withdrawal", "environment"}
    assert needed - claims.keys() == set()


def test_nothing_in_the_evidence_says_who(home: Home) -> None:
    request = consented_minor(home)
    shown = home.house.store.read_now(lambda tx: show_receipt(tx, request))
    assert shown is not None
    said = json.dumps([dict(checked(home, shown.html).claims), dict(checked(home, purge(home)).claims)]).encode()
    page = shown.html.encode()
    assert [name for name in (GUARDIAN, SIXTEEN) if told(name, said) or told(name, page)] == []
    assert b'"alex"' not in said


def test_a_withdrawal_is_a_further_entry_and_the_receipt_stays_as_it_was(home: Home) -> None:
    request = consented_minor(home)
    before = record(home, request)
    home.clock.move(minutes=1)
    assert withdraw(home, "withdraw").status_code == 200
    after = record(home, request)
    found = checked(home, "\n".join(after))
    states = [entry["event"] for entry in found.entries]
    assert (before, after[0], len(after)) == ([after[0]], before[0], 2)
    assert states == [{"state": "dpv:ConsentWithdrawn", "at": "2026-11-22T09:01:00Z"}]


def test_switching_a_purpose_is_a_further_entry_that_says_what_is_allowed_from_then_on(home: Home) -> None:
    request = consented_minor(home)
    for form in ({"purpose.improve": "on"}, {"purpose.improve": "on"}, {}):
        cookie, page = open_page(home, link_in_last_mail(home))
        home.browse("POST", "/guardian/manage", {"nonce": nonce_in(page), "choice": "switch", **form}, cookie)
    found = checked(home, "\n".join(record(home, request)))
    said = [entry["purposes"] for entry in found.entries]
    assert said == [
        {"improve": "granted", "disclosure": "refused"},
        {"improve": "refused", "disclosure": "refused"},
    ]


def test_a_receipt_holds_after_the_keys_rotated_and_the_subject_was_purged(home: Home) -> None:
    kept = record(home, consented_minor(home))
    for _ in range(3):
        rotate(home)
    certificate = purge(home)
    found, closed = checked(home, kept[0]), checked(home, certificate)
    assert found.claims["principal"] == {"ref": closed.claims["principal"], "type": "dpv:Child"}


@pytest.mark.parametrize("form", ["jws", "html"])
def test_the_command_checks_a_file_with_saved_keys(earlier: Home, tmp_path: Path, form: str) -> None:
    request = consented_minor(earlier)
    shown = earlier.house.store.read_now(lambda tx: show_receipt(tx, request))
    assert shown is not None
    file, keys = tmp_path / "receipt", tmp_path / "archive.json"
    file.write_text(shown.record[0] if form == "jws" else shown.html)
    rotate(earlier)
    purge(earlier)
    keys.write_text(json.dumps(archive(earlier)))
    came = run("receipt", "verify", str(file), "--keys", str(keys), "--accept-test", "--json")
    live = run("receipt", "verify", str(file), "--keys", str(keys))
    assert (came.exit_code, json.loads(came.stdout)[0]["environment"]) == (0, "test")
    assert (live.exit_code, "--accept-test" in live.stderr) == (1, True)


def test_a_page_that_says_something_else_than_its_proof_is_refused(earlier: Home, tmp_path: Path) -> None:
    request = consented_minor(earlier)
    shown = earlier.house.store.read_now(lambda tx: show_receipt(tx, request))
    assert shown is not None
    file, keys = tmp_path / "receipt.html", tmp_path / "archive.json"
    file.write_text(shown.html.replace("<strong>yes</strong>", "<strong>no</strong>"))
    keys.write_text(json.dumps(archive(earlier)))
    came = run("receipt", "verify", str(file), "--keys", str(keys), "--accept-test")
    assert (came.exit_code, "says something else" in came.stderr) == (1, True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("verify", "nowhere", "--keys", "nowhere"), "cannot be read"),
        (("verify", "pyproject.toml"), "--keys FILE"),
        (("verify", "pyproject.toml", "--issuer", "ftp://x"), "https"),
    ],
)
def test_a_refused_command_says_what_to_do(words: tuple[str, ...], said: str) -> None:
    came = run("receipt", *words)
    assert (came.exit_code in {1, 2}, said in came.stderr) == (True, True)


def test_the_command_prints_linked_data(earlier: Home, tmp_path: Path) -> None:
    file, keys = tmp_path / "receipt.jws", tmp_path / "archive.json"
    file.write_text(record(earlier, consented_minor(earlier))[0])
    keys.write_text(json.dumps(archive(earlier)))
    came = run("receipt", "verify", str(file), "--keys", str(keys), "--accept-test", "--json-ld")
    assert json.loads(came.stdout)[0]["@type"] == "dpv:ConsentReceipt"


def test_the_certificate_says_when_the_backups_are_clear(home: Home) -> None:
    consented_minor(home)
    claims = checked(home, purge(home)).claims
    assert (claims["backups_clear_by"], claims["unconfirmed"], claims["tombstone"]) == ("2027-01-05T00:00:00Z", [], 1)


def test_a_holder_that_is_gone_is_never_called_completed(home: Home) -> None:
    home.register_holder("game", "archive")
    consented_minor(home)
    ordered = home.call("DELETE", "/v1/subjects/alex", key=home.keys["game"]).json()["purge"]
    home.work()
    (leg,) = home.house.store.read_now(lambda tx: legs_of(tx, ordered))
    home.house.store.write_now(lambda tx: answer_leg(tx, leg.id, {"state": LegState.UNREACHABLE}))
    flow_due = home.house.clock() + timedelta(days=1)
    home.clock.now = flow_due
    claims = checked(home, certify(home, ordered)).claims
    (told_leg,) = claims["legs"] if isinstance(claims["legs"], list) else []
    assert isinstance(told_leg, dict)
    assert (claims["unconfirmed"], told_leg["status"]) == (["archive"], "unconfirmed")


def certify(home: Home, ordered: str) -> str:
    """Has a certificate signed whose last leg was closed by operators."""
    from agegate.flows.certify_purge import CertifyPurge

    flow = CertifyPurge(home.house.keys, home.house.announce, home.house.entropy, home.house.rules)
    now = home.clock.now
    assert home.house.store.write_now(lambda tx: flow(tx, ordered, now))
    return home.call("GET", f"/v1/purges/{ordered}/certificate", key=home.keys["game"]).text


def test_evidence_stays_for_three_years_and_not_a_day_longer(home: Home) -> None:
    consented_minor(home)
    purge(home)
    home.clock.move(days=1095)
    home.work()
    kept = home.rows()
    home.clock.move(days=2)
    home.work()
    gone = home.rows()
    names = ("evidence", "purges", "evidence_salts")
    assert ([kept[name] for name in names], [gone[name] for name in names]) == ([1, 1, 1], [0, 0, 0])


def test_the_evidence_of_whoever_stays_stays(home: Home) -> None:
    consented_minor(home)
    home.clock.move(days=1200)
    home.work()
    assert home.rows()["evidence"] >= 1
