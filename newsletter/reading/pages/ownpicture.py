"""Find the picture that is an article's own: the one that its page names, or shows above its text."""

import re
from itertools import islice
from urllib.parse import unquote, urlsplit

from lxml import html

from newsletter.issuefile import dialect
from newsletter.model import Picture
from newsletter.reading import value
from newsletter.reading.html import imagetag, latepicture
from newsletter.reading.html.element import meta

#: A picture that is less wide than this, in pixels, is a logo or a face; so is one that is called so.
SMALL = 200
FACES = re.compile(r"avatar|author|profile|portrait|(?:^|[\s_/-])(?:icon|logo)", re.IGNORECASE)
#: The names of files that a site shows where an article has no picture.
NOBODYS = re.compile(
    r"(?:^|[\W_\d])(?:(?:header|site|default|og|social|share|brand)[_-])?"
    r"(?:(?:share|og|social|facebook)[_-](?:default|fallback)|logo(?:type|typ)?|favicon|(?:touch|site|app)-icon|avatar|blank|spacer|"
    r"(?:social|share|image|default)?[_-]?placeholder|"
    r"(?:default|fallback)[_-]?(?:image|share|og|social)|divider)(?=$|[\W_\d])",
    re.IGNORECASE,
)
#: What WordPress writes of a size into a name, and how long a name is that tells pictures apart, in characters.
SIZE, SHORTEST = re.compile(r"-\d{1,5}x\d{1,5}(?=\.\w{3,4}$)"), 8
#: What stands behind the path of an address.
ASKED = re.compile(r"[?#]")
#: The class of the picture that WordPress calls a post's own; themes show it above the title or under it.
FEATURED = "wp-post-image"


def shown(best: html.HtmlElement, base: str) -> Picture | None:
    """Return the picture above an article that is its own: under the title, right above it, or called so."""
    titled, near = False, _near(best)
    for one in best.getroottree().iter():
        if one is best:
            break
        titled = titled or one.tag == "h1"
        if one.tag != "img":
            continue
        beside = titled or (not near.isdisjoint(islice(one.iterancestors(), 3)) and _is_above(one))
        own = (beside and not _is_of_site(one)) or FEATURED in (one.get("class") or "")
        found = imagetag.picture(one, base) if own and not _is_face(one) else None
        if found and not 0 < found.width < SMALL and not is_nobodys(found.src):
            return found
    return None


def _is_above(image: html.HtmlElement) -> bool:
    """Whether a picture above a title may be the article's: a logo leads somewhere, or is in a site's head."""
    return latepicture.MARK in image.attrib or not any(
        one.tag in {"a", "header", "nav"} for one in image.iterancestors()
    )


def _near(best: html.HtmlElement) -> set[html.HtmlElement]:
    """Return the boxes in which the title of the page of *best* stands."""
    title = next(best.getroottree().iter("h1"), None)
    around = () if title is None else islice(title.iterancestors(), 2)
    return {one for one in around if one.tag not in {"html", "body", "header", "main"}}


def _is_of_site(image: html.HtmlElement) -> bool:
    """Whether a picture is the heading of a page, or leads to the first page of its site."""
    return any(one.tag == "h1" or one.get("rel") == "home" for one in image.iterancestors("h1", "a"))


def _is_face(image: html.HtmlElement) -> bool:
    near = (image, *islice(image.iterancestors(), 2))
    return any(FACES.search(one.get("class") or "") for one in near)


def named(root: html.HtmlElement, told: str, base: str) -> Picture | None:
    """Return the picture that the page names as its own, or that it *told* programs; a logo is none."""
    offered = (meta(root, "og:image", "og:image:url"), meta(root, "twitter:image"), told)
    web = (dialect.address(one, base, dialect.WEB) for one in offered)
    src = next((one for one in web if urlsplit(one).path not in {"", "/"} and not is_nobodys(one)), "")
    if not src:
        return None
    width, height = (value.number(meta(root, f"og:image:{side}")) for side in ("width", "height"))
    alt = imagetag.described(meta(root, "og:image:alt", "twitter:image:alt")) or _described(root, src)
    return Picture(src, alt, width, height)


def _described(root: html.HtmlElement, src: str) -> str:
    """Return what the page itself says of the picture at *src*, which it may show in another size; or ""."""
    name = _file(src)
    same = (one for one in root.iter("img") if len(name) > SHORTEST and _file(one.get("src") or "") == name)
    return next((alt for one in same if (alt := imagetag.described(one.get("alt") or ""))), "")


def _file(src: str) -> str:
    """Return the name of the file in an address, without the size that WordPress writes into it."""
    return SIZE.sub("", unquote(ASKED.split(src, maxsplit=1)[0]).rpartition("/")[2])


def is_nobodys(src: str) -> bool:
    """Whether the picture at *src* is called what a site shows in place of one: its logo, or nothing."""
    name = _file(src).rpartition(".")[0]
    return bool(NOBODYS.search(name[-200:]))
