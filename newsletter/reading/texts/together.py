"""Say of the pieces of a plain-text page what they are together: the points of a list, a quote and its speaker."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from newsletter import sentence
from newsletter.reading.texts import oneline, signature
from newsletter.reading.texts.piece import Kind, Piece
from newsletter.reading.words import language, person, quotation

#: The fewest points of a list.
LIST = 2
#: The longest point of a menu, in characters.
ENTRY = 30
#: The title of a box of facts.
FACT_BOX = re.compile(r"(?:fakta(?:ruta)?|facts?|fact box|kort om|in short)\s*:", re.IGNORECASE)
#: Whom an event is with.
PEOPLE = re.compile(
    r"(?:(?:våra |our )?(?:talare|föreläsare|speakers?)|medverkande|panel(?:en|ister|ists?)?|"
    r"contributors|participants|deltagare|medvirkende|deltakere|deltagere|talere|foredragsholdere|puhujat|esiintyjät|"
    r"mitwirkende|referent(?:en|innen|inn?en und referenten)|with|med):?",
    re.IGNORECASE,
)
#: An entry of a list by years: ``2025 Anna Holm``.
YEAR = re.compile(r"(?:19|20)\d\d(?:[–/-]\d{2,4})?:?\s+[^\W\d_]")
LETTER = re.compile(r"[^\W\d_]")
#: Whoever was quoted last was so few pieces ago.
NEAR = 5
#: The longest line of a person with a title, in characters.
LINE = 100
#: The longest line that is a point of such a list, in characters.
SHORT = 60


def read(pieces: list[Piece]) -> list[Piece]:
    """Return *pieces*, each as what it is among the others."""
    joined = _led(_joined(pieces))
    return list(_whole(_answered(_asked(_attributed(_unmarked(_bulleted(_presented(_wished(_opened(joined))))))))))


def begins(piece: Piece) -> bool:
    """Whether with *piece* the text of a page has begun: it is no entry of a menu."""
    return piece.kind is Kind.QUOTE or (piece.kind in {Kind.PROSE, Kind.POINT} and len(piece.text) > ENTRY)


def _beginning(pieces: Sequence[Piece]) -> int:
    """Return which of *pieces* begins the text, their number for none."""
    return next((number for number, piece in enumerate(pieces) if begins(piece)), len(pieces))


def _joined(pieces: list[Piece]) -> list[Piece]:
    """Put together what was broken within a sentence: ``Decision`` / ``in May or June.``"""
    joined: list[Piece] = []
    for piece in pieces:
        above = joined[-1] if joined else piece
        goes_on = piece.kind is Kind.PROSE and piece.text[:1].islower() and above.text[-1:].isalnum()
        whole = above.kind is Kind.POINT or (
            above.kind in {Kind.PROSE, Kind.HEADING} and len(piece.text) > SHORT and len(joined) > 1
        )
        if goes_on and whole:
            kind = Kind.PROSE if above.kind is Kind.HEADING else above.kind
            joined[-1] = replace(above, kind=kind, text=f"{above.text} {piece.text}")
        else:
            joined.append(piece)
    return joined


def _led(pieces: list[Piece]) -> list[Piece]:
    """Put together the words that lead to an address and the line under them that is this address."""
    led: list[Piece] = []
    for piece in pieces:
        above = led[-1] if led else piece
        leads = above.text.endswith(":") and above.kind is Kind.PROSE
        if piece.kind is Kind.LINK and (leads or (above.kind is Kind.CTA and not above.href)):
            label = above.label or above.text.rstrip(":")
            led[-1] = Piece(Kind.CTA, above.text if above.label else "", label=label, href=piece.href)
        else:
            led.append(piece)
    return led


def _opened(pieces: list[Piece]) -> list[Piece]:
    """Make text of the line that a list goes on from: ``The programme is open to companies that``."""
    return [
        replace(piece, kind=Kind.PROSE)
        if piece.kind is Kind.HEADING
        and after.kind is Kind.POINT
        and (after.text[:1].islower() or language.is_common(piece.text.rpartition(" ")[2]))
        else piece
        for piece, after in zip(pieces, [*pieces, Piece(Kind.EDGE)][1:], strict=True)
    ]


def _wished(pieces: list[Piece]) -> list[Piece]:
    """Make text of what somebody wishes at the end of one, ``Welcome!``: a heading has text under it."""
    wished, begun = list(pieces), _beginning(pieces)
    under: Piece | None = None
    for number in range(len(pieces) - 1, 0, -1):
        piece = pieces[number]
        if not piece.told and piece.kind is not Kind.HEADING:
            continue
        wish = piece.kind is Kind.HEADING and piece.text.endswith("!") and not piece.text.isupper()
        ends = under is None or under.text.endswith("!") or not LETTER.search(under.text)
        above = pieces[number - 1]
        if wish and ends and (above.told or above.text.endswith("!")) and begun < number:
            wished[number] = replace(piece, kind=Kind.PROSE, label="wish")
        under = wished[number]
    return wished


def _presented(pieces: list[Piece]) -> list[Piece]:
    """Make a list of people whom a heading announces, each with what they are on a line of its own."""
    done: list[Piece] = []
    number = 0
    while number < len(pieces):
        announced = done and done[-1].kind in {Kind.HEADING, Kind.PROSE} and PEOPLE.fullmatch(done[-1].text)
        people = list(_people(pieces, number)) if announced else []
        done += [Piece(Kind.POINT, f"{name}, {title}", label="-") for name, title in people]
        number += 2 * len(people)
        titled = list(_titled(pieces, number)) if announced and not people else []
        done += [Piece(Kind.POINT, line, label="-") for line in titled]
        number += len(titled)
        if not (people or titled):
            done.append(pieces[number])
            number += 1
    return done


def _people(pieces: Sequence[Piece], number: int) -> Iterator[tuple[str, str]]:
    """Yield the people who stand in a row from *number* on, and what each of them is."""
    for name, title in zip(pieces[number::2], pieces[number + 1 :: 2], strict=False):
        if not (name.kind is title.kind is Kind.HEADING and _is_person(name.text) and _is_what(title.text)):
            return
        yield name.text, title.text


def _titled(pieces: Sequence[Piece], number: int) -> Iterator[str]:
    """Yield the lines in a row from *number* on that are each a person's, with what they are behind a comma."""
    for piece in pieces[number:]:
        name, comma, _ = piece.text.partition(",")
        if not (
            comma and piece.kind in {Kind.HEADING, Kind.PROSE} and _is_person(name) and len(piece.text) <= LINE
        ):
            return
        yield piece.text


def _is_person(text: str) -> bool:
    return "," not in text and person.is_person(text)


def _is_what(text: str) -> bool:
    """Whether *text* says what somebody is: no name, no question, no sentence."""
    return len(text) <= SHORT and not _is_person(text) and not text.endswith((".", "!", "?", ":"))


def _bulleted(pieces: list[Piece]) -> list[Piece]:
    """Make points of short lines in a row that look like headings: a list that a browser copied has no bullets.

    A colon announces them, or the title of a box of facts; without either the first of many is their heading, and
    the last one that of the text under it.
    """
    kept, begun = list(pieces), _beginning(pieces)
    for first, end in _runs(pieces):
        announced = first > 0 and pieces[first - 1].kind is Kind.PROSE and pieces[first - 1].text.endswith(":")
        _dated_points(kept, first, end)
        boxed = bool(FACT_BOX.match(pieces[first].text))
        under = pieces[end] if end < len(pieces) else Piece(Kind.EDGE)
        between = under.kind in {Kind.PROSE, Kind.QUOTE} and len(under.text) > SHORT and begun < first
        # Who may be called has a heading.
        last = end - (under.kind is Kind.SIGNATURE)
        # Facts may follow the last one.
        last += bool(announced and under.kind is Kind.PROSE and quotation.speaker(under.text))
        points = range(0)
        if announced and last - first >= LIST:
            points = range(first, last)
        elif boxed and last - first > LIST:
            points = range(first + 1, last)
        elif between and end - first >= LIST + 2 and not _signs(pieces[first:end]):
            points = range(first + 1, end - 1)
        for number in points:
            kept[number] = Piece(Kind.POINT, pieces[number].text, label="-")
    return kept


def _dated_points(kept: list[Piece], first: int, end: int) -> None:
    """Make points of the headings from *first* to *end* that begin with a year, and stand together."""
    yearly = {n for n in range(first, end) if YEAR.match(kept[n].text)}
    for number in yearly:
        if {number - 1, number + 1} & yearly:
            kept[number] = Piece(Kind.POINT, kept[number].text, label="-")


def _signs(run: Sequence[Piece]) -> bool:
    """Whether a *run* begins with what somebody wishes, the name of that person and their title."""
    wish, name, title = (piece.text for piece in run[:3])
    return wish.endswith("!") and _is_person(name) and "," in title


def _runs(pieces: Sequence[Piece]) -> Iterator[tuple[int, int]]:
    """Yield where headings in a row begin and end."""
    first = 0
    for number, piece in enumerate([*pieces, Piece(Kind.EDGE)]):
        if piece.kind is not Kind.HEADING:
            if first < number:
                yield first, number
            first = number + 1


def _unmarked(pieces: list[Piece]) -> list[Piece]:
    """Make quotes of what people say of themselves without marks, each above their name and title.

    A single one is who signs the text, or the words of a portrait.
    """
    said = {
        n
        for n, (piece, by) in enumerate(pairwise(pieces))
        if piece.kind is Kind.PROSE and by.kind in {Kind.HEADING, Kind.PROSE}
        if signature.OWN.search(piece.text) and oneline.is_portrait(by.text) and quotation.speaker(by.text)
    }
    if len(said) < LIST:
        return pieces
    quoted = [
        Piece(Kind.QUOTE, piece.text, by=quotation.speaker(after.text)) if n in said else piece
        for n, (piece, after) in enumerate(zip(pieces, [*pieces[1:], Piece(Kind.EDGE)], strict=True))
    ]
    return [piece for n, piece in enumerate(quoted) if n - 1 not in said]


def _attributed(pieces: list[Piece]) -> list[Piece]:
    """Give a quote without a speaker the one on the line above (``NAME says:``) or under it (``NAME, TITLE``)."""
    kept = list(pieces)
    for number, piece in enumerate(pieces):
        if piece.kind is not Kind.QUOTE or piece.by:
            continue
        after = pieces[number + 1] if number + 1 < len(pieces) else None
        above = kept[number - 1] if number else piece
        dashed = piece.label in quotation.DASHES
        # Whoever was announced says what follows with a dash, too.
        goes_on = piece.unclosed or dashed
        both = above.kind is Kind.QUOTE and dashed == (above.label in quotation.DASHES)
        if above.by and (above.unclosed or (both and dashed) or (above.kind is Kind.QUOTE and piece.unclosed)):
            by = above.by if above.unclosed or piece.unclosed else above.by.partition(",")[0]
            kept[number] = replace(piece, by=by, unclosed=above.label == piece.label and goes_on)
        elif after and (whole := _continued(piece, after)):
            kept[number], kept[number + 1] = Piece(Kind.EDGE, label="speaker"), whole
        elif (
            after
            and after.label in quotation.DASHES
            and not (dashed or after.by)
            and oneline.is_portrait(after.text)
        ):
            kept[number], kept[number + 1] = (
                replace(piece, by=after.text.rstrip(".")),
                Piece(Kind.EDGE, label="speaker"),
            )
        elif after and after.kind in {Kind.HEADING, Kind.PROSE} and (by := quotation.speaker(after.text)):
            kept[number], kept[number + 1] = replace(piece, by=by), Piece(Kind.EDGE, label="speaker")
        elif number and (by := quotation.introduced(pieces[number - 1].text)):
            kept[number] = replace(piece, by=by, unclosed=goes_on)
            kept[number - 1] = Piece(Kind.EDGE, label="speaker")
        elif number and (by := quotation.told_of(above.text)):
            kept[number] = replace(piece, by=by, unclosed=goes_on)
        elif number and (by := _told_above(above, dashed=dashed) or _told_again(kept[:number])):
            kept[number] = replace(piece, by=by, unclosed=True)
        elif both:
            kept[number] = replace(piece, by=above.by.partition(",")[0])
    for number in range(len(kept) - 1, 0, -1):
        above, piece = kept[number - 1], kept[number]
        alike = above.kind is piece.kind is Kind.QUOTE and {above.label, piece.label} <= set(quotation.DASHES)
        if alike and piece.by and not above.by and not quotation.says(above.text):
            kept[number - 1] = replace(above, by=piece.by.partition(",")[0])
    return [piece for piece in kept if piece.label != "speaker" or piece.kind is not Kind.EDGE]


def _told_above(above: Piece, *, dashed: bool) -> str:
    """Return whom the last sentence of a paragraph tells of, or lets say something; "" for nobody."""
    last = sentence.split(above.text)[-1] if above.kind is Kind.PROSE else ""
    tells = dashed or quotation.SHARES.search(last)
    if last and quotation.ABOUT.match(last):
        return quotation.says(above.text)
    return quotation.says(last) or (quotation.begun(last) if tells else "")


def _told_again(above: Sequence[Piece]) -> str:
    """Return who was quoted last where the paragraph since then lets them say more: ``Hon menar att …``."""
    last = sentence.split(above[-1].text)[-1] if above[-1].kind is Kind.PROSE else ""
    if not (quotation.ABOUT.match(last) and quotation.VERB.search(last)):
        return ""
    return next((one.by.partition(",")[0] for one in reversed(above[-NEAR:]) if one.kind is Kind.QUOTE), "")


def _asked(pieces: list[Piece]) -> list[Piece]:
    """Make headings of the questions between marks that nobody is said to ask, each with text under it."""
    asked = {
        n
        for n, (piece, after) in enumerate(pairwise(pieces))
        if piece.kind is Kind.QUOTE and not piece.by and piece.label not in quotation.DASHES
        if piece.text.endswith("?") and after.kind is Kind.PROSE
    }
    several = len(asked) > 1
    return [Piece(Kind.HEADING, one.text) if several and n in asked else one for n, one in enumerate(pieces)]


def _answered(pieces: list[Piece]) -> list[Piece]:
    """Make text of the answers of an interview, each under its question: whose they are is told once, above."""
    kept = list(pieces)
    for number, piece in enumerate(pieces):
        above = kept[number - 1] if number else piece
        asked = above.kind is Kind.HEADING and above.text.endswith("?")
        goes_on = above.kind is Kind.PROSE and above.label == "answer"
        if piece.kind is Kind.QUOTE and not piece.by and (asked or goes_on):
            kept[number] = Piece(Kind.PROSE, spoken(piece), label="answer")
    return kept


def spoken(quote: Piece) -> str:
    """Return what nobody is known to have said as the paragraph that it is on its page, between marks."""
    if quote.label and quote.label in quotation.DASHES:
        return f"– {quote.text}"
    return f"“{quote.text}" if quote.unclosed else f"“{quote.text}”"


def _continued(piece: Piece, after: Piece) -> Piece | None:
    """Return a quote that goes on in the paragraph after it, where its speaker is told."""
    if after.kind is Kind.QUOTE and piece.unclosed and after.by:
        return replace(after, text=f"{piece.text} {after.text}")
    # A question between marks may be the heading of what follows.
    whole = after.kind is Kind.PROSE and (piece.label in quotation.DASHES or not piece.text.endswith("?"))
    whole = whole and not quotation.UNPARTED.search(after.text)
    said = quotation.read(f"– {piece.text} {after.text}") if whole else None
    if said and said.by and not said.after and after.text.endswith("."):
        return Piece(Kind.QUOTE, said.text, by=said.by)
    return None


def _whole(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Yield *pieces* with the whole names of those who are quoted by one part of a name that was told before."""
    quoted, told = person.Names(), person.Names()
    for piece in pieces:
        if piece.kind is Kind.QUOTE:
            by = quoted.whole(piece.by)
            piece = replace(piece, by=by if by != piece.by else told.whole(piece.by))
            quoted.add(piece.by.partition(",")[0])
        else:
            told.add(piece.text)
        yield piece
