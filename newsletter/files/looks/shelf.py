"""The shelf in the user's own cache folder: compiled templates, and what premailer said of style sheets.

It is not in the workspace, for compiled templates are code: a workspace that somebody sent must not bring any.
"""

import hashlib
import os
import sys
import tempfile
from contextlib import suppress
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

#: A theme has about thirty templates, and each change of its colours makes a style sheet.
MOST = 500
#: Whose new versions may say something else.
MAKERS = (
    "jinja2", "premailer", "cssutils", "cssselect", "lxml", "newsletter.rendering.cascade",
    "newsletter.rendering.inline", "newsletter.rendering.sandbox",
)  # fmt: skip


class Shelf:
    """Keeps content in the files of *folder*, which is made when it is needed and read by its owner alone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, name: str) -> bytes | None:
        """Return what was kept under *name* by this very version; None if that is not there."""
        try:
            head, _, content = (self._folder / name).read_bytes().partition(b"\n")
            return content if self._own and head == self._head(content) else None
        except OSError:
            return None

    def put(self, name: str, content: bytes) -> None:
        """Keep *content*, if the disk lets us."""
        with suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if self._own:
                with tempfile.NamedTemporaryFile(dir=self._folder, delete=False) as file:
                    file.write(self._head(content) + b"\n" + content)
                Path(file.name).replace(self._folder / name)
                self._tidy()

    def _head(self, content: bytes) -> bytes:
        return f"{self._edition} {hashlib.sha256(content).hexdigest()}".encode()

    @cached_property
    def _edition(self) -> str:
        """What tells the versions of all that makes the content, by the files that hold them."""
        told = [sys.version]
        for name in MAKERS:
            spec = find_spec(name)
            if spec and spec.origin:
                stat = os.stat(spec.origin)
                told.append(f"{spec.origin} {stat.st_mtime_ns} {stat.st_size}")
        return hashlib.sha256("\n".join(told).encode()).hexdigest()

    @cached_property
    def _own(self) -> bool:
        """Whether nobody else can put anything here."""
        stat = self._folder.stat()
        return stat.st_uid == os.getuid() and not stat.st_mode & 0o022

    def _tidy(self) -> None:
        """Let go of what was kept longest ago."""
        files = list(self._folder.iterdir())
        if len(files) > MOST:
            for path in sorted(files, key=lambda one: one.stat().st_mtime_ns)[: MOST // 2]:
                path.unlink(missing_ok=True)
