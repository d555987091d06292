"""Where a long compound may break: a phone cannot hold it in a title, and few mail programs hyphenate themselves.

Gmail and Outlook drop ``hyphens: auto`` (caniemail.com, "hyphens"), and a break without a hyphen is a misspelling
in the languages that write compounds in one word. So a title gets soft hyphens (U+00AD) at the joints of its
longest words. Word, which draws for Outlook on Windows, can show them where they stand: they are hidden from it.
"""

import re

from markupsafe import Markup

#: The languages that write compounds in one word and may bind them with an s.
COMPOUND = frozenset({"sv", "da", "nb", "nn", "no", "de"})
#: Those that write them in one word, and part them before any consonant with a vowel after it (Kielitoimiston
#: ohjepankki, "tavutus"; Eesti õigekeelsuse reeglid, "poolitamine").
EVEN = frozenset({"fi", "et"})
#: A word that a phone's width cannot hold as a title.
LONG = re.compile(r"[^\W\d_][a-zß-öø-ÿ]{15,}")
#: The joint of two parts: after an s that binds them.
SEAM = re.compile(
    r"(?<=(?:an|en|in|on|ng|et|it|ap|om|or|ar|ig)s)(?<=\w{6})(?!ch)(?=[a-zß-öø-ÿ]{5})"
    r"|(?<=els)(?<=\w{6})(?!ch|e)(?=[a-zß-öø-ÿ]{5})"
    r"|(?<=\w{4}[bdfgklmnprtv]s)(?=[bdfghjklmnprv][a-zß-öø-ÿ]{5})"
)
#: Between a consonant and those that can begin a syllable; among more, the joint may be anywhere. Never inside
#: what is one sound (German rules, paragraph 110; Svenska skrivregler, "avstavning").
SYLLABLE = re.compile(
    r"(?<=[aeiouyåäöüæø][bdfghjklmnprstvxz])(?=(?:[bdfghjklmnprstvxz]|[bdfgkpt]r|[bfgkp]l|sch)[aeiouyåäöüæø])"
    r"(?<!c)(?<!n(?=g))(?<!t(?=h))(?<!p(?=h))(?<!s(?=[hjkt]))(?<!t(?=z))(?<!h)"
)
#: The same in an even language.
OPEN = re.compile(r"(?<=\w)(?=[bdfghjklmnprstvz][aeiouyåäöõü])")
#: No joint can be told by its letters.
NONE = re.compile(r"(?!)")
#: So many letters in a row fit a phone at the size of a title.
FITS = 14
#: Fewer than so many letters are not parted from a word.
PART = 5

SOFT_HYPHEN = "<!--[if !mso]><!-->&shy;<!--<![endif]-->"


def title(line: Markup, language: str) -> Markup:
    """Return the HTML of a title in *language* with soft hyphens in its longest words."""
    spoken = language.partition("-")[0]
    if spoken not in COMPOUND | EVEN:
        return line
    # A tag holds no word so long; a mark of a personal field has capitals and digits.
    broken = LONG.sub(lambda word: SOFT_HYPHEN.join(parts(word[0], spoken)), line)
    return Markup(broken)  # noqa: S704 (adds tags of ours)


def parts(word: str, language: str = "sv") -> list[str]:
    """Return *word* in parts of at most `FITS` letters, as far as a joint or a syllable allows."""
    seam, syllable = (NONE, OPEN) if language in EVEN else (SEAM, SYLLABLE)
    return [part for piece in seam.split(word) for part in _halves(piece, syllable)]


def _halves(piece: str, syllable: re.Pattern[str]) -> list[str]:
    """Return a piece that is too long in two or more, cut nearest to its middle."""
    if len(piece) <= FITS:
        return [piece]
    places = [found.start() for found in syllable.finditer(piece) if PART <= found.start() <= len(piece) - PART]
    if not places:
        return [piece]
    cut = min(places, key=lambda place: abs(place - len(piece) / 2))
    return [*_halves(piece[:cut], syllable), *_halves(piece[cut:], syllable)]
