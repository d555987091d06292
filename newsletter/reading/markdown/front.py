"""Read the front matter of a Markdown file: YAML, TOML or JSON, with the names that other tools and Swedes use.

Sources: Hugo (gohugo.io/content-management/front-matter), Jekyll (jekyllrb.com/docs/front-matter), Obsidian, the
title block of Pandoc (pandoc.org/MANUAL), Nikola (getnikola.com/handbook.html, "Metadata fields"), and the
properties that Notion exports under a title.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo

from newsletter import toml
from newsletter.errors import SettingsError, SourceError, cited
from newsletter.issuefile import dialect, yaml
from newsletter.model import Picture
from newsletter.reading import value as values
from newsletter.reading.html import imagetag
from newsletter.reading.words import dates
from newsletter.reading.words.occasion import Occasion

YAML_FRONT = re.compile(r"---[ \t]*\n(.*?)(?:^|\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
TOML_FRONT = re.compile(r"\+\+\+[ \t]*\n(.*?)(?:^|\n)\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
JSON_FRONT = re.compile(r"(?:---json[ \t]*\n)?(?=\{\s*\n?\s*\")")
#: Empty lines above front matter that begins with a field, or with a remark.
ABOVE = re.compile(r"(?:[ \t]*\n)+(?=(?:---|\+\+\+)[ \t]*\n\s*(?:\"?\w[\w \"-]*[:=]|#))")
#: The rest of the line that ends it, and the line that closes it.
JSON_END = re.compile(r"[ \t]*(?:\n---[ \t]*)?(?:\n|\Z)")
#: A title, its writers and its day, each on a line of its own or on lines that begin with a space.
PANDOC = re.compile(r"(?:%[^\n]*\n(?:[ \t]+[^\n]+\n)*){1,3}")
#: Fields behind two dots, in a comment or without one.
NIKOLA = re.compile(
    r"\s*(?:<!--[ \t]*\n)?(?P<fields>(?:\.\.[ \t]+[\w-]{1,40}:[^\n]*\n){2,})(?:[ \t]*-->[ \t]*(?:\n|\Z))?"
)
#: A property: its name and what it is.
PROPERTY = re.compile(r"(?:\*\*|__)?([^\W\d_][\w /-]{0,30}?)(?::(?:\*\*|__)?|(?:\*\*|__):)[ \t]+(\S.*)")
#: How front matter begins that was never closed.
OPENED = re.compile(r"---[ \t]*\n(?:\w[\w -]*:[^\n]*\n)+(?:\n|\Z)")
#: More front matter than this, in characters, is no description of an article.
MOST = 20_000
#: The names that other tools have for the same thing, ours first; with or without a sign between their words.
NAMES = {
    "title": ("title", "headline", "titel", "rubrik"),
    "url": ("url", "link", "canonical", "canonicalurl", "länk"),
    "date": (
        "date", "published", "publishdate", "pubdate", "pubdatetime", "publishedat", "publishedon",
        "publisheddate", "datepublished", "created", "createdat", "datecreated", "datum", "publicerad",
    ),
    "publishdate": ("publishdate",),
    "expirydate": ("expirydate", "unpublishdate"),
    "updated": (
        "updated", "lastmod", "modified", "updatedat", "updateddate", "moddatetime", "lastmodified",
        "lastmodifiedat", "datemodified", "lastupdate", "lastupdated", "uppdaterad",
    ),
    "author": ("author", "authors", "by", "writer", "författare", "skribent", "av"),
    "language": ("language", "lang", "locale", "språk"),
    "tags": ("tags", "categories", "keywords", "category", "tag", "topics", "taggar", "kategorier", "ämnen"),
    "image": (
        "image", "cover", "coverimage", "featuredimage", "featureimage", "heroimage", "headerimage", "headercover",
        "ogimage", "thumbnail", "banner", "hero", "header", "images", "img", "bild", "omslag",
    ),
    "imagealt": ("imagealt", "alt", "coveralt", "heroalt", "alttext", "bildtext"),
    "summary": ("summary", "description", "excerpt", "intro", "ingress", "sammanfattning", "beskrivning"),
    "start": ("start", "startdate", "datestart", "eventdate", "eventstart", "starts", "startar"),
    "end": ("end", "enddate", "dateend", "eventend", "ends", "slutar"),
    "place": ("location", "venue", "place", "eventlocation", "eventplace", "plats", "lokal"),
}  # fmt: skip
#: What keeps a file from readers: names that are true of it, or its status; and names that are not. YAML 1.2 has
#: two words for true and false, but people write those of YAML 1.1.
UNLISTED = frozenset({"draft", "utkast", "hidden", "unlisted", "private", "pending", "skip", "headless"})
LISTED = ("published", "publish")
YES, NO = frozenset({"true", "yes", "on", "ja"}), frozenset({"false", "no", "off", "nej"})
#: Names of what a table, an author's, a tag's or a picture's, is about.
ABOUT = ("name", "label", "src", "image", "url", "path", "filename", "teaser", "overlay_image")
#: What may stand between the words of a name.
BETWEEN = re.compile(r"[ _-]")


@dataclass(frozen=True, slots=True)
class Front:
    """What a file says about itself: *fields* by their names in lower case. *where* names the file in messages."""

    fields: Mapping[str, object]
    where: str

    @property
    def draft(self) -> bool:
        """Whether the file waits to be published, or is to be found by its address only."""
        told = {name: value for name, value in self.fields.items() if isinstance(value, str | bool)}
        said = {name: str(value).casefold() for name, value in told.items()}
        waits = any(said.get(name) in YES for name in UNLISTED)
        return waits or said.get("status") in UNLISTED or any(said.get(name) in NO for name in LISTED)

    def is_out(self, now: datetime, zone: tzinfo) -> bool:
        """Whether the file is to be seen *now*, by what it says of when it comes out and when it is over.

        A day begins at its midnight, by the clock of *zone*.
        """
        appears, expires = (self._is_ahead(name, now, zone) for name in ("publishdate", "expirydate"))
        return not appears and expires is not False

    def _is_ahead(self, name: str, now: datetime, zone: tzinfo) -> bool | None:
        at = dates.here(self.moment(name), zone)
        if at is None:
            return None
        timed = isinstance(self._day(name), datetime)
        return at > now if timed else at.astimezone(zone).date() > now.astimezone(zone).date()

    def said(self, name: str) -> str:
        """Return a field as words: several authors with commas between them."""
        return ", ".join(_words(self._value(name)))

    def tags(self) -> tuple[str, ...]:
        """Return the tags, without the sign that Obsidian puts before them."""
        value = self._value("tags")
        listed = values.mended(value).split(",") if isinstance(value, str) else _words(value)
        return tuple(one.strip().removeprefix("#") for one in listed)

    def moment(self, name: str) -> datetime | None:
        """Return a date, None for none; a day alone means noon in UTC, the same day nearly everywhere.

        Raise SourceError for what is no date.
        """
        value = self._day(name)
        if value is None or isinstance(value, datetime):
            return value
        if isinstance(value, date):
            return datetime.combine(value, time(12), UTC)
        if said := dates.line(str(value)) or dates.yearless(str(value)):
            return said.at
        remedy = f"write it as {name}: 2025-06-12"
        raise SourceError(f"{name} {cited(value)} is no date", where=self.where, remedy=remedy)

    def _day(self, name: str) -> object:
        """Return what a field says of a day: MkDocs has both days in one, Docusaurus the last with who made it."""
        own, both = self._value(name), self._value("date")
        if isinstance(own, Mapping):
            within = Front(_plain(own), self.where)
            return within._value(name) or within._value("date")
        return Front(_plain(both), self.where)._value(name) if own is None and isinstance(both, Mapping) else own

    def occasion(self) -> Occasion:
        """Return the event that the file tells of: when it begins, which is its date where it only has an end."""
        start, end = (self._iso(name) for name in ("start", "end"))
        return Occasion(start or (self._iso("date") if end else ""), end, self.said("place"))

    def _iso(self, name: str) -> str:
        """Return a time of ISO 8601 as it was written, "" for anything else."""
        value = self._day(name)
        if isinstance(value, date):
            return value.isoformat().replace("+00:00", "Z")
        return value if isinstance(value, str) else ""

    def picture(self, base: str) -> Picture | None:
        """Return the picture that the file names: an address, from *base*, or a path that lies beside the file."""
        for value in self._values("image"):
            named = next(iter(_words(value)), "")
            alt = self.said("imagealt") or (
                values.mended(str(value.get("alt") or "")) if isinstance(value, Mapping) else ""
            )
            if src := imagetag.path_beside(named) or dialect.address(named, base, dialect.WEB):
                return Picture(src, alt)
        return None

    def _value(self, name: str) -> object:
        return next(self._values(name), None)

    def _values(self, name: str) -> Iterator[object]:
        """Yield what the fields of that *name* say, whichever of its names they go by."""
        found = (self.fields.get(other) for other in NAMES[name])
        yield from (value for value in found if value not in (None, "") and not isinstance(value, bool))


def split(text: str, where: str) -> tuple[Front, str]:
    """Return the front matter of *text* and what follows it. Raise SourceError with the line of a mistake."""
    begin = empty.end() if (empty := ABOVE.match(text)) else 0
    # A mistake is told with its line in the file.
    above = "\n" * text.count("\n", 0, begin)
    if found := YAML_FRONT.match(text, begin):
        return Front(_yaml(above + found[1], where), where), text[found.end() :]
    if found := TOML_FRONT.match(text, begin):
        return Front(_toml(above + found[1], where), where), text[found.end() :]
    if found := JSON_FRONT.match(text):
        fields, end = _json(text, found.end(), where)
        return Front(fields, where), text[end:]
    if found := PANDOC.match(text):
        lines = [" ".join(part.split()) for part in re.split(r"^%", found[0], flags=re.MULTILINE)[1:]]
        said = zip(("title", "author", "date"), lines, strict=False)
        return Front({name: words.replace(";", ",") for name, words in said if words}, where), text[found.end() :]
    if found := NIKOLA.match(text):
        named = (line.removeprefix("..").partition(":") for line in found["fields"].splitlines())
        return Front(_plain({name: words.strip() for name, _, words in named}), where), text[found.end() :]
    if OPENED.match(text):
        raise SourceError("the front matter is not closed", where=f"{where}:1", remedy="close it with a line ---")
    return Front({}, where), text


def properties(lines: Iterable[str], where: str) -> Front | None:
    """Return what *lines*, each ``Name: value``, say of an article; None where they are no such thing.

    One of them has a name that is known, and what its kind says: a date where a date should be.
    """
    pairs = [PROPERTY.fullmatch(line.strip()) for line in lines]
    if len(pairs) < 2 or not all(pairs):
        return None
    fields = _plain({one[1]: one[2].strip() for one in pairs if one})
    found = Front(fields, where)
    known = [name for name in NAMES if found.said(name)]
    try:
        dated = found.moment("date") is not None
    except SourceError:
        return None
    return found if dated or len(known) > 1 or "url" in known else None


def _json(text: str, start: int, where: str) -> tuple[Mapping[str, object], int]:
    try:
        fields, end = json.JSONDecoder(strict=False).raw_decode(text, start)
    except (ValueError, RecursionError) as error:
        line = text.count("\n", 0, getattr(error, "pos", start)) + 1
        remedy = 'write it as {"title": "Open house", "date": "2025-06-12"}'
        raise SourceError("not valid JSON", where=f"{where}:{line}", remedy=remedy) from None
    closed = JSON_END.match(text, end)
    return _plain(fields), closed.end() if closed else end


def _plain(fields: Mapping[str, object]) -> Mapping[str, object]:
    """Return *fields* by their names in lower case, without what stands between the words of one."""
    return {BETWEEN.sub("", str(name).strip().lower()): value for name, value in fields.items()}


def _words(value: object) -> tuple[str, ...]:
    return tuple(_each(value))[:50]


def _each(value: object) -> Iterator[str]:
    if isinstance(value, list):
        for one in value:
            yield from _each(one) if not isinstance(one, list) else ()
    elif isinstance(value, Mapping):
        yield from _each(next((value[name] for name in ABOUT if name in value), None))
    elif isinstance(value, str | int | float):
        yield values.mended(str(value))


def _toml(front: str, where: str) -> Mapping[str, object]:
    try:
        fields = toml.document("\n" + front, where)
    except SettingsError as error:
        raise SourceError(error.what, where=error.where, remedy=error.remedy) from None
    return _plain(fields)


def _yaml(front: str, where: str) -> Mapping[str, object]:
    if len(front) > MOST:
        raise SourceError("the front matter is too long", where=f"{where}:1", remedy="close it with a line ---")
    try:
        fields = yaml.reader().load(front)
    except yaml.FAULTS as error:
        fault = yaml.explain(error, front, where, 'title: "Open house"')
        raise SourceError(fault.what, where=fault.where, remedy=fault.remedy) from None
    if fields is None:
        return {}
    if not isinstance(fields, dict):
        remedy = 'write lines such as title: "Open house"'
        raise SourceError("the front matter has no fields", where=f"{where}:2", remedy=remedy)
    return _plain(fields)
