"""Leave the letter's title out of what a notice says of it: it is ours, and may read like a server's words."""

import re
from collections.abc import Callable

from newsletter.bounce.mime import Opened, words

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


def known(opened: Opened, returned: dict[str, str], text: str) -> list[str]:
    """Return the title of the letter whose header is *returned*, as far as it or the notice *text* tells it."""
    named = [words(returned.get("subject", "")), *(found[2] for found in _NAMED.finditer(text))]
    ours = words(opened.headers.get("subject", "")).partition(":")[2].strip()
    if ours and re.search(f"{_QUOTED}{re.escape(ours)}{_QUOTED}", text):
        named.append(ours)
    titles = (" ".join(each.split())[:500] for each in named)
    return [each for each in dict.fromkeys(titles) if len(each) > 2][:_MOST]


def hiding(titles: list[str]) -> Callable[[str], str]:
    """Return what writes "(title)" for *titles* in a text."""
    either = "|".join(r"\s+".join(map(re.escape, each.split())) for each in titles)
    found = re.compile(f"{_BEFORE}(?:{either})(?:{_BEHIND})", re.I | re.M) if titles else None

    def hide(text: str) -> str:
        text = _NAMED.sub(r"\1(title)", text)
        return found.sub(r"\1(title)", text) if found else text

    return hide
