"""Clean a text of what is no text, and cut it into its paragraphs, however its lines were broken."""

import re
import unicodedata
from collections.abc import Iterable
from html import escape
from itertools import pairwise

from newsletter.reading.words import dates, furniture
from newsletter.reading.words.almanac import MONTH
from newsletter.reading.words.later import later

#: Line ends of every kind (Unicode 15, section 5.8); a form feed is one too.
LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
SPACES = re.compile(r"[^\S\n]+")
#: Letters that joiners belong between (Arabic and Indic scripts), and what makes one emoji of several.
_LETTERS, _EMOJI = "\u0600-\u06ff\u0900-\u0dff", "\u2600-\u27bf\U0001f000-\U0001faff"
#: Controls, soft hyphens, zero-width and direction marks, private use: all invisible, some dangerous.
INVISIBLE = re.compile(
    f"(?<![{_LETTERS}])\u200c|\u200c(?![{_LETTERS}])"
    f"|(?<![{_LETTERS}{_EMOJI}\ufe0f])\u200d|\u200d(?![{_LETTERS}{_EMOJI}])"
    "|[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ue000-\uf8ff\ufdd0-\ufdef\ufffe\uffff\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)
#: Text that was wrapped by hand or by a mail program is never wider than this, in characters.
WIDEST, NARROWEST = 120, 30
#: A column has more lines than these, and none of them is wider, in characters; a sentence ends within a line.
COLUMN, NARROW = 5, 50
WITHIN = re.compile(r"[^\W\d_]{2}[.!?] [^\W\d_]")
#: What SiteVision tells who listen, behind a link: it runs on as ``handlingarlänk till annan webbplats``, or has a
#: capital within a sentence.
ELSEWHERE = re.compile(
    r"(?:(?:,[ \t]?|(?<=\w)|[ \t])länk till annan webbplats(?:, öppnas i nytt fönster)?\.?(?=[ \t]*(?:\n|$))"
    r"|(?<=[\w)])[ \t]Länk till annan webbplats(?:, öppnas i nytt fönster)?\b\.?)"
)
#: And what it and others tell of a file: ``Plan (pdf, 1.2 MB, öppnas i nytt fönster)``.
NEW_WINDOW = re.compile(
    r"[ \t]?\((?:öppnas i (?:ett )?nytt fönster|opens in (?:a )?new (?:window|tab))\)"
    r"|,[ \t](?:öppnas i (?:ett )?nytt fönster|opens in (?:a )?new (?:window|tab))(?=[).,\]]|$)",
    re.IGNORECASE,
)
#: Some programs write a hyphen apart from the minus, which stands between the figures of a telephone, too.
HYPHEN = "\u2010"
#: A word, no address and no file.
GOES_ON = re.compile(r"[^\W\d_A-ZÅÄÖ][\w’'-]*[,;.]?(?:\s|$)")
#: A day with its weekday, which is written small: no word that goes on, unless the line above it is full.
WEEKDAY = later(
    r"(?:(?:m[åa]n|tis|tirs|ons|tors|fre|l[öø]r|s[öø]n)(?:dag)?|\w+tai(?:na)?|keskiviikko(?:na)?)\.?,?\s(?:den\s)?"
    rf"\d\d?(?:[./]|\s(?:{MONTH})\b)"
    # ``to`` and ``on`` are words of English, too: with them stands a month in figures.
    r"|(?:ma|ti|ke|to|pe|la|su|må|on|fr|lö|sö|tir|tor)\.?,?\s\d\d?\.\d\d?\."
)
#: A word that goes on in the next line, unless ``and`` does: ``forsknings- och``.
DIVIDED = re.compile(r"[^\W\d_]{2}-$")
AND = re.compile(r"(?:and|or|och|eller|samt|und|oder)\b")
SENTENCE_END = tuple('.!?…:"”»’)')
#: A web or mail address alone.
ADDRESS = re.compile(r"(?:https?://|www\.)\S+|[\w.+-]+@[\w-]+\.[\w.-]+")
#: A dash within a sentence, at which a line was broken.
ASIDE = re.compile(r"[–—] [a-zåäöæøü]")
#: What a line starts with when it is a point of a list or somebody speaking.
OPENERS = re.compile(r"[-–—−•*·‣▪▫■□●○◦⁃]|\d{1,3}[.)]\s")


def visible(text: str) -> str:
    """Return *text* without what is invisible."""
    # Python calls printable what is never invisible, and looks much faster.
    return text if text.replace("\n", " ").isprintable() else INVISIBLE.sub("", text)


def clean(text: str) -> str:
    """Return *text* with ``\\n`` as its only line end, one kind of space, and nothing invisible."""
    text = LINE_ENDS.sub("\n", unicodedata.normalize("NFC", text))
    # A word that was divided at the end of a line is whole again.
    text = unheard(visible(text.replace("\xad\n", "").replace(HYPHEN, "-")))
    return "\n".join(SPACES.sub(" ", line).strip() for line in text.split("\n"))


def unheard(text: str) -> str:
    """Return *text* without what links tell who listen to a page: where they lead, and that a window opens."""
    return NEW_WINDOW.sub("", ELSEWHERE.sub("", text))


def html(text: str) -> str:
    """Return plain *text* as HTML, a paragraph for each of its own, and where it has none, for each line."""
    parts = text.split("\n\n") if "\n\n" in text else text.split("\n")
    return "".join(f"<p>{escape(part)}</p>" for part in parts if part.strip())


def listed(facts: Iterable[str]) -> str:
    """Return *facts*, each a plain text, as a list in HTML; "" for none."""
    points = "".join(f"<li>{escape(fact)}</li>" for fact in facts)
    return f"<ul>{points}</ul>" if points else ""


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a cleaned *text*, each on one line.

    A single line end is the end of a paragraph, unless the text is wrapped: then a line goes on where its next
    word would not have fitted.
    """
    blocks = [block.split("\n") for block in re.split(r"\n{2,}", text.strip("\n")) if block]
    lines = [line for block in blocks for line in block if " " in line]
    width = max(map(len, lines), default=0)
    if width > WIDEST or not any(_breaks_off(block, width) for block in blocks):
        return [line for block in blocks for line in block if line]
    return [paragraph for block in blocks for paragraph in _unwrap(block, width)]


def uncolumned(text: str) -> str:
    """Return a cleaned *text* with what was set in a narrow column whole, however wide its other lines are.

    Of a column most lines go on with a small letter, and sentences end within its lines, as in no list.
    """
    return "\n\n".join(map(_uncolumned, text.split("\n\n")))


def _uncolumned(block: str) -> str:
    lines = block.split("\n") if block.count("\n") >= COLUMN else []
    width = max(map(len, lines), default=0)
    going = sum(after[:1].islower() and not line.endswith(SENTENCE_END) for line, after in pairwise(lines))
    if width > NARROW or going * 2 < len(lines) or not any(map(WITHIN.search, lines)):
        return block
    whole = [lines[0]]
    for before, line in pairwise(lines):
        ended = before.endswith(SENTENCE_END) and not _is_full(before, line, width)
        if ended or OPENERS.match(line):
            whole.append(line)
        elif DIVIDED.search(whole[-1]) and line[:1].islower() and not AND.match(line):
            whole[-1] = whole[-1][:-1] + line
        else:
            whole[-1] += f" {line}"
    return "\n\n".join(whole)


def _breaks_off(block: list[str], width: int) -> bool:
    """Whether a line of *block* stops in the middle of a sentence and the next goes on."""
    return any(
        len(line) >= NARROWEST
        and not line.endswith(SENTENCE_END)
        and GOES_ON.match(following)
        and (not WEEKDAY.match(following) or _is_full(line, following, width))
        for line, following in pairwise(block)
    )


def _is_full(line: str, following: str, width: int) -> bool:
    """Whether the next word would not have fitted on *line*."""
    return len(line) + 1 + len(following.partition(" ")[0]) > width


def _stands_alone(line: str, previous: str) -> bool:
    """Whether *line* is a button under a sentence, a day with who wrote then, or an address."""
    words = line[line.startswith("[") and line.find("]") + 1 :]
    if dates.line(line):
        return True
    if ADDRESS.fullmatch(words):
        return not previous.endswith((",", ":")) and len(previous) < NARROWEST
    return previous.endswith(SENTENCE_END) and furniture.is_navigation(words)


def _unwrap(block: list[str], width: int) -> list[str]:
    joined: list[list[str]] = []
    previous = end = ""
    for line in block:
        begun = line[:1].islower() and not previous.endswith(SENTENCE_END) and not WEEKDAY.match(line)
        goes_on = joined and (begun or _is_full(previous, line, width))
        if goes_on and _stands_alone(line, previous):
            goes_on = False
        if goes_on and DIVIDED.search(end) and line[:1].islower() and not AND.match(line):
            joined[-1][-1] = joined[-1][-1][:-1]
            more, end = line, end[:-1]
        elif goes_on and (
            not OPENERS.match(line) or (ASIDE.match(line) and not previous.endswith((".", "!", "?", "…", ":")))
        ):
            more = " " + line
        else:
            joined.append([])
            more, end = line, ""
        joined[-1].append(more)
        previous, end = line, (end + more)[-3:]
    return ["".join(pieces) for pieces in joined]
