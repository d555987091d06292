"""Leave out what a notice says beside the matter: of answers to itself, and of a search for viruses.

"This mailbox does not accept mail" is about the mailbox of the notice there, and "scanned for viruses" is the foot
that a program puts under every letter.
"""

import re

_ANSWERS = re.compile(
    r"(?:do not|don't|cannot|can't|not be) (?:repl|respond|answer)|unattended|unmonitored|not monitored"
    r"|svara (?:inte|ej)|inte (?:svara|besvara)|ikke svar|svar ikke|ikke (?:be)?svare|älä vastaa"
    r"|nicht (?:auf diese|antworten|beantwort)",
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


def without(text: str) -> str:
    """Return the notice *text* without the paragraphs that are about neither somebody nor a letter."""
    return "".join(each for each in _PARAGRAPH.split(text) if _ABOUT.search(each) or not _beside(each))


def _beside(paragraph: str) -> bool:
    if _ANSWERS.search(paragraph):
        return True
    return bool(_SCANNED.search(paragraph)) and not _CAUGHT.search(paragraph)
