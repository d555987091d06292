"""Where a long compound may break: a phone cannot hold it in a title, and few mail programs hyphenate themselves.

Gmail and Outlook drop ``hyphens: auto`` (caniemail.com, "hyphens"), and a break without a hyphen is a misspelling
in the languages that write compounds in one word. So a title gets soft hyphens (U+00AD) at the joints of its
longest words. Word, which draws for Outlook on Windows, can show them where they stand: they are hidden from it.
"""

import re

from markupsafe import Markup

#: The languages that write compounds in one word, and may bind them with an s.
COMPOUND = frozenset({"sv", "da", "nb", "nn", "no", "de", "nl"})
#: Those that write them in one word, and part them before any consonant with a vowel after it (Kielitoimiston
#: ohjepankki, "tavutus"; Eesti õigekeelsuse reeglid, "poolitamine").
EVEN = frozenset({"fi", "et"})
#: A word that a phone's width cannot hold as a title.
LONG = re.compile(r"[^\W\d_][a-zß-öø-ÿ]{15,}")
_VOWEL, _CONSONANT = "[aeiouyåäöüæøéèëï]", "[bcdfghjklmnpqrstvwxz]"
#: Two consonants that can begin a syllable, or are one sound: nobody parts them.
_ONSET = (
    "(?:[bdfgkptvw]r|[bfgkps]l|[gks]n|s[cjkmptvz]|[bdfghkmpt]j|[dkt][vw]|t[shz]|[gkprs]h|p[fs]|c[hk]|n[gk]|zw)"
)
#: How parts begin with a vowel that no part begins so with an s: an s before them binds.
_BEGIN = (
    "(?:av[dgst]|an(?:sv|st[äa])|områ|organ|in(?:d|f|n[oe]|te[gr]|v)|arbe|akti|enhe|ämn|ut|upp(?!l)|under|över"
    "|au[fs]|unter|über|abt|ud|ont|onder)"
)
#: The joint of two parts: an s that binds them, told by the ending before it or by what cannot follow an s.
JOINT = re.compile(
    r"(?:ing|ung|ion|jon|het|hed|[hkt]eit|heid|tet|tät|s[ck]hap|skap|skab|schaft|dom|nad)s(?!ch)|dels(?!e)"
    rf"|\w{{3}}s(?=[bdfgr](?:{_VOWEL}|[jlr]))|\w\w{_CONSONANT}s(?={_BEGIN})"
)
#: Between two consonants before a vowel. A second one that is an s may bind two parts: taken where all else fails.
SYLLABLE, LOOSE = (
    re.compile(rf"(?<!c)(?<!t(?=h))(?!{_ONSET}){rule}{_CONSONANT}(?={_CONSONANT}{_VOWEL})", re.IGNORECASE)
    for rule in ("(?![^s]s)", "")
)
#: The same in an even language.
OPEN = re.compile(r"\w(?=[bdfghjklmnprstvz][aeiouyåäöõü])")
#: So many letters in a row fit a phone at the size of a title.
FITS = 14
#: Fewer than so many letters are not parted from a word.
PART = 4

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
    if len(word) <= FITS:
        return [word]
    rules = (OPEN,) if language in EVEN else (JOINT, SYLLABLE, LOOSE)
    cuts = next(filter(None, (_cuts(word, rule) for rule in rules)), [])
    if not cuts:
        return [word]
    cut = min(cuts, key=lambda place: abs(place - len(word) / 2))
    return [*parts(word[:cut], language), *parts(word[cut:], language)]


def _cuts(word: str, rule: re.Pattern[str]) -> list[int]:
    """Return where *rule* parts *word*, except too near its ends."""
    return [found.end() for found in rule.finditer(word) if PART <= found.end() <= len(word) - PART]
