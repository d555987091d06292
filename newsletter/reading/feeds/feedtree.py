"""Make a tree of a feed's or sitemap's bytes, as far as they can be understood: what XML forbids is read as meant.

Sources: XML 1.0, sections 2.2 (characters) and 4.1 (references); HTML's names of letters. Resolves no entity.
"""

import re
from collections import deque
from html import escape
from html.entities import html5

from lxml import etree

from newsletter.reading.charset import C1, decode

#: A document that declares entities of its own is an attack or a mistake; feeds need none. The names of HTML's
#: letters, which some take from W3C, are known without asking there.
ENTITIES = re.compile(rb"<!ENTITY\s(?!%\s{1,9}\w{1,30}\s{1,9}PUBLIC\s{1,9}[\"']-//W3C//ENTITIES)", re.IGNORECASE)
#: How a feed ends, maybe with a remark behind it, and how one of its entries begins.
ENDS = re.compile(r"</(?:\w+:)?(?:rss|feed|rdf)\s*>", re.IGNORECASE)
ENTRY = re.compile(r"<((?:\w+:)?(?:item|entry))[\s>]")
BEGINS = re.compile(r"<(?:\?xml\s|!DOCTYPE\s+rss|(?:\w+:)?(?:rss|feed|rdf)[\s>])", re.IGNORECASE)
DECLARATION = re.compile(r"<\?xml[^>]{0,300}\?>")
#: HTML's names for letters, which XML does not know; the five that it knows stay.
NAMED = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]{1,30};)")
QUOTED = re.compile(r"(<!\[CDATA\[(?:[^<\]]++|<(?!!\[CDATA\[)|\](?!\]>))*\]\]>)")
#: A sign that starts no entity: feeds forget to write it as one.
LOOSE = re.compile(r"&(?!#?\w{1,31};)")
NUMBERED = re.compile(r"&#(?:x([0-9a-f]{1,8})|(\d{1,10}));", re.IGNORECASE)
#: What RSS has HTML in, which it must hide from XML and some forget to.
BARE = re.compile(
    r"<(title|description|content:encoded)>((?:[^<]++|<(?!/?(?:\1|item|channel)\b|!\[CDATA\[))*)</\1>"
)
#: The last character of Unicode.
LAST = 0x10FFFF
#: What no XML may hold, so that the parser would drop all that stands around it. Word's line ends are among it.
#: To look for each of them by itself is ten times as fast as to look for any.
SIGNS = [*map(chr, (*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF))]
FORBIDDEN = re.compile(f"[{''.join(SIGNS)}]+")


def grown(data: bytes, charset: str) -> tuple[etree._Element | None, str]:
    """Return the document as a tree, as far as it can be understood, and what is wrong with it."""
    text = decode(data, charset)
    # PHP writes its warnings above what it was asked for.
    began = BEGINS.search(text, 0, 4096)
    text = text[began.start() :] if began else text.lstrip("\ufeff \t\r\n")
    declared = DECLARATION.match(text)
    text = text[declared.end() :] if declared else text
    text = FORBIDDEN.sub(_allowed, text) if any(sign in text for sign in SIGNS) else text
    text = _whole_entries(text)
    text = "".join(_named(part, quoted=number % 2 == 1) for number, part in enumerate(QUOTED.split(text)))
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        recover=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        return None, " ".join(str(error).split())
    log = parser.error_log
    fault = " ".join(log[0].message.split()) if len(log) else ""
    if "mismatch" in fault and (hidden := BARE.sub(_hidden, text)) != text:
        return grown(hidden.encode("utf-8", "replace"), "utf-8")
    return root, "nested too deeply" if "depth" in fault else fault


def _whole_entries(text: str) -> str:
    """Return a document without the entry in which it breaks off: nobody knows what that lacks."""
    if ENDS.search(text, max(len(text) - 4096, 0)):
        return text
    last = deque(ENTRY.finditer(text), 1)
    return text[: last[0].start()] if last and f"</{last[0][1]}" not in text[last[0].end() :] else text


def _hidden(found: re.Match[str]) -> str:
    """Return an element whose HTML no XML parser looks into."""
    html = found[2]
    return f"<{found[1]}>{escape(html, quote=False)}</{found[1]}>" if "<" in html else found[0]


def _named(text: str, *, quoted: bool) -> str:
    """Return *text* with no entity but those that XML knows; what is *quoted* as a whole may have any sign."""
    if "&" not in text:
        return text
    if quoted:
        return NAMED.sub(lambda found: html5.get(found[1], found[0]), text)
    text = LOOSE.sub("&amp;", NAMED.sub(lambda found: html5.get(found[1], f"&amp;{found[1]}"), text))
    return NUMBERED.sub(_whole, text)


def _whole(found: re.Match[str]) -> str:
    """Return a number's character: by the number where XML has it, else as browsers read it."""
    code = int(found[1], 16) if found[1] else int(found[2])
    if code in C1:
        return C1[code]
    if code > LAST or 0xD800 <= code <= 0xDFFF:
        # Of half a character of UTF-16, the parser would make what is no text.
        return "\ufffd"
    return FORBIDDEN.sub(_allowed, chr(code)) if FORBIDDEN.match(chr(code)) else f"&#{code};"


def _allowed(found: re.Match[str]) -> str:
    """Return what stands for characters that XML forbids: a space for the end of a line or page, else nothing."""
    return " " if "\x0b" in found[0] or "\x0c" in found[0] else ""
