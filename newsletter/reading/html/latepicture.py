"""Let a picture that a script or a style would show be an image of its page. Changes its tree."""

import re
from itertools import islice

from lxml.html import HtmlElement

from newsletter.reading.html import imagetag
from newsletter.reading.html.element import HEADINGS, drop, words_of

#: Where a style has a picture, and where scripts find one that they make the ground of an element.
GROUND = re.compile(r"background(?:-image)?\s*:[^;]*?url\(\s*[\"']?([^\"')\s]+)", re.IGNORECASE)
GROUNDS = ("data-bg", "data-background", "data-background-image", "data-bg-image", "data-bg-url")
#: A style that is longer, in characters, lays out more than an element; so long are a title and the line under it.
LONGEST, TITLE = 2000, 300
#: Marks an image that was the ground of an element.
MARK = "data-ground"
#: What is called a sign, or is a word of a line, has one as its ground.
SIGNS = re.compile(
    r"(?:^|[\s_-])(?:icons?|ikon(?:er)?|arrow|flag|emoji|bullet|spinner|loader|logo)(?:$|[\s_-])", re.I
)
WORDS = frozenset({"i", "b", "em", "strong", "button", "input"})
#: A picture that is drawn is a pattern or a sign.
DRAWN = re.compile(r"\.svg(?:$|[?#])|^data:", re.IGNORECASE)


def shown(root: HtmlElement) -> None:
    """Let each picture in *root* that waits for a script, or is the ground of an element, be an image."""
    for waits in root.xpath("descendant::noscript[count(descendant::img)=1]"):
        beside = next(
            (one for one in (waits.getprevious(), waits.getnext()) if one is not None and one.tag == "img"), None
        )
        if beside is not None and not imagetag.has_address(beside):
            image = next(waits.iter("img"))
            image.tail = None
            beside.addprevious(image)
            drop(beside)
    for image in root.xpath("descendant::img[not(@src) and ancestor::picture]"):
        # For the parser, what stands behind a source stands in it; the last one is for the oldest browsers.
        offered = [one.get("srcset") for one in next(image.iterancestors("picture")).iter("source")]
        if offered and not imagetag.has_address(image):
            image.set("srcset", offered[-1] or "")
    for element in root.xpath("descendant::*[@style or @*[starts-with(name(),'data-b')]]"):
        if (address := _ground(element)) and not DRAWN.search(address) and _is_picture(element):
            told = element.get("aria-label") or ""
            element.append(element.makeelement("img", {"src": address, "alt": told, MARK: "1"}))


def _ground(element: HtmlElement) -> str:
    """Return the address of the picture that is the ground of *element*, "" for none."""
    named = next((told for name in GROUNDS if (told := element.get(name))), "")
    found = None if named else GROUND.search((element.get("style") or "")[:LONGEST])
    return found[1] if found else named


def _is_picture(element: HtmlElement) -> bool:
    """Whether nothing but a title stands on the ground of *element*, no sign, and no other picture."""
    if next(element.iter("img", "video"), None) is not None:
        return False
    if element.tag in WORDS or SIGNS.search(element.get("class") or ""):
        return False
    headings = [one for one in islice(element.iter(*HEADINGS), 2) if one is not element]
    if not headings:
        return not words_of(element)
    return len(headings) == 1 and headings[0].tag == "h1" and len(words_of(element)) <= TITLE
