"""Read what a page says about itself in JSON-LD (schema.org). Takes nothing of another type than it should be."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from newsletter.reading import markup

ARTICLES = re.compile(
    r"(?:News|Blog|Report|Scholarly|Tech|Advertiser|Satirical|Analysis)?(?:Article|Posting|Content)\w*$"
)
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


def read(blocks: Iterable[str]) -> Said:
    """Return what the first article among the JSON-LD *blocks* says."""
    for block in blocks:
        try:
            graph = json.loads(block, strict=False) if len(block) <= MOST else None
        except (ValueError, RecursionError):
            continue
        for thing in _things(graph, 0):
            kinds = thing.get("@type")
            names = kinds if isinstance(kinds, list) else [kinds]
            if any(isinstance(name, str) and ARTICLES.fullmatch(name) for name in names):
                return _said(thing)
    return Said()


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
        image=_address(thing.get("image")),
        url=_address(thing.get("url")),
        keywords=tuple(word for one in listed if (word := _text(one).strip())),
    )


def _text(value: object) -> str:
    return (
        markup.words(value) if isinstance(value, str) and "<" in value else value if isinstance(value, str) else ""
    )


def _named(value: object) -> str:
    """Return the names of one or several authors."""
    if isinstance(value, list):
        return ", ".join(name for one in value[:3] if (name := _named(one)))
    return _text(value.get("name")) if isinstance(value, dict) else _text(value)


def _address(value: object) -> str:
    if isinstance(value, list):
        return next((found for one in value if (found := _address(one))), "")
    return _text(value.get("url") or value.get("@id")) if isinstance(value, dict) else _text(value)
