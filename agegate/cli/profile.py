"""Commands that check a profile and show what it asks all over the world. They open no database."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agegate.cli.door import CANNOT_START, refuse, say, settings, start_faults
from agegate.cli.facts import print_json
from agegate.cli.options import AsJson, Format, OnDay
from agegate.environment import CannotStart

if TYPE_CHECKING:
    from agegate.rules.law import Law
    from agegate.rules.profile import Profile

profile_app = typer.Typer(no_args_is_help=True, help="Age policies of services.")


@profile_app.command("check")
def check_profile(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The TOML file of a profile.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Check a profile's file: "ok", or every fault with its line, and exit code 78.

    A profile has to be able to satisfy the laws it names. A good one goes into
    the folder `profiles` of the data folder and is read at the next start.
    """
    from agegate.law.loader import BadFile, load_law, load_profile

    law = load_law()
    try:
        profile = load_profile(file, law)
    except BadFile as bad:
        if as_json:
            print_json({"ok": False, "faults": bad.faults})
        else:
            typer.echo("\n".join(str(fault) for fault in bad.faults))
        say(f"{len(bad.faults)} to correct; nothing of the file would be taken.")
        raise typer.Exit(CANNOT_START) from None
    if as_json:
        print_json({"ok": True, "profile": profile.label})
    else:
        typer.echo(f"ok: {profile.label}, service class {profile.service_class}")
    _built(profile, law)


@profile_app.command("table")
def table_profile(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A shipped profile or one in DATA/profiles.")],
    on: OnDay = None,
    layout: Annotated[Format, typer.Option("--format", help="For people, programs, or as a picture.")] = Format.TABLE,
    out: Annotated[Path | None, typer.Option(dir_okay=False, help="Write to this file instead.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Show what a profile asks in every place of the law, on one page, as this version would answer.

    The minimum age, the age below which a guardian consents, the method, and
    what they rest on. The last line stands for every country without a rule
    on file. --format svg --out world.svg draws a map of the world.
    """
    from agegate.cli.policy_text import text_of
    from agegate.clock import utc_now
    from agegate.law.policy_table import policy_table

    day = on or utc_now().date()
    profile, law = _read(name)
    text = text_of(Format.JSON if as_json else layout, policy_table(profile, law, day), profile.label, day)
    if out is None:
        typer.echo(text, nl=False)
        return
    out.write_text(text, encoding="utf-8")
    say(f"Wrote {out}.")


def _read(name: str) -> "tuple[Profile, Law]":
    """The profile as this version would apply it."""
    from agegate.law.loader import BadFile, all_profiles, load_law

    with start_faults():
        folder = settings().data / "profiles"
        try:
            law = load_law()
            profiles = all_profiles(folder, law)
        except BadFile as bad:
            raise CannotStart(str(bad)) from None
    if name not in profiles:
        refuse(f"there is no profile {name}. Known: {', '.join(sorted(profiles))}.")
    return _built(profiles[name], law), law


def _built(profile: "Profile", law: "Law") -> "Profile":
    """The profile with the consent methods that this version can carry out, as the server takes it."""
    from agegate.flows.rule_book import RuleBook

    built = RuleBook.of(law, {profile.name: profile}).profile(profile.name)
    if lacking := sorted(method.value for method in profile.methods - built.methods):
        say(f"This version cannot carry out {', '.join(lacking)}: who would need it is not admitted.")
    return built
