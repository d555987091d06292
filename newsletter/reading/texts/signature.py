"""Find who signed a text, and put the lines of it together.

They stand under "Best regards", or are a name with its title and nothing else.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from newsletter.reading.texts.piece import TOLD, Kind, Piece
from newsletter.reading.words import furniture, invitation, person, quotation

CLOSING = re.compile(
    r"(?:(?:with )?(?:my |our )?(?:best|kind|warm|kindest|warmest)? ?(?:regards|wishes|greetings)|sincerely|"
    r"yours(?: \w+)?|"
    r"cheers|best|all the best|many thanks|thank you|see you|(?:med )?(?:vänliga?|varma|bästa|många|soliga|"
    r"glada|hjärtliga)? ?"
    r"(?:sommar|jul|vår|höst)?hälsning(?:ar)?|vi ses|allt gott|mvh|vänligen|tack)(?: (?:from|"
    r"från)\b.{0,40})?[,!.]?$"
    r"|(?:(?:god|en riktigt? \w+|vi önskar \w+|merry|happy|frohe)\s.{0,20}"
    r"(?:jul|christmas|weihnachten|sommar)\b.{0,40}\b(?:önskar|wish(?:es)?|wünschen?)(?: vi| er)?(?: alla)?[,:]?)"
    r"|(?:(?:liebe|viele|herzliche|beste|schöne)|mit (?:freundlichen|besten|herzlichen|lieben)) grü(?:ß|ss)en?"
    r"(?: aus\b.{0,40})?[,!.]?$"
    r"|(?:med )?(?:(?:de )?(?:bed?ste|vennlige?|venlige?|kjærlige?|kærlige?) )?hilsen(?:er)?[,!.]?$"
    r"|ihre?|eure?[r]?|deine?"
    r"|ystävällisin terveisin[,!.]?$"
    r"|/\s?[^\W\d_][\w ]{1,30}$",
    re.IGNORECASE,
)
#: The longest line of a signature, and the longest title on one, in characters.
SHORT, LONGEST = 60, 90
#: Lines of one at most.
LINES = 5
#: Whoever writes so signs it.
OWN = re.compile(
    r"\b(?:I|we|my|our|jag|vi|vår|våra|vårt|min|mitt|mina|ich|wir|unser\w*|vi|jeg|vores|me|meidän)\b", re.I
)
#: How somebody is reached stands in the last characters of a line, so many.
REACH = 16
#: Tells how somebody is reached.
REACHED = re.compile(r"@|\d{3}")
#: What comes where a text has ended, besides another title.
ENDS = frozenset({Kind.EDGE, Kind.OTHERS, Kind.DATE, Kind.TAGS, Kind.LINK, Kind.CTA})


def signed(pieces: Sequence[Piece], language: str) -> Iterator[Piece]:
    """Yield *pieces* with the lines of each signature as one; a line that only wishes something is text.

    In German two nouns look like a name, which alone signs only what somebody tells of themselves.
    """
    number, begun, own, unsure = 0, False, False, language == "de"
    while number < len(pieces):
        piece = pieces[number]
        # "Greetings from the harbour" above a letter is its title.
        begun = begun or (piece.kind in TOLD and not CLOSING.fullmatch(piece.text))
        own = own or (piece.kind is Kind.PROSE and bool(OWN.search(piece.text)))
        lines = (_closed(pieces, number) or _named(pieces, number, own=own, unsure=unsure)) if begun else 0
        if lines:
            texts = [one.text for one in pieces[number : number + lines]]
            names = (line.partition(",")[0] for line in texts[:2] if not CLOSING.fullmatch(line))
            # Under others who may be called stands one more of them, and under a label whom it names.
            above = pieces[number - 1].text
            called = number and (invitation.TELEPHONE.search(above[-REACH:]) or above.endswith(":"))
            by = "" if called else next(filter(person.is_name, names), "")
            yield Piece(Kind.SIGNATURE, "\n".join(texts), by=by)
            number += lines
            continue
        number += 1
        after = pieces[number] if number < len(pieces) else None
        wish = (
            piece.kind is Kind.HEADING
            and after is not None
            and (
                CLOSING.fullmatch(after.text)
                or (piece.text.endswith("!") and begun and _named(pieces, number, own=own, unsure=unsure))
            )
        )
        yield replace(piece, kind=Kind.PROSE) if wish else piece


def _closed(pieces: Sequence[Piece], number: int) -> int:
    """Return of how many lines a signature is that begins with "Best regards"; 0 for none."""
    piece = pieces[number]
    if piece.kind not in {Kind.HEADING, Kind.PROSE, Kind.GREETING} or not CLOSING.fullmatch(piece.text):
        return 0
    end = number + 1
    while end < len(pieces) and end - number < LINES and _belongs(pieces, end):
        end += 1
    return end - number


def _belongs(pieces: Sequence[Piece], number: int) -> bool:
    """Whether a line under "Best regards" belongs to the signature."""
    piece = pieces[number]
    after = pieces[number + 1] if number + 1 < len(pieces) else None
    whole = after is not None and after.kind is Kind.PROSE and after.text.endswith((".", "!", "?"))
    title = whole and after is not None and len(after.text) > SHORT
    short = piece.kind is Kind.HEADING or (piece.kind is Kind.PROSE and len(piece.text) <= SHORT)
    return short and not title and not piece.text.endswith("?")


def _named(pieces: Sequence[Piece], number: int, *, own: bool, unsure: bool) -> int:
    """Return of how many lines a signature is that begins with a name, its title behind or under it; 0 for none.

    It stands under text, the writer's *own* or not, and nothing of the article follows. A name alone may be
    *unsure*.
    """
    above, line = pieces[number - 1], pieces[number].text
    under_text = number and (above.kind is Kind.PROSE or (above.kind is Kind.HEADING and above.text.endswith("!")))
    name, _, title = (part.strip() for part in line.partition(","))
    if not under_text or pieces[number].kind not in {Kind.HEADING, Kind.PROSE} or not _is_person(name, line):
        return 0
    lines = 1 if title or not _is_title(pieces[number + 1 : number + 2]) else 2
    while title and _is_signed(pieces[number + lines : number + lines + 1]):
        lines += 1
    after = pieces[number + lines] if number + lines < len(pieces) else None
    whole = bool(title) or lines > 1
    if after is None and unsure and not (whole or own):
        return 0
    if lines > 1 and not title and after is not None and after.kind is Kind.DATE:
        # Rather the title of the next article, over its day.
        return 0
    if after is None or after.kind in ENDS:
        return lines
    # Under a picture may stand the same, and then comes the next section.
    return lines if after.kind is Kind.HEADING and own and whole else 0


def _is_signed(under: Sequence[Piece]) -> bool:
    """Whether the line *under* the name of somebody with their title is the next one's."""
    named = (piece.text.partition(",") for piece in under if piece.kind in {Kind.HEADING, Kind.PROSE})
    return any(title and _is_person(name, f"{name}{comma}{title}") for name, comma, title in named)


def _is_person(name: str, line: str) -> bool:
    """Whether a *line* is of a person, whom it begins with by *name*, and no sentence."""
    fits = len(line) <= LONGEST and not line.endswith((".", "!", "?", ":")) and not REACHED.search(line)
    named = person.is_person(name) and not name.isupper()
    return fits and named and not furniture.is_navigation(line)


def _is_title(under: Sequence[Piece]) -> bool:
    """Whether the line *under* a name tells what that person is."""
    return any(
        piece.kind in {Kind.HEADING, Kind.PROSE}
        and len(piece.text) <= LONGEST
        and not piece.text.endswith((".", "!", "?", ":"))
        and not any(map(str.isdecimal, piece.text))
        and not quotation.TELLS.search(piece.text)
        for piece in under
    )
