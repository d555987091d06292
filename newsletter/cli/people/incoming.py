"""The file that people come from: what it is, where it lies, how far it was read. Understands no line of it."""

import re
import signal
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from tempfile import NamedTemporaryFile, _TemporaryFileWrapper
from typing import cast
from zipfile import BadZipFile, ZipFile

from newsletter.cli import terminal
from newsletter.errors import NotFoundError, UsageError, cited
from newsletter.files.tables import workbook
from newsletter.files.workspace import Workspace

_SHEET = ("a spreadsheet", workbook.SAVE)
_WORD = ("a text document", "copy its table into a spreadsheet, and import that")
#: What people have instead of a CSV file, what to do, and how such a file begins.
_OTHERS = {
    _SHEET: (b"\xd0\xcf\x11\xe0",),
    ("a packed file", "unpack it, and import the CSV file that is in it"): (b"pk\x03\x04", b"\x1f\x8b"),
    ("a PDF", "export the people as CSV instead"): (b"%pdf-",),
    ("a web page or XML", "open it in a spreadsheet program and save it as CSV (UTF-8)"): (
        *(b"<!doctype", b"<html", b"<?xml", b"<table", b"<head", b"<meta"),
    ),
    ("a dump of a database", "export the people as CSV instead"): (b"-- ", b"insert into", b"create table"),
    ("an address book in LDIF", "export it as CSV or vCard instead"): (b"dn: ", b"dn:: ", b"version: 1"),
    ("JSON", "export it as CSV instead"): (b"[{", b"[\n", b"[\r", b"[ ", b'{"', b"{\n", b"{\r", b"{ "),
}
#: What stands in the beginning of a packed file that is a spreadsheet (ISO/IEC 29500 part 2, OpenDocument).
_SHEETS = (b"[content_types].xml", b"mimetypeapplication/vnd.oasis", b"_rels/", b"docprops/", b"xl/", b"index/")
#: And of one that only Apple's program reads.
_NUMBERS = b"index/"
_MAIL = ("mail", "write the addresses of who shall be a reader into a table of their own")
#: How a message or a file of them begins (RFC 5322, RFC 4155): two fields, or the line in front of the first.
_FIELD = rb"(?:return-path|received|delivered-to|from|to|subject|date|message-id|mime-version|x-[\w-]{1,40}):"
_MESSAGE = re.compile(
    rb"from .{1,320} (?:mon|tue|wed|thu|fri|sat|sun) [a-z]{3} |" + _FIELD + rb".*\n(?:[ \t].*\n)*" + _FIELD
)
#: What stands for standard input.
_STDIN = Path("-")


def called(file: Path) -> Path:
    """Return by what name the ledger knows a file that is imported."""
    return Path("standard input") if file == _STDIN else file


@contextmanager
def saved(workspace: Workspace, file: Path) -> Iterator[Path]:
    """Give the path of *file*. Standard input is saved for that, since it is read more than once.

    It lies in the folder of people, is its owner's alone, and goes at the end. Raise UsageError for a terminal.
    """
    if file != _STDIN:
        yield file
        return
    if sys.stdin is None or sys.stdin.isatty():
        raise UsageError("nothing comes by standard input", remedy="put a pipe before the command, or name a file")
    with _copy(workspace) as copy:
        # As it comes: a longer read goes on waiting for a pipe whose end was asked for meanwhile.
        incoming = cast(BufferedReader, sys.stdin.buffer)
        while part := incoming.read1():
            copy.write(part)
        copy.flush()
        yield Path(copy.name)


@contextmanager
def unfolded(workspace: Workspace, path: Path, file: Path) -> Iterator[tuple[Path, str]]:
    """Give the path of the table at *path*, which is called *file*, and the name of its sheet, "" for none.

    What was a spreadsheet lies where standard input does, as CSV. Raise NotFoundError, or UsageError for no table.
    """
    if not _is_sheet(path, file):
        yield path, ""
        return
    with _copy(workspace) as copy:
        sheet, others = workbook.unfold(path, copy.file, str(file))
        more = (
            f" There are addresses in {', '.join(map(cited, others))}, too: save each as a file." if others else ""
        )
        terminal.say(f"Reading the sheet {cited(sheet)}; lines are its rows.{more}")
        yield Path(copy.name), sheet


def _copy(workspace: Workspace) -> "_TemporaryFileWrapper[bytes]":
    """Open a file for what is read more than once; it goes when it is closed, or this program is ended."""
    folder = workspace.people.parent
    folder.mkdir(mode=0o700, exist_ok=True)
    for number in (signal.SIGTERM, signal.SIGHUP):
        # Whoever ends us so must not leave a file of addresses behind either.
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, signal.default_int_handler)
    return NamedTemporaryFile(prefix=".import-", suffix=".csv", dir=folder)


def _is_sheet(path: Path, file: Path) -> bool:
    """Whether what lies at *path*, and is called *file*, is a spreadsheet. Raise as `unfolded` does."""
    if not path.exists():
        raise NotFoundError("there is no such file", where=str(file), remedy="check the name")
    # A pipe or a device has no size, cannot be read twice, and may never end.
    if not path.is_file():
        remedy = "save what is in it as a file first, or let it come by standard input: `import -`"
        raise UsageError("this is no file", where=str(file), remedy=remedy)
    with path.open("rb") as opened:
        head = opened.read(1000).removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    found = next((kind for kind, begins in _OTHERS.items() if head.startswith(begins)), None)
    if found and any(each in head for each in _SHEETS):
        found = _WORD if _is_word(path) else _SHEET
    elif not found and _MESSAGE.match(head):
        found = _MAIL
    if found is _SHEET and _NUMBERS not in head:
        return True
    if found:
        what, remedy = found
        raise UsageError(f"this is {what}, not a CSV file", where=str(file), remedy=remedy)
    return False


def _is_word(path: Path) -> bool:
    """Whether what is packed as a spreadsheet is, is a text (ECMA-376, OpenDocument 1.3)."""
    try:
        with ZipFile(path) as packed:
            names = packed.namelist()
            kind = packed.read("mimetype")[:100] if "mimetype" in names else b""
    except (BadZipFile, OSError, NotImplementedError, RuntimeError, zlib.error):
        return False
    return "word/document.xml" in names or kind == b"application/vnd.oasis.opendocument.text"


@contextmanager
def progress(size: int, what: str) -> Iterator[Callable[[int], None]]:
    """Show a bar on a terminal: *what* is done, of *size*; give a function that takes how much of it is done.

    Of nothing there is no bar.
    """
    if not (size and sys.stderr.isatty()):
        yield lambda done: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    parts = (TextColumn(what), BarColumn(), TextColumn("{task.percentage:.0f} %"), TimeRemainingColumn())
    with Progress(*parts, console=console, transient=True) as bar:
        task = bar.add_task("import", total=size)
        yield lambda done: bar.update(task, completed=done)
