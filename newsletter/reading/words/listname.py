"""Know what lists of news and events are called, in the languages of our neighbours."""

import re

from newsletter.reading.words.almanac import MONTH
from newsletter.reading.words.later import later

#: What a list is called that has no name.
PLAIN = "News"
#: What lists of news and events are called.
_LIST = (
    r"(?:news(?:room)?|nyheter|nyheder|uutiset|nieuws|actualités|noticias|aktuellt|aktuelt|aktuelles|"
    r"ajankohtaista|"
    r"press(?: ?releases)?|pressmeddelanden|pressemeldinger|pressemeddelelser|pressemitteilungen|tiedotteet|"
    r"pressrum(?:met)?|press ?room|events?|evenemang|kalender|kalendarium|calendar|agenda|arrangementer|"
    r"veranstaltungen|tapahtumat|blogg?(?:en)?|notiser|meldungen|(?:\w{0,12}arkiv|archives?|archiv))"
)
LIST = later(
    rf"(?:[^\s:.!?]+ ){{0,2}}{_LIST}(?:(?:,| and| och| og| und| ja| en| et|&| &) (?:\S+ )?{_LIST})*"
    rf"(?:,? (?:(?:fra|från|from|for|i|in|of|av) )?(?:(?:{MONTH}),? ?)?(?:(?:19|20)\d\d)?)?"
    r"|(?:(?:kategori|category|tagg?|etikett|stikkord|emne|ämne|topic|author|författare): |archives? (?:for|by):? "
    r"|(?:author|författar)\W?(?:archives?|arkiv):? ?|(?:inlägg|artiklar|posts|articles) (?:av|by|i|in) ).{2,60}",
    re.IGNORECASE,
)


def is_one(line: str) -> bool:
    """Whether a *line* is what lists of news and events are called: ``News``, ``Category: Boats``."""
    return bool(LIST.fullmatch(line.strip(" .:")))
