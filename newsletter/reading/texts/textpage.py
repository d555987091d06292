"""Read a plain-text page, as it comes out of a scraper, into the articles that stand on it.

Of the short lines above its text the likeliest is the title (`headline`), and the others are the site's; those
under it without a full stop are sub-headings. The files beside this one know the rest: `quotation` quotes,
`invitation` calls to action, `furniture` what is no text at all. Title and paragraph in pairs at the end are
teasers of other articles, each an article of its own. No text that somebody wrote is dropped.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from newsletter.entities import unescape
from newsletter.errors import SourceError, cited
from newsletter.issuefile import dialect
from newsletter.model import RawItem
from newsletter.reading.texts import broken, crowded, dumped, footer, headline, spare, teasers, titled, together
from newsletter.reading.texts.oneline import POSTAL
from newsletter.reading.texts.outline import outline
from newsletter.reading.texts.piece import Kind, Piece
from newsletter.reading.texts.reached import REACH
from newsletter.reading.words import barrier, dates, language, listname
from newsletter.reading.words.paragraphs import INVISIBLE, clean, paragraphs, uncolumned

#: More than one control character in this many is no text; a letter that could not be decoded counts as one.
RUBBISH = 50
CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufffd]")
#: A page of more than this is no page, but a book, or an attack: in characters, and in paragraphs.
MOST, LINES = 1_000_000, 21_000
#: What a site shows in place of an article has fewer characters than this.
NOTICE = 1000
#: Some scrapers leave them; what they stand for is text like any other.
ENTITY = re.compile(r"&(?:[a-zA-Z]{2,10}|#\d{2,6}|#x[0-9a-fA-F]{2,5});")
#: The header of a mail that was pasted with its text.
HEADER = re.compile(
    r"\A\s*(?:(?:från|from|von|till|to|an|kopia|cc|ämne|subject|betreff|datum|date|skickat|sent|gesendet)[ \t]*:"
    r"[^\r\n]*\r?\n){3,12}",
    re.IGNORECASE,
)
SENT = re.compile(r"^(?:datum|date|skickat|sent|gesendet)[ \t]*:[ \t]*([^\r\n]+)", re.IGNORECASE | re.MULTILINE)
ADDRESS_LINE = re.compile(r"\[(?P<words>[^\[\]\n]{1,200})\]\((?P<href>https?://[^\s()]+)\)|https?://\S+")


@dataclass(slots=True)
class _Draft:
    """An article being put together."""

    title: str
    pieces: list[Piece] = field(default_factory=list)


def parse(text: str, source: str, *, where: str = "", spoken: str = "") -> tuple[RawItem, ...]:
    """Return the articles of the page *text*: the first, then its teasers in order.

    *where* names the page in messages; *spoken* is its language if that is known. Raise SourceError for a page
    without text.
    """
    _must_be_text(text, where)
    if len(text) > MOST:
        remedy = "save each article as a file of its own and add those"
        raise SourceError(f"longer than {MOST:,} characters", where=where, remedy=remedy)
    dump = dumped.read(HEADER.sub(_date_of, text, count=1))
    whole = broken.rejoined(uncolumned(clean(ENTITY.sub(lambda found: unescape(found[0]), dump.text))))
    lines = dump.plain(paragraphs(whole))
    lines = spare.without(crowded.story(lines))
    if len(lines) > LINES:
        remedy = "save each article as a file of its own and add those"
        raise SourceError(f"more than {LINES:,} paragraphs", where=where, remedy=remedy)
    spoken = spoken or language.detect(" ".join(lines))
    pieces = outline(lines, spoken)
    told = any(piece.kind in {Kind.PROSE, Kind.QUOTE, Kind.POINT} for piece in pieces)
    drafts = _drafts(pieces) if told else []
    if not drafts:
        title = next((piece for piece in pieces if piece.kind is Kind.HEADING), None)
        what = f"only a title here: {cited(title.text[:60])}" if title else "no text here"
        raise SourceError(what, where=where, remedy="save the page's text, title first, and add that")
    lead, *others = (_item(draft, source, spoken) for draft in drafts)
    article = len(lead.text) >= NOTICE or lead.published or lead.author
    if not article and any(map(barrier.is_notice, (lead.title, lines[0]))):
        remedy = "save the page's text when it shows the article, title first, and add that"
        raise SourceError("no article here, only a notice of its site", where=where, remedy=remedy)
    return (replace(lead, url=dump.address or lead.url), *(_beside(one, lead, dump) for one in others))


def _beside(teaser: RawItem, lead: RawItem, dump: dumped.Dump) -> RawItem:
    """Return a teaser with where its title leads; it was there when its page came out."""
    return replace(
        teaser, published=teaser.published or lead.published, url=teaser.url or dump.address_of(teaser.title)
    )


def _date_of(header: re.Match[str]) -> str:
    """Return the date that the header of a mail tells, as a line of its own."""
    found = SENT.search(header[0])
    return f"{found[1]}\n\n" if found else ""


def _must_be_text(text: str, where: str) -> None:
    if len(CONTROL.findall(text)) * RUBBISH > len(text):
        remedy = "save the page as plain text (.txt), HTML or Markdown, and add that"
        raise SourceError("this is not text", where=where, remedy=remedy)
    if not INVISIBLE.sub("", text).strip():
        raise SourceError("this page is empty", where=where, remedy="save the page's text again and add that")


def _drafts(pieces: list[Piece]) -> list[_Draft]:
    """Divide a page's pieces into its first article and the teasers after it."""
    title, body = titled.titled(pieces)
    letter = teasers.is_letter(title, body)
    edge = 0 if letter else teasers.edge(body, title)
    # What a list says of itself is no article.
    listed = edge < len(body) and listname.is_one(title) and sum(one.told for one in body[:edge]) <= teasers.BRIEF
    lead = _Draft(title, [] if listed else body[:edge])
    others: list[_Draft] = []
    for piece in body[edge:]:
        if piece.kind is Kind.HEADING:
            others.append(_Draft(piece.text))
        elif others:
            others[-1].pieces.append(piece)
        elif piece.kind is not Kind.EDGE:
            lead.pieces.append(piece)
    if letter:
        # A letter's name is no article; its date is that of its first one.
        others[0].pieces[:0] = lead.pieces
    for draft in others:
        draft.pieces = _without_sender(draft.pieces)
        # How to reach somebody is no article of its own, wherever on the page it stands.
        if all(piece.kind is Kind.SIGNATURE for piece in draft.pieces if piece.told):
            signed = [piece for piece in draft.pieces if piece.told]
            lead.pieces += [Piece(Kind.HEADING, draft.title), *signed] if signed else []
            draft.pieces.clear()
    # Whose site it is, and how to reach them, is no article; nor is how many liked it, or a button.
    others = [
        one for one in others if not all(footer.is_bare(piece) or _reaches_by(piece.text) for piece in one.pieces)
    ]
    if any(piece.kind is Kind.OTHERS for piece in body[edge : edge + 1]):
        # What a line such as "Most read" announces is of other articles, even without their titles.
        lead.pieces[edge:] = [one for one in lead.pieces[edge:] if not _is_theirs(one, titled=bool(others))]
    lead.pieces = titled.with_deck(_without_titles(_without_twins(lead.pieces)))
    return [draft for draft in (lead, *others) if any(piece.told for piece in draft.pieces)]


def _is_theirs(piece: Piece, *, titled: bool) -> bool:
    """Whether a piece above the titles of other articles is theirs; its text need not be if they are *titled*."""
    told = piece.told and piece.kind is not Kind.SIGNATURE
    return (told and not titled) or (piece.kind in {Kind.DATE, Kind.AUTHOR} and not piece.changed)


def _without_twins(pieces: list[Piece]) -> list[Piece]:
    """Drop a button above the text that stands under it again: the first looks like a heading."""
    labels = {piece.label.casefold() for piece in pieces if piece.kind is Kind.CTA}
    return [piece for piece in pieces if piece.kind is not Kind.HEADING or piece.text.casefold() not in labels]


def _without_titles(pieces: list[Piece]) -> list[Piece]:
    """Drop the titles of other articles that are the points of a list right under what announces them."""
    kept: list[Piece] = []
    listed = begun = False
    for piece in pieces:
        listed = (begun and piece.kind is Kind.OTHERS) or (
            listed and piece.kind in {Kind.POINT, Kind.EDGE, Kind.DATE}
        )
        begun = begun or piece.told
        kept += [] if listed and piece.kind is Kind.POINT else [piece]
    return kept


def _without_sender(pieces: list[Piece]) -> list[Piece]:
    """Drop how to reach those whose site it is: what stands under what ends a teaser."""
    ends = {Kind.EDGE, Kind.LINK}
    edge = next((n for n, piece in enumerate(pieces) if piece.kind in ends), len(pieces))
    return [
        *pieces[:edge],
        *(piece for piece in pieces[edge:] if not _reaches(piece) and not footer.is_button(piece)),
    ]


def _reaches_by(text: str) -> bool:
    """Whether a line says by what somebody is reached; a longer text tells more."""
    return len(text) <= titled.WRITTEN and bool(REACH.search(text))


def _reaches(piece: Piece) -> bool:
    """Whether a piece tells how to reach somebody, and no more."""
    return piece.kind is Kind.SIGNATURE or bool(REACH.fullmatch(piece.text) or POSTAL.fullmatch(piece.text))


def _item(draft: _Draft, source: str, page_language: str) -> RawItem:
    """Return a draft as the article that it is."""
    pieces = _without_loose_ends(draft.pieces)
    said = [piece for piece in pieces if piece.at is not None]
    first = next((piece.at for piece in said if not piece.changed), None)
    changed = max((piece.at for piece in said if piece.changed and piece.at), default=None)
    words = " ".join(piece.text for piece in pieces if piece.told)
    return RawItem(
        source=source,
        title=draft.title,
        url=next((piece.href for piece in pieces if piece.kind is Kind.LINK), ""),
        text=_markdown(pieces),
        summary=_summary(pieces),
        author=next((piece.by for piece in pieces if piece.by and piece.kind is not Kind.QUOTE), ""),
        published=first or dates.begun(draft.title) or _opening_date(pieces) or changed,
        updated=changed,
        language=language.told(f"{draft.title} {words}", page_language),
        tags=tuple(tag for piece in pieces for tag in piece.tags),
    )


def _summary(pieces: Sequence[Piece]) -> str:
    """Return what is told under a greeting, or above how somebody is reached; "" where there is neither."""
    told = [piece for piece in pieces if piece.told]
    if not told or not (told[0].kind is Kind.GREETING or any(piece.kind is Kind.SIGNATURE for piece in told)):
        return ""
    return " ".join(dialect.inline(_linked(piece.text)) for piece in told if piece.kind is Kind.PROSE)


def _opening_date(pieces: Sequence[Piece]) -> datetime | None:
    """Return the date of a first paragraph such as ``Norrvik, 12 June 2025 – A new …``."""
    first = next((piece for piece in pieces if piece.kind is Kind.PROSE), None)
    opening = dates.start(first.text) if first else None
    return opening[0] if opening else None


def _without_loose_ends(pieces: list[Piece]) -> list[Piece]:
    """Drop the page's footer, and the headings at the end that nothing stands under."""
    pieces = footer.without_firm(footer.without(pieces))
    while pieces and (pieces[-1].kind is Kind.EDGE or titled.is_figures(pieces[-1])):
        pieces = pieces[:-1]
    end = len(pieces)
    while end and not _ends(pieces[end - 1]):
        end -= 1
    while 0 < end < len(pieces) and _is_said(pieces[end]):
        # Right under the text somebody says good-bye, or its last sentence has no full stop; titles may follow.
        pieces = [*pieces[:end], replace(pieces[end], kind=Kind.PROSE), *pieces[end + 1 :]]
        end += 1
    return [*pieces[:end], *(piece for piece in pieces[end:] if not piece.told and piece.kind is not Kind.HEADING)]


def _is_said(piece: Piece) -> bool:
    """Whether what looks like a heading is text at the end of one: a wish, a long line, a fact with figures."""
    wish = piece.text.endswith("!") and not piece.text.isupper()
    label, _, fact = piece.text.partition(": ")
    told = len(piece.text.split()) > headline.MOST or (
        len(label) <= footer.LABEL and any(map(str.isdecimal, fact))
    )
    return piece.kind is Kind.HEADING and (wish or told)


def _ends(piece: Piece) -> bool:
    """Whether a text may end with a *piece*: not with what announces something that has not come with the page."""
    announces = piece.kind is Kind.PROSE and len(piece.text) <= footer.LONGEST and piece.text.endswith(":")
    return piece.kind is Kind.LINK or (piece.told and not announces)


def _markdown(pieces: Sequence[Piece]) -> str:
    """Return pieces in the dialect of the issue file."""
    blocks: list[str] = []
    previous: Kind | None = None
    for piece in pieces:
        match piece.kind:
            case Kind.HEADING:
                blocks.append(f"## {dialect.escape(piece.text)}")
            case Kind.PROSE | Kind.GREETING:
                blocks.append(_linked(piece.text))
            case Kind.SIGNATURE:
                blocks.append("\\\n".join(dialect.escape(line) for line in piece.text.split("\n")))
            case Kind.POINT:
                point = f"{piece.label} {_linked(piece.text)}"
                if previous is Kind.POINT:
                    blocks[-1] += f"\n{point}"
                else:
                    blocks.append(point)
            case Kind.QUOTE if not piece.by:
                blocks.append(_linked(together.spoken(piece)))
            case Kind.QUOTE:
                blocks.append(dialect.quote(dialect.escape(piece.text), piece.by))
            case Kind.CTA:
                blocks.append(dialect.cta(dialect.escape(piece.text), piece.label, piece.href))
            case Kind.DATE | Kind.AUTHOR | Kind.TAGS | Kind.LINK | Kind.EDGE | Kind.OTHERS:
                continue
        previous = piece.kind
    return "\n\n".join(blocks)


def _linked(text: str) -> str:
    """Return a paragraph as Markdown in which web addresses, and the links that it has already, are links."""
    parts: list[str] = []
    at = 0
    for found in ADDRESS_LINE.finditer(text):
        shown = found[0] if found["href"] else found[0].rstrip(".,;:!?…)]’'\"”»>")
        if href := dialect.address(found["href"] or shown):
            words = found["words"] or shown.split("//", 1)[1]
            parts += [dialect.escape(text[at : found.start()]), f"[{dialect.escape(words)}]({href})"]
            at = found.start() + len(shown)
    head = "".join(parts)
    tail = text[at:]
    # Only what starts the paragraph can be taken for a list or a heading.
    return head + (dialect.escape(tail) if not head else dialect.escape("x" + tail)[1:])
