"""What the steps of the schema do. `subscribers.store.file.migrate` says in which order they are taken.

A released step is never edited: files that took it are not what a file would be that takes another one.
"""

from enum import StrEnum


def one_of(kind: type[StrEnum]) -> str:
    """Return the members of *kind* as a list of SQL."""
    return ", ".join(f"'{member}'" for member in kind)
