"""Read what a page says about itself in JSON-LD (schema.org). Takes nothing of another type than it should be."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from newsletter.entities import unescape
from newsletter.reading import value as values
from newsletter.reading.html import markup
from newsletter.reading.words.occasion import Occasion

EVENTS = re.compile(r"(?:[A-Z]\w*)?Event|Festival|Hackathon")
ARTICLES = re.compile(
    r"(?:News|Blog|Report|Scholarly|Tech|Advertiser|Satirical|Analysis)?(?:Article|Posting|Content)\w*$"
)
PAGES = re.compile(r"(?:About|Contact|FAQ|Item|Profile|QA)?Page|WebPage")
#: Graphs are shallow; what is deeper than this is no description of an article.
DEEPEST = 6
#: A block larger than this, in characters, describes more than a page.
MOST = 500_000


@dataclass(frozen=True, slots=True)
class Said:
    """What a page says about its article, as plain text; "" for what it does not say."""

    headline: str = ""
    description: str = ""
    author: str = ""
    published: str = ""
    modified: str = ""
    language: str = ""
    image: str = ""
    url: str = ""
    keywords: tuple[str, ...] = ()
    body: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a list: its title, address, description, and when and where it is."""

    title: str
    url: str
    description: str
    occasion: Occasion


def read(blocks: Iterable[str]) -> Said:
    """Return what the first article among the JSON-LD *blocks* says."""
    things = tuple(_all(blocks))
    about = next((thing for thing in things if _is(thing, ARTICLES)), None)
    if about is None:
        return Said()
    named = {name: thing for thing in things if isinstance(name := thing.get("@id"), str)}
    return _said({key: _resolved(value, named) for key, value in about.items()})


def page(blocks: Iterable[str]) -> str:
    """Return when a page that is no article came out, as JSON-LD *blocks* say of it; "" for nothing."""
    about = (thing for thing in _all(blocks) if _is(thing, PAGES))
    return next((said for thing in about if (said := _text(thing.get("datePublished")))), "")


def calendar(blocks: Iterable[str]) -> tuple[Event, ...]:
    """Return the events that JSON-LD *blocks* list, each with an address of its own; none for fewer than two."""
    things = [thing for thing in _all(blocks) if _is(thing, EVENTS)]
    found = {
        one.url: one
        for thing in things
        if (one := Event(_text(thing.get("name")), _address(thing.get("url")), _text(thing.get("description")),
                         _occasion(thing))).title and one.url
    }  # fmt: skip
    return tuple(found.values()) if len(found) > 1 else ()


def occasion(blocks: Iterable[str]) -> Occasion:
    """Return the event that JSON-LD *blocks* tell of, an empty one where they tell of none or of several."""
    found = [thing for thing in _all(blocks) if _is(thing, EVENTS)]
    return _occasion(found[0]) if len(found) == 1 else Occasion()


def _all(blocks: Iterable[str]) -> Iterator[dict[str, Any]]:
    for block in blocks:
        yield from _things(values.document(block) if len(block) <= MOST else None, 0)


def _is(thing: dict[str, Any], kind: re.Pattern[str]) -> bool:
    kinds = thing.get("@type")
    names = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(name, str) and kind.fullmatch(name) for name in names)


def _occasion(thing: dict[str, Any]) -> Occasion:
    where = thing.get("location")
    first = where[0] if isinstance(where, list) and where else where
    place = _text(first.get("name")) or _street(first.get("address")) if isinstance(first, dict) else _text(first)
    began, ends = _text(thing.get("startDate")), _text(thing.get("endDate"))
    return Occasion(began, ends, " ".join(place.split()), " ".join(_text(thing.get("name")).split()))


def _street(address: object) -> str:
    """Return where an address is that may name its parts."""
    return _text(address.get("streetAddress")) if isinstance(address, dict) else _text(address)


def _things(value: object, depth: int) -> Iterator[dict[str, Any]]:
    if depth > DEEPEST:
        return
    if isinstance(value, list):
        for one in value:
            yield from _things(one, depth + 1)
    elif isinstance(value, dict):
        yield value
        for name in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _things(value.get(name), depth + 1)


def _resolved(value: object, named: Mapping[str, object]) -> object:
    """Return what a reference by a name alone means (JSON-LD 1.1, node references), *value* for all else."""
    if isinstance(value, list):
        return [_resolved(one, named) for one in value]
    return named.get(str(value["@id"]), value) if isinstance(value, dict) and set(value) == {"@id"} else value


def _said(thing: dict[str, Any]) -> Said:
    keywords = thing.get("keywords")
    listed = keywords if isinstance(keywords, list) else _text(keywords).split(",")
    return Said(
        headline=_text(thing.get("headline")) or _text(thing.get("name")),
        description=_text(thing.get("description")),
        author=_named(thing.get("author")),
        published=_text(thing.get("datePublished")),
        modified=_text(thing.get("dateModified")),
        language=_text(thing.get("inLanguage")),
        image=_address(thing.get("image")) or _address(thing.get("thumbnailUrl")),
        url=_address(thing.get("url")),
        keywords=tuple(word for one in listed if (word := _text(one).strip())),
        body=str(body) if isinstance(body := thing.get("articleBody"), str) else "",
    )


def _text(value: object) -> str:
    if isinstance(value, str) and "&lt;" in value:
        # The Events Calendar escapes a description twice, its line ends too.
        value = unescape(value).replace("\\n", " ")
    if not isinstance(value, str):
        return ""
    return markup.words(value) if "<" in value or "&" in value else value


def _named(value: object) -> str:
    """Return the names of one or several authors."""
    if isinstance(value, list):
        return ", ".join(name for one in value[:3] if (name := _named(one)))
    return _text(value.get("name")) if isinstance(value, dict) else _text(value)


def _address(value: object) -> str:
    if isinstance(value, list):
        return next((found for one in value if (found := _address(one))), "")
    return _text(value.get("url")) if isinstance(value, dict) else _text(value)
