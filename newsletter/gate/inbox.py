"""What a reader sees before and around the letter: subject, preheader, text part, the way out, the sender."""

import re
from collections.abc import Iterator

from newsletter.errors import shortened
from newsletter.gate.proof import Proof, error, graded, host_of, warning
from newsletter.mail.letterhead import voice
from newsletter.model import Finding
from newsletter.rendering.plaintext import wide

#: Phones show about 40 characters of a subject, desktop programs about 60; of Chinese and Japanese half as many.
SUBJECT_LENGTH = 60
#: Shorter, and the mail program fills the line with the first words of the letter; longer is never seen.
PREHEADER_LENGTH = (40, 110)
#: Names that can never be reached or mailed from (RFC 2606, RFC 6761).
RESERVED = re.compile(r"(?:^|\.)(?:example|invalid|test|localhost|example\.(?:com|net|org))$")
#: Characters that nobody sees and that can turn text around. Joiners (200C, 200D) belong to emoji and scripts.
INVISIBLE = re.compile(
    r"[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00-\x08\x0b-\x1f\x7f]"
)

#: What a file of ours is called, not a letter.
DRAFT = re.compile(
    r"^\W{0,2}(?:test|draft|utkast|copy of|kopia av|untitled|namnlös)\b(?=\W|$)"
    r"|\b(?:draft|utkast)\W{0,3}(?:v?\d|$)|\bv\d{1,2}\W*$|\bfinal\W*$|\bsubject (?:line )?here\b",
    re.IGNORECASE,
)

_REPLY = re.compile(r"(?:re|fw|fwd|sv|vb|vs|aw|wg)\s*:", re.IGNORECASE)


def findings(proof: Proof) -> Iterator[Finding]:
    """Yield what is wrong around the letter."""
    yield from _subject(proof)
    yield from _preheader(proof)
    yield from _text_part(proof)
    yield from _way_out(proof)
    yield from _sender(proof)


def _subject(proof: Proof) -> Iterator[Finding]:
    subject, place = proof.subject.strip(), proof.field("subject")
    if not subject:
        yield error("subject-missing", place, "there is no subject", 'add a line such as subject: "June news"')
        return
    if (room := wide(subject)) > SUBJECT_LENGTH:
        what = f"the subject is {room} characters wide; many mail programs cut it at {SUBJECT_LENGTH}"
        yield warning("subject-long", place, what, "say it shorter, the most important words first")
    if _shouts(subject):
        yield warning(
            "subject-capitals", place, "the subject shouts", "write it in small letters, as you would say it"
        )
    if _REPLY.match(subject):
        what = f"the subject begins with {subject.split(':')[0]}: as if it were an answer"
        yield warning("subject-reply", place, what, "leave that out: readers and spam filters take it for a trick")
    if found := DRAFT.search(subject):
        what = f"the subject reads as of a draft: “{found[0].strip()}”"
        yield warning("subject-draft", place, what, "write the subject that readers shall see")
    if found := INVISIBLE.search(subject):
        what = f"the subject holds an invisible character (U+{ord(found[0]):04X})"
        yield warning("subject-invisible", place, what, "write the subject again instead of pasting it")


def _shouts(subject: str) -> bool:
    """Whether all of several words are capitals, or three and more that are most of them."""
    words = re.findall(r"[^\W\d_]{2,}", subject)
    loud = [word for word in words if word.isupper()]
    return (len(loud) >= 3 and len(loud) * 2 > len(words)) or (len(words) >= 2 and len(loud) == len(words))


def _preheader(proof: Proof) -> Iterator[Finding]:
    preheader, place = " ".join(proof.preheader.split()), proof.field("preheader")
    remedy = "add a line such as preheader: What the reader will find inside, in 40 to 110 characters"
    if not preheader:
        yield warning("preheader-missing", place, "there is no preheader", remedy)
        return
    low, high = PREHEADER_LENGTH
    if not low <= (room := wide(preheader)) <= high:
        what = f"the preheader is {room} characters wide; {low} to {high} are shown well"
        yield warning("preheader-length", place, what, "say more" if room < low else "say it shorter")
    if preheader.casefold() == " ".join(proof.subject.split()).casefold():
        what = "the preheader says the same as the subject"
        yield warning("preheader-same", place, what, "use it for what the subject leaves out")


def _text_part(proof: Proof) -> Iterator[Finding]:
    text = proof.text
    if not text.strip():
        remedy = "let the theme's text template say what the letter says"
        yield error("text-missing", "text", "there is no text part", remedy)
        return
    share = _shared(proof.page.text, text)
    if share < 0.6:
        what = f"only {share:.0%} of the letter's words are in its text part; spam filters distrust that"
        yield error(
            "text-different", "text", what, "let the theme's text template show the same blocks as its HTML"
        )
    if found := re.search(
        r"</?(?:p|div|span|table|td|tr|br|a|strong|em|h[1-6]|img)\b[^>]{0,200}>|&(?:nbsp|amp|lt);", text
    ):
        what = f"the text part holds HTML: {shortened(found[0])}"
        yield warning(
            "text-markup", proof.near(found[0], default="text"), what, "write it in Markdown, or as plain text"
        )


def _shared(page: str, text: str) -> float:
    """Return which share of the distinct longer words of *page* stand in *text*; 1.0 for a very short page."""
    words = set(re.findall(r"[^\W\d_]{4,}", page.casefold()))
    known = set(re.findall(r"[^\W\d_]{4,}", text.casefold()))
    return len(words & known) / len(words) if len(words) >= 20 else 1.0


def _way_out(proof: Proof) -> Iterator[Finding]:
    remedy = "put a link to {{ unsubscribe_url }} into the theme's footer"
    if not any(link.href == proof.unsubscribe and link.visible and link.text for link in proof.page.links):
        what = "readers of the HTML see no link to unsubscribe"
        yield error("unsubscribe-html", "html", what, remedy)
    if proof.text.strip() and proof.unsubscribe not in proof.text:
        what = "the text part has no address to unsubscribe"
        yield error("unsubscribe-text", "text", what, remedy.replace("a link to ", ""))
    address = proof.settings.letter.to(proof.rendered.language).address
    if not address.strip():
        what = "there is no postal address; the law asks for one in every letter"
        yield error(
            "address-missing", "newsletter.toml", what, 'add address = "Street 1, Town, Country" to [letter]'
        )
        return
    for part, seen in (("html", proof.page.text), ("text", proof.text)):
        if seen.strip() and _letters(address) not in _letters(seen):
            what = f"the postal address is not visible in the {'HTML' if part == 'html' else 'text part'}"
            yield error(f"address-{part}", part, what, "put it into the theme's footer")


def _letters(text: str) -> str:
    """Return letters and digits only: where a theme breaks the lines of an address does not matter."""
    return re.sub(r"[\W_]+", "", text).casefold()


def _sender(proof: Proof) -> Iterator[Finding]:
    letter, public = proof.settings.letter, proof.settings.public
    if public and RESERVED.search(letter.domain):
        what = f"mail from {letter.domain} is refused everywhere: the name is reserved for examples"
        yield error("sender-reserved", "newsletter.toml", what, "write your own address in [letter] from")
    reply_to = voice(letter, proof.issue.language, proof.issue).reply_to
    answers = reply_to.rpartition("@")[2].casefold()
    if public and answers != letter.domain and RESERVED.search(answers):
        issues = reply_to != letter.reply_to
        line = proof.issue.lines.get("reply_to")
        place = (f"{proof.issue.path}:{line}" if line else proof.issue.path) if issues else "newsletter.toml"
        what = f"readers' answers go to {reply_to} and reach nobody: the name is reserved for examples"
        remedy = f"write your own address in {'its' if issues else '[letter]'} reply_to"
        yield error("sender-reserved", place, what, remedy)
    signer, domain = proof.settings.dkim.domain, letter.domain
    # Relaxed alignment asks for the same organisation; the longer of two names must end with the shorter.
    if signer and not f".{domain}".endswith(f".{signer}") and not f".{signer}".endswith(f".{domain}"):
        what = f"mail from {domain} is signed by {signer}; DMARC does not count that"
        remedy = "let [dkim] domain be the domain of [letter] from, or one above it"
        yield graded(public, "sender-unaligned", "newsletter.toml", what, remedy)
    own = host_of(letter.base_url)
    if not letter.base_url.startswith("https://") or RESERVED.search(own) or own.startswith("127."):
        what = f"readers cannot safely reach {letter.base_url}, where their links to leave and to change lead"
        if RESERVED.search(own) and not own.endswith("localhost"):
            what += f": {own} is a name for examples"
        remedy = 'before you send in public, write base_url = "https://…" in [letter], with a name of yours'
        yield graded(public, "base-url", "newsletter.toml", what, remedy)
