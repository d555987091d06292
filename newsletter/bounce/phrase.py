"""What the words of a refusal mean: one short reason, by meaning and not by server.

Two ways. `TELLING` are phrases that mean one thing in any sentence. Whether somebody or some domain is not there
is said in hundreds of ways, so it is read as a sentence: a word for "is not there" and, close by, one for what.
Texts are compared in lower case, without addresses, links and host names, which are full of words themselves, and
without long numbers, which make the same sentence another one each time.
"""

import re
from functools import lru_cache

from newsletter.bounce import absence
from newsletter.bounce.causes import TELLING
from newsletter.bounce.hints import VAGUE

#: How far from "is not there" the thing may stand that is not there, in characters.
NEAR = 48

#: How far the word may stand that makes a guess of it.
FAR = 160

#: The writing and the punctuation of East Asia, where sentences go on behind an address without a blank.
_EAST = "“”\u3000-\u30ff\u3400-\u9fff\uac00-\ud7af\uff00-\uffef"
_NOISE = re.compile(
    rf"""(https?://\S{{1,500}}|\[[0-9a-f.:]{{7,45}}\])"""
    rf"""|(<?[^\s<>():{_EAST}]{{1,128}}@[^\s<>()\]:{_EAST}]{{1,255}}>?)"""
    r"""|\b(?![\d.]+\b)[\w-]{1,63}(?:\.[\w-]{2,63}){1,8}\b(?!\.\.\.)|(\d{6,40})"""
)
_CODES = re.compile(r"(?:^|(?<=\s))[245]\d\d-(?:[245]\.\d{1,2}\.\d{1,3}\s)?")

#: What a reporting server says of the command that was refused, or of its own queue, is about nobody.
_OWN = re.compile(r"\(in reply to [^()]{1,60}\)|\brcpt (?:to|commands?)\b|\bdelivery temporarily suspended:")
_PARAGRAPH = re.compile(r"\n[ \t]*\n\s*")

#: What a server found out when it asked the next one about the address follows this: perhaps, that it is silent.
_ASKED = re.compile(r"\b(?:undeliverable|unverified) address: (?=\S+\s+\S+\s+\S)")

#: What stands for an address, for the name of a host, and for one that says who may not send.
_WHOM = "(@)"
_WHERE = "(.)"
_LISTED = "blocklist"
_LISTS = re.compile(
    r"spamhaus|spamcop|\bsorbs\b|barracudacentral|uceprotect|spamrl|abusix|mailspike|\b(?:dns|r)bl\d?\b"
)
#: The address of whoever connected: a server that names it, and says no more, speaks of that.
_CALLER = re.compile(
    r"\bip(?: address)?[:= ]{1,3}(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]{1,4}(?::[0-9a-f]{0,4}){2,7})\b"
)
#: What ends what is said of a thing: a sentence, and the code with which another server's words begin.
_END = re.compile(r"[.;!] |(?<![\w.])[245]\d\d(?: |$)")
#: What follows where somebody takes mail, but not all of it: from some, in some form, for some time.
_PARTLY = re.compile(
    r"(?: (?:any )?(?:e-?mail|mail|messages?))? (?:with(?:out)?|in|over|between|before|after|until|unless|sent"
    r"|larger|containing|that|which|of|via|through|by|when|while|if)\b"
)
#: What the phrases of `TELLING` say of somebody, or of a house, that is gone for good.
_GONE = frozenset(("hasmoved", "hostunknown", "notaccept"))
#: Exchange says so of which house somebody is not: after the words in most languages, before them in German.
_AT_HOUSE = re.compile(r" ?(?:at|på|kohteesta|osoitteesta) \(\.\)")
_IN_HOUSE = re.compile(r"\bunter \(\.\) ?$")
_HOST_BEFORE = re.compile(r"(?<!unter )\(\.\)\W{0,3}(?:does|did|is|was|could|has)? ?$")


def plain(text: str) -> str:
    """Return *text* as phrases are compared with it."""
    text = text.lower().replace("\u2019", "'").replace("`", "'").replace("_", " ")
    if "-" in text:
        # The lines of a long reply each begin with its code, in the midst of a phrase.
        text = _CODES.sub("", text)
    # Paragraphs end what is said as a full stop does.
    text = _OWN.sub(" ", _PARAGRAPH.sub(" . ", text))
    return " ".join(_ASKED.sub(" ", _NOISE.sub(_sign, text)).split())


def _sign(found: "re.Match[str]") -> str:
    if found[2]:
        return f" {_WHOM} "
    if _LISTS.search(found[0]):
        return f" {_LISTED} "
    return " " if found[1] or found[3] else f" {_WHERE} "


# Servers say the same to thousands.
@lru_cache(maxsize=512)
def reason(text: str) -> str:
    """Return what *text*, as `plain` makes it, says was wrong; "" if it says nothing that is known."""
    return telling(text) or absent(text) or _first(text, VAGUE) or ("policy" if _CALLER.search(text) else "")


def telling(text: str) -> str:
    """Return what a phrase in *text* means that means one thing in any sentence, or ""."""
    return _first(text, TELLING)


def _first(text: str, table: tuple[tuple[str, tuple[str, ...]], ...]) -> str:
    text = f" {text} "
    for word, phrases in table:
        for phrase in phrases:
            if phrase in text and not (word in _GONE and _doubtful(text, word, phrase)):
                return "rejected" if word == "hostunknown" and _senders(text, phrase) else word
    return ""


def _doubtful(text: str, word: str, phrase: str) -> bool:
    """Return whether the sentence only guesses what *phrase* says, or says it of some mail."""
    at = text.find(phrase)
    end = at + len(phrase)
    guess = _perhaps(text[max(0, at - FAR) : at], text[end : end + FAR])
    return guess or (word == "notaccept" and _partly(text, phrase))


def _partly(text: str, phrase: str) -> bool:
    """Return whether what *phrase* says of no mail at all is about some mail only, or about now."""
    after = text[text.find(phrase) + len(phrase) :][:FAR]
    return bool(_PARTLY.match(after)) or any(word in _END.split(after)[0] for word in absence.FOR_NOW)


def _senders(text: str, phrase: str) -> bool:
    """Return whether the domain that *phrase* says is not there is that of whoever sends."""
    at = text.find(phrase)
    around = text[max(0, at - NEAR) : at + len(phrase) + NEAR]
    return any(word in around for word in absence.SENDERS)


def absent(text: str, *, firmly: bool = False) -> str:
    """Return userunknown or hostunknown if *text* says that somebody or some domain is not there, or "".

    *firmly* leaves out the words that say it of somebody who is only not there now.
    """
    text = f" {text} "
    for word in absence.ABSENT:
        if firmly and word in absence.WEAK:
            continue
        at = text.find(word)
        while at >= 0:
            end = at + len(word)
            # "May not exist" is a guess, and "not exist" is a part of it.
            guess = _perhaps(text[max(0, at - FAR) : end], text[end : end + FAR])
            if not guess and (found := _what(text[max(0, at - NEAR) : at], word, text[end : end + NEAR])):
                return found if found == "userunknown" or word not in absence.WEAK else ""
            at = text.find(word, end)
    return ""


def _what(before: str, word: str, after: str) -> str:
    """Return what is not there: the nearest thing that is named, before it or after."""
    before, after = _END.split(before)[-1], _END.split(after)[0]
    if any(each in f"{before}{word}{after}" for each in absence.OURS):
        return ""
    if _HOST_BEFORE.search(before):
        return "hostunknown"
    if word in absence.HAVING:
        before = ""
    inside = any(each in word for each in absence.PEOPLE)
    person = 0 if inside else _distance(before, after, absence.PEOPLE)
    if word not in absence.WEAK:
        person = min(person, _distance(before, after, (_WHOM,)))
    elif _distance(before, after, absence.LETTERS) < person:
        return ""
    domain = _distance(before, after, absence.DOMAINS)
    if person > NEAR and domain > NEAR:
        named = word not in absence.WEAK and not any(each in before for each in absence.LETTERS)
        return "userunknown" if named and (_AT_HOUSE.match(after) or _IN_HOUSE.search(before)) else ""
    return "userunknown" if person < domain else "hostunknown"


def _perhaps(before: str, after: str) -> bool:
    """Return whether the sentence only guesses, or speaks of now."""
    before, after = f" {re.split(r'[.;!。] ?', before)[-1]}", re.split(r"[.;!。] ?", after)[0]
    return any(word in before for word in absence.IF) or any(
        word in before or word in after for word in (*absence.PERHAPS, *absence.FOR_NOW)
    )


def _distance(before: str, after: str, words: tuple[str, ...]) -> int:
    best = NEAR + 1
    for word in words:
        at = before.rfind(word)
        if at >= 0:
            best = min(best, len(before) - at - len(word))
        at = after.find(word)
        if at >= 0:
            best = min(best, at)
    return best
