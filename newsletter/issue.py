"""The issue file and the issue: front matter, then Markdown with ``:::`` blocks. Reads and writes no file.

What an editor wrote is kept as it is: `parse` only reads.
"""

import codecs
from contextlib import suppress
from datetime import UTC, datetime, timedelta, tzinfo

from newsletter import filekind
from newsletter.errors import IssueError, cited
from newsletter.issuefile import frontmatter, moment, sound, yaml
from newsletter.issuefile.blocks import block, blocktext
from newsletter.issuefile.frame import Frame
from newsletter.model import Block, Issue, Prose
from subscribers.address import named
from subscribers.errors import AddressError

#: How many in a hundred readers get the other subject, if the issue does not say.
SHARE = 50
#: How long a part of the readers tries two subjects, if the issue does not say.
WAIT = timedelta(hours=4)
#: What is longer is no name that somebody writes under, in characters.
LONGEST_NAME = 200
#: A wait of more is a slip.
LONGEST = timedelta(days=7)
#: What to do about a frequency that is none.
YEARLY = "write frequency: yearly for the letter of the year, or leave the line out"
_UTF8 = 'save it as UTF-8: most editors ask for the "encoding" when a file is saved under a name'


def decode(content: bytes, path: str) -> str:
    """Return the text of an issue file, line ends as they are, without a byte order mark in front.

    Raise IssueError for what is no plain UTF-8.
    """
    content = content.removeprefix(codecs.BOM_UTF8)
    if known := filekind.of(content):
        remedy = "save the text alone, as plain text in UTF-8; an issue is Markdown"
        raise IssueError(f"this is {known}, not text", where=path, remedy=remedy)
    # Text in UTF-16 has a zero in every second byte as long as it is in letters of ours.
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in content[:2]:
        raise IssueError("this is UTF-16", where=f"{path}:1", remedy=_UTF8)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = len(yaml.ENDS.findall(content[: error.start].decode("utf-8"))) + 1
        what = f"not UTF-8: byte {content[error.start]:#04x}"
        raise IssueError(what, where=f"{path}:{line}", remedy=_UTF8) from None
    return text


def parse(
    text: str, *, slug: str, language: str, path: str = "issue.md", zone: tzinfo = UTC, domain: str = ""
) -> Issue:
    """Return the issue that *text* says.

    *language* holds unless the front matter names another one; *path* is the file's name in messages; *zone* is
    where its times are meant; *domain* is the only one that it may be from, "" for any. Raise IssueError with the
    line and the remedy.
    """
    text = sound.spaced(text)
    rows = yaml.ENDS.split(text)
    sound.check(text, rows, path)
    matter = frontmatter.parse(text, path)
    send_at, local = _send_at(matter, zone)
    sender_name, sender = _sender(matter, domain)
    return Issue(
        slug=slug,
        language=_language(matter) or language,
        subject=matter.text("subject"),
        preheader=matter.text("preheader"),
        list=matter.text("list"),
        audience=matter.text("audience"),
        send_at=send_at,
        local=local,
        yearly=matter.chosen("frequency", ("every", "yearly"), YEARLY) == "yearly",
        subject_b=matter.text("subject_b"),
        share=matter.percent("share") or SHARE,
        trying=_trying(matter),
        wait=_wait(matter),
        images=matter.chosen("images", ("linked", "inline"), "use images: linked or images: inline"),
        sender_name=sender_name,
        sender=sender,
        reply_to=_address(matter, "reply_to"),
        theme=matter.text("theme"),
        blocks=block.parse(rows, path, frontmatter.body_row(text, matter), zone),
        path=path,
        source=text,
        lines={name: value.line for name, value in matter.values.items()},
        fields={name: value.value for name, value in matter.values.items() if name not in frontmatter.FIELDS},
    )


def write(issue: Issue, *, said: str = "", frame: Frame | None = None) -> str:
    """Return the text of a new file for *issue*. Fields without a value are left out.

    *said* is the language that the file's name says: another one of the issue goes into its front matter. The
    blocks stand within the *frame*, whose fields go before those of the issue.
    """
    fields = {
        "subject": issue.subject,
        "preheader": issue.preheader,
        "list": issue.list,
        "audience": issue.audience,
        "send_at": _time(issue.send_at) if issue.send_at else "",
        "frequency": "yearly" if issue.yearly else "",
        "language": issue.language if issue.language != said else "",
        "subject_b": issue.subject_b,
        "share": str(issue.share) if issue.share != SHARE else "",
        "try": str(issue.trying or ""),
        "wait": moment.spelt(issue.wait) if issue.wait != WAIT else "",
        "images": issue.images,
        "from": f"{issue.sender_name} <{issue.sender}>" if issue.sender else issue.sender_name,
        "reply_to": issue.reply_to,
        "theme": issue.theme,
    }
    fields |= frame.fields if frame else {}
    rows = [f"{name}: {frontmatter.written(name, value)}" for name, value in fields.items() if value]
    body = blocks_text(issue.blocks)
    return "\n".join(["---", *rows, "---", ""]) + (frame.around(body) if frame else body)


def blocks_text(blocks: tuple[Block, ...]) -> str:
    """Return *blocks* as text with an empty line between them, and a line end after the last."""
    parts: list[str] = []
    before: Block | None = None
    for one in blocks:
        text = blocktext.write(one)
        if isinstance(one, Prose) and text == one.text and isinstance(before, Prose) and parts[-1] == before.text:
            # Two plain texts in a row would be read as one.
            text = blocktext.fenced(one)
        parts.append(text)
        before = one
    return "\n\n".join(parts) + "\n" if parts else ""


def _time(at: datetime) -> str:
    """Return a time as people write it: seconds only where there are any."""
    return at.isoformat(timespec="auto" if at.second or at.microsecond else "minutes")


def _sender(matter: frontmatter.FrontMatter, domain: str) -> tuple[str, str]:
    """Return the name and the address that an issue is from, each "" for the letter's own. Raise IssueError."""
    text = matter.text("from")
    if len(text) > LONGEST_NAME:
        what = f"from has {len(text):,} characters; at most {LONGEST_NAME} are a name"
        raise matter.fault(
            "from", what, "say who it is from in a few words: mail programs show 20 to 40 characters"
        )
    if "@" not in text:
        return text.strip('"'), ""
    remedy = 'write from: "Anna Berg", or from: "Anna Berg <anna@example.org>"'
    try:
        name, address = named(text)
    except AddressError as error:
        raise matter.fault("from", f"from is no e-mail address: {error.what}", remedy) from None
    if domain and address.canonical.rpartition("@")[2] != domain:
        what = f"{cited(address.typed)} is at another domain than the letter, and nobody would vouch for it"
        raise matter.fault("from", what, f"use an address at {domain}, or a name alone")
    return name, address.typed


def _address(matter: frontmatter.FrontMatter, name: str) -> str:
    """Return the address of a field, "" for none. Raise IssueError."""
    if not (text := matter.text(name)):
        return ""
    try:
        return named(text)[1].typed
    except AddressError as error:
        remedy = f"write it as {name}: anna@example.org"
        raise matter.fault(name, f"{name} is no e-mail address: {error.what}", remedy) from None


def _language(matter: frontmatter.FrontMatter) -> str:
    code = matter.text("language")
    if code and not block.LANGUAGE.fullmatch(code):
        raise matter.fault("language", f"{cited(code)} is no language code", 'use codes such as "en" or "sv"')
    return code


def _trying(matter: frontmatter.FrontMatter) -> int:
    """Return how many in a hundred readers try both subjects before the others get the better one, 0 for none."""
    trying = matter.percent("try")
    if not trying and matter.text("wait"):
        raise matter.fault("wait", "nobody tries a subject", "add try: 20, or take wait out")
    if trying and not matter.text("subject_b"):
        raise matter.fault("try", "there is one subject, so there is nothing to try", "add subject_b: …")
    if trying and matter.text("share"):
        remedy = "take share out: half of those who try get the other subject"
        raise matter.fault("try", "try and share do not go together", remedy)
    return trying


def _wait(matter: frontmatter.FrontMatter) -> timedelta:
    """Return how long a part of the readers tries two subjects."""
    text = matter.text("wait")
    if not text:
        return WAIT
    with suppress(ValueError):
        if timedelta() < (wait := moment.span(text)) <= LONGEST:
            return wait
    remedy = "write it as wait: 4 h, or in m or d; a week is the most"
    raise matter.fault("wait", f"wait cannot be {cited(text)}", remedy)


def _send_at(matter: frontmatter.FrontMatter, zone: tzinfo) -> tuple[datetime | None, bool]:
    """Return the time of ``send_at`` in UTC, and whether it has no offset: then it is meant in *zone*."""
    text = matter.text("send_at")
    if not text:
        return None, False
    try:
        at = moment.read(text)
    except ValueError:
        remedy = "write it as send_at: 2025-06-12T09:00"
        raise matter.fault("send_at", f"send_at is no time: {cited(text)}", remedy) from None
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC), at.tzinfo is None
