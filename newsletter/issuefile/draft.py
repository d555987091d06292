"""Write picks as the blocks of an issue, and a new issue around them, for an editor to go on with.

One paragraph is one line: what changes then shows in a comparison of two versions, and a word more wraps nothing.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from babel import UnknownLocaleError
from babel.dates import format_skeleton

from newsletter import personal, sentence
from newsletter.errors import IssueError
from newsletter.issuefile import calendar, dialect
from newsletter.issuefile.blocks import block, blocktext
from newsletter.issuefile.sound import CONTROL
from newsletter.model import Article, Block, Events, Issue, Prose, Quote
from subscribers.tongue import root

#: What stands in a lead, story or brief of an article that can be read on elsewhere: sentences, and characters.
SENTENCES = {"lead": (3, 600), "story": (3, 400), "brief": (2, 260)}
#: What mail programs show of a subject and a preheader, in characters.
SUBJECT = 60
PREHEADER = (40, 110)
#: Articles, prepositions and conjunctions have so many letters at most, in most languages.
SMALL = 4
_ENDS = re.compile("\r\n|[\r\u2028\u2029\x85]")
#: Ends a name with an abbreviation, not with a sentence: ``e. V.``, ``Inc.``
_SHORT = re.compile(r"\b(?:\w\. ?\w|Co|Corp|Inc|Ltd)\.$")
_OPENS = re.compile(r"^( {0,3})(?=:::|```|~~~|<!--)", re.MULTILINE)
_HEADING = re.compile(r" {0,3}#{1,6}[ \t]+\S")
#: A text that is one block of events.
_EVENTS = re.compile(r"::: events\n(?:- [^\n]*\n)+:::")


@dataclass(frozen=True, slots=True)
class Piece:
    """An article and where it goes in an issue: under the heading *name* ("" for none), as a *kind* of block."""

    article: Article
    kind: str
    name: str = ""


def issue(
    pieces: Sequence[Piece],
    *,
    slug: str,
    language: str,
    letter: str,
    mailing_list: str,
    say: Callable[[str], str],
    send_at: datetime | None = None,
    events: Events | None = None,
    greet: bool = True,
) -> Issue:
    """Return a new issue of *pieces* in *language*, with *events* at its end.

    It begins with a greeting, unless *greet* is False. *letter* is the letter's name, *mailing_list* the slug of
    who gets it ("" for none yet), *say* translates a text of ours into *language*.
    """
    subject = _subject(pieces, slug, language, letter)
    # Where there is nothing but events, each is told once.
    told = [] if events and all(_is_event(one.article) for one in pieces) else pieces
    return Issue(
        slug=slug,
        language=language,
        subject=personal.escape(subject),
        preheader=preheader(pieces, language),
        list=mailing_list,
        send_at=send_at,
        blocks=(
            *((Prose(text=greeting(say)),) if greet else ()),
            *_sections(told, language, say("Read on")),
            *((events,) if events else ()),
        ),
    )


def preheader(pieces: Sequence[Piece], language: str) -> str:
    """Return what mail programs show of an issue of *pieces* in *language* after its subject."""
    return personal.escape(_preheader(_readable(pieces, language)))


def greeting(say: Callable[[str], str]) -> str:
    """Return what a new issue begins with; *say* translates a text of ours."""
    return say('Dear {{ name or "reader" }},') + "\n\n" + say("Here is what is new.")


def gaps(pieces: Sequence[Piece], slug: str, language: str) -> dict[str, str]:
    """Return what fills the gaps of a frame, as plain words, "" for what a new issue of *pieces* has not."""
    title = " ".join(_clean(pieces[0].article.title).split()) if pieces else ""
    return {"month": _month(slug, language), "title": title, "issue": slug}


def heading(name: str) -> Prose:
    """Return the heading of a section."""
    return Prose(text=f"## {_line(name)}")


def blocks(article: Article, kind: str, read_on: str, language: str) -> tuple[Block, ...]:
    """Return the blocks of *article*, the first one a *kind* (lead, story or brief), for an issue in *language*.

    Those of an article in another language say so. One with a URL is its summary, for a lead also its first quote,
    and a button *read_on*. One without can be read
    nowhere else, so it is there as a whole: its text, quotes, sub-headings and calls to action in their order.
    """
    own = _whole(article, kind) if not article.url else _told(article, kind, read_on)
    spoken = root(article.language)
    return own if spoken in {"", root(language)} else tuple(replace(one, lang=article.language) for one in own)


def _told(article: Article, kind: str, read_on: str) -> tuple[Block, ...]:
    most, length = SENTENCES[kind]
    said = _when(article) if _is_event(article) else sentence.cut(_clean(article.summary), length, most)
    text = dialect.escape(said)
    first = block.FEATURED[kind](
        src=article.key,
        title=_title(article),
        text=text,
        image=None if kind == "brief" else article.image,
        link=article.url,
        label=read_on,
    )
    quotes = [one for one in _parts(article) if isinstance(one, Quote)] if kind == "lead" else []
    return first, *quotes[:1]


def _whole(article: Article, kind: str) -> tuple[Block, ...]:
    parts = _parts(article)
    rows: Sequence[str] = ()
    if parts and isinstance(opening := parts[0], Prose) and not opening.segment:
        rows = opening.text.split("\n")
        parts = parts[1:]
    outside = block.free(rows)
    cut = next((at for at in outside if _HEADING.match(rows[at])), len(rows))
    # The text's own pictures stay in it where the article has another.
    drawn = [blocktext.picture(article.image), ""] if article.image else []
    own = block.body([*drawn, *rows[:cut]])
    image = article.image or own.image
    first = block.FEATURED[kind](
        src=article.key, title=_title(article), text=own.text, image=image, link=own.link, label=own.label
    )
    rest = block.text_of(rows[cut:])
    return first, *([Prose(text=rest, src=article.key)] if rest else []), *parts


def _parts(article: Article) -> list[Block]:
    """Return the text of *article* as blocks that know where they come from."""
    text = _clean(article.text)
    try:
        found = block.parse(text.split("\n"), article.key)
    except IssueError:
        # A stranger's text may hold anything; what opens a block that is none stays as it reads.
        found = block.parse(_OPENS.sub(r"\1\\", text).split("\n"), article.key)
    return [replace(one, src=article.key, pin=False) for one in map(calendar.undated, found) if one]


def _sections(pieces: Sequence[Piece], language: str, read_on: str) -> Iterator[Block]:
    """Yield the blocks of *pieces*, under the heading of their section where it has a name."""
    before = ""
    for one in pieces:
        if one.name and one.name != before:
            yield heading(one.name)
        before = one.name
        yield from blocks(one.article, one.kind, read_on, language)


def _subject(picks: Sequence[Piece], slug: str, language: str, letter: str) -> str:
    """Return the letter's name and the month, or what the slug leaves to say: the first that is short enough."""
    joint = " " if letter[-1:] in {"?", "!", ".", "…"} and not _SHORT.search(letter) else ", "
    top = " ".join(_clean(picks[0].article.title).split()) if picks else ""
    month = _month(slug, language)
    if joint == " ":
        # After a mark that ends a sentence another begins, in languages that write months small too.
        month = month[:1].upper() + month[1:]
    wishes = [f"{letter}{joint}{month}"] if month else [top, f"{letter}{joint}{slug}"]
    return next((wish for wish in wishes if wish and len(wish) <= SUBJECT), sentence.shorten(wishes[-1], SUBJECT))


def _month(slug: str, language: str) -> str:
    """Return the month that a slug such as 2025-06 names, in words, or ""."""
    found = re.match(r"(\d{4})-(\d{2})(?!\d)", slug)
    try:
        first = date(int(found[1]), int(found[2]), 1) if found else None
        return format_skeleton("yMMMM", first, locale=language.replace("-", "_")) if first else ""
    except (ValueError, UnknownLocaleError):
        return ""


def _readable(pieces: Sequence[Piece], language: str) -> Sequence[Piece]:
    """Return those of *pieces* that are in *language*, or name none; all of them where none is."""
    own = [one for one in pieces if root(one.article.language) in {"", root(language)}]
    return own or pieces


def _preheader(picks: Sequence[Piece]) -> str:
    """Return what the first article says, and if that is very short, what the next ones are called."""
    least, most = PREHEADER
    told = bool(picks) and not _is_event(picks[0].article)
    text = sentence.cut(_clean(picks[0].article.summary), most, 2) if told else ""
    # A series comes more than once, and is told once.
    for title in dict.fromkeys(" ".join(_clean(one.article.title).split()) for one in picks[told:]):
        longer = f"{text} {title if title[-1:] in '.!?…' else title + '.'}".strip()
        if len(text) >= least:
            break
        text = longer if len(longer) <= most else sentence.shorten(longer, most)
    return _unhung(text) if text.endswith("…") else text


def _unhung(text: str) -> str:
    """Return *text*, which was cut short, without the small words at its end: "it opened in the…"."""
    words = text.removesuffix("…").split(" ")
    while len(words[-1]) <= SMALL and words[-1].islower() and len(" ".join(words[:-1])) >= PREHEADER[0]:
        words.pop()
    return " ".join(words).rstrip(" ,;:–—-") + "…"


def _is_event(article: Article) -> bool:
    """Whether an article tells of events, and says nothing beside."""
    return bool(_EVENTS.fullmatch(article.text.strip()))


def _when(article: Article) -> str:
    """Return when and where the event of an article is, whose title and address stand elsewhere in its block."""
    rows = (re.split(r"(?<!\\)\s*\|\s*", row.removeprefix("- ")) for row in article.text.strip().split("\n")[1:-1])
    said = ((parts[0], *(one for one in parts[2:] if "://" not in one)) for parts in rows)
    return ". ".join(dialect.inline(", ".join(one)) for one in said)


def _title(article: Article) -> str:
    return _line(article.title)


def _line(words: str) -> str:
    """Return *words* as one line of Markdown; hashes at its end are no part of a heading's mark."""
    return re.sub(r"(?<=\s)(#+)$", r"\\\1", dialect.escape(" ".join(_clean(words).split())))


def _clean(text: str) -> str:
    return CONTROL.sub("", _ENDS.sub("\n", text))
