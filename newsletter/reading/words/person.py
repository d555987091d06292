"""Tell the names of people from other words with capitals. English and Swedish."""

import re

#: What stands between two names.
SIDE_BY_SIDE = re.compile(r",\s*|\s+(?:och|and|und|&|ja)\s+")
PARTICLES = frozenset(
    {"von", "van", "af", "de", "der", "den", "la", "le", "du", "da", "di", "al", "el", "bin", "ten"}
)
#: Words in the names of organisations, which say nothing themselves.
BODIES = re.compile(
    r"\b(?:(?:region|kommun|universitet|högskol|institut|station|förening|stiftelse|foundation)\w*|university|college|"
    r"innovations?|hub|ab|as|oy|inc|ltd|park|science|labs?|cent(?:er|re|rum)|city|stad|municipality|group|the|det|den|vi|på|in|i)\b",
    re.IGNORECASE,
)
#: Words that begin a sentence, or the name of a place, and nobody's.
_OPENERS = """
    When While After As But And In On At For With The This Our Also Here Now Together Today Then Since
    När Då Efter Medan Men Och På Vid För Med Även Vår Våra Också Nu Här Tillsammans Idag Sedan Enligt Hos
    Stora Lilla Nya Gamla Norra Södra Östra Västra Övre Nedre Inre Yttre Kungliga
    Great Little Old Upper Lower Main Central Royal
    VD Vd CEO
    Ein Eine Der Die Das Neue Neuer Neues To From By Not Till Från Av
"""
OPENERS = frozenset(_OPENERS.split())
#: No name is longer than that: looking at the rest of a word without end, from each hyphen in it on, takes long.
_NAME = r"[A-ZÅÄÖÉ][\w'’-]{1,40}"
CAPITALS = rf"(?!(?:{'|'.join(sorted(OPENERS))})\b){_NAME}(?:\s+{_NAME}){{1,2}}"
#: Two or three words with capitals.
PERSON = re.compile(rf"\b{CAPITALS}")
#: A name has at most so many words.
WORDS = 5
#: All that stand together, without what belongs to somebody: ``Norrvik’s Anna Berg``. Each is so long at most:
#: looking at the rest of a word without end, from each hyphen in it on, takes long.
RUN = re.compile(r"\b[A-ZÅÄÖÉ][\w-]{1,40}(?: [A-ZÅÄÖÉ][\w-]{1,40})+(?![\w’'])")


class Names:
    """The names that a page has told so far, by their first and their last parts."""

    def __init__(self) -> None:
        self._known: dict[str, set[str]] = {}

    def add(self, text: str) -> None:
        """Remember the names in *text*."""
        for run in RUN.findall(text):
            words = run.split()
            for at in range(len(words) - 1):
                self._remember(words[at + 1], words[at : at + 2])
                self._remember(words[at], words[at : at + 3])
                self._remember(" ".join(words[at + 1 : at + 3]), words[at : at + 3])

    def whole(self, by: str) -> str:
        """Return the name of somebody who is called *by* a part of it; *by* itself if several are, or nobody."""
        if " " in by and by.partition(" ")[0].casefold() not in PARTICLES:
            return by
        known = self._known.get(by, set())
        return next(iter(known)) if len(known) == 1 else by

    def _remember(self, part: str, words: list[str]) -> None:
        name = " ".join(words)
        if is_person(name):
            self._known.setdefault(part, set()).add(name)


def is_name(text: str) -> bool:
    """Whether *text* can be the name of a person: two to five words that start with capitals."""
    words = [word for word in text.split() if word not in PARTICLES]
    fits = all(
        word[0].isupper() and not any(c.isdigit() for c in word) and word[-1] not in "!?:;»›>…" for word in words
    )
    return 2 <= len(words) <= WORDS and fits and words[0] not in OPENERS


def is_person(text: str) -> bool:
    """Whether *text* can be the name of a person, and is that of no organisation."""
    return is_name(text) and not BODIES.search(text)


def signed(text: str) -> str:
    """Return `names`, or what stands behind "by" in a script that has no capitals to know a name by; else ""."""
    uncased = text.upper() == text.lower() and any(map(str.isalpha, text))
    return text if uncased and len(text.split()) <= WORDS else names(text)


def names(text: str) -> str:
    """Return the persons whom *text* names and nothing else, with commas between them; "" if it says other things.

    What stands behind one name and a comma is a title.
    """
    parts = [part.strip() for part in SIDE_BY_SIDE.split(text)]
    if len(parts) > 1 and all(map(is_name, parts)):
        return ", ".join(parts)
    one = text.partition(",")[0].strip()
    return one if is_name(one) else ""
