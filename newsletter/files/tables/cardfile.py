"""Read a file of contact cards (vCard) as if it were a table: one record a card, of what a letter needs.

Source: RFC 6350 (vCard 4.0), RFC 2426 (3.0, as Apple writes it) and vCard 2.1 (as Outlook writes it).
"""

import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from newsletter.files.tables.csvfile import LONGEST_LINE, SAMPLE, Record
from newsletter.files.tables.textfile import TextFile, encoding_of
from newsletter.reading.charset import decode
from subscribers.table.entry import SEVERAL
from subscribers.table.heading import words
from subscribers.table.saying import forbids
from subscribers.table.stray import said, sorts

#: The columns of the table. Telephones, birthdays and pictures are nobody's business here; of categories and notes
#: only that somebody gets no letters is.
COLUMNS = ("email", "name", "organization", "note")

#: Longest value in characters, and most addresses of one person, that are kept: pictures are left out anyway.
_LONGEST, _MOST = 2_000, 20
_PROPERTY = re.compile(
    r"(?:[\w-]{1,40}\.)?(EMAIL|FN|N|ORG|CATEGORIES|NOTE)(;[^:]{0,400})?:(.*)", re.IGNORECASE | re.DOTALL
)
_PREFERRED = re.compile(r"(?:^|[;,=\"])pref(?:=0*1)?(?:[;,\"]|$)", re.IGNORECASE)
_CHARSET = re.compile(r"charset=\"?([\w.:-]{1,40})", re.IGNORECASE)
_ESCAPED = re.compile(r"\\([\\,;:nN])")
_LINE = re.compile(r"\\[nN]|(?<!\\),|[\r\n]+")
_PART = re.compile(r"(?<!\\);")


def is_cards(path: Path) -> bool:
    """Return whether a file begins as a vCard does. Raise OSError."""
    with path.open(encoding=encoding_of(path), errors="replace") as file:
        return file.read(200).lstrip("\ufeff \t\r\n").lower().startswith("begin:vcard")


class CardFile(TextFile):
    """A file of cards that is open for reading, as `CsvFile` is one of lines; its first record is the header."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._path = path

    def __iter__(self) -> Iterator[Record]:
        yield Record(1, COLUMNS)
        card: _Card | None = None
        for number, line in enumerate(iter(lambda: self._text.readline(LONGEST_LINE), ""), start=1):
            mark = line.strip().lower() if line[:1] not in " \t" else ""
            if mark in ("begin:vcard", "end:vcard"):
                if card:
                    yield card.record()
                card = _Card(number) if mark == "begin:vcard" else None
            elif card:
                card.take(line.rstrip("\r\n"))
        if card:
            yield card.record()

    def sample(self) -> tuple[Record, ...]:
        """Return the first records, without taking them."""
        with CardFile(self._path) as again:
            return tuple(islice(again, SAMPLE))


@dataclass(slots=True)
class _Card:
    """Collects one card, which begins in *line*: each property as its parameters and its value."""

    line: int
    found: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    _open: list[tuple[str, str]] | None = None

    def take(self, line: str) -> None:
        """Take in a line: a property, or what a long one goes on with (RFC 6350 section 3.2)."""
        if self._open and self._soft():
            self._more(line, self._open[-1][1][:-1])
        elif line[:1] in (" ", "\t"):
            if self._open:
                self._more(line[1:], self._open[-1][1])
        elif property_ := _PROPERTY.match(line):
            self._open = self.found.setdefault(property_[1].upper(), [])
            self._open.append((property_[2] or "", property_[3][:_LONGEST]))
        else:
            self._open = None

    def _soft(self) -> bool:
        """Return whether the value so far ends with the sign of quoted-printable that the next line goes on."""
        parameters, value = self._open[-1] if self._open else ("", "")
        return "quoted-printable" in parameters.lower() and value.endswith("=")

    def _more(self, text: str, before: str) -> None:
        if self._open:
            self._open[-1] = (self._open[-1][0], f"{before}{text}"[:_LONGEST])

    def record(self) -> Record:
        """Return the card as a row of the table."""
        # The preferred address stands first: an import takes that.
        emails = sorted(self.found.get("EMAIL", [])[:_MOST], key=lambda each: not _PREFERRED.search(each[0]))
        addresses = dict.fromkeys(filter(None, (_value(each).strip() for each in emails)))
        name = self._first("FN") or self._parted()
        cells = (SEVERAL.join(addresses), name, self._first("ORG", ";"), self._noted())
        if any("\ufffd" in cell for cell in cells):
            return Record(self.line, fault="there is a character in it that is not in the file's encoding")
        return Record(self.line, cells)

    def _first(self, name: str, end: str = "") -> str:
        """Return the value of the first property of this *name*, up to *end*, or ""."""
        found = self.found.get(name, [])
        return _value(found[0], end).strip() if found else ""

    def _noted(self) -> str:
        """Return what a category or a line of a note says of who gets no letters, or ""."""
        notes = (*self.found.get("CATEGORIES", ()), *self.found.get("NOTE", ()))
        lines = (_plain(line).strip() for note in notes for line in _LINE.split(_raw(note)))
        return SEVERAL.join(line for line in lines if said(line) or forbids(words(line)) or sorts(words(line)))

    def _parted(self) -> str:
        """Return the name out of its parts: the family's comes first (RFC 6350 section 6.2.2)."""
        if not (found := self.found.get("N")):
            return ""
        parts = [_plain(part).strip() for part in _PART.split(_raw(found[0]))]
        return " ".join(filter(None, (*parts[1:2], *parts[:1])))


def _value(found: tuple[str, str], end: str = "") -> str:
    raw = _raw(found)
    return _plain(_PART.split(raw)[0] if end else raw)


def _raw(found: tuple[str, str]) -> str:
    """Return a value as its writer meant it, but for the signs that stand before commas and semicolons."""
    parameters, value = found
    if "quoted-printable" not in parameters.lower():
        return value
    charset = _CHARSET.search(parameters)
    return decode(quopri.decodestring(value.encode("utf-8", "replace")), charset[1] if charset else "")


def _plain(value: str) -> str:
    return _ESCAPED.sub(lambda found: " " if found[1] in "nN" else found[1], value)
