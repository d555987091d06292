"""What cells hold as office programs write them: texts kept from becoming numbers, links, names turned round."""

import re

#: What programs write where there is no name, and what people type into a column that wants one.
_NOBODY = frozenset({
    "-", "--", "–", "—", ".", "?", "null", "NULL", "(null)", "none", "nan", "NaN", "undefined", "n/a",
    "N/A", "#N/A",
})  # fmt: skip
#: A text that a spreadsheet shall not take for a number or a date, as programs write it for Excel.
_KEPT = re.compile(r'="([^"]{0,1000})"')
#: An address with what links, sentences and address books put around it; Access writes ``shown#mailto:target#``.
_AROUND = re.compile(
    r"""[\s"'<(\[]{0,8}(?:(?:mailto|smtp):\s?)?(?P<address>[^\s<>"'()\[\],;:#?@]{1,64}@[^\s<>"'()\[\],;:#?@]{1,253}?)"""
    r"""(?:\#mailto:(?P=address)\#)?(?:\?subject=[^\s,;]{0,200})?[\s"'>)\].,;]{0,8}(?:\([^()@]{0,100}\)\s{0,8})?""",
    re.IGNORECASE,
)
#: The first byte of most letters of Europe in UTF-8, and one that follows it, as Windows-1252 shows them.
_TWICE = re.compile("Ã[\x80-\xbfŒœŠšŸŽžƒˆ˜–—‘’‚“”„†‡•…‰‹›€™]")
#: No word of Europe: Cyrillic or Greek letters of one byte each, read as Western ones.
_EASTERN = re.compile(r"(?<!\w)[À-ÖØ-öø-ÿ]{5,}(?!\w)")
#: "Berg, Anna" and "von Berg, Anna Maria": words with capitals, but for what goes before a family's name.
_LAST_FIRST = re.compile(
    r"(?P<last>(?:(?:von|van|de|der|den|af|av|la|du|di|da)\s){0,2}[^\W\d_][\w'’-]{1,40}(?:\s[^\W\d_][\w'’-]{1,40})?)"
    r",\s?(?P<first>[^\W\d_][\w'’-]{1,40}(?:\s(?:[^\W\d_]\.|[^\W\d_][\w'’-]{1,40}))?)"
)
#: What stands behind a name and a comma, and is no first name.
_BEHIND = re.compile(
    r"(?:ab|hb|kb|asa|oyj?|aps|gmbh|ag|kg|inc|ltd|llc|plc|co|corp|jr|sr|phd|md|mba|m\.?sc|b\.?sc|ba|dr|prof|esq|cpa|ceo"
    r"|cto|cfo|coo|vd|vp|hr|pr|it|ii|iii|iv)\.?",
    re.IGNORECASE,
)


def plain(cell: str) -> str:
    """Return a cell without the sign by which Excel keeps it a text."""
    kept = _KEPT.fullmatch(cell)
    return kept[1] if kept else cell


def garbled(cell: str) -> bool:
    """Whether a cell holds letters that a program took for those of Windows: ``Ã…sa``, ``Ñòàòóñ``."""
    if _EASTERN.search(cell):
        return True
    if not _TWICE.search(cell):
        return False
    try:
        raw = b"".join(each.encode("latin-1" if "\x80" <= each < "\xa0" else "cp1252") for each in cell)
        return raw.decode() != cell
    except UnicodeError:
        return False


def bare(cell: str) -> str:
    """Return the one address in a cell without what stands around it, or "" if there is none, or more."""
    found = _AROUND.fullmatch(cell[:600])
    return found["address"].rstrip(".") if found else ""


def part(name: str) -> str:
    """Return a name, or "" for what says that there is none."""
    return "" if name.strip() in _NOBODY else name


def turned(name: str) -> str:
    """Return a name as its bearer is greeted: ``Berg, Anna`` is Anna Berg."""
    found = _LAST_FIRST.fullmatch(name.strip()) if "," in name else None
    if not found or _BEHIND.fullmatch(found["first"]):
        return name
    words = (found["last"].split()[-1], *found["first"].split())
    return f"{found['first']} {found['last']}" if all(word[:1].isupper() for word in words) else name
