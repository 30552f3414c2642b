"""The command line: which commands there are.

Owns nothing but their names. What they do is in the files beside this one, each of which imports the rooms it needs
late, so that --help is quick.
"""

import typer

from agegate.cli.audiences import audience_app
from agegate.cli.audit import audit_app
from agegate.cli.demo import demo
from agegate.cli.epochs import epoch_app
from agegate.cli.evidence import receipt_app
from agegate.cli.guardians import guardian_app
from agegate.cli.holders import holder_app
from agegate.cli.holds import hold_app
from agegate.cli.inspecting import token_app
from agegate.cli.key_ends import list_keys, revoke_key
from agegate.cli.law import law_app
from agegate.cli.ledger import ledger_app
from agegate.cli.mail import mail_app
from agegate.cli.operators import operator_app
from agegate.cli.profile import profile_app
from agegate.cli.purges import purge_app
from agegate.cli.registry import key_app, service_app
from agegate.cli.reports import report_app
from agegate.cli.running import init, migrate
from agegate.cli.serving import serve, worker
from agegate.cli.signing_keys import keys_app
from agegate.cli.sweep import sweep

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # the library that paints the help takes longer to load than all of the help
    help=(
        "Age gate, guardian consent, signed age-status tokens and provable purge, in one service.\n\n"
        "First try: `agegate demo` walks the whole road once; `agegate serve` serves it."
    ),
)
for command in (demo, serve, worker, init, migrate, sweep):
    app.command()(command)
keys_app.add_typer(epoch_app, name="epoch")
key_app.command("list")(list_keys)
key_app.command("revoke")(revoke_key)
for name, group in (
    ("service", service_app),
    ("key", key_app),
    ("operator", operator_app),
    ("guardian", guardian_app),
    ("holder", holder_app),
    ("audience", audience_app),
    ("token", token_app),
    ("keys", keys_app),
    ("report", report_app),
    ("purge", purge_app),
    ("receipt", receipt_app),
    ("ledger", ledger_app),
    ("law", law_app),
    ("profile", profile_app),
    ("audit", audit_app),
    ("hold", hold_app),
    ("mail", mail_app),
):
    app.add_typer(group, name=name)


def run() -> None:
    """Runs one command and ends the process with its exit code."""
    app()
