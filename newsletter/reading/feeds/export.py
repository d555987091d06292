"""Read what an export of WordPress (WXR) tells beside its posts: who its writers are, its pictures, its languages.

Source: wp-admin/includes/export.php of WordPress; Polylang files a post under its language, and under a name that
its translations share.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from lxml import etree

from newsletter.issuefile import dialect
from newsletter.model import Picture, RawItem
from newsletter.reading import value
from newsletter.reading.html import imagetag

#: What WordPress and Polylang file posts under that is no subject.
OTHERS = frozenset({
    "language", "post_translations", "term_language", "term_translations", "post_format", "nav_menu", "wp_theme",
})  # fmt: skip
Parts = Mapping[str, Sequence[etree._Element]]


@dataclass(frozen=True, slots=True)
class Export:
    """The names of an export's *people* by what they log in with, its *pictures* by number, addresses by group."""

    people: Mapping[str, str]
    pictures: Mapping[str, Picture]
    groups: Mapping[str, Sequence[str]]


def read(channel: etree._Element, posts: Sequence[Parts]) -> Export | None:
    """Return what the export *channel* with its *posts*, pictures among them, tells; None for any other feed."""
    if not any(_name(one) == "wxr_version" for one in channel):
        return None
    people = {
        _of(one, "author_login"): _of(one, "author_display_name") for one in channel if _name(one) == "author"
    }
    pictures: dict[str, Picture] = {}
    groups: dict[str, list[str]] = {}
    for parts in posts:
        if src := dialect.address(_said(parts, "attachment_url"), "", dialect.WEB):
            alt = imagetag.described(_meta(parts, "_wp_attachment_image_alt"))
            pictures[_said(parts, "post_id")] = Picture(src, alt)
        for group in _filed(parts, "post_translations"):
            groups.setdefault(group, []).append(_said(parts, "link"))
    return Export(people, pictures, groups)


def completed(item: RawItem, parts: Parts, export: Export) -> RawItem:
    """Return a post, whose elements are *parts*, with what its *export* tells of it."""
    spoken = next(_filed(parts, "language"), "")
    others = (link for group in _filed(parts, "post_translations") for link in export.groups[group])
    return replace(
        item,
        author=export.people.get(item.author) or item.author,
        updated=value.moment(_said(parts, "post_modified_gmt"), "Z") or item.updated,
        language=spoken or item.language,
        image=item.image or export.pictures.get(_meta(parts, "_thumbnail_id")),
        translations=tuple(dict.fromkeys(link for link in others if link and link != item.url)),
    )


def _filed(parts: Parts, domain: str) -> Iterator[str]:
    """Yield what a post is filed under in one of WordPress's ways."""
    names = (one.get("nicename") for one in parts.get("category", ()) if one.get("domain") == domain)
    yield from filter(None, names)


def _meta(parts: Parts, key: str) -> str:
    """Return a value that a program keeps with a post, "" for none."""
    found = (one for one in parts.get("postmeta", ()) if _of(one, "meta_key") == key)
    return next((_of(one, "meta_value") for one in found), "")


def _said(parts: Parts, name: str) -> str:
    return next((one.text.strip() for one in parts.get(name, ()) if one.text), "")


def _of(element: etree._Element, name: str) -> str:
    return next((one.text.strip() for one in element if _name(one) == name and one.text), "")


def _name(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2] if isinstance(element.tag, str) else ""
