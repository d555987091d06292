"""A shelf: where what took long to work out is kept for the next command. Opens no file; `files.shelf` does."""

from typing import Protocol


class Shelf(Protocol):
    """Keeps pieces of content by name. What it loses is worked out again."""

    def get(self, name: str) -> bytes | None:
        """Return what was kept, None if it is not there or may be out of date."""

    def put(self, name: str, content: bytes) -> None:
        """Keep *content* in place of what had this *name*."""
