"""Drop the lines of a text page that are none of its article: answers, a picture’s words, a leaf of a calendar.

What is told twice is told once. Looks at lines only, before anybody asks what each of them is.
"""

import re
from itertools import pairwise

from newsletter.reading.texts import listing, oneline
from newsletter.reading.words import commentform, dates, furniture, onward, person, quotation
from newsletter.reading.words.almanac import MONTHS

#: A paragraph has more characters than these; where a program cut it stands so.
TOLD = 60
CUT = re.compile(r"\s*(?:\[(?:…|\.{3})\]|…|\.{3})$")
#: The longest words of a picture, in characters.
SHOWN = 200
#: So near under a leaf of a calendar stands the day that it shows, in lines.
NEAR = 4
#: The name of a picture's file, as its words: lines of a list or of code stand otherwise. The numbers of accounts
#: and telephones have no small letter.
FILE = re.compile(
    r"(?=.*[a-zåäö])(?:[a-zåäö0-9]+(?:_[a-zåäö0-9]+)+|[a-zåäö0-9]+(?:-[a-zåäö0-9]+){4,}"
    r"|(?=[^\W\d]*\d)[A-Za-z0-9]{16,})"
)
#: Small words and no sentence.
SMALL = re.compile(r"[a-zåäö-]{2,30}(?: [a-zåäö-]{1,30}){0,3}|[a-zåäö]+(?:-[a-zåäö0-9]+)+")
#: The same twice, side by side, and no ``Bora Bora``.
DOUBLED = re.compile(r"(\S.{6,80}) \1", re.IGNORECASE)
#: One word with a hyphen, and no day, above a title of more words than these.
JOINED, WORDS = re.compile(r"(?=.*[^\W\d])\w+(?:-\w+)+"), 5
#: The words of a picture with a label: ``READY TO SAIL: Anna Holm has mended her boat.``
LABELLED = re.compile(r"[A-ZÅÄÖÆØÜ][A-ZÅÄÖÆØÜ\d !?–-]{3,40}:\s")
#: Two say the same that have so many first characters in common.
BEGUN = 16
#: In so many lines stands the picture above a title; what opens the text may be the words of one, in so many.
HEAD, OPENS = 6, 2


def without(lines: list[str]) -> list[str]:
    """Return *lines*, those of a page, without what is none of its article's."""
    lines = [part for line in _unlisted(lines) for one in dates.parted(line) for part in _led(one)]
    whole = _without_leaves(_unanswered(_without_captions(_without_files(_under_picture(lines)))))
    return _told_once(_undoubled(_unnamed(whole)))


def _led(line: str) -> list[str]:
    """Return *line* and apart from it what leads on behind it; of the point of a list only the line."""
    parts = onward.parted(line)
    return parts[:1] if listing.BULLET.match(line) else parts


def _unlisted(lines: list[str]) -> list[str]:
    """Return *lines* with who wrote and when, where these are the points of a list, as lines of their own."""
    points = {n: found["text"] for n, line in enumerate(lines) if (found := listing.BULLET.fullmatch(line))}
    about = {n for n, text in points.items() if oneline.is_about(text)}
    apart = {n for n in about if {n - 1, n + 1} & about and points.keys().isdisjoint({n - 1, n + 1} - about)}
    return [points[n] if n in apart else line for n, line in enumerate(lines)]


def _without_files(lines: list[str]) -> list[str]:
    """Return *lines* without the bare names of files, which stand for pictures without words: ``open_house``.

    What a line with a colon announces stays: it is to be read.
    """
    return [line for above, line in pairwise(["", *lines]) if above.endswith(":") or not FILE.fullmatch(line)]


def _undoubled(lines: list[str]) -> list[str]:
    """Return *lines* without those above the text that say the same twice: a picture’s name, and its words."""
    begin = next((n for n, line in enumerate(lines) if len(line) > TOLD and not oneline.is_about(line)), 0)
    return [line for n, line in enumerate(lines) if n >= begin or not DOUBLED.fullmatch(line)]


def _unnamed(lines: list[str]) -> list[str]:
    """Return *lines* without a few small words above a title or the text: what a picture is called."""
    small = {n for n, line in enumerate(lines[:HEAD]) if SMALL.fullmatch(line) and n + 1 < len(lines)}
    small = {n for n in small if oneline.aside(lines[n]) is None}
    under = {n: lines[n + 1] for n in small if lines[n + 1][:1].isupper()}
    named = {n for n, line in under.items() if (len(line) > TOLD if n else oneline.is_heading(line))}
    if len(lines) > 1 and JOINED.fullmatch(lines[0]) and len(lines[1].split()) > WORDS:
        named.add(0)
    return [line for n, line in enumerate(lines) if n not in named]


def _without_captions(lines: list[str]) -> list[str]:
    """Return *lines* without what stands above a photographer's line: its beginning, or whom it shows."""
    shown = {
        n
        for n, (words, credit) in enumerate(pairwise(lines))
        if n
        and (
            (oneline.CAPTION.fullmatch(credit) and _alike(words, credit) and (n > OPENS or _is_caption(words)))
            or (furniture.CREDIT.fullmatch(credit) and _is_shown(words))
        )
    }
    # The words of a picture stand over who took it, and under it again.
    for n, (words, credit, again) in enumerate(zip(lines, lines[1:], lines[2:], strict=False)):
        if words == again and furniture.CREDIT.fullmatch(credit):
            shown |= {n, n + 2}
    shown |= _portraits(lines)
    return [line for n, line in enumerate(lines) if n not in shown]


def _alike(words: str, credit: str) -> bool:
    """Whether the *words* of a picture begin as what stands under it does, up to its *credit*."""
    whole = len(words) <= len(credit) or _is_caption(words)
    return credit.startswith(words) or (whole and credit[:BEGUN] == words[:BEGUN] != "")


def _is_caption(words: str) -> bool:
    """Whether *words* are too short for text, or say themselves who took the picture."""
    return len(words) <= TOLD or bool(oneline.CAPTION.fullmatch(words))


def _is_shown(words: str) -> bool:
    """Whether *words* over who took a picture say whom it shows, or have a label in capitals as captions do."""
    return bool(LABELLED.match(words)) or ("," in words and person.is_name(words.partition(",")[0]))


def _portraits(lines: list[str]) -> set[int]:
    """Return the numbers of lines that say whom a picture shows, each between two paragraphs that no quote begins.

    Several of them are headings over what is told of each.
    """
    named = {n for n, line in enumerate(lines) if "," in line and oneline.is_portrait(line)}
    between = {
        n
        for n in named
        if 0 < n < len(lines) - 1
        and all(len(one) > TOLD and one.endswith((".", "”", '"')) for one in (lines[n - 1], lines[n + 1]))
    }
    # Of several each may have said what stands above.
    alone = len(between) == len(named) == 1
    return between if alone and lines[min(between) - 1][:1] not in quotation.DASHES else set()


def _under_picture(lines: list[str]) -> list[str]:
    """Return *lines* without the words of a picture above the title, which stand under it and in its place."""
    for n, (words, again) in enumerate(pairwise(lines[:HEAD])):
        # A title may stand under its picture again, and then comes the text.
        under = lines[n + 2] if n + 2 < len(lines) else ""
        titled = oneline.is_about(under) or (oneline.is_heading(under) and not person.is_name(under))
        if titled and oneline.CAPTION.fullmatch(again) and again.startswith(words):
            return [*lines[:n], *lines[n + 1 :]]
    twice = len(lines) > 2 and lines[1].startswith(lines[0]) and lines[1].endswith(".")
    twice = twice and len(lines[1]) <= oneline.LONGEST and oneline.is_heading(lines[2])
    return lines[2:] if twice else lines


def _without_leaves(lines: list[str]) -> list[str]:
    """Return *lines* with a leaf of a calendar, ``18`` over ``nov``, as one; without it where its day follows."""
    whole: list[str] = []
    left = iter(range(len(lines)))
    for number in left:
        leaf = _leaf(*lines[number : number + 2]) if number + 1 < len(lines) else None
        if leaf is None:
            whole.append(lines[number])
            continue
        next(left)
        day, month = leaf
        told = re.compile(rf"\b0?{day}\.? {month[:3]}|\b{month[:3]}\w*\.? 0?{day}\b", re.IGNORECASE)
        if not any(map(told.search, lines[number + 2 : number + 1 + NEAR])):
            whole.append(f"{day} {month}")
    return whole


def _leaf(first: str, second: str) -> tuple[int, str] | None:
    """Return the day and the month that stand over one another, either of them first."""
    for day, month in ((first, second), (second, first)):
        if len(day) <= 2 and day.isdecimal() and month.rstrip(".").lower() in MONTHS:
            return int(day), month
    return None


def _told_once(lines: list[str]) -> list[str]:
    """Return *lines* without the beginnings of paragraphs that a program cut, and that stand whole under them."""
    cut = {
        n
        for n, (line, following) in enumerate(pairwise(lines))
        if len(line) > TOLD and (end := CUT.search(line)) and following.startswith(line[: end.start()])
    }
    # A text of one sentence is nothing but that.
    told = {line for line in lines if len(line) > TOLD}
    twice = {n for n, (line, following) in enumerate(pairwise(lines)) if line == following and line.endswith(".")}
    # What stands twice between two paragraphs is what a picture shows, and its words.
    shown = {
        n
        for n in twice
        if n
        and len(lines[n]) <= (SHOWN if len(lines[n - 1]) > TOLD else TOLD)
        and any(len(one) > TOLD or furniture.CREDIT.fullmatch(one) for one in lines[n + 2 : n + 3])
    }
    cut |= {n for n in twice if {lines[n]} < told and len(lines[n]) > TOLD} | shown | {n + 1 for n in shown}
    return [line for n, line in enumerate(lines) if n not in cut]


def _unanswered(lines: list[str]) -> list[str]:
    """Return *lines* without what readers answered to the article, or have to pay to read the rest of it.

    Other articles may stand under that.
    """
    told = next((n for n, line in enumerate(lines) if len(line) > TOLD and not furniture.is_navigation(line)), 0)
    paid = next((n for n, line in enumerate(lines) if n > told and furniture.PAID.fullmatch(line)), len(lines))
    begin = min(commentform.answers(lines), paid)
    others = next((n for n in range(begin, len(lines)) if furniture.opens_others(lines[n])), len(lines))
    return [*lines[:begin], *lines[others:]]
