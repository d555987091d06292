"""Find what somebody wrote in an answer: above, below and between the letter that it cites.

Mail programs mark what they cite with ``>``, or put a line or a header above it, in the reader's language.
"""

import re
from collections.abc import Iterator
from itertools import takewhile

from newsletter.bounce.mime import Opened

#: What is looked at of an answer, in characters and lines: who wants something says so at the start.
READ = 8_000
LINES = 120

#: Lines behind which only the letter stands.
_RULE = re.compile(r"\s*(?:[-_=*]{5,80}|-{2,10}\s?[^-\n]{3,60}-{2,10})\s*")
#: The fields that Outlook and others write above it, in the languages of our readers.
_FIELD = re.compile(
    r"[\s*>]{0,6}(?:from|sent|date|to|subject|från|skickat|datum|till|ämne|von|gesendet|an|betreff|de|envoyé|à"
    r"|objet|lähettäjä|lähetetty|päivä|vastaanottaja|aihe|fra|sendt|dato|til|emne|van|verzonden|aan|onderwerp|enviado"
    r"|para|asunto|da|inviato|oggetto)\s?:",
    re.I,
)
#: The end of a line such as "On 12 June 2025 at 09:00, The Quay <news@example.org> wrote:".
_WROTE = re.compile(r"(?:@|\d{1,2}[:.]\d\d|\d{4}).{0,300}:\s*$")
#: The delimiter above a signature (RFC 3676 section 4.3).
_SIGNATURE = "--"


def own(opened: Opened) -> list[str]:
    """Return the lines that somebody wrote themselves."""
    part = next((each for each in opened.parts if each.type == "text/plain" and each.text.strip()), None)
    part = part or opened.part("text/html")
    lines = part.text[:READ].replace("\xa0", " ").split("\n") if part else []
    return list(_above(lines[:LINES]))


def _above(lines: list[str]) -> Iterator[str]:
    for at, line in enumerate(lines):
        if line.lstrip().startswith((">", "|")):
            continue
        if line.rstrip() == _SIGNATURE or _RULE.fullmatch(line[:200]) or _begins(lines, at):
            # What stands below what is marked as cited is theirs again.
            yield from (each for each in _below(lines[at + 1 :]))
            return
        yield line


def _below(lines: list[str]) -> list[str]:
    """Return what stands below the lines that are marked as cited, if there are any."""
    cited = [at for at, line in enumerate(lines) if line.lstrip().startswith(">")]
    below = lines[cited[-1] + 1 :] if cited else []
    return [] if any(_RULE.fullmatch(line[:200]) for line in below) else below


def _begins(lines: list[str], at: int) -> bool:
    """Return whether the letter begins here: with a header, or with who wrote when, on up to three lines."""
    line = lines[at]
    if _FIELD.match(line[:200]) and any(_FIELD.match(each[:200]) for each in lines[at + 1 : at + 5]):
        return True
    # The words "a écrit :" may stand on a line of their own.
    together = [line, *takewhile(str.strip, lines[at + 1 : at + 3])]
    dated = any(sign.isdigit() or sign == "@" for sign in line)
    return dated and any(_WROTE.search(" ".join(together[:count])[:600]) for count in (1, 2, 3))
