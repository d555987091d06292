"""Find out whether a paragraph invites the reader to do something: a call to action. English and Swedish.

``Need a room? Visit the harbour lab.`` becomes the text *Need a room?* and the button *Visit the harbour lab*. An
address in the paragraph becomes the link; without one the link stays empty, for the editor to add.
"""

import re
from dataclasses import dataclass

from newsletter.reading.words.later import later
from newsletter.sentence import split

ADDRESS = re.compile(
    r"https?://[^\s<>\"“”«»]+|www\.[^\s<>\"“”«»]+|[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+"
    r"|\b(?:[a-z0-9-]{1,63}\.){1,20}(?:se|org|com|net|eu|nu|io|no|dk|fi|info|example)(?:/[^\s<>\"“”«»]*)?(?![\w@])",
    re.IGNORECASE,
)
ACTION = later(
    r"(?:please\s+|so\s+|then\s+|välkommen\s+att\s+|varmt\s+välkommen\s+att\s+|så\s+|då\s+)?(?:"
    r"(?P<plainly>visit|register|sign up|book|apply|join|contact|download|buy|get (?:your|in|involved|"
    r"started)|read more|"
    r"read (?:the|our|about|all)|learn (?:more|about)|find out|discover|subscribe|donate|rsvp|reserve|"
    r"check out|submit|"
    r"explore|take part|let us know|write to|don[’'´]t miss|click|request|volunteer|"
    r"besök|anmäl|registrera|boka|ansök|läs (?:mer|om|hela|vår|mera)|ladda (?:ner|ned)|kontakta|köp|beställ|"
    r"prenumerera|hör av|upptäck|skriv (?:upp|till|in)|mejla|maila|missa inte|säkra|bli (?:medlem|partner)|"
    r"ta (?:del|kontakt)|tipsa|utforska|klicka|nominera)|"
    r"order|get (?:a|the)|come|see|watch|listen|follow|try|tell us|mail|email|e-mail|call|save|start|meet|"
    r"look|send|"
    r"share|support|kom|följ|se|delta|sök|ring|hitta|testa|prova|titta|lyssna|bli|skicka|berätta|träffa|stöd|välj"
    r")\b(?!-)",
    re.IGNORECASE,
)
#: Words before the verb that a button does not need.
LEAD_IN = re.compile(r"(?:please|so|then|så|då)\s+(?=\w)", re.IGNORECASE)
#: Two years that follow one another are no telephone: ``2025/2026``.
TELEPHONE = re.compile(r"(?<!\d)(?!(?:19|20)\d\d ?[/-] ?(?:19|20)\d\d(?!\d))\+?\d[\d ()/-]{5,}\d")
#: What is left of "Register here: https://…" once the address is a link.
LEFTOVER = re.compile(
    r"[\s:,;(\[–—-]+(?:here|at|on|via|to|through|här|på|till|genom|hos|link|länk|e-?mail|mejl)?[\s:)\]>→»-]*$",
    re.IGNORECASE,
)
#: It stands in so many last characters before the address.
LEADING = 60
CLAUSE = re.compile(
    r"\s+(?:to|for|by|before|at|on|via|and|or|if|with|för|senast|innan|på|via|och|eller|om|med|så)\s|,\s",
    re.IGNORECASE,
)
#: A call to action is short, or it is a paragraph. In characters and sentences.
LONGEST, SENTENCES = 240, 4
#: The most words of a button that still look like one, in characters.
BUTTON = 60


@dataclass(frozen=True, slots=True)
class Invitation:
    """A call to action: *text* stands above the button with *label*; *href* is where it leads, or ""."""

    text: str
    label: str
    href: str = ""


def read(paragraph: str, *, alone: bool = False, language: str = "") -> Invitation | None:
    """Return the call to action that *paragraph* is, or None.

    *alone* means that nothing of the same section follows, which makes a bare ``Register now`` one.
    *language* is the language of a button that the paragraph has no words for.
    """
    address = ADDRESS.search(paragraph)
    words = _without(paragraph, address) if address else paragraph
    rest = paragraph[address.end() :].strip(" .,:;!?…)]>") if address else ""
    sentences = split(words)
    if not sentences or len(words) > LONGEST or len(sentences) > SENTENCES:
        return None
    *before, last = sentences
    asked = sentences[0].endswith("?")
    href = link(address[0]) if address else ""
    action = ACTION.match(last)
    # "Come early." may be anything; "Visit the lab." is an invitation whatever stands around it.
    wanted = bool(action and (action["plainly"] or href or asked))
    if not before and not _stands_alone(last, wanted, asked, href, alone):
        return None
    if before and not ((asked and (wanted or href)) or (wanted and (href or alone))):
        return None
    if rest or TELEPHONE.search(last):
        # Another way to get there stands in the words: they stay whole, and the button is short.
        led = [last, *(split(_without(paragraph[: address.end()], address)) if address else [])][-1]
        written = href.startswith("mailto:")
        return Invitation(paragraph, _button(led, wanted, language, short=True, written=written), href)
    return _made(before, last, href, wanted, language)


def link(address: str) -> str:
    """Return an address as people write it as one that a link can have."""
    bare = address.rstrip(".,;:!?…)]’'")
    if address.startswith("http") and "(" in bare and address[len(bare) :].startswith(")"):
        bare += ")"
    if "@" in bare and "/" not in bare:
        return f"mailto:{bare}"
    return bare if re.match("https?://", bare, re.IGNORECASE) else f"https://{bare}"


def _stands_alone(sentence: str, wanted: bool, asked: bool, href: str, alone: bool) -> bool:
    """Whether a paragraph of one sentence is a call to action."""
    if asked:
        return bool(href)
    return wanted and len(sentence) <= LONGEST // 2 and (bool(href) or sentence.endswith(".") or alone)


def _without(paragraph: str, address: re.Match[str]) -> str:
    """Return the words of a paragraph without its address and what only led to it."""
    shown = address[0].rstrip(".,;:!?…)]")
    before = paragraph[: address.start()]
    before = before[:-LEADING] + LEFTOVER.sub("", before[-LEADING:])
    after = paragraph[address.start() + len(shown) :].lstrip(")]>")
    return " ".join((before + ("" if after[:1] in ".,;:!?…" else " ") + after).split())


def _made(before: list[str], last: str, href: str, wanted: bool, language: str) -> Invitation:
    label = _button(last, wanted, language)
    said = label.casefold() in last.casefold() and len(last) - len(label) <= 8
    return Invitation(" ".join(before if said else (*before, last)), label, href)


def _button(sentence: str, wanted: bool, language: str, *, short: bool = False, written: bool = False) -> str:
    """Return the words of a button: the sentence itself, or where it is long its first clause.

    *written* means that it leads to a mail address.
    """
    label = LEAD_IN.sub("", sentence.rstrip(" .!:→»>"), count=1)
    label = label[:1].upper() + label[1:]
    if wanted and len(label) <= BUTTON and not short:
        return label
    clause = CLAUSE.search(label, 6)
    if wanted and clause and clause.start() <= BUTTON:
        return label[: clause.start()]
    if wanted and len(label) <= BUTTON and not TELEPHONE.search(label):
        return label
    if written:
        return "Skriv till oss" if language == "sv" else "Write to us"
    return "Läs mer" if language == "sv" else "Read more"
