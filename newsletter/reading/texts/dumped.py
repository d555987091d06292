"""Take away what programs add that show a web page as plain text: w3m, lynx, links, elinks, html2text, pandoc.

They number links (``[7]Register``) and list the addresses at the end, set names of pictures in brackets, draw the
fields of forms, mark headings with stars. The addresses are kept where they are wanted. Scrapers show what a theme
of WordPress hides: the moment of the last change. Nothing else is touched.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice, takewhile

from newsletter.reading.texts import oneline
from newsletter.reading.words import commentform, dates, furniture, invitation

#: The list of addresses at the end, with the word above it in any language (lynx and elinks).
REFERENCES = re.compile(
    r"(?:\A|\n)[ \t]{0,4}[^\W\d_][^\n]{2,30}\n\s*(?:[^\W\d_][^\n]{3,30}\n\s*)?1\. [a-z]+:\S[^\n]*"
    r"(?:\n[ \t]*\d{1,4}\. [a-z]+:\S[\s\S]*)?\Z"
)
REFERENCE = re.compile(r"^[ \t]*(\d{1,4})\.[ \t]+(\S+)[^\n]*$", re.MULTILINE)
#: What lynx tells of a page before its text, and of what stands in it and is no text.
HEAD = re.compile(
    r"\A(?:\s*#(?:\[\d{1,4}\]|alternate\b|publisher\b|prev\b|next\b)|\n*[ ]{2,4}#[^\s#])"
    r"[^\n]*(?:\n[ \t]+\S[^\n]*){0,12}\n"
)
ASIDE = re.compile(
    r"^[ \t]*(?:REFRESH ?\(\d+ sec\):|Refresh \(\d+ sec\)|IFRAME:|\[(?:INS|DEL):?:?(?:INS|DEL)?\])[^\n]{0,300}$"
    # A tag that was left over alone on its line.
    r"|^[ \t]*</?[a-z]{1,10}\b[^<>\n]*>[ \t]*$",
    re.MULTILINE,
)
#: The month in which a page came out, or its day, as a crawler writes it before the first word.
CRAWLED = re.compile(r"\A\s*date ((?:19|20)\d\d-\d\d(?:-\d\d)?)\s+(?=\S)")
#: The number before the words of a link; a number that leads within the page has nothing else behind it.
NUMBER = re.compile(r"\^?\[(\d{1,4})\](\d{1,3}(?!\w))?")
#: Who cites by hand writes the number behind the words, and the list of what is cited is text.
BEFORE = re.compile(r"(?<!\w)\^?\[\d{1,4}\](?=[^\s.,;:)])")
#: A paragraph that is a link and nothing more.
LINKED = re.compile(r"\[(\d{1,4})\]([^\[\]]{2,150})")
#: Fields and buttons of forms, and what may stand beside them.
FORM = re.compile(
    r"^[^\n]{0,200}(?:\(BUTTON\)|\[Unknown INPUT type\]|\[[ _]{3,80}\]|_{12,80}[ \t]+\S)[^\n]{0,200}"
    r"(?:\n[ \t]*[a-zåäöæø][^\n]{0,40})?$",
    re.MULTILINE,
)
#: A picture alone on its line, by its name or its words: none of them is a sentence.
PICTURE = re.compile(
    r"^[ \t]*(?:(?:\[\d{1,4}\])?\[(?:[^\[\].!?:\n]{0,200}|[\w-]{1,60}\.\w{3,4})\][ \t]*){1,8}$", re.MULTILINE
)
#: The name of the file of a picture, above a title or in its place: ``summer_party``, ``IMG_8648``, ``quay2``.
FILE = re.compile(
    r"\A\s*([^\W_][\w-]*(?:_[\w -]{1,60})?|[a-z0-9]+(?:-[a-z0-9]+)+)[ \t]*\n\s*(?=(\S[^\n]{3,150})\n)"
)
FILES = re.compile(
    r"^[ \t]*(?:(?:(?:IMG|DSC[FN]?|PXL|MG)[_-]?\d{3,}[\w-]*(?![\w-])[ \t]*){1,9}|[a-z]{3,}(?:[_-][a-z0-9]+)*"
    r"[_-]?\d|[^\W_][^\W_]{1,40}(?:_[^\W_]{1,20}){0,4}_\d{2,}(?: - (?:Kopia|Copy))?)(?: ?\(\d\))?[ \t]*$",
    re.MULTILINE,
)
#: The link to a heading itself, as Sphinx and MkDocs write it behind one.
PERMALINK = re.compile(r"[ \t]?(?:\[\d{1,4}\])?¶[ \t]*$", re.MULTILINE)
#: A point of a list within a list.
NESTED = re.compile(r"^(?:[ \t]{5,}[+o#@]|[ \t]{2,4}o)[ \t]+(?=\S)", re.MULTILINE)
#: A point of a list as resiliparse writes it: the lines under it that are set in belong to it.
POINT = re.compile(r"[ \t]{0,8}•[ \t]+(?=\S)")
BULLET = re.compile(r"\s*(?:[•*·‣▪▫■□●○◦⁃+o-](?:\s|$)|\d{1,3}[.)])")
#: A line within a point that is shorter than this ended because somebody ended it.
BROKEN = 60
#: So many stories make a list of them; a title ends with none of these; two words of a menu run together.
STORIES, ENDED = 2, (".", ",", ";", ":")
#: The first paragraph of one stands among so many lines under its title.
UNDER = 16
TOGETHER = re.compile(r"(?<=[a-zåäöæø])(?=[A-ZÅÄÖÆØ])")
#: The rule between the head of a table and its rows.
RULE = re.compile(r"^[ \t]*-{3,80}(?:[ \t]+-{3,80})+[ \t]*$", re.MULTILINE)
#: A row of a table between bars.
ROW = re.compile(r"^[ \t]*\|[ \t]*(\S[^\n]{0,400}?)[ \t]*\|[ \t]*$", re.MULTILINE)
#: ``****** Title ******``; where headings look so, the words of a link stand together: ``Read_more``.
STARRED = re.compile(r"^(\*{2,6}) ([^*]{1,300}?) \1[ \t]*$", re.MULTILINE)
#: What Avada hides beside a title, or before a day: ``By Anna|2025-06-12T09:00:00+02:00June 12th, 2025|News``.
HIDDEN = re.compile(
    r"^([^\n]{0,200}?)[ \t|]*(20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d)[ \t|]*([^\n]{0,300})$", re.MULTILINE
)
TIED = re.compile(r"(?<=[^\s_])_(?=[^\s_])")


@dataclass(frozen=True, slots=True)
class Dump:
    """A page's text, and the addresses that its links have, by their numbers."""

    text: str
    addresses: dict[str, str] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)

    def plain(self, paragraphs: Sequence[str]) -> list[str]:
        """Return *paragraphs* without the numbers of links; behind what asks to follow a link stands where to."""
        if not self.addresses:
            return list(paragraphs)
        last = max(map(int, self.addresses))
        return [NUMBER.sub(lambda found: self._number(found, last), self._led(one)) for one in paragraphs]

    def address_of(self, title: str) -> str:
        """Return where a *title* leads that is a link; "" for nowhere."""
        return self.links.get(title, "")

    @property
    def address(self) -> str:
        """The page's own address, as what leads within it names it; "" where nothing does."""
        within = [href.partition("#")[0] for href in self.addresses.values() if "#" in href]
        own = max(within, key=within.count, default="")
        return own if own.startswith("http") else ""

    def _led(self, line: str) -> str:
        found = LINKED.fullmatch(line)
        href = self.addresses.get(found[1], "") if found else ""
        if not found or not href.startswith("http"):
            return line
        more = oneline.LINK.fullmatch(f"{found[2]}: {href}")
        asks = invitation.ACTION.match(found[2]) and not furniture.is_navigation(found[2])
        if not (more or asks):
            self.links[found[2]] = href
        return f"{found[2]}: {href}" if more or asks else line

    def _number(self, found: re.Match[str], last: int) -> str:
        # Buttons are numbered, too, and their addresses not listed. What leads within the page is a note's number.
        if int(found[1]) > last:
            return found[0]
        before = found.string[max(0, found.start() - 1) : found.start()]
        kept = "" if "#" in self.addresses.get(found[1], "") else found[2] or ""
        return f" {kept}" if before.isalnum() and not found[2] else kept


def read(text: str) -> Dump:
    """Return *text* without the marks of the program that wrote it, but for the numbers of its links."""
    text, addresses = _referred(CRAWLED.sub(lambda found: f"{found[1]}\n\n" if dates.line(found[1]) else "", text))
    text = FILES.sub("", FILE.sub(_unnamed, HIDDEN.sub(_shown, text), count=1))
    text = ASIDE.sub("", HEAD.sub("", text))
    if "[" in text or "_" in text or "(BUTTON)" in text:
        text = PICTURE.sub("", FORM.sub("", text))
    text = PERMALINK.sub("", text) if "¶" in text else text
    text = _points_whole(_listed_stories(RULE.sub("", NESTED.sub("• ", ROW.sub(_row, text)))))
    if STARRED.search(text):
        text = TIED.sub(" ", STARRED.sub(lambda found: f"\n{' '.join(found[2].split())}\n", text))
    return Dump(text, addresses)


def _shown(found: re.Match[str]) -> str:
    """Return a line as its reader sees it, without a hidden moment; one behind a title gets a line of its own."""
    before, moment, after = found.groups()
    day, *filed = (part.strip() for part in after.split("|"))
    if not after:
        return f"{before}\n{moment}" if before else moment
    if not dates.line(day):
        return found[0]
    told = [part for part in filed if part and not commentform.LINE.fullmatch(part)]
    named = [part for part in told if ":" in part]
    return "\n".join(
        [" | ".join(filter(None, [before, day, *(part for part in told if part not in named)])), *named]
    )


def _unnamed(found: re.Match[str]) -> str:
    """Return nothing for the name of a file: it has underscores, or small letters with joints or digits.

    So is one that is how the title begins, without its accents.
    """
    name, title = found.groups()
    plain = unicodedata.normalize("NFKD", title.casefold())
    bare = "".join(one for one in plain if one.isascii() and one.isalnum())
    small = name.islower() and name.isascii()
    return "" if "_" in name or (small and (not name.isalpha() or bare.startswith(name))) else found[0]


def _listed_stories(text: str) -> str:
    """Return *text* with the stories of a list, each a title with paragraphs set in under it, as those of a page.

    What stands last under one, short and alone, is where it is filed.
    """
    lines = text.split("\n")
    ends = [n for n in range(len(lines)) if _is_story(lines, n)]
    if len(ends) < STORIES:
        return text
    for first, after in zip(ends, [*ends[1:], len(lines)], strict=True):
        inside = [
            n for n in range(first + 1, after) if lines[n].strip() and _inset(lines[n]) > _inset(lines[first])
        ]
        filed = lines[inside[-1]].strip()
        leads = furniture.is_navigation(filed)
        if len(inside) > 1 and len(filed) < BROKEN and not (leads or filed.endswith(ENDED)):
            lines[inside[-1]] = f"Tags: {TOGETHER.sub(', ', filed)}"
        lines[first] = lines[first].strip(" \t•")
    return "\n".join(lines)


def _is_story(lines: Sequence[str], number: int) -> bool:
    """Whether the point at *number* is a title: across a gap a paragraph stands set in under it, among others."""
    if (
        not POINT.match(lines[number])
        or lines[number].rstrip().endswith(ENDED)
        or "".join(lines[number + 1 :][:1]).strip()
    ):
        return False
    under = (line for line in islice(lines, number + 1, number + 1 + UNDER) if line.strip())
    own = takewhile(lambda line: _inset(line) > _inset(lines[number]) and not BULLET.match(line), under)
    return any(len(line.strip()) > BROKEN for line in own)


def _inset(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))


def _points_whole(text: str) -> str:
    """Return *text* with each point of a list on one line; a dash stands where its writer began a new line."""
    whole: list[str] = []
    edge, before = 0, ""
    for line in text.split("\n"):
        found = POINT.match(line)
        inset = edge and line[: edge - 1].isspace() and line.strip() and not BULLET.match(line)
        edge = found.end() if found else edge if inset else 0
        if found or not edge:
            whole.append(f"\n{line}")
        else:
            apart = len(before) < BROKEN and before[-1:].isalnum() and line.strip()[:1].isupper()
            whole.append(f"{' – ' if apart else ' '}{line.strip()}")
        before = line.rstrip()
    return "".join(whole)[1:]


def _row(found: re.Match[str]) -> str:
    """Return a row of a table as a line: its head and what stands beside it."""
    cells = [cell.strip() for cell in found[1].split("|") if cell.strip(" -:")]
    return (" " if cells and cells[0].endswith(":") else " – ").join(cells)


def _referred(text: str) -> tuple[str, dict[str, str]]:
    """Return a text without the list of addresses at its end, and those by their numbers."""
    at = text.rfind(" 1. ")
    found = REFERENCES.search(text, max(0, at - 120)) if at >= 0 and "[1]" in text else None
    if not found or 2 * len(BEFORE.findall(text)) < len(NUMBER.findall(text)):
        return text, {}
    return text[: found.start()], dict(REFERENCE.findall(found[0]))
