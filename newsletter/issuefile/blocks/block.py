"""Read a ``:::`` block into its type. What stands between two blocks is Prose.

Titles, labels, captions and texts are Markdown as it was written; a picture's text and every address are plain.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo
from typing import TypedDict

from newsletter.errors import IssueError, cited, meant
from newsletter.issuefile.blocks import event, fence, question
from newsletter.model import (
    Block,
    Brief,
    Credits,
    Cta,
    Divider,
    Events,
    Gallery,
    Image,
    Lead,
    Picture,
    Prose,
    Question,
    Quote,
    Span,
    Story,
    Toc,
)

#: What somebody may have paid for says who.
SPONSORED = ("sponsor",)
#: Every kind of block, and the attributes that not all have.
KINDS: Mapping[str, tuple[str, ...]] = {
    "lead": SPONSORED,
    "story": SPONSORED,
    "brief": SPONSORED,
    "quote": ("by",),
    "events": ("title",),
    "cta": ("href", "label", *SPONSORED),
    "question": ("name",),
    "image": ("href", *SPONSORED),
    "gallery": SPONSORED,
    "prose": SPONSORED,
    "divider": (),
    "toc": ("title",),
    "credits": (),
}
#: What editors call these, in English and Swedish.
OTHERWISE: Mapping[str, str] = {
    word: kind
    for kind, words in {
        "lead": "ledare toppnyhet huvudnyhet huvudartikel top hero",
        "story": "artikel article nyhet news",
        "brief": "notis kort puff teaser",
        "quote": "citat blockquote",
        "events": "event händelser evenemang kalender kalendarium calendar",
        "cta": "knapp button uppmaning",
        "question": "poll survey vote omröstning fråga enkät",
        "image": "bild foto picture photo",
        "gallery": "galleri bilder bildspel images pictures photos carousel",
        "prose": "text stycke",
        "divider": "linje avdelare line hr",
        "toc": "innehåll innehållsförteckning contents",
        "credits": "redaktion redaktör tack",
        'story {sponsor="…"}': "annons reklam ad advertisement sponsor partner",
    }.items()
    for word in words.split()
}
#: The attributes of every block; the second kind stands without a value.
COMMON = ("src", "segment", "lang")
FLAGS = ("pin",)
#: The kinds that are complete without a closing line.
ALONE = frozenset({"divider", "toc"})

#: The kinds that an article can be.
FEATURED: Mapping[str, type[Lead] | type[Story] | type[Brief]] = {"lead": Lead, "story": Story, "brief": Brief}

LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_TARGET = (
    r"(?:<(?P<quoted>(?:[^<>\\]|\\.)*)>|(?P<bare>(?:[^\s<>()\\]|\\.|\([^\s<>()]*\))+))"
    r"(?:\s+(?:\"[^\"]*\"|'[^']*'))?"
)
_IMAGE = rf"!\[(?P<words>(?:[^\[\]\\]|\\.|\[[^\[\]]*\])*)\]\(\s*{_TARGET}\s*\)"
IMAGE = re.compile(rf" {{0,3}}{_IMAGE}\s*$")
_IMAGES = re.compile(_IMAGE)
#: What makes a picture the point of a list.
_POINT = re.compile(r"^ {0,3}(?:[-*+]|\d{1,2}[.)]) +(?=!\[)")
LINK = re.compile(rf" {{0,3}}\[(?P<words>(?!!\[)(?:[^\[\]\\]|\\.|\[[^\[\]]*\])+)\]\(\s*{_TARGET}\s*\)\s*$")
HEADING = re.compile(r" {0,3}#{1,2}[ \t]+(?P<words>.*?\S)(?:[ \t]+#+)?[ \t]*$")


class _Shared(TypedDict):
    """What every block is made with."""

    src: str
    pin: bool
    segment: str
    lang: str
    sponsor: str
    span: Span


@dataclass(frozen=True, slots=True)
class Body:
    """The text of a lead, story or brief, taken apart."""

    title: str = ""
    image: Picture | None = None
    text: str = ""
    link: str = ""
    label: str = ""


def parse(rows: Sequence[str], path: str, start: int = 0, zone: tzinfo = UTC) -> tuple[Block, ...]:
    """Return the blocks of *rows* from row *start* on. *zone* is where events take place. Raise IssueError."""
    blocks = tuple(_block(piece, path, zone) for piece in fence.scan(rows, path, start, ALONE))
    question.check(blocks, path)
    return blocks


def text_of(rows: Sequence[str]) -> str:
    """Return rows as one text, without the blank ones around it."""
    return re.sub(r"\A(?:[ \t]*\n)+", "", "\n".join(rows) + "\n").rstrip()


def body(rows: Sequence[str]) -> Body:
    """Take title, image and button out of a text.

    The title is the first heading of level 1 or 2, the image the first paragraph that begins with a line that is
    one image, the button the last paragraph if it is one link.
    """
    rows = list(rows)
    outside = free(rows)
    title, image = "", None
    for at in outside:
        if not title and (found := HEADING.match(rows[at])):
            title, rows[at] = found["words"], ""
    for at in outside:
        if not _row(rows, at - 1) and (found := IMAGE.match(rows[at])):
            image = Picture(target(found), _plain(found["words"]))
            # With the blank row under it: what stood around it are two paragraphs as before.
            rows[at : at + 1 + (at + 1 < len(rows) and not _row(rows, at + 1))] = []
            break
    rows, link, label = button(rows)
    return Body(title, image, text_of(rows), link, label)


def button(rows: Sequence[str]) -> tuple[Sequence[str], str, str]:
    """Return *rows* without a last paragraph that is one link, its address, and its words."""
    last = next((at for at in reversed(range(len(rows))) if rows[at].strip()), -1)
    found = LINK.match(rows[last]) if last in free(rows) and not _row(rows, last - 1) else None
    return (rows[:last], target(found), found["words"].strip()) if found else (rows, "", "")


def _ended(rows: Sequence[str]) -> tuple[Sequence[str], str, str]:
    """Return *rows* without a link that ends the last paragraph behind other words, its address, its words."""
    last = next((at for at in reversed(range(len(rows))) if rows[at].strip()), -1)
    at = rows[last].rfind("[") if last in free(rows) else -1
    before = rows[last][: max(at, 0)]
    found = LINK.match(rows[last][at:].rstrip(" .!")) if at >= 0 and not before.endswith(("!", "\\")) else None
    return ([*rows[:last], before], target(found), found["words"].strip()) if found else (rows, "", "")


def target(found: re.Match[str]) -> str:
    """Return the address of a link or image, without Markdown's escapes."""
    return _plain(found["bare"] if found["quoted"] is None else found["quoted"]).strip()


def _plain(written: str) -> str:
    """Return *written* without Markdown's escapes."""
    if "\\" not in written and "&" not in written:
        return written
    # Slow to load, and few addresses need it.
    from markdown_it.common.utils import unescapeAll

    return unescapeAll(written)


def free(rows: Sequence[str]) -> dict[int, None]:
    """Return the rows that are not in code, in order."""
    outside: dict[int, None] = {}
    at = 0
    while at < len(rows):
        past = fence.code_end(rows, at)
        if past == at:
            outside[at] = None
        at = max(past, at + 1)
    return outside


def _row(rows: Sequence[str], at: int) -> str:
    return rows[at].strip() if at >= 0 else ""


def _block(piece: fence.Fenced, path: str, zone: tzinfo) -> Block:
    where = f"{path}:{piece.start + 1}"
    span = Span(piece.start, piece.end)
    if not piece.kind:
        return Prose(text=text_of(piece.rows), span=_trimmed(piece))
    _check(piece, where)
    values = piece.attributes
    shared = _Shared(
        src=values.get("src") or "",
        pin="pin" in values,
        segment=values.get("segment") or "",
        lang=values.get("lang") or "",
        sponsor=values.get("sponsor") or "",
        span=span,
    )
    match piece.kind:
        case "lead" | "story" | "brief":
            own = body(piece.rows)
            kind = FEATURED[piece.kind]
            return kind(title=own.title, text=own.text, image=own.image, link=own.link, label=own.label, **shared)
        case "quote":
            return Quote(text=text_of(piece.rows), by=values.get("by") or "", **shared)
        case "events":
            items = event.parse(piece.rows, path, piece.start + 1, zone)
            return Events(items=items, title=values.get("title") or "", **shared)
        case "cta":
            return _cta(piece, shared)
        case "question":
            asked, answers = question.parse(piece.rows, where)
            name = question.name(piece.attributes, where)
            return Question(text=text_of(asked), answers=answers, name=name, **shared)
        case "image":
            return _image(piece, where, shared)
        case "gallery":
            return _gallery(piece, where, shared)
        case "prose":
            return Prose(text=text_of(piece.rows), **shared)
        case "credits":
            return Credits(text=text_of(piece.rows), **shared)
        case "toc":
            return Toc(title=values.get("title") or "", **shared)
        case _:
            return Divider(**shared)


def _trimmed(piece: fence.Fenced) -> Span:
    """Return where the text of *piece* stands, without the blank rows around it."""
    shown = [number for number, row in enumerate(piece.rows, piece.start) if row.strip()]
    return Span(shown[0], shown[-1] + 1)


def _cta(piece: fence.Fenced, shared: _Shared) -> Cta:
    """Return a call to action; a label that is no attribute is the last paragraph, or the link that ends it."""
    href, label = piece.attributes.get("href") or "", piece.attributes.get("label") or ""
    rows, link, words = button(piece.rows)
    if not (link or href or label):
        rows, link, words = _ended(piece.rows)
    text = text_of(rows)
    if link and not (href and label):
        return Cta(text=text, label=label or words, href=href or link, **shared)
    text = text_of(piece.rows)
    if not label:
        text, _, label = text.rpartition("\n\n")
    return Cta(text=text.rstrip(), label=" ".join(label.split()), href=href, **shared)


def _image(piece: fence.Fenced, where: str, shared: _Shared) -> Image:
    own = body(piece.rows)
    if own.image is None:
        remedy = "write it as ![what it shows](assets/picture.jpg)"
        raise IssueError("this image block has no image", where=where, remedy=remedy)
    rows = list(piece.rows)
    del rows[next(at for at in free(rows) if IMAGE.match(rows[at]) and not _row(rows, at - 1))]
    return Image(picture=own.image, caption=text_of(rows), href=piece.attributes.get("href") or "", **shared)


def _gallery(piece: fence.Fenced, where: str, shared: _Shared) -> Gallery:
    """Return pictures that stand on lines of their own, one or several on each, and the words besides them.

    They may be the points of a list.
    """
    rows, pictures = list(piece.rows), []
    for at in free(rows):
        if rows[at].strip() and not _IMAGES.sub("", _POINT.sub("", rows[at])).strip():
            pictures += [Picture(target(found), _plain(found["words"])) for found in _IMAGES.finditer(rows[at])]
            rows[at] = ""
    if len(pictures) < 2:
        found = "one picture on a line of its own" if pictures else "no pictures on lines of their own"
        what = f"this gallery has {found}"
        remedy = "write two or more lines such as ![what it shows](assets/picture.jpg), or an image block for one"
        if any("[![" in rows[at] for at in free(rows)):
            what, remedy = "the pictures of a gallery have no links", "take the [ ](…) around them away"
        raise IssueError(what, where=where, remedy=remedy)
    return Gallery(pictures=tuple(pictures), caption=text_of(rows), **shared)


def _check(piece: fence.Fenced, where: str) -> None:
    """Refuse a kind or an attribute that is not known."""
    if piece.kind not in KINDS:
        what = f"there is no block {cited(piece.kind)}"
        other = OTHERWISE.get(piece.kind.casefold())
        remedy = f"did you mean {other}?" if other else _meant(piece.kind, tuple(KINDS))
        raise IssueError(what, where=where, remedy=remedy)
    known = (*COMMON, *FLAGS, *KINDS[piece.kind])
    for name, value in piece.attributes.items():
        if name not in known:
            what = f"a {piece.kind} has no attribute {cited(name)}"
            raise IssueError(what, where=where, remedy=_meant(name, known))
        if name in FLAGS and value is not None:
            raise IssueError(f"{name} takes no value", where=where, remedy=f"write {name} alone")
        if name not in FLAGS and value is None:
            raise IssueError(f"{name} has no value", where=where, remedy=f'write it as {name}="…"')
        if name == "lang" and not LANGUAGE.fullmatch(value or ""):
            raise IssueError(
                f"{cited(value)} is no language code", where=where, remedy='use codes such as lang="sv" (BCP 47)'
            )


def _meant(typed: str, known: Sequence[str]) -> str:
    return meant(typed.casefold(), known, f"known here: {', '.join(known)}")
