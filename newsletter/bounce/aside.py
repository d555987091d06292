"""Leave out what a notice says beside the matter: of answers, of viruses, of what you may think, and our title.

"This mailbox does not accept mail" is about the mailbox of the notice there, "scanned for viruses" is the foot
that a program puts under every letter, and "if you think that this is spam" reproaches nobody. The letter's title
is ours, and may read like a server's words.
"""

import re
from collections.abc import Callable

from newsletter.bounce.mime import Opened, words

_ANSWERS = re.compile(
    r"(?:do not|don't|cannot|can't|not be) (?:repl|respond|answer)|unattended|unmonitored|not monitored"
    r"|svara (?:inte|ej)|inte (?:svara|besvara)|ikke svar|svar ikke|ikke (?:be)?svare|älä vastaa"
    r"|nicht (?:auf diese|antworten|beantwort)",
    re.I,
)
_DOUBTS = re.compile(
    r"^\s*(?:if you (?:think|believe|feel|consider|suspect)|om du (?:tror|anser|tycker)|hvis du (?:tror|mener)"
    r"|wenn sie (?:glauben|meinen|denken|der meinung)|jos (?:uskot|luulet|epäilet))\b",
    re.I,
)
_SCANNED = re.compile(
    r"\b(?:scanned|checked|tested|protected|sökts igenom|genomsökt|kontrollera[td]?s?|scannet|skannet|kontrolleret"
    r"|geprüft|tarkistettu)\b.{0,80}(?:vir(?:us|en)|spam|clamav)"
    r"|(?:virus|viren).{0,80}\b(?:scanned|checked|geprüft|tarkistettu)\b"
    r"|virus-?(?:free|fri\b|frei)|no virus(?:es)? (?:was |were )?found|information from eset",
    re.I | re.S,
)
_CAUGHT = re.compile(
    r"infected|contain(?:s|ed|ing)\b|detected|quarantin|removed|reject|refus|block|deliver"
    r"|(?<!no )virus(?:es)? found",
    re.I,
)
#: Somebody, or a code: what is said beside it is about that.
_ABOUT = re.compile(r"@|(?<![\d.])[245]\d\d(?![\d.])|\b[245]\.\d{1,2}\.\d")
_PARAGRAPH = re.compile(r"(\n[ \t]*\n\s*)")
#: What a filter found out about the letter, as a notice cites it from the letter's header.
_FIELD = re.compile(r"^[ \t>]{0,8}X-(?:Spam|Virus)[\w-]{0,40}:.*\n?", re.I | re.M)

#: The line in which a notice names the title, in the languages of mail servers.
_NAMED = re.compile(
    r"^([ \t>*]{0,12}(?:(?:the|your|original|message|e-?mail) ){0,3}"
    r"(?:subject|ämne|emne|aihe|betreff|onderwerp|objet|asunto|assunto|oggetto|temat|тема|件名)"
    r"(?: was| is| line)?[ \t]{0,8}[:：][ \t]{0,8})(\S.{0,500})$",
    re.I | re.M,
)
_QUOTED = r"""["'“”„«»‘’]"""
#: Where a title may stand without such a name: in quotes, or behind any other name to the end of its line.
_BEFORE = rf"(^[ \t>*]{{0,12}}(?:[^\W\d][^\n:@<>]{{0,30}}:)?[ \t]{{0,12}}|{_QUOTED})"
_BEHIND = rf"(?=[ \t]{{0,12}}$|{_QUOTED})"
_MOST = 4


def without(text: str) -> str:
    """Return the notice *text* without cited fields and the paragraphs about neither somebody nor a letter."""
    text = _FIELD.sub("", text)
    return "".join(each for each in _PARAGRAPH.split(text) if _ABOUT.search(each) or not _beside(each))


def _beside(paragraph: str) -> bool:
    if _ANSWERS.search(paragraph) or _DOUBTS.search(paragraph):
        return True
    return bool(_SCANNED.search(paragraph)) and not _CAUGHT.search(paragraph)


def titles(opened: Opened, returned: dict[str, str], text: str) -> list[str]:
    """Return the title of the letter whose header is *returned*, as far as it or the notice *text* tells it."""
    named = [words(returned.get("subject", "")), *(found[2] for found in _NAMED.finditer(text))]
    ours = words(opened.headers.get("subject", "")).partition(":")[2].strip()
    if ours and re.search(f"{_QUOTED}{re.escape(ours)}{_QUOTED}", text):
        named.append(ours)
    titles = (" ".join(each.split())[:500] for each in named)
    return [each for each in dict.fromkeys(titles) if len(each) > 2][:_MOST]


def untitled(titles: list[str]) -> Callable[[str], str]:
    """Return what writes "(title)" for *titles* in a text."""
    either = "|".join(r"\s+".join(map(re.escape, each.split())) for each in titles)
    found = re.compile(f"{_BEFORE}(?:{either})(?:{_BEHIND})", re.I | re.M) if titles else None

    def hide(text: str) -> str:
        text = _NAMED.sub(r"\1(title)", text)
        return found.sub(r"\1(title)", text) if found else text

    return hide
