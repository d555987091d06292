"""Know the words that lead on to the whole of an article, or to something beside it, and are none of its text.

They stand on a button, or behind the beginning of an article that a program cut: ``… Continue reading “A quay”``.
"""

import re

from newsletter.reading.words.later import later

#: What leads to the whole, and what may stand behind it, in the languages of our neighbours.
_MORE = (
    r"(?:läs (?:mera?|hela|vidare|artikeln)|fortsätt läsa"
    r"|(?:read|learn|find out) (?:more|on|(?:the )?(?:full|whole|rest))|read (?:the )?article"
    r"|continue reading|les (?:mer|hele|videre)|læs (?:mere|hele|videre|artiklen)"
    r"|lue (?:lisää|koko)|mehr (?:lesen|erfahren|dazu)|weiter ?lesen|lees (?:meer|verder)|lire (?:la suite|plus)"
    r"|en savoir plus|leer más|seguir leyendo)"
)
MORE = later(rf"{_MORE}(?:\s[^.!?:]{{1,80}})?", re.IGNORECASE)
#: What leads to something beside it, without saying where that is.
BESIDE = later(
    r"läs [a-zåäö-]{4,30}(?:en|et|n|na)|(?:länk|link|lenke) (?:till|to|til) [^.!?:]{2,60}"
    r"|[^.!?:]{0,60}\b(?:läs|läsa|hittar?|hitta|ladda ner|read|find|found|download|les|læs|finner|finder)\b"
    r"[^.!?:]{0,30}\b(?:här|here|her)",
    re.IGNORECASE,
)
#: Behind the beginning of an article, where a program cut it; behind a whole sentence only if it says no more.
BEHIND = later(
    rf"(?P<cut>.{{30,}}(?:…|\.\.\.|\[…\]|\[\.\.\.\]))\s*(?P<whole>{_MORE}"
    r"(?:\s(?:[“”\"„»«‘][^“”\"„»«‘]{2,200}[“”\"„»«’]|[^.!?:“”\"]{1,60}))?)[\s.…»›>→]*"
    rf"|(?P<told>.{{30,}}[.!?][”\"’»)]?)\s+(?P<more>{_MORE}(?: (?:här|here|her|hier|ici|täältä))?)[\s.…»›>→]*",
    re.IGNORECASE,
)
SIGNS = " \t.:…»›>→«*|"
#: An address says where it leads.
ADDRESS = re.compile(r"://|www\.|@|\]\(")


def is_more(line: str) -> bool:
    """Whether *line* is the button under the beginning of an article that leads to the whole of it."""
    return bool(MORE.fullmatch(line.strip(SIGNS))) and not ADDRESS.search(line)


def is_button(line: str) -> bool:
    """Whether *line* leads on, to the whole or to something beside it, and does not say where that is."""
    bare = line.rstrip("…»›>→ ").lstrip(SIGNS)
    return (is_more(line) or bool(BESIDE.fullmatch(bare))) and not ADDRESS.search(line)


def parted(line: str) -> list[str]:
    """Return a *line* of text, and apart from it what leads on behind it."""
    found = None if ADDRESS.search(line) else BEHIND.fullmatch(line)
    return [found["cut"] or found["told"], found["whole"] or found["more"]] if found else [line]
