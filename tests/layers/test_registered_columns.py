"""No column without an entry in the register of columns, and no entry that says what is not so.

A new column fails here until `agegate/store/column_registry.toml` says whose it is and how a purge clears it.
"""

from importlib import import_module

from sqlmodel import SQLModel

from agegate.store.column_registry import EVERY, Cleared, Form, Registered, registered
from tests.layers.test_layers import ROOT
from tests.privacy.data_map import page


def entries() -> dict[tuple[str, str], Registered]:
    """The register, with `*` spelled out."""
    tables, found = SQLModel.metadata.tables, dict[tuple[str, str], Registered]()
    for entry in registered():
        names = [column.name for column in tables[entry.table].columns] if entry.column == EVERY else [entry.column]
        for name in names:
            assert (entry.table, name) not in found, f"{entry.table}.{name} is registered twice"
            found[entry.table, name] = entry
    return found


def columns() -> list[tuple[str, str]]:
    """Every column of every table, whoever has imported it already."""
    for path in (ROOT / "agegate" / "store").glob("*tables.py"):
        import_module(f"agegate.store.{path.stem}")
    return [(table.name, column.name) for table in SQLModel.metadata.tables.values() for column in table.columns]


def test_every_column_has_an_entry_and_every_entry_a_column() -> None:
    known = sorted(columns())
    assert sorted(entries()) == known


def test_an_entrys_form_is_what_the_columns_name_says() -> None:
    wrong = []
    for (table, name), entry in entries().items():
        sealed, digest = name.startswith("sealed_"), name.endswith("_digest")
        if sealed != (entry.form is Form.SEALED) or (digest and entry.form is not Form.DIGEST):
            wrong.append(f"{table}.{name}")
        if (name == "wrapped_key") != (entry.form is Form.KEY):
            wrong.append(f"{table}.{name}")
    assert wrong == []


def test_what_waits_for_a_purges_work_is_sealed_under_its_key() -> None:
    assert {entry.form for entry in entries().values() if entry.cleared is Cleared.WORK} == {Form.SEALED, Form.KEY}


def test_the_data_map_is_current() -> None:
    assert (ROOT / "docs" / "data-map.md").read_text("utf-8") == page(), "run: make data-map"
