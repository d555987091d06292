"""Read the front matter of a Markdown file, in YAML or TOML, by the names that other tools and Swedes have for it.

Sources: Hugo (gohugo.io/content-management/front-matter), Jekyll (jekyllrb.com/docs/front-matter), Obsidian.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from newsletter import toml
from newsletter.errors import SettingsError, SourceError, cited
from newsletter.issuefile import dialect, yamlfault
from newsletter.model import Picture
from newsletter.reading import dates, markup

YAML_FRONT = re.compile(r"---[ \t]*\n(.*?)(?:^|\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
TOML_FRONT = re.compile(r"\+\+\+[ \t]*\n(.*?)(?:^|\n)\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
#: How front matter begins that was never closed.
OPENED = re.compile(r"---[ \t]*\n(?:\w[\w -]*:[^\n]*\n)+(?:\n|\Z)")
#: More front matter than this, in characters, is no description of an article.
MOST = 20_000
#: The names that other tools have for the same thing, ours first.
NAMES = {
    "title": ("title", "headline", "titel", "rubrik"),
    "url": ("url", "link", "canonical", "canonical_url", "länk"),
    "date": ("date", "published", "publish_date", "publishdate", "pubdate", "created", "datum", "publicerad"),
    "updated": ("updated", "lastmod", "modified", "uppdaterad"),
    "author": ("author", "authors", "by", "författare", "skribent", "av"),
    "language": ("language", "lang", "locale", "språk"),
    "tags": ("tags", "categories", "keywords", "category", "taggar", "kategorier", "ämnen"),
    "image": ("image", "cover", "featured_image", "thumbnail", "banner", "hero", "images", "bild", "omslag"),
    "image_alt": ("image_alt", "alt", "cover_alt", "bildtext"),
    "summary": ("summary", "description", "excerpt", "ingress", "sammanfattning", "beskrivning"),
}
#: Names of what a table, an author's or a picture's, is about.
ABOUT = ("name", "src", "image", "url", "path", "filename")


@dataclass(frozen=True, slots=True)
class Front:
    """What a file says about itself: *fields* by their names in lower case. *where* names the file in messages."""

    fields: Mapping[str, object]
    where: str

    @property
    def draft(self) -> bool:
        """Whether the file waits to be published."""
        waits = (self.fields.get(name) is True for name in ("draft", "utkast"))
        return any(waits) or any(self.fields.get(name) is False for name in ("published", "publish"))

    def said(self, name: str) -> str:
        """Return a field as words: several authors with commas between them."""
        return ", ".join(_words(self._value(name)))

    def tags(self) -> tuple[str, ...]:
        """Return the tags, without the sign that Obsidian puts before them."""
        value = self._value("tags")
        listed = value.split(",") if isinstance(value, str) else _words(value)
        return tuple(one.strip().removeprefix("#") for one in listed)

    def moment(self, name: str) -> datetime | None:
        """Return a date; a day alone means noon in UTC, which is the same day nearly everywhere."""
        value = self._value(name)
        if value is None or isinstance(value, datetime):
            return value
        if isinstance(value, date):
            return datetime.combine(value, time(12), UTC)
        if said := dates.line(str(value)) or dates.yearless(str(value)):
            return said.at
        remedy = f"write it as {name}: 2025-06-12"
        raise SourceError(f"{name} {cited(value)} is no date", where=self.where, remedy=remedy)

    def picture(self, base: str) -> Picture | None:
        """Return the picture that the file names: an address, from *base*, or a path that lies beside the file."""
        value = self._value("image")
        named = next(iter(_words(value)), "")
        alt = self.said("image_alt") or (str(value.get("alt") or "") if isinstance(value, Mapping) else "")
        src = markup.path_beside(named) or dialect.address(named, base, frozenset({"http", "https"}))
        return Picture(src, alt) if src else None

    def _value(self, name: str) -> object:
        found = (self.fields.get(other) for other in NAMES[name])
        return next((value for value in found if value not in (None, "") and not isinstance(value, bool)), None)


def split(text: str, where: str) -> tuple[Front, str]:
    """Return the front matter of *text* and what follows it. Raise SourceError with the line of a mistake."""
    if found := YAML_FRONT.match(text):
        return Front(_yaml(found[1], where), where), text[found.end() :]
    if found := TOML_FRONT.match(text):
        return Front(_toml(found[1], where), where), text[found.end() :]
    if OPENED.match(text):
        raise SourceError("the front matter is not closed", where=f"{where}:1", remedy="close it with a line ---")
    return Front({}, where), text


def _words(value: object) -> tuple[str, ...]:
    return tuple(_each(value))[:50]


def _each(value: object) -> Iterator[str]:
    if isinstance(value, list):
        for one in value:
            yield from _each(one) if not isinstance(one, list) else ()
    elif isinstance(value, Mapping):
        yield from _each(next((value[name] for name in ABOUT if name in value), None))
    elif isinstance(value, str | int | float):
        yield str(value)


def _toml(front: str, where: str) -> Mapping[str, object]:
    try:
        fields = toml.document("\n" + front, where)
    except SettingsError as error:
        raise SourceError(error.what, where=error.where, remedy=error.remedy) from None
    return {name.lower(): value for name, value in fields.items()}


def _yaml(front: str, where: str) -> Mapping[str, object]:
    if len(front) > MOST:
        raise SourceError("the front matter is too long", where=f"{where}:1", remedy="close it with a line ---")
    try:
        fields = YAML(typ="safe", pure=True).load(front)
    except MarkedYAMLError as error:
        fault = yamlfault.explain(error, front, where, first=2)
        raise SourceError(fault.what, where=fault.where, remedy=fault.remedy) from None
    except (YAMLError, RecursionError, ValueError) as error:
        what = str(error).partition("\n")[0]
        remedy = 'write plain lines such as title: "Open house"'
        raise SourceError(f"not valid YAML: {what}", where=f"{where}:2", remedy=remedy) from None
    if fields is None:
        return {}
    if not isinstance(fields, dict):
        remedy = 'write lines such as title: "Open house"'
        raise SourceError("the front matter has no fields", where=f"{where}:2", remedy=remedy)
    return {str(name).lower(): value for name, value in fields.items()}
