"""Commands about evidence: check receipts and certificates with public keys alone, without a database."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agegate.cli.door import refuse, say, wrong_use
from agegate.cli.facts import print_json
from agegate.cli.options import AsJson
from agegate.clock import rfc3339

if TYPE_CHECKING:
    from agegate.verifier.evidence import Evidence

receipt_app = typer.Typer(no_args_is_help=True, help="Consent receipts and purge certificates.")
ARCHIVE = "/.well-known/jwks-archive.json"


@receipt_app.command("verify")
def verify_receipt(
    file: Annotated[Path, typer.Argument(help="A receipt (JWS or the HTML that was mailed) or a certificate (JWS).")],
    keys: Annotated[
        Path | None, typer.Option(help="The issuer's saved key archive (jwks-archive.json): nothing is fetched.")
    ] = None,
    issuer: Annotated[
        str | None, typer.Option(help="Who must have issued it. Needed without --keys; its archive is then fetched.")
    ] = None,
    *,
    accept_test: Annotated[
        bool, typer.Option("--accept-test", help="Also accept the evidence of a test environment.")
    ] = False,
    linked: Annotated[
        bool, typer.Option("--json-ld", help="Print receipts as linked data in the Data Privacy Vocabulary.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check evidence years later, also after the keys rotated and the subject was purged.

    A receipt's later entries (withdrawal, switched purposes) are checked with it when they are in the same file.
    """
    from agegate.notices.linked_receipt import linked_receipt

    found = _checked(*_read(file, keys, issuer), issuer, accept_test=accept_test)
    if linked:
        print_json([linked_receipt(each.claims, each.entries) for each in found if "receipt_id" in each.claims])
    elif as_json:
        print_json([_facts(each) for each in found])
    else:
        for each in found:
            _print(each)


def _read(file: Path, keys: Path | None, issuer: str | None) -> tuple[str, object]:
    try:
        text = file.read_text("utf-8")
        return text, _fetched(issuer) if keys is None else json.loads(keys.read_text("utf-8"))
    except (OSError, ValueError) as fault:
        refuse(f"a file cannot be read ({type(fault).__name__}). Give the evidence as it came, and the keys as JSON.")


def _checked(text: str, archive: object, issuer: str | None, *, accept_test: bool) -> "tuple[Evidence, ...]":
    from agegate.clock import utc_now
    from agegate.notices.receipt_page import is_page, is_page_of
    from agegate.verifier.evidence import EvidenceRefused, named_issuer, signed_texts, verify_evidence

    try:
        expected = issuer or named_issuer(text)
        found = verify_evidence(text, archive, issuer=expected, now=utc_now(), accept_test=accept_test)
    except EvidenceRefused as refusal:
        refuse(str(refusal))
    if is_page(text) and not is_page_of(text, signed_texts(text)):
        refuse(
            "the page says something else than what is signed in it, or another version of agegate made it. Use the "
            "original as it was mailed, or save only the signed text at its end and check that."
        )
    return found


def _fetched(issuer: str | None) -> object:
    import asyncio

    from agegate.verifier.fetching import FetchFailed, checked_url, fetch

    if issuer is None:
        wrong_use("name the saved key archive with --keys FILE, or the issuer with --issuer URL to fetch it from.")
    try:
        reply = asyncio.run(fetch("GET", checked_url(issuer.rstrip("/")) + ARCHIVE, total=10))
        return json.loads(reply.body)
    except ValueError as fault:
        wrong_use(str(fault))
    except FetchFailed as fault:
        refuse(f"the issuer's key archive could not be fetched ({fault}). Save it by other means and use --keys FILE.")


def _facts(found: "Evidence") -> dict[str, object]:
    return {
        "kind": found.kind.value,
        "environment": found.environment,
        "issued_at": rfc3339(found.issued_at),
        "claims": dict(found.claims),
        "entries": [dict(each) for each in found.entries],
    }


def _print(found: "Evidence") -> None:
    what = "purge certificate" if "purge" in found.claims else "consent receipt"
    say(f"The {what} holds.")
    for name, value in (
        ("issuer", found.claims["iss"]),
        ("environment", found.environment),
        ("issued_at", rfc3339(found.issued_at)),
        *((name, found.claims[name]) for name in SHOWN if name in found.claims),
    ):
        typer.echo(f"{name:16} {value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}")
    for entry in found.entries:
        typer.echo(f"{'then':16} {json.dumps(entry.get('event'))} {json.dumps(entry.get('purposes', {}))}")


SHOWN = (
    "receipt_id",
    "principal",
    "controller",
    "jurisdiction",
    "policy",
    "rules",
    "notice",
    "processing",
    "disclosure",
    "events",
    "purge",
    "reason",
    "ordered_at",
    "completed_at",
    "deleted",
    "legs",
    "unconfirmed",
    "backups_clear_by",
)
