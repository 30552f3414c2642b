"""The law and the profiles, loaded whole or refused whole.

Owns where the packaged files are. What they must say is `law_reader.py`'s and `profile_reader.py`'s business;
when to load again, and that a running server keeps the old one, the caller's.
"""

from dataclasses import replace
from pathlib import Path

from agegate.law.bad_file import BadFile, FileFault
from agegate.law.law_reader import read_law
from agegate.law.page import Page
from agegate.law.profile_reader import read_profile
from agegate.law.translation_reader import read_translations
from agegate.rules.law import Law
from agegate.rules.profile import Profile

__all__ = ["BadFile", "FileFault", "all_profiles", "load_law", "load_profile", "shipped_profiles"]

_HERE = Path(__file__).parent


def load_law(path: Path | None = None) -> Law:
    """The packaged table of the law, or another one; raises `BadFile` with every fault found."""
    page = Page(path or _HERE / "jurisdictions.toml")
    law = read_law(page)
    page.require_no_faults()
    return law


def load_profile(path: Path, law: Law | None = None) -> Profile:
    """A profile, checked against that law or the packaged one; raises `BadFile` with every fault found."""
    page = Page(path)
    profile = read_profile(page, law or load_law())
    page.require_no_faults()
    return replace(profile, translations=read_translations(path.with_suffix(""), profile.notice))


def shipped_profiles(law: Law | None = None) -> dict[str, Profile]:
    """The profiles that come with the package, by name."""
    return _profiles_in(_HERE / "profiles", law or load_law())


def all_profiles(folder: Path, law: Law) -> dict[str, Profile]:
    """The shipped profiles and those in a folder of one's own, which win by name; an absent folder has none.

    Raises `BadFile` with every fault of every file.
    """
    return {**shipped_profiles(law), **_profiles_in(folder, law)}


def _profiles_in(folder: Path, law: Law) -> dict[str, Profile]:
    profiles: dict[str, Profile] = {}
    faults: list[FileFault] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            profile = load_profile(path, law)
        except BadFile as bad:
            faults.extend(bad.faults)
            continue
        if profile.name in profiles:
            faults.append(FileFault(path.name, 1, f"is the second profile named {profile.name} here. Rename one"))
        profiles[profile.name] = profile
    if faults:
        raise BadFile(tuple(faults))
    return profiles
