"""Read the posts of WordPress's REST API into RawItems, with their translations by Polylang or WPML.

Source: https://developer.wordpress.org/rest-api/reference/posts/; ``_embed`` brings authors, pictures and terms.
Polylang adds ``lang`` and ``translations`` (language to number), WPML ``wpml_current_locale`` and
``wpml_translations`` (with addresses).
"""

from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from newsletter.entities import unescape
from newsletter.issuefile import dialect
from newsletter.model import Picture, RawItem, Source
from newsletter.reading import value
from newsletter.reading.html import button, imagetag, mainpart, markup
from newsletter.reading.words import language

#: The post that every new site begins with.
FIRST = frozenset(
    {"hello-world", "hej-varlden", "hallo-welt", "bonjour-tout-le-monde", "hei-verden", "hej-verden"}
)


def posts(document: object) -> list[value.Table] | None:
    """Return the posts of an answer: a list of them, or one alone; None if it is neither."""
    if {"title", "link", "content"} <= value.table(document).keys():
        return [value.table(document)]
    if not isinstance(document, list):
        return None
    return [post for one in document if "title" in (post := value.table(one)) and "link" in post]


def translated(found: Iterable[value.Table]) -> frozenset[int]:
    """Return the numbers of translations that are named by number only and are not among the posts *found*."""
    known, wanted = set(), set()
    for post in found:
        known.add(value.number(post.get("id")))
        wanted |= set(_numbers(post))
    return frozenset(wanted - known - {0})


def items(found: Iterable[value.Table], source: Source, url: str) -> tuple[RawItem, ...]:
    """Return *found* posts of the API at *url* as items; no draft, nothing with a password, no "Hello world!"."""
    known = list(found)
    links = {value.number(post.get("id")): value.text(post.get("link")) for post in known}
    return tuple(
        item
        for post in known
        if value.text(post.get("status")) in {"", "publish"}
        and not is_protected(post)
        and value.text(post.get("slug")) not in FIRST
        and (item := _item(post, source, url, links)) is not None
    )


def is_first(url: str) -> bool:
    """Whether the post that every new site begins with stands at *url*."""
    return urlsplit(url).path.rstrip("/").rpartition("/")[2] in FIRST


def is_protected(post: value.Table) -> bool:
    """Whether a post is shown to those only who know its password."""
    return bool(value.table(post.get("content")).get("protected"))


def languages(found: Iterable[value.Table]) -> list[str]:
    """Return the languages that WPML names for translations and in which none of the posts *found* is."""
    own, others = set(), set()
    for post in found:
        own.add(value.text(post.get("wpml_current_locale"))[:2].lower())
        for each in value.listed(post.get("wpml_translations"), 30):
            others.add(value.text(value.table(each).get("locale"))[:2].lower())
    return sorted(others - own - {""})


def appeared(shown: Iterable[value.Table], found: Iterable[value.Table], mark: str) -> frozenset[int]:
    """Return the numbers of the posts *shown* that came out after *mark* and are not among those *found*."""
    known = {value.number(post.get("id")) for post in found}
    return frozenset(
        number
        for post in shown
        if value.text(post.get("date")) > mark and (number := value.number(post.get("id"))) not in known
    )


def latest(found: Iterable[value.Table]) -> str:
    """Return when the last of the posts *found* came out or was changed, as the site's own clock shows it."""
    return max((value.text(post.get(name)) for post in found for name in ("modified", "date")), default="")


def _item(post: value.Table, source: Source, url: str, links: Mapping[int, str]) -> RawItem | None:
    html, title = _rendered(post, "content"), _rendered(post, "title")
    link = dialect.address(value.text(post.get("link")), url, dialect.WEB)
    summary = _rendered(post, "excerpt")
    if not link or not (title or html):
        return None
    embedded = value.table(post.get("_embedded"))
    own = value.text(post.get("lang")) or value.text(post.get("wpml_current_locale"))
    said = own or source.language or language.detect(f"{title} {markup.words(html or summary)}")
    return RawItem(
        source=source.name,
        title=title,
        url=link,
        guid=unescape(_rendered(post, "guid")) or link,
        base=link,
        html=mainpart.body(button.without(html, link)),
        summary=button.without(summary, link),
        author=", ".join(_names(embedded, "author")[:3]),
        published=value.moment(post.get("date_gmt")) or value.moment(post.get("date"), here=source.zone),
        updated=value.moment(post.get("modified_gmt")) or value.moment(post.get("modified"), here=source.zone),
        language=said,
        image=_image(embedded, link) or _named_image(post, link),
        tags=(*source.tags, *_terms(embedded)),
        translations=_translations(post, links),
    )


def _rendered(post: value.Table, name: str) -> str:
    own = post.get(name)
    return value.text(own) or value.text(value.table(own).get("rendered"))


def _numbers(post: value.Table) -> list[int]:
    """Return the numbers of a post's translations, as Polylang names them."""
    return [value.number(each) for each in value.table(post.get("translations")).values()]


def _translations(post: value.Table, links: Mapping[int, str]) -> tuple[str, ...]:
    own = value.text(post.get("link"))
    by_number = [links.get(number, "") for number in _numbers(post)]
    by_number += [value.text(each) for each in value.table(post.get("translations")).values()]
    listed = [value.table(each) for each in value.listed(post.get("wpml_translations"), 30)]
    by_address = [value.text(each.get("href")) for each in listed]
    found = (address for address in (*by_number, *by_address) if address.startswith("http") and address != own)
    return tuple(dict.fromkeys(found))


def _names(embedded: value.Table, name: str) -> list[str]:
    each = (value.text(value.table(one).get("name")) for one in value.listed(embedded.get(name), 50))
    return [unescape(one) for one in each if one]


def _terms(embedded: value.Table) -> tuple[str, ...]:
    """Return the names of categories and tags, in that order."""
    found = []
    for taxonomy in value.listed(embedded.get("wp:term"), 10):
        for one in value.listed(taxonomy, 50):
            term = value.table(one)
            if value.text(term.get("taxonomy")) in {"category", "post_tag"}:
                found.append(unescape(value.text(term.get("name"))))
    return tuple(filter(None, found))


def _image(embedded: value.Table, url: str) -> Picture | None:
    """Return the featured image in a size that is wide enough for a letter."""
    media = value.table(next(iter(value.listed(embedded.get("wp:featuredmedia"), 1)), None))
    details = value.table(media.get("media_details"))
    whole = {"source_url": media.get("source_url"), "width": details.get("width"), "height": details.get("height")}
    sizes = [value.table(size) for size in value.table(details.get("sizes")).values()]
    shaped = [size for size in sizes if _same_shape(size, whole)]
    for size in sorted([*shaped, whole], key=lambda one: imagetag.unfit(value.number(one.get("width")))):
        src = dialect.address(value.text(size.get("source_url")), url, dialect.WEB)
        if src:
            alt = unescape(value.text(media.get("alt_text")))
            return Picture(src, alt, value.number(size.get("width")), value.number(size.get("height")))
    return None


def _named_image(post: value.Table, url: str) -> Picture | None:
    """Return the featured image as Jetpack or Yoast name it, where the site shows its media to nobody."""
    said = value.table(next(iter(value.listed(value.table(post.get("yoast_head_json")).get("og_image"), 1)), None))
    size = (value.number(said.get("width")), value.number(said.get("height")))
    # Without one, Yoast names a picture of the site's.
    yoast = (value.text(said.get("url")), *size) if value.number(post.get("featured_media")) else ("", 0, 0)
    for address, width, height in ((value.text(post.get("jetpack_featured_media_url")), 0, 0), yoast):
        if address and (src := dialect.address(address, url, dialect.WEB)):
            return Picture(src, "", width, height)
    return None


def _same_shape(size: value.Table, whole: value.Table) -> bool:
    """Whether a size shows the whole picture, and is no square cut out of it."""
    width, height = value.number(size.get("width")), value.number(size.get("height"))
    full, tall = value.number(whole.get("width")), value.number(whole.get("height"))
    return bool(width and height and full and tall) and abs(width * tall - height * full) <= max(full, tall) * 2
