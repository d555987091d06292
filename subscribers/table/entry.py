"""Understand the rows of a table of people, one after the other. Reads no file and knows no database."""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from subscribers import attribute, tongue
from subscribers.errors import ElsewhereError, PeopleError
from subscribers.model import Address
from subscribers.status import Standing
from subscribers.table import cell, claims, day, exports, formula, mailbox, period, saying, stray, title
from subscribers.table.columns import Layout
from subscribers.table.heading import ALIASES, plain, words

#: What an hour behind a day is made of, such as ``T10:15:00+02:00`` and `` 10:15 UTC``.
_OF_HOURS = "0123456789:.+- TZUC"
#: A question mark behind an answer, and perhaps a day: “Ja? (2024)”.
_DOUBTED = re.compile(r"\?[\W\d]*$")

#: What Google's exports of contacts put between the addresses of one person.
SEVERAL = " ::: "

#: Characters of one cell that are kept as evidence.
MOST_BESIDE = 200

#: What R writes where nothing is known. As a code it would be the language of Nauru.
_MISSING = "NA"

_NOTHING_TOLD: tuple[Standing, datetime | None, str] = (Standing.NOTHING, None, "")
_LEFT, _BARRED = _GONE = Standing.UNSUBSCRIBED, Standing.SUPPRESSED


@dataclass(frozen=True, slots=True)
class Entry:
    """One row, understood and cleaned. What is empty says nothing.

    *standing*, *joined* and *evidence* are what an export says of the subscription there: how it stands, since
    when, and what proves that somebody agreed. *beside* is what else a table tells of that, which proves
    nothing alone.
    """

    address: Address
    name: str = ""
    language: str = ""
    topics: frozenset[str] = frozenset()
    attributes: Mapping[str, attribute.Plain] = field(default_factory=dict)
    standing: Standing = Standing.NOTHING
    joined: datetime | None = None
    evidence: str = ""
    beside: str = ""


class Reader:
    """Reads rows of one *layout*. *languages* are those of the letter, *list* the one that people come into.

    *topics* are the letter's own by what people call them, as slugs in small letters. *everybody* is how all of
    them stand, as the name of the file says. *several* is how many rows had more than one address, *unspoken* how
    many name no language where they should; *called* is what the first of them says there. *astray* is how many
    are doubtful by what stands where no status is looked for; *heard* is the first such cell, in column *where*.
    *leaving* is by the place of which column how many left, or must not be mailed, and *doubting* how many are
    pending. Days before *now* are over.
    """

    def __init__(
        self,
        layout: Layout,
        languages: tuple[str, ...] = (),
        list: str = "",  # noqa: A002 - the word for it
        topics: Mapping[str, str] | None = None,
        everybody: Standing = Standing.NOTHING,
        now: datetime | None = None,
    ) -> None:
        self.layout = layout
        self.languages = languages
        self.list = list
        self._called_so = topics or {}
        self.everybody = everybody
        self.now = now
        self.several = self.unspoken = self.astray = 0
        self.called = self.where = self.heard = ""
        self.leaving: Counter[int] = Counter()
        self.doubting: Counter[int] = Counter()
        self._gone = layout.gone
        place = layout.fields.get
        self._email, self._name = layout.fields["email"], place("name")
        called = (self._name, place("first_name"), place("last_name"))
        self._kept = [*layout.attributes, *((where, "the name") for where in called if where is not None)]
        self._names = (place("first_name"), place("last_name"))
        self._language = place("language")
        self._standing = layout.telling
        self._places = [place for place, _ in self._standing]
        self._dated = {place: column for place, column in self._standing if claims.dated(column)}
        told = (*self._standing, *layout.marks, *layout.spoken, *layout.evidence)
        self._last = max([place for place, _ in told] + [layout.own or 0, *layout.joined])
        self._asked = layout.own is not None or not all(
            claims.bars(column) or period.ends(column) for _, column in self._standing
        )
        named = (self._email, *called)
        known = {place for place, _ in told} | {*layout.joined, layout.document}
        self._strays = [
            (place, stray.hearing(layout.names[place], named=place in named))
            for place in layout.strays
            if place not in known
        ]
        # A column that says how somebody stands may say it in a word that only a remark is known to hold.
        self._strays += [
            (place, stray.said)
            for place, column in self._standing
            if layout.own is None and not (claims.bars(column) or period.ends(column))
        ]
        self._sorting = [pair for pair in self._strays if pair[1] in (stray.chosen, stray.noted, stray.checked)]
        self._tells = bool(told or layout.joined or layout.own is not None or layout.remarks or everybody)

    def read(self, cells: Sequence[str]) -> Entry:
        """Understand one row. Raise PeopleError with the reason to refuse it.

        That somebody left counts, whatever else in their row cannot be understood.
        """
        try:
            return self._read(cells)
        except PeopleError:
            # A title in the midst of a table says of those below it that they are gone.
            self._gone = self._gone or _closing(cells)
            raise

    def _read(self, cells: Sequence[str]) -> Entry:
        cells = self._whole(cells)
        # A million rows have many million cells, nearly all of them plain: one look at the row sees to that.
        clean = plain_row(cells)
        if not clean:
            cells = [formula.before(each) for each in cells]
        typed = cells[self._email]
        if SEVERAL in typed:
            # One person gets one letter: at the address that stands first, which is the main one.
            typed = typed.partition(SEVERAL)[0]
            self.several += 1
        found, called = mailbox.read(typed)
        told = self._told(cells) if self._tells else _NOTHING_TOLD
        if told[0] in (Standing.NOTHING, Standing.CONFIRMED) and self._astray(cells):
            told = (Standing.PENDING, told[1], "")
        try:
            who = self._who(cells if clean else self._cleaned(cells), called)
            beside = self._beside(cells) if self.layout.beside else ""
        except PeopleError:
            if told[0] not in _GONE:
                raise
            return Entry(found, "", "", frozenset(), {}, *told)
        return Entry(found, *who, *told, beside)

    def _who(
        self, cells: Sequence[str], called: str
    ) -> tuple[str, str, frozenset[str], dict[str, attribute.Plain]]:
        """Return the name, *called* if no column holds one, the language, the topics and the attributes."""
        attributes: dict[str, attribute.Plain] = {
            name: cells[place] for place, name in self.layout.attributes if cells[place]
        }
        if self.layout.document is not None:
            attributes |= _document(cells[self.layout.document])
        return (
            self._called(cells) or called,
            self._spoken(cells[self._language]) if self._language is not None else "",
            frozenset().union(*(self._chosen(cells[place]) for place in self.layout.topics)),
            attributes,
        )

    def _spoken(self, cell: str) -> str:
        code = _spoken(cell, self.languages)
        if code is None:
            self.unspoken += 1
            self.called = self.called or cell.strip()[:40]
        return code or ""

    def _cleaned(self, cells: Sequence[str]) -> Sequence[str]:
        """Return the cells, the texts among them cleaned."""
        cleaned = [*cells]
        for place, name in self._kept:
            cleaned[place] = attribute.text(cleaned[place], name)
        return cleaned

    def _whole(self, cells: Sequence[str]) -> Sequence[str]:
        """Return a row as wide as the header. Raise PeopleError for one that is wider, or too short.

        Spreadsheets leave out empty cells at the end of a row. Where a status might be missing too, nothing is
        guessed.
        """
        width = self.layout.width
        if len(cells) == width:
            return cells
        enough = len(cells) > max(self._email, self._last)
        if any(cell.strip() for cell in cells[width:]) or not enough:
            raise PeopleError(f"it has {len(cells)} columns where there should be {width}")
        return [*cells, *[""] * (width - len(cells))]

    def _chosen(self, cell: str) -> frozenset[str]:
        return frozenset(self._called_so.get(each.casefold(), each) for each in _chosen(cell))

    def _called(self, cells: Sequence[str]) -> str:
        name = cells[self._name] if self._name is not None else ""
        if self.layout.own is not None:
            return attribute.text(name, "the name", 200)
        name = mailbox.greeted(name, cells[self._email])
        first, last = ("" if place is None else cell.part(cells[place].strip()) for place in self._names)
        if not name:
            name = f"{first} {last}".strip()
        elif self._names[0] is None and f" {last} ".casefold() not in f" {name} ".casefold():
            # Where there is a column for the family's name, this one is for what stands before it.
            name = f"{name} {last}".strip()
        return attribute.text(name, "the name", 200)

    def _told(self, cells: Sequence[str]) -> tuple[Standing, datetime | None, str]:
        """Return what the row says of the subscription: its standing, since when, and the evidence for it."""
        layout = self.layout
        standings = [self._stands(cells[place], place, column) for place, column in self._standing]
        if self._dated and Standing.CONFIRMED in standings and Standing.PENDING in standings:
            # Somebody of whom another column says yes may have come in without a day.
            dated = self._dated.items()
            silent = {place for place, column in dated if claims.silent(words(cells[place]), column)}
            paired = zip(self._places, standings, strict=True)
            standings = [Standing.NOTHING if place in silent else one for place, one in paired]
        if _LEFT in standings or _BARRED in standings:
            self.leaving.update(place for place, one in zip(self._places, standings, strict=True) if one in _GONE)
            standings = self._asked_to(standings, cells)
        elif Standing.PENDING in standings:
            paired = zip(self._places, standings, strict=True)
            self.doubting.update(place for place, one in paired if one is Standing.PENDING)
        standings += [meant.get(words(cells[place]), Standing.PENDING) for place, meant in layout.spoken]
        if asking := [place for place in layout.remarks if saying.forbids(words(cells[place]))]:
            self.leaving.update(asking)
            standings.append(_LEFT)
        if self.everybody:
            standings.append(self.everybody)
        if layout.own is not None and (own := _own(cells[layout.own], layout, self.list)):
            # What a column of another program said when people came from there is over.
            standings = [own]
        gone = [standing for place, standing in layout.marks if cells[place].strip()]
        days = (day.moment(cells[place], american=place in layout.american) for place in layout.joined)
        joined = next(filter(None, days), None)
        worst = max(standings + gone, key=_WORST.index, default=Standing.NOTHING)
        if worst not in (Standing.NOTHING, Standing.CONFIRMED):
            left = [cells[place].strip() for place, _ in layout.marks if day.moment(cells[place])]
            return worst, joined, f"{worst} there on {left[0]}" if left else ""
        proofs = [
            f"{words} {cells[place].strip()}" for place, words in layout.evidence if day.moment(cells[place])
        ]
        # Where there is a status, its silence is no consent.
        if not proofs or (worst is Standing.NOTHING and self._asked):
            return Standing.NOTHING, joined, ""
        return Standing.CONFIRMED, joined, attribute.text(f"export of {layout.program}: {', '.join(proofs)}")

    def _stands(self, cell: str, place: int, column: str) -> Standing:
        """Return what a *cell* with a status says. “Ja?” is no yes."""
        if period.ends(column):
            until = day.moment(cell)
            return Standing.PENDING if until and self.now and until.date() < self.now.date() else Standing.NOTHING
        if place in self._dated and cell[:2] == "20" and not cell[10:].strip(_OF_HOURS):
            # Nearly every cell there is a day, and a day says nothing of how somebody stands.
            return Standing.NOTHING
        word = words(cell)
        if place in self.layout.answered and claims.silent(word, column):
            return Standing.PENDING
        said = claims.standing(word, column, sure=place in self.layout.certain)
        return Standing.PENDING if said is Standing.CONFIRMED and "?" in cell and _DOUBTED.search(cell) else said

    def _astray(self, cells: Sequence[str]) -> bool:
        """Return whether it stands where nobody looks for it that somebody left, and remember that it did."""
        strays = self._strays if stray.suspected(cells) else self._sorting
        place = next((place for place, heard in strays if heard(cells[place])), None)
        if place is None and not self._gone:
            return False
        self.astray += 1
        if place is not None and not self.heard:
            self.where, self.heard = self.layout.names[place], cells[place].strip()[:60]
        return True

    def _beside(self, cells: Sequence[str]) -> str:
        """Return the cells that tell of consent, each with the name of its column."""
        said = ((name, cells[place].strip()[:MOST_BESIDE]) for place, name in self.layout.beside)
        return attribute.text(", ".join(f"{name}: {cell}" for name, cell in said if cell)[: attribute.LONGEST])

    def _asked_to(self, standings: Sequence[Standing], cells: Sequence[str]) -> list[Standing]:
        """Return what the columns say where one that lists suppressions says that somebody asked to leave.

        The day in the column beside it is then the day of that.
        """
        said = list(zip(standings, self._standing, strict=True))
        if not any(one is _LEFT and claims.bars(column) is _BARRED for one, (_, column) in said):
            return list(standings)
        return [one for one, (place, _) in said if one is not _BARRED or not day.moment(cells[place])]


#: What counts when two columns say different things: the last of these.
_WORST = (Standing.NOTHING, Standing.CONFIRMED, Standing.PENDING, Standing.UNSUBSCRIBED, Standing.SUPPRESSED)


def _closing(cells: Sequence[str]) -> bool:
    """Whether a row that holds nobody is the title of those who left, or a header that only such a table has."""
    filled = [cell for cell in cells if cell.strip()]
    if len(filled) == 1:
        return title.closing(filled[0])
    said = [*map(plain, filled)]
    return not ALIASES["email"].isdisjoint(said) and any(map(claims.bars, said))


def plain_row(cells: Sequence[str]) -> bool:
    """Whether no cell needs cleaning: printable, NFC, single spaces inside, not long, no apostrophe or formula."""
    row = "|".join(cells)
    return (
        row.isprintable()
        and "'" not in row
        and '="' not in row
        and len(row) <= attribute.LONGEST
        and "  " not in row
        and " |" not in row
        and "| " not in row
        and row[:1] != " "
        and row[-1:] != " "
        and (row.isascii() or unicodedata.is_normalized("NFC", row))
    )


@lru_cache(1000)
def _spoken(text: str, offered: tuple[str, ...]) -> str | None:
    """Return the language in a cell, "" for what says nothing, None for words that name no language.

    Raise PeopleError for a code of none: it was mistyped, and its line is easily mended.
    """
    if text not in offered and (text.strip() == _MISSING or not cell.part(text)):
        return ""
    try:
        return tongue.read(text, offered)
    except PeopleError:
        if tongue.coded(text):
            raise
        return None


def _document(cell: str) -> dict[str, attribute.Plain]:
    """Return the attributes in a cell of JSON; a list of texts becomes one text. Raise PeopleError."""
    if not cell.strip() or cell.strip() in ("{}", "null"):
        return {}
    try:
        values = json.loads(cell)
        flat = dict(_flat(values)) if isinstance(values, dict) else None
    except (ValueError, RecursionError):
        flat = None
    if flat is None:
        raise PeopleError("its attributes are no JSON object", remedy="export it again")
    return attribute.clean(flat)


def _flat(values: Mapping[str, object]) -> Iterator[tuple[str, attribute.Plain]]:
    for key, value in values.items():
        if isinstance(value, list):
            yield key, ", ".join(str(each) for each in value)
        elif isinstance(value, Mapping):
            for inner, one in _flat(value):
                yield f"{key}_{inner}", one
        elif value is None or isinstance(value, str | int | float):
            yield key, value


def _own(cell: str, layout: Layout, list: str) -> Standing:  # noqa: A002 - the word for it
    """Return what our own export says of one list: ``monthly: confirmed; weekly: unsubscribed; suppressed``.

    Raise ElsewhereError if it tells of the list, but not in this row.
    """
    if Standing.SUPPRESSED in map(str.strip, cell.split(";")):
        return Standing.SUPPRESSED
    statuses = exports.by_list(cell)
    if list in layout.lists and list not in statuses:
        raise ElsewhereError(f"not in {list}, as the file says")
    return claims.standing(statuses.get(list, ""))


@lru_cache(1000)
def _chosen(cell: str) -> frozenset[str]:
    if cell.strip()[:1] == "[":
        with suppress(ValueError, RecursionError):
            return frozenset(attribute.slug(str(each)) for each in json.loads(cell) if each)
    # Mailchimp puts each of its tags in quotes, and Google a star before the groups that everybody has.
    parts = (each.strip().strip('"') for each in re.split(r"[,;|\n]| ::: ", cell))
    return frozenset(filter(None, (attribute.slug(each) for each in parts if not each.startswith("* "))))
