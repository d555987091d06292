"""Let a film or a recording be a link to it, as no mail plays any: in the words under it, or by its own title."""

import re
from itertools import islice

from lxml.html import HtmlElement

PLAYERS = "descendant::*[self::iframe[@src] or self::video or self::audio]"
#: The class of the title of a recording in Ghost's card for one, which is among so many tags beside it.
TITLE, NEAR = "audio-title", 5
#: What shows a film inside of other pages, and the page that shows it by itself.
FILMS = (
    (re.compile(r"(?:https?:)?//(?:www\.)?youtube(?:-nocookie)?\.com/embed/([\w-]{6,20})(?![\w-])"),
     "https://www.youtube.com/watch?v={}"),
    (re.compile(r"(?:https?:)?//player\.vimeo\.com/video/(\d{5,12})(?!\d)"), "https://vimeo.com/{}"),
)  # fmt: skip
#: Titles of such a frame that name no film.
NAMELESS = re.compile(r"(?:youtube|vimeo|embedded)?[\s-]*(?:video|film)?[\s-]*(?:player|spelare)?", re.IGNORECASE)
#: A title is no longer than this, in characters.
LONGEST = 200


def linked(root: HtmlElement) -> None:
    """Let each film and recording in *root* be a link, where something names it."""
    for player in root.xpath(PLAYERS):
        place = _place(player)
        figure = next(player.iterancestors("figure"), None)
        caption = None if figure is None else next(figure.iter("figcaption"), None)
        if caption is None:
            beside = islice(player.itersiblings(), NEAR)
            caption = next((one for one in beside if TITLE in (one.get("class") or "")), None)
        if not place:
            continue
        if caption is not None and caption.text_content().strip():
            _link(caption, place)
        elif not NAMELESS.fullmatch(title := " ".join((player.get("title") or "").split())[:LONGEST]):
            line = player.makeelement("p")
            line.text = title
            _link(line, place)
            player.addprevious(line)


def _place(player: HtmlElement) -> str:
    """Return where a film or a recording is by itself, "" where nobody knows."""
    said = [player.get("src") or "", *player.xpath("./source/@src")]
    if player.tag != "iframe":
        return next(filter(None, said), "")
    found = ((form.match(said[0].strip()), page) for form, page in FILMS)
    return next((page.format(one[1]) for one, page in found if one), "")


def _link(words: HtmlElement, place: str) -> None:
    """Let all of *words* lead to *place*, unless they lead anywhere already."""
    if words.find(".//a") is not None:
        return
    link = words.makeelement("a", {"href": place})
    link.text, words.text = words.text, None
    link.extend(list(words))
    words.append(link)
