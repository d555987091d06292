"""The elements of a feed by their local names, as feeds prefix and spell them as they like. Judges no content."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from lxml import etree

#: The elements of an entry, by name.
Parts = Mapping[str, Sequence[etree._Element]]
#: Media RSS: its elements are called as others are.
MEDIA = "{http://search.yahoo.com/mrss/}"
#: The names that are not written small; XML tells them apart, and some programs do not.
SPELT = {name.lower(): name for name in ("RDF", "pubDate", "lastBuildDate", "origLink")}


def parts_of(entry: etree._Element) -> dict[str, list[etree._Element]]:
    """Return an entry's elements by their local names, the feed's own before those of other vocabularies."""
    found: dict[str, list[etree._Element]] = {}
    for part in entry.iterchildren(etree.Element):
        found.setdefault(name_of(part), []).append(part)
    for named in found.values():
        named.sort(key=lambda one: _space(one) != _space(entry))
    return found


def name_of(element: etree._Element) -> str:
    """Return an element's local name; a prefix that the feed forgot to declare is still one."""
    tag = element.tag
    return _local(tag) if isinstance(tag, str) else ""


def text_of(element: etree._Element, name: str) -> str:
    """Return what the first element called *name* in *element* says, "" for none."""
    return next((one.text.strip() for one in element if name_of(one) == name and one.text), "")


def first_of(parts: Parts, *names: str) -> str:
    """Return the first of the elements called *names* that says something."""
    for name in names:
        for part in parts.get(name, ()):
            words = "".join(part.itertext()).strip()
            if words:
                return words
    return ""


def _space(element: etree._Element) -> str:
    """Return what stands before an element's local name: its namespace, or a prefix that nobody declared."""
    return str(element.tag)[: -len(name_of(element))]


@lru_cache(500)
def _local(tag: str) -> str:
    name = re.split(r"[}:]", tag)[-1].lower()
    return SPELT.get(name, name)
