"""Turn a rendered issue into one RFC 5322 message per recipient. Opens no connection.

What is the same for all is encoded once (`compile`); per recipient the personal values are put between the pieces
(`Plan.fill`). A message has CRLF line ends only, no line over 998 bytes, and no line that begins with a dot.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache
from html import escape
from typing import NamedTuple, TypeAlias
from urllib.parse import quote

from newsletter import choice, personal
from newsletter.mail import enclosed, header
from newsletter.mail.encoding import SOFT_BREAK, quoted
from newsletter.mail.letterhead import Letterhead, smtp_address
from newsletter.model import Envelope, Message, Rendered, Token

#: Local parts and domains that stand in a mailto: as they are (RFC 6068 section 2).
_SAFE = re.compile(r"[A-Za-z0-9_.~+@-]*")

#: So many characters may follow the page in List-Unsubscribe: a token, and an envelope sender (RFC 5321 section
#: 4.5.3.1.3).
_FOLLOWS = 400


class Recipient(NamedTuple):
    """Who a message is for. *values* are the personal fields by name, of a link the token that ends its address.

    Those of `newsletter.personal.LINKS` that the letter holds must be there. *message_id* has its angle brackets;
    *return_path* is the envelope sender. These and the tokens are printable ASCII.
    """

    address: str
    name: str
    message_id: str
    return_path: str
    values: Mapping[str, str]


#: Makes the bytes that stand in one place of one recipient's message.
Slot: TypeAlias = Callable[[Recipient], bytes]


@dataclass(frozen=True, slots=True)
class Plan:
    """A message with slots: every second one of *pieces* is filled per recipient, from the second on.

    *order* says by which of *slots*: what stands in several places is made once. *plain* is whether the pieces
    are ASCII.
    """

    pieces: tuple[bytes, ...]
    slots: tuple[Slot, ...]
    order: tuple[int, ...]
    plain: bool

    def fill(self, recipient: Recipient) -> Message:
        """Return the message for one recipient. Raise ValueError for an address that no header can hold."""
        made = [slot(recipient) for slot in self.slots]
        parts = list(self.pieces)
        parts[1::2] = [made[slot] for slot in self.order]
        address = smtp_address(recipient.address)
        # Of all that fills a slot, only an address may be outside ASCII.
        plain = self.plain and address.isascii()
        return Message(Envelope(recipient.return_path, address), b"".join(parts), recipient.message_id, plain)


def compile(rendered: Rendered, letterhead: Letterhead, date: datetime) -> Plan:  # noqa: A001
    """Return the plan of one variant's messages. *date* is when the send began: attempts do not differ.

    Raise ValueError if a header cannot be written.
    """
    boundary = _boundary(rendered.text, rendered.html)
    html = _slotted(rendered.html, rendered.tokens, letterhead, html=True)
    return _plan([
        *_headers(rendered, letterhead, date),
        _multipart(boundary),
        _part(boundary, "plain"),
        *_slotted(rendered.text, rendered.tokens, letterhead, html=False),
        *enclosed.related([_part(boundary, "html"), *html], rendered.enclosed, boundary),
        _close(boundary),
    ])  # fmt: skip


def single(
    *,
    sender_name: str,
    sender: str,
    recipient: str,
    subject: str,
    text: str,
    html: str,
    message_id: str,
    date: datetime,
    language: str,
    headers: Sequence[tuple[str, str]] = (),
) -> Message:
    """Return a mail of its own, such as the one that asks to confirm. *headers* are more fields, as they are.

    *message_id* has its angle brackets. Raise ValueError for an address that no header can hold.
    """
    boundary = _boundary(text, html)
    data = b"".join([
        header.mailbox("From", sender_name, smtp_address(sender)),
        header.mailbox("To", "", smtp_address(recipient)),
        header.field("Subject", subject),
        _date(date),
        header.raw("Message-ID", message_id),
        *(header.raw(name, value) for name, value in headers),
        header.raw("Content-Language", language),
        _multipart(boundary),
        _part(boundary, "plain") + quoted(text),
        _part(boundary, "html") + quoted(html),
        _close(boundary),
    ])  # fmt: skip
    return Message(Envelope(smtp_address(sender), smtp_address(recipient)), data, message_id)


def _headers(rendered: Rendered, letterhead: Letterhead, date: datetime) -> Iterator[bytes | Slot]:
    yield header.mailbox("From", letterhead.sender_name, smtp_address(letterhead.sender))
    yield lambda to: header.mailbox("To", to.name, smtp_address(to.address))
    yield from _subject(rendered, letterhead)
    yield _date(date)
    yield from (b"Message-ID: ", _message_id, b"\r\n")
    yield header.mailbox("Reply-To", "", smtp_address(letterhead.reply_to))
    yield header.raw("Content-Language", rendered.tongue)
    yield from _list_headers(rendered.issue, letterhead)


def _list_headers(issue: str, letterhead: Letterhead) -> Iterator[bytes | Slot]:
    """Say what list this is and how to leave it: RFC 2369, RFC 2919, RFC 8058, and Gmail's Feedback-ID."""
    mailto = f"mailto:{quote(smtp_address(letterhead.reply_to), safe='@+')}"
    list_id = f"<{letterhead.list}.{letterhead.domain}>"
    yield header.fold("List-Id", [*header.phrase(letterhead.list_title, len("List-Id: ")), list_id])
    page = personal.page("unsubscribe_url", letterhead.base_url)
    yield header.raw("List-Unsubscribe", f"<{page}{' ' * _FOLLOWS}").rstrip()
    # The delivery's own address: a mail to it proves who asks, and no other does.
    yield from (_ENDS["unsubscribe_url"], b">, <mailto:", _return_path, b"?subject=unsubscribe>\r\n")
    yield header.raw("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
    yield header.raw("List-Help", f"<{mailto}?subject=help>")
    yield header.raw("List-Subscribe", f"<{letterhead.base_url}/subscribe>")
    yield header.raw("List-Archive", f"<{letterhead.base_url}/archive>")
    yield header.raw("Feedback-ID", f"{issue}:{letterhead.list}:issue:{_sender_id(letterhead.domain)}")


def _return_path(to: Recipient) -> bytes:
    """Return the envelope sender as a mailto: has it."""
    address = to.return_path
    return (address if _SAFE.fullmatch(address) else quote(address, safe="@+")).encode("ascii")


def _message_id(to: Recipient) -> bytes:
    return to.message_id.encode("ascii")


def _sender_id(domain: str) -> str:
    """Return who sends, for Feedback-ID: the domain, or its hash where Gmail's 5 to 15 characters do not fit."""
    return domain if 5 <= len(domain) <= 15 else hashlib.sha256(domain.encode()).hexdigest()[:15]


def _subject(rendered: Rendered, letterhead: Letterhead) -> Iterator[bytes | Slot]:
    pattern, tokens = _marks(rendered.tokens)
    if not pattern.search(rendered.subject):
        yield header.field("Subject", rendered.subject)
        return
    subject = personal.linked(rendered.subject, rendered.tokens, letterhead.base_url)
    yield lambda to: header.field(
        "Subject",
        pattern.sub(lambda found: _value(tokens[found[0]], to), choice.made(subject, rendered.tokens, to.values)),
    )


def _slotted(text: str, tokens: Sequence[Token], letterhead: Letterhead, *, html: bool) -> Iterator[bytes | Slot]:
    """Encode *text*, which may be *html*, in pieces, with a slot for each mark and choice."""
    pattern, known = _marks(tokens)
    slots = {mark: _ENDS.get(token.name) or _slot(token, html=html) for mark, token in known.items()}
    base_url = escape(letterhead.base_url) if html else letterhead.base_url
    for part in choice.parts(personal.linked(text, tokens, base_url), tokens):
        if isinstance(part, str):
            yield from _filled(part, pattern, slots)
        else:
            yield SOFT_BREAK
            then, other = (tuple(_filled(words, pattern, slots)) for words in (part.then, part.other))
            yield _chosen(part.test, then, other)
            yield SOFT_BREAK


def _chosen(test: Token, then: Sequence[bytes | Slot], other: Sequence[bytes | Slot]) -> Slot:
    return lambda to: b"".join(
        part if isinstance(part, bytes) else part(to)
        for part in (then if choice.holds(test, to.values) else other)
    )


def _filled(text: str, pattern: re.Pattern[str], slots: Mapping[str, Slot]) -> Iterator[bytes | Slot]:
    """Encode a *text* that all its readers get, with a slot for each mark."""
    start = 0
    for found in pattern.finditer(text):
        yield quoted(text[start : found.start()]) + SOFT_BREAK
        yield slots[found[0]]
        yield SOFT_BREAK
        start = found.end()
    yield quoted(text[start:])


def _slot(token: Token, *, html: bool) -> Slot:
    name, fallback = token.name, token.fallback or ""
    return lambda to: _written(to.values.get(name, ""), fallback)[html]


# Many readers share a name, and it stands in both parts.
@lru_cache(maxsize=1024)
def _written(value: str, fallback: str) -> tuple[bytes, bytes]:
    """Return a personal value as text has it, and as HTML has it."""
    text = header.clean(value) or fallback
    html = escape(text)
    plain = quoted(text)
    return plain, plain if html == text else quoted(html)


def _end(name: str) -> Slot:
    return lambda to: to.values[name].encode("ascii")


#: What ends the links. It stands in header, text and HTML alike.
_ENDS = {name: _end(name) for name in personal.LINKS}


def _value(token: Token, to: Recipient) -> str:
    """Return the personal value on one line; the fallback where there is none."""
    return header.clean(to.values.get(token.name, "")) or token.fallback or ""


def _marks(tokens: Sequence[Token]) -> tuple[re.Pattern[str], Mapping[str, Token]]:
    """Return a pattern that finds each mark, and the token of each. Without tokens it finds nothing."""
    marks = sorted((token.mark for token in tokens), key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, marks)) if marks else r"(?!)")
    return pattern, {token.mark: token for token in tokens}


def _plan(parts: Sequence[bytes | Slot]) -> Plan:
    """Join the neighbours that never change, and number the slots."""
    pieces: list[bytes] = [b""]
    numbers: dict[Slot, int] = {}
    order: list[int] = []
    for part in parts:
        if isinstance(part, bytes):
            pieces[-1] += part
        else:
            order.append(numbers.setdefault(part, len(numbers)))
            pieces += [b"", b""]
    return Plan(tuple(pieces), tuple(numbers), tuple(order), plain=all(map(bytes.isascii, pieces)))


def _boundary(text: str, html: str) -> str:
    """Return a boundary that no part can hold: ``=_`` never stands in quoted-printable (RFC 2045 section 6.7)."""
    return f"=_{hashlib.sha256(f'{text}{html}'.encode('utf-8', 'replace')).hexdigest()[:24]}"


def _date(date: datetime) -> bytes:
    return header.raw("Date", format_datetime(date))


def _multipart(boundary: str) -> bytes:
    """End the headers; the least wanted part comes first (RFC 2046 section 5.1.4)."""
    return (
        b"MIME-Version: 1.0\r\n"
        + header.fold("Content-Type", ["multipart/alternative;", f'boundary="{boundary}"'])
        + b"\r\n"
    )


def _part(boundary: str, kind: str) -> bytes:
    return (
        f"\r\n--{boundary}\r\nContent-Type: text/{kind}; charset=utf-8\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    ).encode("ascii")


def _close(boundary: str) -> bytes:
    return f"\r\n--{boundary}--\r\n".encode("ascii")
