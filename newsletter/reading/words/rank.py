"""Put the name of somebody before what they are: ``rektor NAME`` is ``NAME, rektor``. English and Swedish."""

import re
from collections.abc import Sequence
from itertools import pairwise

from newsletter.reading.words import person
from newsletter.reading.words.person import PARTICLES

#: How somebody said it, which is no part of the title.
MANNER = re.compile(r"\s+(?:with|med)\s+.*$")
#: What somebody does who says it: ``säger NAME och skrattar``.
MEANWHILE = re.compile(
    r"\s+(?:(?:with|med)\s+(?:an?|en|ett)\s+(?:\w+\s+)?(?:smile|laugh|grin|leende|skratt)"
    r"|(?:och|and)\s+(?:skrattar|ler|nickar|suckar|pekar|laughs|smiles|nods|sighs|points))(?:\s.*)?$"
)
#: What stands between a person and where they belong.
LINKING = frozenset({
    "at", "of", "from", "in", "for", "with", "and", "the", "by", "to", "on", "på", "från", "i", "vid", "hos",
    "för", "med", "och", "om", "till", "av", "den", "det", "som", "who", "is", "är", "was", "var",
    "ved", "af", "og",
})  # fmt: skip
#: Of those, what a title may begin with; and what no name and no title ends with.
ARTICLES = frozenset({"the", "den", "det"})
CUT_OFF = frozenset({"a", "an", "the", "and", "to", "of", "en", "ett", "att", "och", "med", "den", "det", "som"})
#: Somebody's party, behind all of it: ``kommunstyrelsens ordförande NAME (S)``.
PARTY = re.compile(r"\s+(?P<party>\([A-ZÅÄÖ][A-ZÅÄÖa-zåäö]{0,2}\))$")
#: A title of more words stands before a name only where nothing else can be one.
LONG_TITLE = 6


#: ``Norrvik’s harbour master, NAME``
POSSESSED = re.compile(r"[\w-]{2,40}[’']s\s")


def name_first(by: str) -> str:
    """Return ``NAME, title`` for ``title NAME``; what starts with a name stays as it is; "" if there is none."""
    if found := PARTY.search(by):
        named = name_first(by[: found.start()])
        name, comma, title = named.partition(",")
        return f"{name} {found['party']}{comma}{title}" if named else ""
    title, comma, name = by.rpartition(", ")
    if comma and POSSESSED.match(title) and person.is_person(name):
        return f"{name}, {title}"
    words = by.split()
    if last := _last_named(words):
        return last
    shouted = by.partition(",")[0].isupper()
    start = next(
        (n for n, word in enumerate(words) if word[:1].isupper() and (shouted or not _is_rank(word))), None
    )
    if start is None or start > LONG_TITLE or words[-1] in CUT_OFF or (start and words[0] in LINKING - ARTICLES):
        return ""
    if start == 0:
        plain = MEANWHILE.sub("", by)
        return titled(words) or (plain if person.is_name(plain) else by)
    while start > 1 and _is_rank(words[start - 1]) and words[start - 2] in LINKING:
        # ``rektor i KTH NAME``: a body that is called by its letters.
        start -= 1
    return (_named_last(words, start) if words[start - 1] in LINKING else "") or _named_at(words, start)


def _named_at(words: Sequence[str], start: int) -> str:
    """Return ``NAME, title`` for a name that begins at *start*, with the title before it, or behind its comma."""
    end = start + 1
    while (
        end < len(words)
        and (words[end][:1].isupper() or words[end] in PARTICLES or _two(words[end : end + 2]))
        and words[end - 1][-1:] != ","
    ):
        end += 1
    # "says a happy NAME" tells no title.
    title = (
        "" if words[0] in {"a", "an", "en", "ett"} else " ".join(words[:start]).removeprefix("the ").rstrip(",")
    )
    name, after = " ".join(words[start:end]), " ".join(words[end:])
    parts = (
        (name.rstrip(","), title, after)
        if name.endswith(",")
        else (name, f"{title}{MANNER.sub('', ' ' + after)}".strip())
    )
    return ", ".join(part for part in parts if part)


def _two(words: Sequence[str]) -> bool:
    """Whether *words* go on with a second person: ``og NAME``."""
    return len(words) > 1 and words[0] in {"and", "och", "og", "und", "ja"} and words[1][:1].isupper()


def _last_named(words: Sequence[str]) -> str:
    """Return ``NAME, title`` for a title and the only name, behind it; "" where that is not plain.

    ``styrelseledamot och tidigare chef för Hamnverket, NAME``, ``Norrvik Science Parks VD NAME``
    """
    first = next((n for n in range(len(words), 0, -1) if not words[n - 1][:1].isupper() or _ends(words[n - 1])), 0)
    name, title = " ".join(words[first:]), " ".join(words[:first])
    if (
        not 2 <= len(words) - first <= 3
        or not first
        or words[:first] == ["Professor"]
        or person.BODIES.search(name)
        or not person.is_name(name)
    ):
        return ""
    ranked = _ranks(words[first - 1]) and words[0][:1].isupper()
    long = title.endswith(",") or first > LONG_TITLE
    # ``Kommunstyrelsens ordförande, NAME``: a title may begin a sentence.
    plain = title[:1].islower() or (first > 1 and title.endswith(",") and title[1:] == title[1:].lower())
    behind = long and plain and not any(map(person.is_person, person.PERSON.findall(title)))
    return f"{name}, {title.removeprefix('the ').rstrip(',')}" if ranked or behind else ""


def _ends(word: str) -> bool:
    """Whether a *word* ends a title: it is a rank, or has a comma."""
    return _ranks(word) or word.endswith(",")


def _ranks(word: str) -> bool:
    return _is_rank(word) or word == "Professor"


def _named_last(words: Sequence[str], start: int) -> str:
    """Return ``NAME, title`` for a title that itself has a name in it, the first at *start*; "" for any other.

    ``ordföranden i Kultur- och fritidsnämnden NAME (S)``
    """
    end = next((n for n, word in enumerate(words) if n >= start and word.startswith("(")), len(words))
    end = next((n + 1 for n, word in enumerate(words[:end]) if n >= start and word.endswith(",")), end)
    first = end
    while first > start and words[first - 1][:1].isupper():
        first -= 1
    if end - first < 2 or (first == start and end - first == 2):
        return ""
    name, title, after = (" ".join(part) for part in (words[end - 2 : end], words[: end - 2], words[end:]))
    between = ", " if name.endswith(",") else " "
    return f"{name.rstrip(',')}, {title}{between}{after}".rstrip(" ,")


def titled(words: list[str]) -> str:
    """Return ``NAME, title`` for a title that starts with a capital (``Harbour Labs director NAME``), else ""."""
    first = next(
        (n for n, word in enumerate(words) if not word[:1].isupper() and word not in PARTICLES), len(words)
    )
    last = len(words)
    while last and words[last - 1][:1].isupper():
        last -= 1
    said = words[:last]
    if (
        not 0 < first < last
        or len(words) - last not in {2, 3}
        or words[last - 1] in LINKING
        or "," in "".join(said)
    ):
        return ""
    # "NAME at Harbour Labs" names the person first.
    linked = any(word in LINKING and not above.endswith("-") for above, word in pairwise(["", *said]))
    return "" if linked else f"{' '.join(words[last:])}, {' '.join(said)}"


def _is_rank(word: str) -> bool:
    """Whether a word in capitals is a title such as CEO or VD rather than a name."""
    return (word.isupper() and 2 <= len(word) <= 4 and word.isalpha()) or word == "Vd"
