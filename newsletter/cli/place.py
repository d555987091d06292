"""The places that a command is told to write to: an empty name is none, and only a file gives way to a file."""

from pathlib import Path
from typing import Any

import click


class Folder(click.Path):
    """A folder, which may not be there yet. A script whose variable is not set does not mean where it stands."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path that *value* names. Raise BadParameter."""
        if value == "":
            self.fail("its name is empty; name a folder", param, ctx)
        path = Path(value)
        if path.exists() and not path.is_dir():
            self.fail(f"“{path}” is a file; name a folder", param, ctx)
        return super().convert(value, param, ctx)


class NewFile(click.Path):
    """A file that is written beside its place and moved there: a device or a pipe would be gone for good."""

    def __init__(self) -> None:
        super().__init__(dir_okay=False, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path that *value* names. Raise BadParameter."""
        if value == "":
            self.fail("its name is empty; name a file", param, ctx)
        if value == "-":
            self.fail("“-” is no file; write ./- if that is its name", param, ctx)
        path = Path(value)
        if path.exists() and not path.is_file() and not path.is_dir():
            self.fail(f"“{path}” is a device or a pipe; name a file", param, ctx)
        return super().convert(value, param, ctx)
