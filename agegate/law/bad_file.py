"""What is wrong with a law or profile file, all of it in one report.

Owns the faults and their wording as a whole. Finding them is the readers' business, exit codes
the commands'.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FileFault:
    """One thing wrong, where, and what to do about it."""

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}"


class BadFile(ValueError):
    """A file that cannot be used; `faults` lists everything found."""

    def __init__(self, faults: tuple[FileFault, ...]) -> None:
        super().__init__(faults)
        self.faults = faults

    def __str__(self) -> str:
        count = "1 fault" if len(self.faults) == 1 else f"{len(self.faults)} faults"
        files = ", ".join(dict.fromkeys(fault.file for fault in self.faults))
        listed = "\n".join(f"  {fault}" for fault in self.faults)
        return f"{files} cannot be used, {count}. Nothing of it was taken; correct it and load again.\n{listed}"
