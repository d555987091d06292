"""Read a spreadsheet (.xlsx, .xlsb, .xls, .ods) as CSV: the first sheet that anybody sees with an address in it.

A program of its own does it (``python -m newsletter.files.tables.workbook FILE``, CSV on standard output): a file
that is broken, or claims a billion cells, ends that one and nothing else. A line of the CSV is a row of the sheet;
days are told as ISO 8601 has them, addresses that are struck out as such, and formulas as what they were when the
file was saved.
"""

import csv
import json
import resource
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime, time
from pathlib import Path
from typing import IO, Any

from newsletter.errors import UsageError
from newsletter.files.tables import struck
from subscribers.errors import AddressError
from subscribers.table import mailbox, title
from subscribers.table.mailbox import STRUCK

#: So much memory may a spreadsheet take, in bytes: half a million rows need no more.
MEMORY = 2 << 30
#: How long it may take, in seconds.
LONGEST = 300

SAVE = "open it in the spreadsheet program and save it as CSV (UTF-8)"


def unfold(path: Path, to: IO[bytes], where: str) -> tuple[str, Sequence[str]]:
    """Write the sheet with the people in *path* into the file *to*, as CSV in UTF-8.

    Return its name, and those of the others that hold addresses, too. Raise UsageError, which names *where*, for a
    spreadsheet that cannot be read.
    """
    # Not from the folder where somebody happens to be (-P).
    command = [sys.executable, "-P", "-m", __name__, str(path)]
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=to, stderr=subprocess.PIPE, timeout=LONGEST
        )
        told = json.loads(done.stderr.splitlines()[-1])
        fault = str(told.get("fault", ""))
    except subprocess.TimeoutExpired:
        fault = f"it takes more than {LONGEST} seconds to read"
    except (ValueError, IndexError, AttributeError):
        fault = "it is broken, or too large"
    if fault:
        raise UsageError(f"this spreadsheet cannot be read: {fault}", where=where, remedy=SAVE)
    return str(told["sheet"]), [str(name) for name in told["others"]]


def _main(path: str) -> None:
    # Whoever asked counts on an answer, and on the memory of the machine. Who runs it may have a lower bound.
    with suppress(ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_path(path)
        seen = [one.name for one in book.sheets_metadata if one.visible is SheetVisibleEnum.Visible]
        people = [name for name in seen if any("@" in cell for row in _rows(book, name) for cell in row)]
        sheet = (*people, *seen, *book.sheet_names)[0]
        with open(1, "w", encoding="utf-8", newline="", closefd=False) as out:
            csv.writer(out, lineterminator="\n").writerows(_marked(book, path, sheet))
        _tell({"sheet": sheet, "others": people[1:]})
    except PasswordError:
        _tell({"fault": "it is locked with a password"})
    except CalamineError:
        _tell({"fault": "it is broken, or of an unknown kind"})
    except OSError as error:
        _tell({"fault": (error.strerror or str(error)).lower()})


def _marked(book: Any, path: str, sheet: str) -> Iterator[list[str]]:
    """Yield the rows. Addresses that are struck out, or stand in a sheet of those who left, are between marks."""
    out = struck.rows(Path(path), sheet)
    others = (name for name in book.sheet_names if name != sheet and title.gone(name))
    left = {_bare(each) for name in others for row in _rows(book, name) for each in row if "@" in each}
    for number, row in enumerate(_rows(book, sheet), 1):
        yield [
            f"{STRUCK}{each}{STRUCK}"
            if "@" in each and (number in out or (left and _bare(each) in left))
            else each
            for each in row
        ]


def _bare(written: str) -> str:
    """Return the address in a cell for comparing, or the cell if there is none."""
    try:
        return mailbox.read(written)[0].canonical
    except AddressError:
        return written


def _rows(book: Any, sheet: str) -> Iterator[list[str]]:
    for row in book.get_sheet_by_name(sheet).iter_rows():
        yield [_said(cell) for cell in row]


def _said(cell: object) -> str:
    """Return a cell as text, on one line: a line of the CSV is a row."""
    match cell:
        case bool():
            return "true" if cell else "false"
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime() | date() | time():
            return cell.isoformat(" ") if isinstance(cell, datetime) else cell.isoformat()
    return " ".join(str(cell).split())


def _tell(answer: dict[str, object]) -> None:
    print(json.dumps(answer), file=sys.stderr)


if __name__ == "__main__":
    _main(sys.argv[1])
