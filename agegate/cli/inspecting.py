"""The command that looks at a token."""

import json
from typing import Annotated

import typer

from agegate.cli.door import refuse, say, wrong_use
from agegate.cli.options import AsJson

token_app = typer.Typer(no_args_is_help=True, help="Age-status tokens.")


@token_app.command("verify")
def verify_token(
    token: Annotated[str, typer.Argument(help="The token, three parts with dots between.")],
    issuer: Annotated[str, typer.Option(help="Who must have issued it, as in its iss.")],
    audience: Annotated[str, typer.Option(help="For whom it must be, as in its aud.")],
    *,
    accept_test: Annotated[
        bool, typer.Option("--accept-test", help="Also accept a token of a test environment.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check a token as a downstream service would: with the issuer's public keys and status list."""
    from agegate.verifier import TokenRefused, Verifier

    try:
        status = Verifier(issuer, audience, accept_test=accept_test).check(token)
    except TokenRefused as refusal:
        hint = " Try --accept-test if it comes from a first try." if refusal.reason == "test_evidence" else ""
        refuse(f"the token is not valid here ({refusal.reason}).{hint}")
    except ValueError as fault:
        wrong_use(str(fault))
    facts: dict[str, str | bool] = {
        "subject": status.subject,
        "decision": status.decision,
        **{f"age_over_{age:02}": reached for age, reached in status.over.items()},
        "method": status.method,
        "policy": status.policy,
        "expires_at": status.expires_at.isoformat(),
        "environment": status.environment,
    }
    if as_json:
        typer.echo(json.dumps(facts))
        return
    say("The token is valid.")
    for name, value in facts.items():
        typer.echo(f"{name:12} {value}")


@token_app.callback()
def tokens() -> None:
    """Age-status tokens."""
