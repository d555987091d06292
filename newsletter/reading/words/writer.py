"""Tell the name of whoever wrote something from what else stands there: a program's word, a site, a link."""

import re

from newsletter.reading.words.paragraphs import clean

#: A name is looked for in so many characters of what a source says, and is no longer; more are no names.
NAMES, LONGEST = 1000, 200
#: Addresses beside a name, or in its place: they say who typed, or where.
ADDRESS = re.compile(r"\S+@\S+\.\w+|[(<]?(?:https?://|\bwww\.)[^\s()<>]+[)>]?")
EMPTY = re.compile(r"\(\s*\)|<\s*>")
SITE = re.compile(r"(?:[\w-]{2,}\.)+[a-z]{2,}", re.IGNORECASE)
#: What stands before a name, and what remains of a line behind it.
BEFORE = re.compile(
    r"^(?:view all posts(?: by)?|(?:all|more) (?:posts|articles) (?:by|from)|posted by|written by|by|"
    r"alle (?:artikel|beiträge) von|alla inlägg av)\s*:?\s+(?=\S)",
    re.IGNORECASE,
)
BEHIND = re.compile(r"\s+(?:am|on|den|le|in|i)$")
#: What programs write of what nobody has signed.
UNSIGNED = frozenset({
    "admin", "administrator", "webmaster", "wordpress", "root", "super user", "superuser", "editor", "redaktör",
    "redaktion", "redaktionen", "webbredaktion", "webbredaktionen", "webbredaktör", "webredaktion",
    "unknown", "anonymous", "gast", "guest", "user", "author", "more from this author", "mehr",
})  # fmt: skip
#: What an account is called, and nobody: ``annho12``, ``site-admin``.
ACCOUNT = re.compile(r"[a-z]{2,20}\d{1,9}|(?:[a-z]{1,20}[-_.])*admin(?:[-_.][a-z]{1,20})*\d{0,4}")


def name(said: str) -> str:
    """Return whom *said*, a byline of any kind, names; "" for nobody."""
    words = " ".join(EMPTY.sub(" ", ADDRESS.sub(" ", clean(said[:NAMES]))).split())[:LONGEST].strip(" ,;|<>–—-")
    words = BEHIND.sub("", BEFORE.sub("", words))
    if words.count("(") != words.count(")"):
        words = words.strip("() ")
    # What a template left is a script's.
    unsigned = words.casefold() in UNSIGNED or words.endswith("[bot]") or ACCOUNT.fullmatch(words)
    return "" if unsigned or "{" in words or SITE.fullmatch(words) else words
