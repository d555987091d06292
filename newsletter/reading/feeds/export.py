"""Read what an export of WordPress (WXR) tells beside its posts: who its writers are, its pictures, its languages.

Source: wp-admin/includes/export.php of WordPress; Polylang files a post under its language, and under a name that
its translations share. An export of Blogger has comments and settings among its posts.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from lxml import etree

from newsletter.issuefile import dialect
from newsletter.model import Picture, RawItem
from newsletter.reading import value
from newsletter.reading.feeds.element import Parts, first_of, name_of, text_of
from newsletter.reading.html import imagetag

#: What WordPress and Polylang file posts under that is no subject.
OTHERS = frozenset({
    "language", "post_translations", "term_language", "term_translations", "post_format", "nav_menu", "wp_theme",
})  # fmt: skip

#: How Blogger says which of its entries are posts: as Google's other services did, and today.
KIND, BLOGGER = "http://schemas.google.com/g/2005#kind", "{http://schemas.google.com/blogger/"


@dataclass(frozen=True, slots=True)
class Export:
    """The names of an export's *people* by what they log in with, its *pictures* by number, addresses by group."""

    people: Mapping[str, str]
    pictures: Mapping[str, Picture]
    groups: Mapping[str, Sequence[str]]


def read(channel: etree._Element, posts: Sequence[Parts]) -> Export | None:
    """Return what the export *channel* with its *posts*, pictures among them, tells; None for any other feed."""
    if not any(name_of(one) == "wxr_version" for one in channel):
        return None
    people = {
        text_of(one, "author_login"): text_of(one, "author_display_name")
        for one in channel
        if name_of(one) == "author"
    }
    pictures: dict[str, Picture] = {}
    groups: dict[str, list[str]] = {}
    for parts in posts:
        if src := dialect.address(first_of(parts, "attachment_url"), "", dialect.WEB):
            alt = imagetag.described(_meta(parts, "_wp_attachment_image_alt"))
            pictures[first_of(parts, "post_id")] = Picture(src, alt)
        for group in _filed(parts, "post_translations"):
            groups.setdefault(group, []).append(first_of(parts, "link"))
    return Export(people, pictures, groups)


def is_out(parts: Parts) -> bool:
    """Whether an entry is text that was published, and has no password, as far as an export tells.

    Any feed may say that an entry is a draft (RFC 5023 section 13.1.1).
    """
    if "post_type" in parts:
        public = first_of(parts, "status") == "publish" and not first_of(parts, "post_password")
        return public and first_of(parts, "post_type") in {"", "post", "page"}
    filed = (one.get("term") or "" for one in parts.get("category", ()) if one.get("scheme") == KIND)
    kinds = [*(term.rpartition("#")[2] for term in filed), *_blogger(parts, "type")]
    drafts = (text_of(one, "draft") for one in parts.get("control", ()))
    return (
        all(kind.lower() in {"post", "page"} for kind in kinds)
        and all(status == "LIVE" for status in _blogger(parts, "status"))
        and "yes" not in drafts
    )


def _blogger(parts: Parts, name: str) -> Iterator[str]:
    """Yield what an element of Blogger's own says."""
    return (one.text or "" for one in parts.get(name, ()) if one.tag.startswith(BLOGGER))


def is_subject(category: etree._Element) -> bool:
    """Whether a category is one to readers, and not to the program that made an export."""
    return category.get("domain") not in OTHERS and category.get("scheme") != KIND


def completed(item: RawItem, parts: Parts, export: Export) -> RawItem:
    """Return a post, whose elements are *parts*, with what its *export* tells of it."""
    spoken = next(_filed(parts, "language"), "")
    others = (link for group in _filed(parts, "post_translations") for link in export.groups[group])
    return replace(
        item,
        author=export.people.get(item.author) or item.author,
        updated=value.moment(first_of(parts, "post_modified_gmt"), "Z") or item.updated,
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
    found = (one for one in parts.get("postmeta", ()) if text_of(one, "meta_key") == key)
    return next((text_of(one, "meta_value") for one in found), "")
