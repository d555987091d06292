"""Read a mail that somebody saved (RFC 5322), or a page that a browser saved as one, as the document in it.

A press release and a letter of others are sources like any other. What a server wrote, a bounce or an automatic
answer, is none.
"""

import re
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from email import message_from_bytes
from email.message import Message
from email.utils import parsedate_to_datetime
from itertools import islice

from lxml import html

from newsletter.errors import SourceError
from newsletter.issuefile import dialect
from newsletter.reading import passedon
from newsletter.reading.charset import decode, header, people
from newsletter.reading.html import crowded
from newsletter.reading.html.element import drop

ENDINGS = frozenset({".eml", ".mht", ".mhtml", "message/rfc822", "multipart/related"})
#: A mail begins with lines of its header, and one of them is written by programs only.
HEADER = re.compile(rb"(?:From [^\n]*\n)?(?:[A-Za-z][\w-]{1,40}: ?[^\n]*\n(?:[ \t][^\n]*\n)*)+")
MACHINES = re.compile(rb"^(?:mime-version|message-id|received|return-path):", re.IGNORECASE | re.MULTILINE)
#: So much of a document is looked at, in bytes.
LOOKED = 20_000
SERVERS = re.compile(r"(?:mailer-daemon|postmaster|double-bounce)@?", re.IGNORECASE)
#: What mail programs put before a subject, in the languages that they speak.
AGAIN = re.compile(r"^(?:(?:re|sv|aw|fwd?|vb|wg|vs|tr|fw|\[[^\[\]]{1,40}\])\s*:?\s+)+(?=\S)", re.IGNORECASE)
#: Answers of programs that do not say so in their header.
ANSWERS = re.compile(
    r"auto(?:matic|matiskt|matische)?[ -]?(?:reply|response|svar|antwort)\b|out of office", re.IGNORECASE
)
#: Links of a letter that are only for whom it was sent to: to leave, to change what they get, to see it elsewhere.
PERSONAL = re.compile(
    r"unsubscribe|avregistrera|avprenumerera|avsluta prenumeration|avanmäl|abmelden|abbestellen|désabonner|afmeld|"
    r"peruuta tilaus|(?:update|manage|change) (?:your )?(?:profile|preferences|subscription)|"
    r"(?:in|i) (?:your |din )?(?:browser|webbläsare)|online version|webbversion",
    re.IGNORECASE,
)
BLOCKS = ("p", "td", "div", "li", "center", "h1", "h2", "h3")
#: A page that a browser saved has some hundred parts. So many characters of a line of a header, and so many links
#: of a letter, are looked at: its last ones lead out of it.
MOST_PARTS, MOST = 500, 400
#: The style of the line that mail programs show in their lists, and nowhere else.
HIDDEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all|max-height\s*:\s*0(?![.\d])", re.IGNORECASE)
#: The longest line about such a link, in characters, and how many parts it has.
LINE, PARTS = 300, 20
#: The line above a mail that was passed on.
PASSED_ON = re.compile(
    r"\A\s*-{3,}\s*(?:forwarded message|vidarebefordrat (?:brev|meddelande)|original(?: message|nachricht)?|"
    r"ursprungligt meddelande|weitergeleitete nachricht|message transféré)\s*-{3,}\s*\n",
    re.IGNORECASE,
)
#: Whom that was from.
WRITER = re.compile(r"^(?:from|från|von|fra|de)\s*:[ \t]*([^\n<]+)", re.IGNORECASE | re.MULTILINE)
#: A text of less than this many characters stands for a page of HTML beside it.
LEAST = 200


@dataclass(frozen=True, slots=True)
class Document:
    """What a mail holds: *text*, its *kind* (a media type), a saved page's *url*, and what its header says."""

    text: str
    kind: str
    url: str = ""
    title: str = ""
    author: str = ""
    sent: datetime | None = None


def is_mail(data: bytes, kind: str) -> bool:
    """Whether *data* is a mail; *kind* is its media type or its file's ending, in lower case."""
    head = HEADER.match(data[:LOOKED].replace(b"\r\n", b"\n").lstrip())
    return head is not None and (kind in ENDINGS or bool(MACHINES.search(head[0])))


def read(data: bytes, where: str) -> Document:
    """Return the document in the mail *data*; *where* names it in messages.

    Raise SourceError for one that a server wrote, and for one without words.
    """
    remedy = "save its text as .txt, .md or .html and add that"
    if data.count(b"\n--") > MOST_PARTS or data.lower().count(b"message/") > MOST_PARTS:
        raise SourceError("this mail has too many parts", where=where, remedy=remedy)
    mail = message_from_bytes(data.lstrip())
    if _is_of_a_server(mail):
        classify = "`newsletter feedback classify FILE` tells what it says"
        raise SourceError("a server wrote this, no person: it is no article", where=where, remedy=classify)
    body, page = _part(mail, "plain"), _part(mail, "html")
    saved = _said(mail, "Snapshot-Content-Location")
    if page and saved:
        return Document(page, "text/html", url=dialect.address(saved, schemes=dialect.WEB))
    if page and len(body) < LEAST:
        text, said = _letter(page, passed=bool(passedon.SUBJECT.match(_said(mail, "Subject"))))
        found = Document(text, "text/html", author=said.writer, sent=said.sent)
    elif passedon.SUBJECT.match(_said(mail, "Subject")) and (held := passedon.plain(body)) and held[0]:
        found = Document(held[0], "text/plain", author=held[1].writer, sent=held[1].sent)
    elif body:
        passed = PASSED_ON.match(body)
        writer = WRITER.search(body, passed.end()) if passed else None
        author = writer[1].strip(" \"'") if writer else ""
        found = Document(body[passed.end() :] if passed else body, "text/plain", author=author)
    else:
        raise SourceError("there are no words in this mail", where=where, remedy=remedy)
    return _addressed(found, mail)


def _letter(page: str, *, passed: bool) -> tuple[str, passedon.Header]:
    """Return what a letter of HTML shows to everybody, and the header above what is *passed* on in it.

    Lines with links that are only for whom it was sent to go, and so does what only lists of mails show.
    """
    page = crowded.thinned(page)
    root = html.document_fromstring(page.encode("utf-8", "replace"), parser=html.HTMLParser(encoding="utf-8"))
    for hidden in [one for one in root.iter() if HIDDEN.search(one.get("style") or "")]:
        drop(hidden)
    said = passedon.cut(root) if passed else None
    for link in root.xpath("descendant::a[@href]")[-MOST:]:
        if PERSONAL.search(" ".join(islice(link.itertext(), PARTS))):
            line = next(link.iterancestors(*BLOCKS), link)
            drop(line if _is_short(line) else link)
    return str(html.tostring(crowded.unopened(root), encoding="unicode")), said or passedon.Header()


def _is_short(line: html.HtmlElement) -> bool:
    """Whether an element is one line of text; of a whole letter no more is looked at than that."""
    parts = list(islice(line.itertext(), PARTS + 1))
    return len(parts) <= PARTS and sum(map(len, parts)) <= LINE


def _addressed(found: Document, mail: Message) -> Document:
    name, _ = _sender(mail)
    try:
        sent = parsedate_to_datetime(_said(mail, "Date"))
    except (TypeError, ValueError, IndexError, OverflowError):
        sent = None
    title = AGAIN.sub("", _said(mail, "Subject"))
    return replace(found, title=title, author=found.author or name, sent=found.sent or sent)


def _is_of_a_server(mail: Message) -> bool:
    """Whether a program wrote a mail (RFC 3464, RFC 3834, RFC 5965), or a server that knows none of them."""
    sender = _sender(mail)[1] or _said(mail, "From")
    return (
        mail.get_content_type() == "multipart/report"
        or _said(mail, "Auto-Submitted").lower() not in {"", "no"}
        or _said(mail, "Return-Path") == "<>"
        or bool(_said(mail, "X-Failed-Recipients"))
        or bool(SERVERS.match(sender))
        or bool(ANSWERS.match(_said(mail, "Subject")))
    )


def _sender(mail: Message) -> tuple[str, str]:
    """Return the name and the address of whoever sent a mail, "" for what it does not say."""
    return (*people(_said(mail, "From")), ("", ""))[0]


def _said(mail: Message, name: str) -> str:
    """Return a line of the header, "" for one that is not there or cannot be read."""
    return header(str(mail.get(name, ""))[:MOST])


def _part(mail: Message, kind: str) -> str:
    """Return the first part of a mail that is text of a *kind* and no attachment."""
    for part in mail.walk():
        if part.get_content_type() == f"text/{kind}" and part.get_content_disposition() != "attachment":
            # Python numbers the pieces of a parameter (RFC 2231 section 3), and some numbers are none.
            with suppress(ValueError):
                data = part.get_payload(decode=True)
                return decode(data, part.get_content_charset("")) if isinstance(data, bytes) else ""
    return ""
