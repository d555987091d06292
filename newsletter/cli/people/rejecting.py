"""What becomes of the lines that an import refuses: counted, some shown, all in a file if somebody wants them."""

import csv
import os
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self, TextIO

from newsletter.errors import naming
from newsletter.files.private import begin
from newsletter.files.tables.csvfile import Record
from subscribers.store.register.imports import Refused
from subscribers.table.columns import REJECTED
from subscribers.table.formula import harmless


class Rejects:
    """Hears of refused lines, as a context manager.

    *path* None writes no file; *names* are the columns of the table. *keep* is how many are kept in `first`, in
    the order of the file; -1 keeps all. The file is whole or not there, and its owner's alone.
    """

    def __init__(self, path: Path | None, names: Sequence[str], keep: int) -> None:
        self.path = path
        self.names = names
        self.keep = keep
        self.first: list[Refused] = []
        self.kinds: Counter[str] = Counter()
        self._records: dict[int, Record] = {}
        self._heard: list[Refused] = []
        self._file: TextIO | None = None

    def __enter__(self) -> Self:
        if self.path:
            descriptor = begin(self._part)
            self._file = os.fdopen(descriptor, "w", encoding="utf-8", newline="")
            csv.writer(self._file).writerow([*REJECTED, *self.names])
        return self

    def __exit__(self, *error: object) -> None:
        if self._file:
            # What is not to be kept needs no room on the disk.
            with suppress(OSError):
                self._file.close()
            self._part.unlink(missing_ok=True)

    @property
    def _part(self) -> Path:
        assert self.path
        return self.path.with_name(f".{self.path.name}.part")

    def take(self, refused: Refused) -> None:
        """Hear of a line."""
        self.kinds[refused.kind] += 1
        self._heard.append(refused)

    def turn(self, records: Sequence[Record]) -> None:
        """Write what was heard, in the order of the file; the next lines to hear of are among *records*."""
        self._heard.sort(key=lambda each: each.line)
        room = len(self._heard) if self.keep < 0 else max(0, self.keep - len(self.first))
        self.first += self._heard[:room]
        if self._file:
            writer = csv.writer(self._file)
            with naming(self.path):
                for each in self._heard:
                    record = self._records.get(each.line)
                    cells = map(harmless, record.cells) if record else ()
                    # A reason that quotes a cell begins with an apostrophe, which is harmless.
                    reason = each.reason if each.reason.startswith("'") else harmless(each.reason)
                    writer.writerow([each.line, reason, *cells])
            self._records = {record.line: record for record in records}
        self._heard.clear()

    def finish(self) -> None:
        """Write the rest, and move the file into place; none without refused lines."""
        self.turn(())
        if self._file and self.path and self.kinds:
            with naming(self.path):
                self._file.close()
            self._part.replace(self.path)
