"""The issue file and the issue: front matter, then Markdown with ``:::`` blocks. Reads and writes no file.

What an editor wrote is kept as it is: `parse` only reads.
"""

import codecs
import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta, tzinfo

from newsletter import filekind
from newsletter.errors import IssueError, cited
from newsletter.issuefile import block, blocktext, frontmatter, moment, sound, yaml
from newsletter.issuefile.frame import Frame
from newsletter.model import Block, Issue, Prose

#: How many in a hundred readers get the other subject, if the issue does not say.
SHARE = 50
#: How long a part of the readers tries two subjects, if the issue does not say.
WAIT = timedelta(hours=4)
#: A wait of more is a slip.
LONGEST = timedelta(days=7)
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


def parse(text: str, *, slug: str, language: str, path: str = "issue.md", zone: tzinfo = UTC) -> Issue:
    """Return the issue that *text* says.

    *language* holds unless the front matter names another one; *path* is the file's name in messages; *zone* is
    where its times are meant. Raise IssueError with the line and the remedy.
    """
    rows = yaml.ENDS.split(text)
    sound.check(text, rows, path)
    matter = frontmatter.parse(text, path)
    return Issue(
        slug=slug,
        language=_language(matter, path) or language,
        subject=matter.text("subject"),
        preheader=matter.text("preheader"),
        list=matter.text("list"),
        audience=matter.text("audience"),
        send_at=_send_at(matter, path, zone),
        local=_local(matter),
        yearly=_yearly(matter, path),
        subject_b=matter.text("subject_b"),
        share=_share(matter, path),
        trying=_trying(matter, path),
        wait=_wait(matter, path),
        images=_images(matter, path),
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


def _language(matter: frontmatter.FrontMatter, path: str) -> str:
    code = matter.text("language")
    if code and not block.LANGUAGE.fullmatch(code):
        where = f"{path}:{matter.values['language'].line}"
        raise IssueError(
            f"{cited(code)} is no language code", where=where, remedy='use codes such as "en" or "sv"'
        )
    return code


def _yearly(matter: frontmatter.FrontMatter, path: str) -> bool:
    """Whether ``frequency: yearly`` says that readers who want one letter a year get this one."""
    said = matter.text("frequency")
    if said not in ("", "every", "yearly"):
        where = f"{path}:{matter.values['frequency'].line}"
        remedy = "write frequency: yearly for the letter of the year, or leave the line out"
        raise IssueError(f"frequency is no {cited(said)}", where=where, remedy=remedy)
    return said == "yearly"


def _share(matter: frontmatter.FrontMatter, path: str) -> int:
    """Return how many in a hundred readers get the other subject."""
    text = matter.text("share")
    if not text:
        return SHARE
    found = re.fullmatch(r"(\d{1,2})\s*%?", text)
    if not found or not 1 <= int(found[1]) <= 99:
        where = f"{path}:{matter.values['share'].line}"
        remedy = "write it as share: 20, for 20 in 100 readers"
        raise IssueError(f"share cannot be {cited(text)}", where=where, remedy=remedy)
    return int(found[1])


def _trying(matter: frontmatter.FrontMatter, path: str) -> int:
    """Return how many in a hundred readers try both subjects before the others get the better one, 0 for none."""
    text = matter.text("try")
    if not text:
        if matter.text("wait"):
            where = f"{path}:{matter.values['wait'].line}"
            raise IssueError("nobody tries a subject", where=where, remedy="add try: 20, or take wait out")
        return 0
    where = f"{path}:{matter.values['try'].line}"
    found = re.fullmatch(r"(\d{1,2})\s*%?", text)
    if not found or not 1 <= int(found[1]) <= 99:
        remedy = "write it as try: 20, for 20 in 100 readers"
        raise IssueError(f"try cannot be {cited(text)}", where=where, remedy=remedy)
    if not matter.text("subject_b"):
        raise IssueError(
            "there is one subject, so there is nothing to try", where=where, remedy="add subject_b: …"
        )
    if matter.text("share"):
        remedy = "take share out: half of those who try get the other subject"
        raise IssueError("try and share do not go together", where=where, remedy=remedy)
    return int(found[1])


def _wait(matter: frontmatter.FrontMatter, path: str) -> timedelta:
    """Return how long a part of the readers tries two subjects."""
    text = matter.text("wait")
    if not text:
        return WAIT
    with suppress(ValueError):
        if timedelta() < (wait := moment.span(text)) <= LONGEST:
            return wait
    where = f"{path}:{matter.values['wait'].line}"
    remedy = "write it as wait: 4 h, or in m or d; a week is the most"
    raise IssueError(f"wait cannot be {cited(text)}", where=where, remedy=remedy)


def _images(matter: frontmatter.FrontMatter, path: str) -> str:
    text = matter.text("images")
    if text not in {"", "linked", "inline"}:
        where = f"{path}:{matter.values['images'].line}"
        raise IssueError(
            f"images cannot be {cited(text)}", where=where, remedy="use images: linked or images: inline"
        )
    return text


def _local(matter: frontmatter.FrontMatter) -> bool:
    """Whether ``send_at`` has no offset. It was read before."""
    text = matter.text("send_at")
    return bool(text) and moment.read(text).tzinfo is None


def _send_at(matter: frontmatter.FrontMatter, path: str, zone: tzinfo) -> datetime | None:
    """Return the time of ``send_at`` in UTC; one without an offset is meant in *zone*."""
    text = matter.text("send_at")
    if not text:
        return None
    try:
        at = moment.read(text)
    except ValueError:
        where = f"{path}:{matter.values['send_at'].line}"
        remedy = "write it as send_at: 2025-06-12T09:00"
        raise IssueError(f"send_at is no time: {cited(text)}", where=where, remedy=remedy) from None
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
