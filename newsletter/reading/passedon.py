"""Find what a mail passes on: the text under the header of another mail, as mail programs write it into theirs.

Outlook and Gmail write it as lines of one block, Apple's Mail as blocks of one line each, all of them as lines of
plain text. The note that stands above it is for whoever the mail was sent to, and no part of the article.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice, takewhile

from lxml import html

from newsletter.reading.html.element import drop, rows_of
from newsletter.reading.words import dates

#: What programs put before the subject of what they pass on.
SUBJECT = re.compile(r"(?:fwd?|vb|vs|vl|wg|tr)\s*:\s", re.IGNORECASE)
#: The names of the lines of a header: whom it is from, when it was sent, what it is about, and whom it is to.
_FROM, _SENT = (
    r"från|from|von|fra|de|lähettäjä",
    r"skickat|sent|gesendet|sendt|envoyé|lähetetty|datum|date|dato|pvm",
)
_ABOUT, _TO = (
    r"ämne|subject|betreff|emne|objet|aihe",
    r"till|to|an|til|à|vastaanottaja|kopia|kopi|kopie|cc|svar till",
)
LINE = re.compile(
    rf"[>\s*]*(?:(?P<by>{_FROM})|(?P<sent>{_SENT})|(?P<about>{_ABOUT})|{_TO})\s?:[\s*]*(?P<said>.*)", re.IGNORECASE
)
#: The address behind a name, and what dashes a program writes above a header.
ADDRESS, RULE = re.compile(r"\s*[<\[(].*|\s*\S+@\S+.*"), re.compile(r"[>\s]*[-_]{3,}.*")
#: A header has so many lines at least and at most, and begins within so many of a mail; so have its parts in HTML.
LEAST, MOST, LOOKED = 3, 12, 200
#: A mail is passed on so often at most, and of the first words of a part so many pieces are looked at.
OFTEN, PIECES = 5, 6
BLOCKS = ("p", "div", "td", "span", "font")


@dataclass(frozen=True, slots=True)
class Header:
    """What the header of a mail that was passed on says, "" and None for what it does not."""

    writer: str = ""
    title: str = ""
    sent: datetime | None = None


def plain(text: str) -> tuple[str, Header] | None:
    """Return what *text* passes on, and the innermost header above that; None where it passes nothing on."""
    held = _plain(text)
    for _ in range(OFTEN):
        if not (held and SUBJECT.match(held[1].title) and (inner := _plain(held[0]))):
            break
        held = inner
    return held


def _plain(text: str) -> tuple[str, Header] | None:
    lines = text.splitlines()
    for number, line in enumerate(lines[:LOOKED]):
        found = LINE.fullmatch(line)
        if not (found and found["by"]):
            continue
        # Long lines are broken; an empty one ends the header.
        header = list(takewhile(str.strip, (one.strip("> ") for one in lines[number : number + MOST])))
        if said := _read(header):
            return "\n".join(_unquoted(lines[number + len(header) :])).strip(), said
    return None


def cut(root: html.HtmlElement) -> Header | None:
    """Leave of the mail *root* what it passes on, as `plain` does; return the header above that, None for none."""
    said = _cut(root)
    for _ in range(OFTEN):
        if not (said and SUBJECT.match(said.title) and (inner := _cut(root))):
            break
        said = inner
    return said


def _cut(root: html.HtmlElement) -> Header | None:
    for one in islice(root.iter(*BLOCKS), LOOKED):
        begins = "".join(islice((text for text in one.itertext() if text.strip()), PIECES)).strip()
        if not (LINE.match(begins) or RULE.match(begins)):
            continue
        rows = [row for row in rows_of(one) if not RULE.fullmatch(row)]
        first = LINE.fullmatch(rows[0]) if rows else None
        if not (first and first["by"]):
            continue
        parts = [one]
        if len(rows) == 1:
            following = takewhile(lambda each: LINE.fullmatch(" ".join(rows_of(each))), one.itersiblings())
            parts += islice(following, MOST)
            rows = [" ".join(rows_of(part)) for part in parts]
        if len(rows) <= MOST and (said := _read(rows)):
            _drop_above(one)
            for part in parts:
                drop(part)
            return said
    return None


def _read(rows: Sequence[str]) -> Header | None:
    """Return what the lines of a header say, None if they are none."""
    found = [named for row in rows if (named := LINE.fullmatch(row))]
    said = {name: one["said"].strip() for one in found for name in ("by", "sent", "about") if one[name]}
    if len(found) < LEAST or not {"by", "about"} <= said.keys():
        return None
    when = dates.line(said.get("sent", ""))
    return Header(ADDRESS.sub("", said["by"]).strip(" \"'"), said["about"], when.at if when else None)


def _unquoted(lines: list[str]) -> list[str]:
    """Return *lines* without the marks of a quotation, if all of them that say something have one."""
    quoted = all(line.startswith(">") for line in lines if line.strip())
    return [line.removeprefix(">").removeprefix(" ") for line in lines] if quoted else lines


def _drop_above(one: html.HtmlElement) -> None:
    """Remove all that stands before an element in its page."""
    for around in (one, *one.iterancestors()):
        if around.tag == "body":
            return
        for before in list(around.itersiblings(preceding=True)):
            before.tail = None
            before.getparent().remove(before)
        if (parent := around.getparent()) is not None:
            parent.text = None
