"""Cut plain text into sentences, and to a length that ends well. English, Swedish and German."""

import re

#: Words whose full stop ends no sentence.
ABBREVIATIONS = """
    prof dr mr mrs ms st nr no kl ca tel t.ex bl.a dvs d.v.s e.g i.e m.m s.k f.d m.fl o.s.v p.g.a fr.o.m t.o.m ass
    doc jr sr vs inc ltd resp ev vol univ u.a z.b bzw usw d.h sog bspw ggf inkl mio mrd vgl geb hrsg abs
"""
#: And of those before a number.
MONTHS = "jan feb febr mar apr jun jul aug sep sept oct okt nov dec dez janv févr avr juil déc"
_ABBREVIATIONS = frozenset(ABBREVIATIONS.split())
_MONTHS = frozenset(MONTHS.split())
#: From the first of several signs on: an end that is none is not tried from each of them anew.
END = re.compile(r"(?<![.!?…])[.!?…]+[\"”’»)\]]*\s+")
LAST_WORD = re.compile(r"[^\s(]{0,40}$")
#: In German a number with a full stop counts: ``am 14. September``, ``im 15. Jahrhundert``.
COUNTED = re.compile(r"\d{1,2}|[IVX]{1,5}")
COUNTED_MONTHS = "januar jänner februar märz april mai juni juli august september oktober november dezember"
BEFORE_COUNTED = "vom zum zur der die das dem des im ins beim seit"
_COUNTED_MONTHS, _BEFORE_COUNTED = frozenset(COUNTED_MONTHS.split()), frozenset(BEFORE_COUNTED.split())
FIRST_WORD, WORD_BEFORE = re.compile(r"\w{1,40}"), re.compile(r"(\w{1,10})\s$")


def split(text: str) -> list[str]:
    """Return the sentences of *text*, each with its full stop and without the space around it."""
    sentences, start = [], 0
    for found in END.finditer(text):
        following = text[found.end() : found.end() + 1]
        word = LAST_WORD.search(text, max(start, found.start() - 40), found.start())
        ends_early = found[0][0] == "." and word is not None and _is_short(word[0], following)
        if following.islower() or ends_early or (word and _counts(text, word, found.end())):
            continue
        sentences.append(text[start : found.end()].strip())
        start = found.end()
    sentences.append(text[start:].strip())
    return [sentence for sentence in sentences if sentence]


def _is_short(word: str, following: str) -> bool:
    """Whether a word before a full stop, with *following* behind that, is an abbreviation or an initial."""
    if following.isdigit() and word.casefold() in _MONTHS:
        return True
    return word.casefold() in _ABBREVIATIONS or (len(word) == 1 and word.isupper())


def _counts(text: str, number: re.Match[str], behind: int) -> bool:
    """Whether a *number* before a full stop counts what stands *behind* that, as German numbers do."""
    if not COUNTED.fullmatch(number[0]):
        return False
    counted, before = FIRST_WORD.match(text, behind), WORD_BEFORE.search(text[: number.start()][-12:])
    month = counted is not None and counted[0].casefold() in _COUNTED_MONTHS
    return month or (before is not None and before[1] in _BEFORE_COUNTED)


def cut(text: str, most: int, sentences: int = 3) -> str:
    """Return the first one to *sentences* sentences of *text*, together at most *most* characters.

    Where the first sentence alone is longer, it ends at a word and with an ellipsis.
    """
    kept = ""
    # A sentence that is cut here is too long anyway.
    for sentence in split(" ".join(text.split())[: most + 2])[:sentences]:
        longer = f"{kept} {sentence}".strip()
        if len(longer) > most:
            return kept or shorten(longer, most)
        kept = longer
    return kept


def shorten(text: str, most: int) -> str:
    """Return *text* in at most *most* characters, cut at a word and ended with an ellipsis if it was longer."""
    if len(text) <= most:
        return text
    head = text[:most]
    at_word = head.rpartition(" ")[0]
    return (at_word if len(at_word) > most // 2 else head[:-1]).rstrip(" ,;:–—-") + "…"
