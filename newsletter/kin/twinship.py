"""Tell whether two articles in two languages are twins where no site says so: by their addresses and names.

A wrong yes puts two stories into one place of an issue, a wrong no tells one story twice, so much must speak for a
yes: the same address but for its language, or the same day and mostly the same names and numbers.
"""

import re
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

from newsletter.model import Article

#: Parts of an address that only say in which language it is.
_LANGUAGES = """
    en eng english in-english en-us en-gb sv se swe svenska pa-svenska sv-se de deutsch fi suomi no nb nn norsk da
    dk dansk fr es it nl
"""
LANGUAGES = frozenset(_LANGUAGES.split())
PARAMETERS = frozenset({"lang", "language", "locale", "hl", "l"})
#: The last part of an address that is shorter, in characters, may be anything.
TELLING = 5
#: A number in the last part of an address that may be the piece's own.
NUMBER = re.compile(r"^(\d{3,10})(?=-|$)|-(\d{3,10})$")
#: A translation may come weeks later where the address is the same; where only numbers and names are, days.
LATER, APART = timedelta(days=60), timedelta(days=2)
#: What stays the same in another language: words with a capital inside of a sentence, numbers, addresses.
KEPT = re.compile(r"(?<=[a-zåäöé,;:–-]\s)[A-ZÅÄÖÉ][\w&’'-]+|\d[\d.,:]*\d|\d{2,}|[\w.+-]+@[\w.-]+\w")
#: So much of what the one keeps the other has too, and at least so many of them.
SHARE, FEW = 0.6, 4
#: What a calendar gives: the line of one event, which begins with when it takes place.
EVENT = re.compile(r"\A::: events\n- (?P<when>[^|\n]+) \|[^\n]*\n:::\s*\Z")
#: More of a text than this, in characters, does not make the answer better.
ENOUGH = 6000


def places(url: str) -> tuple[str, ...]:
    """Return what the addresses of twins have in common: the address without its language, and its number."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ()
    host = parts.hostname or ""
    first, _, rest = host.partition(".")
    host = rest if "." in rest and (first in LANGUAGES or first == "www") else host
    steps = [step for step in parts.path.casefold().split("/") if step and step not in LANGUAGES]
    query = sorted(pair for pair in parse_qsl(parts.query) if pair[0] not in PARAMETERS)
    if not host or not (steps or query):
        return ()
    if not query and len(steps[-1]) < TELLING:
        return ()
    place = f"{host}/{'/'.join(steps)}" + "".join(f"&{name}={value}" for name, value in query)
    found = NUMBER.search(steps[-1]) if steps else None
    return (place, f"{host}#{found[1] or found[2]}") if found else (place,)


def near(one: Article, other: Article, apart: timedelta) -> bool:
    """Whether two articles are in two languages and came out within *apart*."""
    if not (one.language and other.language and one.published and other.published):
        return False
    return one.language != other.language and abs(one.published - other.published) <= apart


def same_place(one: Article, other: Article) -> bool:
    """Whether the addresses of two articles differ in their language only, or share their number."""
    if one.url == other.url:
        return False
    shared = set(places(one.url)) & set(places(other.url))
    return any(near(one, other, APART if "#" in place else LATER) for place in shared)


def same_names(one: Article, other: Article) -> bool:
    """Whether two articles of one site came out together and tell of the same names and numbers.

    The lines of two events do if both take place at the same time.
    """
    if not near(one, other, APART):
        return False
    events = [EVENT.match(each.text) for each in (one, other)]
    if any(events):
        return all(events) and len({found["when"] for found in events if found}) == 1
    fewer, more = sorted((kept(one), kept(other)), key=len)
    shared = len(fewer & more)
    return shared >= FEW and shared >= SHARE * len(more)


def kept(one: Article) -> frozenset[str]:
    """Return the names, numbers and addresses in an article, which a translation keeps."""
    found = KEPT.findall(f"{one.title}\n{one.text[:ENOUGH]}")
    # A Swedish genitive, and the same number written in two ways.
    return frozenset(word.rstrip(".,:").removesuffix("’s").removesuffix("'s").removesuffix("s") for word in found)
