"""A backup of a database, taken and put back as an operator would: the file, or a copy on the PostgreSQL server."""

import shutil
from pathlib import Path

from tests import postgres


class Backup:
    """Of a database that nobody has open."""

    def __init__(self, database_url: str) -> None:
        self._url = database_url
        if self._is_file:
            shutil.copy(self._file, self._copy)
        else:
            self._copy_on_server(self._name, f"{self._name}_backup")

    def put_back(self) -> None:
        """The database as it was."""
        if self._is_file:
            for leftover in (f"{self._file}-wal", f"{self._file}-shm"):
                Path(leftover).unlink(missing_ok=True)
            shutil.copy(self._copy, self._file)
        else:
            self._copy_on_server(f"{self._name}_backup", self._name)

    def _copy_on_server(self, origin: str, copy: str) -> None:
        server = self._url.rpartition("/")[0]
        postgres.execute(
            f"{server}/postgres",
            f"DROP DATABASE IF EXISTS {copy} WITH (FORCE)",
            f"CREATE DATABASE {copy} TEMPLATE {origin}",
        )

    @property
    def _is_file(self) -> bool:
        return self._url.startswith("sqlite")

    @property
    def _file(self) -> Path:
        return Path(self._url.removeprefix("sqlite:///"))

    @property
    def _copy(self) -> Path:
        return self._file.with_suffix(".backup")

    @property
    def _name(self) -> str:
        return self._url.rpartition("/")[2]
