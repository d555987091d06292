"""Show a letter with how often each link was opened upon it, as a page that needs nothing from elsewhere."""

import re
from collections.abc import Callable, Mapping, Sequence

from newsletter import personal
from newsletter.model import Rendered
from newsletter.results import clicks

_PICTURE = re.compile(r'(<img\b[^>]{0,2000}?\bsrc=")([^"]{1,4000})(")', re.I)
_ACTIVE = re.compile(r"</?(?:script|iframe|object|form|base|link|meta)\b[^>]{0,2000}>", re.I)
#: A picture of nothing, where the letter's own is not at hand.
EMPTY = "data:image/gif;base64,R0lGODlhAQABAIAAAMzMzP///yH5BAAAAAAALAAAAAABAAEAAAICRAEAOw=="
#: From pale to full: how much of the most opened link's share a link has.
_COLOURS = ("#dbe7f3", "#a9c8e6", "#5b97cf", "#1f5f9e")


def letter(rendered: Rendered, base_url: str, counts: Mapping[int, int], picture: Callable[[str], str]) -> str:
    """Return the letter's HTML with a badge on each link; *picture* returns an image's data: address, or "".

    *counts* are the clicks by the link's place. Nothing personal is in it: this is nobody's own letter.
    """
    marks = [token.mark for token in rendered.tokens]
    parts = clicks.shares(counts)

    def badge(place: int) -> str:
        count = counts.get(place, 0)
        part = parts.get(place, 0.0)
        shade = _COLOURS[min(3, int(part * 4))]
        ink = "#ffffff" if part >= 0.5 else "#14283c"
        return (
            f'<span style="display:inline-block;margin-left:5px;padding:1px 7px;border-radius:9px;'
            f"background:{shade};color:{ink};font:600 12px/16px sans-serif;text-decoration:none;"
            f'vertical-align:middle">{count:,}</span>'
        )

    html = rendered.html
    for token in rendered.tokens:
        if token.name == personal.ANSWER:
            html, _ = personal.unanswered(html, "", token.mark)
    html = clicks.lead(html, base_url, marks, lambda place: "", badge)
    html = _PICTURE.sub(lambda found: f"{found[1]}{picture(found[2]) or EMPTY}{found[3]}", html)
    return _bare(_ACTIVE.sub("", html), marks)


def _bare(html: str, marks: Sequence[str]) -> str:
    """Return *html* with what is one reader's own left out of its tags, and an ellipsis for it in its text."""
    if not marks:
        return html
    own = re.compile("|".join(map(re.escape, marks)))
    return "".join(
        own.sub("" if piece.startswith("<") else "…", piece) for piece in re.split(r"(<[^>]{0,9000}>)", html)
    )
