"""Read one document of any form (HTML, Markdown, plain text) into RawItems. Whoever has its bytes calls this.

The readers of Markdown and plain text are loaded when one is met: that takes longer than a feed takes to read.
"""

import re
from dataclasses import replace
from datetime import datetime

from newsletter.issuefile import dialect
from newsletter.model import RawItem, Source
from newsletter.reading import mail, notext
from newsletter.reading.charset import decode
from newsletter.reading.pages import listpage, webpage
from newsletter.reading.words import dates

FORMS = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/markdown": "markdown",
    "text/x-markdown": "markdown",
    "text/plain": "text",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".md": "markdown",
    ".mdx": "markdown",
    ".markdown": "markdown",
    ".txt": "text",
    ".text": "text",
}
MARKUP = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body|article|main|div|p|h1)\b",
    re.I | re.S,
)
#: What a browser, or its extension SingleFile, writes into a page that it saves.
SAVED = re.compile(r"<!--\s+(?:saved from url=\(\d+\)|Page saved with SingleFile\s+url:\s+)(https?://[^\s<>]+)\s")


def read(
    data: bytes,
    source: Source,
    *,
    kind: str = "",
    charset: str = "",
    url: str = "",
    where: str = "",
    listed: bool = False,
    now: datetime | None = None,
) -> tuple[RawItem, ...]:
    """Return the articles of the document *data*: none for a draft.

    *kind* is its media type or its file's ending, *charset* what was said of its encoding, *url* where it came
    from or "", *where* its name in messages. A page that is only *listed* in a sitemap must show that it is an
    article, else there is none; a file that says when it is to be seen must be so *now*. Raise SourceError.
    """
    name = where or url
    if not url and mail.is_mail(data, kind.lower()):
        return _mailed(mail.read(data, name), source, where)
    text = decode(data, charset)
    notext.refuse(data, text, kind.lower(), name)
    items: tuple[RawItem, ...]
    match _form(kind, text):
        case "html":
            saved = SAVED.search(text[:2000])
            url = url or (dialect.address(saved[1], schemes=dialect.WEB) if saved else "")
            items = () if listed else listpage.read(text, source.name, url=url, where=name, zone=source.zone)
            if not items and (
                found := webpage.parse(text, source.name, url=url, where=name, listed=listed, zone=source.zone)
            ):
                items = (found,)
            items = tuple(replace(one, language=source.language or one.language) for one in items)
        case "markdown":
            from newsletter.reading.markdown import markdownpage

            draft = markdownpage.parse(text, source.name, where=name, guid=where, zone=source.zone, now=now)
            items = (replace(draft, language=draft.language or source.language),) if draft else ()
        case _:
            from newsletter.reading.texts import textpage

            items = textpage.parse(text, source.name, where=name, spoken=source.language)
            items = tuple(_placed(item, url if number == 0 else "") for number, item in enumerate(items))
    return tuple(
        replace(item, tags=(*source.tags, *item.tags), published=dates.here(item.published, source.zone))
        for item in items
    )


#: Headings as Markdown marks them; two of them are no accident.
HEADINGS = re.compile(r"^#{1,4} [^\W_]", re.MULTILINE)


def _mailed(found: mail.Document, source: Source, where: str) -> tuple[RawItem, ...]:
    """Return the articles of a mail: what its header says of them counts, and whoever sent it is their author."""
    if found.kind == "text/plain" and found.title:
        from newsletter.reading.texts.textpage import HEADER

        # As a page of text: its first line is the title, under the header of what was passed on.
        header = HEADER.match(found.text)
        begins = header.end() if header else 0
        found = replace(found, text=f"{found.text[:begins]}{found.title}\n\n{found.text[begins:]}")
    found = replace(found, sent=dates.here(found.sent, source.zone))
    items = read(found.text.encode(), source, kind=found.kind, charset="utf-8", url=found.url, where=where)
    if not items or not found.title:
        return items
    lead = replace(
        items[0],
        title=found.title if found.kind == "text/html" else items[0].title,
        author=items[0].author or found.author,
        published=items[0].published or found.sent,
    )
    return (lead, *(replace(one, published=one.published or found.sent) for one in items[1:]))


def _form(kind: str, text: str) -> str:
    """Return html, markdown or text: as the content says if it is unmistakable, else as it is named."""
    if MARKUP.match(text[:4096]):
        return "html"
    from newsletter.reading.markdown import front

    named = FORMS.get(kind.lower(), "")
    if named in {"", "text"}:
        from newsletter.reading.markdown import wholepage

        headed = len(HEADINGS.findall(text[: front.MOST])) > 1
        if headed or front.YAML_FRONT.match(text[: front.MOST]) or wholepage.READER.match(text[: front.MOST]):
            return "markdown"
    return named or "text"


def _placed(item: RawItem, url: str) -> RawItem:
    """Return a plain page's article with the address of the page, unless it names its own."""
    return item if item.url or not url else replace(item, url=url)
