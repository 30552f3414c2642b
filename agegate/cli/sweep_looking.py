"""What a sweep needs that only looks: the rules and the service, without opening the house.

No key is touched, no mail or signing loaded, nothing written: a dry run stays small in memory.
"""

from typing import TYPE_CHECKING

from agegate.cli.door import refuse, settings, start_faults
from agegate.environment import CannotStart

if TYPE_CHECKING:
    from agegate.flows.rule_book import RuleBook
    from agegate.store.records import Service


def look(name: str) -> "tuple[RuleBook, Service]":
    """The rules as they are installed, and the service; ends the command where there is none of that name."""
    from agegate.flows.rule_book import RuleBook
    from agegate.law.loader import BadFile, all_profiles, load_law
    from agegate.store.engine import open_engine, reading
    from agegate.store.registry import find_service
    from agegate.store.schema import require_current
    from agegate.store.transaction import Transaction

    with start_faults():
        chosen = settings()
        try:
            law = load_law()
            rules = RuleBook.of(law, all_profiles(chosen.data / "profiles", law))
        except BadFile as bad:
            raise CannotStart(str(bad)) from None
        engine = open_engine(chosen.database)
        try:
            require_current(engine)
            with reading(engine).connect() as connection:
                found = find_service(Transaction(connection), name)
        finally:
            engine.dispose()
    return rules, known(found)


def known(found: "Service | None") -> "Service":
    """The service, if there is one."""
    from agegate.rules.errors import ServiceUnknown

    return refuse(ServiceUnknown()) if found is None else found
