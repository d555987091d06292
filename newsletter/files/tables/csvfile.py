"""Read a CSV file whatever its encoding and delimiter, a line at a time, and lose no line without saying why.

Knows nothing of what the columns mean. Source: RFC 4180, and what spreadsheets write.
"""

import csv
import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from newsletter.files.tables.textfile import TextFile

#: Longest line in characters: a line of a gigabyte must not become memory.
LONGEST_LINE = 200_000
#: Most lines that one record may span: a quote that is never closed must not swallow the file.
MOST_LINES = 50
DELIMITERS = ",;\t|"

#: How much of the file is looked at to find the delimiter and the columns, in lines.
SAMPLE = 50


@dataclass(frozen=True, slots=True)
class Record:
    """One record: the number of its first line, from 1, and its cells; or the *fault* for which it has none."""

    line: int
    cells: tuple[str, ...] = ()
    fault: str = ""


class CsvFile(TextFile):
    """A CSV file that is open for reading, and an iterator of its records, the blank ones left out.

    *delimiter* says what was found.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path, newline="")
        self._ahead: deque[str] = deque()
        self._number = 0
        self._looking = False
        sample = [line for line in (self._next() for _ in range(SAMPLE)) if line]
        self._put_back(sample)
        self.delimiter = self._said(sample) or _delimiter(sample)
        widths = Counter(len(self._cut([_unwrapped(line)])) for line in sample)
        self._width = max(widths, key=lambda width: widths[width], default=0)
        if recipients := self._recipients(sample):
            self._ahead, self._width = deque(recipients), 1

    def __iter__(self) -> Iterator[Record]:
        while True:
            # Most lines of most files need nothing but to be cut: for them there is a short way.
            line = self._ahead.popleft() if self._ahead else self._text.readline(LONGEST_LINE)
            if not line:
                return
            self._number += 1
            if '"' in line or len(line) >= LONGEST_LINE:
                record = self._record(self._rest(line))
            elif line[0] in _BLANKS and not line.strip(_BLANKS):
                continue
            elif fault := _broken(line):
                record = Record(self._number, fault=fault)
            else:
                record = Record(self._number, tuple(line.rstrip("\r\n").split(self.delimiter)))
            if record.fault or not _blank(record):
                yield record

    def sample(self) -> tuple[Record, ...]:
        """Return the first records, without taking them; one that goes on beyond the sample is not told whole."""
        ahead, number, self._looking = list(self._ahead), self._number, True
        records = []
        while self._ahead and (line := self._next()):
            records.append(self._record(line))
        self._ahead, self._number, self._looking = deque(ahead), number, False
        return tuple(record for record in records if record.fault or not _blank(record))

    def _said(self, sample: list[str]) -> str:
        """Return the delimiter that the first line states as spreadsheets do (``sep=;``), and step over it."""
        first = sample[0].strip().lower() if sample else ""
        if len(first) == 5 and first.startswith("sep=") and first[4] in DELIMITERS:
            self._next()
            return first[4]
        return ""

    def _recipients(self, sample: list[str]) -> list[str]:
        """Return a line for each person in a file that is one line of them, as mail programs write recipients.

        None where there are more lines: then two addresses in one may well be one person's.
        """
        said = [line for line in sample if line.strip(_BLANKS)]
        cells = [cell.strip() for cell in self._cut(said)] if len(said) == 1 else []
        people = [_FIELD.sub("", cell) for cell in cells if cell]
        return [f"{cell}\n" for cell in people] if len(people) > 1 and all("@" in cell for cell in people) else []

    def _next(self) -> str:
        """Return the next line with its end, "" at the end of the file; the rest of too long a line is dropped."""
        line = self._ahead.popleft() if self._ahead else self._read()
        self._number += bool(line)
        return line

    def _read(self) -> str:
        # Who only looks leaves the rest of the file where it is: what was read of it could not be put back.
        return "" if self._looking else self._rest(self._text.readline(LONGEST_LINE))

    def _rest(self, line: str) -> str:
        """Return *line*, and step over what follows of it if it is too long."""
        rest = line
        while len(rest) >= LONGEST_LINE and not rest.endswith(("\n", "\r")):
            rest = self._text.readline(LONGEST_LINE)
        return line

    def _put_back(self, lines: Iterable[str]) -> None:
        lines = [line for line in lines if line]
        self._ahead.extendleft(reversed(lines))
        self._number -= len(lines)

    def _record(self, line: str) -> Record:
        start = self._number
        if fault := _broken(line):
            return Record(start, fault=fault)
        if '"' not in line:
            return Record(start, tuple(line.rstrip("\r\n").split(self.delimiter)))
        inside = _unwrapped(line)
        if inside != line and len(cells := self._cut([inside])) == self._width > 1:
            return Record(start, cells)
        lines = [line]
        while sum(each.count('"') for each in lines) % 2 and len(lines) < MOST_LINES:
            following = self._next()
            lines.append(following)
            if not following or _broken(following):
                break
        cells, length = self._first(lines)
        if not cells:
            cells, length = self._first([_mended(each, self.delimiter) for each in lines])
        if cells and not self._swallows(lines, len(cells)):
            # A quote in the middle of a cell opens nothing: what was read after it are records of their own.
            self._put_back(lines[length:])
            return Record(start, cells)
        # Only the first line is lost: the next may well be a record of its own.
        self._put_back(lines[1:])
        return Record(start, fault='its quotes do not match; write " inside a quoted cell as ""')

    def _cut(self, lines: list[str]) -> tuple[str, ...]:
        """Return the cells of the record that *lines* begin with; none if its quotes do not match."""
        return self._first(lines)[0]

    def _first(self, lines: list[str]) -> tuple[tuple[str, ...], int]:
        """Return the cells of the record that *lines* begin with, as `_cut` does, and how many lines it is."""
        reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
        try:
            return tuple(next(reader)), reader.line_num
        except (csv.Error, StopIteration):
            return (), 0

    def _swallows(self, lines: list[str], width: int) -> bool:
        """Whether a quote that was never closed made one record of several: whole ones, each with its address."""
        first, *others = (line.rstrip("\r\n").split(self.delimiter) for line in lines)
        place = next((place for place, cell in enumerate(first) if _ADDRESS.fullmatch(cell)), len(first))
        return any(len(cells) >= width > place and _ADDRESS.fullmatch(cells[place]) for cells in others)


#: A cell that is an address and nothing else.
_ADDRESS = re.compile(r'\s*"?[^\s@"]+@[^\s@"]+\.[^\s@"]+"?\s*')
#: What a mail program writes before the recipients: ``To:``, ``Kopia:``.
_FIELD = re.compile(r"^[^\W\d]{1,12} ?:\s*")


def _mended(line: str, delimiter: str) -> str:
    """Return a line whose quotes do not match as its writer may have meant it."""
    named, after, before = _slips(delimiter)
    return before.sub(r"\1", after.sub('"', named.sub(r'"\1 \2"', line)))


@cache
def _slips(delimiter: str) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Return what finds a name in quotes before an address, as mail programs write it, and blanks around quotes.

    A tab that delimits is no blank: without it every later cell would be another column's.
    """
    blank, ends = ("[ ]" if delimiter == "\t" else "[ \t]"), re.escape(delimiter)
    named = re.compile(rf'"([^"]*)"{blank}*(<[^<>"]*>)')
    after = re.compile(rf'"{blank}+(?={ends}|[\r\n]*$)')
    return named, after, re.compile(rf'(^|{ends}){blank}+(?=")')


#: A line that is one quoted cell.
_WRAPPED = re.compile(r'"((?:[^"]|"")*)"[\r\n]*')


def _unwrapped(line: str) -> str:
    """Return what is in a line that is one quoted cell, and others as they are.

    A spreadsheet program that took all columns for one writes each line so, with quotes inside written twice.
    """
    found = _WRAPPED.fullmatch(line)
    return found[1].replace('""', '"') if found else line


#: A line of these alone is blank.
_BLANKS = f" {DELIMITERS}\r\n"


def _blank(record: Record) -> bool:
    first = record.cells[0] if record.cells else ""
    # Most records begin with something, and need no closer look.
    return first[:1] in ("", *_BLANKS) and not "".join(record.cells).strip(f" {DELIMITERS}")


def _broken(line: str) -> str:
    if len(line) >= LONGEST_LINE:
        return f"the line has more than {LONGEST_LINE:,} characters"
    if "\x00" in line:
        return "there is a NUL character in it"
    if "\ufffd" in line:
        return "there is a character in it that is not in the file's encoding"
    return ""


def _delimiter(lines: list[str]) -> str:
    """Return the delimiter that cuts most lines into as many cells as the first, or under a title the second."""

    def fit(delimiter: str) -> tuple[float, int]:
        try:
            widths = [len(cells) for cells in csv.reader(short, delimiter=delimiter) if cells]
        except csv.Error:
            return 0.0, 0
        # A title is one cell, above a table of several.
        width = next((width for width in widths[:2] if width > 1), 0)
        if not width:
            return 0.0, 0
        return Counter(widths)[width] / len(widths), width

    short = [_unwrapped(line)[:5000] for line in lines]
    return max(DELIMITERS, key=fit)
