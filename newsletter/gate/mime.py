"""The message itself, as it goes out to a sample reader: headers, parts, lines."""

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message

from newsletter.errors import cited, shortened
from newsletter.gate.proof import Proof, error, warning
from newsletter.model import Finding

#: The longest line without its end (RFC 5322, section 2.1.1).
LINE = 998
#: From here on filters put a letter aside; SpamAssassin itself does so from 5.
SPAM = 3.0


def findings(proof: Proof) -> Iterator[Finding]:
    """Yield what is wrong with the message; nothing where none was made."""
    data = proof.beside.message
    if not data:
        return
    read = message_from_bytes(data)
    yield from _headers(read)
    yield from _lines(data)
    yield from _parts(read)


def _headers(read: Message) -> Iterator[Finding]:
    leave, click = read.get("List-Unsubscribe", ""), read.get("List-Unsubscribe-Post", "")
    remedy = "this is a fault of this program: tell us"
    if "<http" not in leave:
        what = "there is no List-Unsubscribe with a web address; mail programs show no button to leave"
        yield error("header-unsubscribe", "headers", what, remedy)
    if click.replace(" ", "").casefold() != "list-unsubscribe=one-click":
        yield error("header-one-click", "headers", "the button to leave needs more than one click", remedy)
    for name in ("From", "To", "Subject", "Date", "Message-ID"):
        if len(read.get_all(name, [])) != 1:
            what = f"there are {len(read.get_all(name, []))} headers {name}; there must be one"
            yield error("header-broken", "headers", what, remedy)
    if defects := read.defects:
        what = f"the message cannot be read as one: {type(defects[0]).__name__}"
        yield error("header-broken", "headers", what, remedy)


def _lines(data: bytes) -> Iterator[Finding]:
    lines = re.split(rb"\r\n", data)
    if longest := max((line for line in lines if len(line) > LINE), key=len, default=b""):
        what = f"a line has {len(longest)} characters; servers cut or refuse over {LINE}"
        shown = shortened(longest[:200].decode("ascii", "replace"), 40)
        yield error("line-long", "headers", f"{what}: {shown}", "shorten that header")


def _parts(read: Message) -> Iterator[Finding]:
    kinds = [part.get_content_type() for part in read.walk() if not part.is_multipart()]
    if kinds[:1] != ["text/plain"] or "text/html" not in kinds:
        what = f"the message holds {', '.join(kinds) or 'nothing'}; text first and HTML after it is what works"
        yield error("mime-broken", "headers", what, "this is a fault of this program: tell us")


def spam(score: float, rules: str, language: str) -> Iterator[Finding]:
    """Yield a warning for a SpamAssassin score that is too high; *rules* names what brought it about."""
    if score >= SPAM:
        what = (
            f"SpamAssassin gives the letter in {cited(language)} {score:.1f} points, of which 5 are spam: {rules}"
        )
        yield warning(
            "spam-score", "headers", what, "change what these rules name; `spamassassin -t` explains them"
        )
