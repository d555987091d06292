"""Read a JSON Feed into RawItems. Source: https://www.jsonfeed.org/version/1.1/, and 1.0, whose author is one."""

from html import escape

from newsletter.errors import SourceError
from newsletter.issuefile import dialect
from newsletter.model import Picture, RawItem, Source
from newsletter.reading import value
from newsletter.reading.feeds import feedtime
from newsletter.reading.html import button, mainpart, markup
from newsletter.reading.words import language, paragraphs

#: The most items of one feed, as of any other.
MOST = 300


def is_feed(data: bytes) -> bool:
    """Whether *data* looks like a JSON Feed."""
    head = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n")
    return head.startswith(b"{") and b"jsonfeed.org/version/" in head.replace(b"\\/", b"/")


def items(text: str, source: Source, url: str) -> tuple[RawItem, ...]:
    """Return the items of the feed *text*, which came from *url*. Raise SourceError if it is no feed."""
    feed = value.table(value.document(text))
    if not isinstance(feed.get("items"), list):
        remedy = 'check the address in a browser; a page needs kind = "page"'
        raise SourceError("this is no JSON Feed", where=url, remedy=remedy)
    return tuple(
        item
        for one in value.listed(feed["items"], MOST)
        if (item := _item(value.table(one), feed, source, url)) is not None
    )


def _item(one: value.Table, feed: value.Table, source: Source, url: str) -> RawItem | None:
    """Return one item, or None for one that says nothing."""
    said, plain = value.text(one.get("content_html")), value.text(one.get("content_text"))
    summary, title = value.text(one.get("summary")), value.text(one.get("title"))
    link = dialect.address(value.text(one.get("url")), url, dialect.WEB)
    link = link or dialect.address(value.text(one.get("external_url")), url, dialect.WEB)
    html = said or paragraphs.html(plain) or (f"<p>{escape(summary)}</p>" if summary else "")
    if not (title or html):
        return None
    guid = value.text(one.get("id")) or str(value.number(one.get("id")) or "")
    words = plain or markup.words(said)
    updated = feedtime.moment(value.text(one.get("date_modified")), source.zone)
    return RawItem(
        source=source.name,
        title=title,
        url=link or (guid if guid.startswith(("http://", "https://")) else ""),
        guid=guid or link,
        base=link or url,
        html=mainpart.body(button.without(html, link)),
        summary=escape(summary),
        author=_authors(one) or _authors(feed),
        published=feedtime.moment(value.text(one.get("date_published")), source.zone) or updated,
        updated=updated,
        language=source.language
        or value.text(one.get("language"))
        or language.detect(f"{title} {words}")
        or value.text(feed.get("language")),
        image=_image(one, url),
        tags=(*source.tags, *(value.text(tag) for tag in value.listed(one.get("tags"), 50))),
    )


def _authors(one: value.Table) -> str:
    people = value.listed(one.get("authors"), 3) or [one.get("author")]
    return ", ".join(name for person in people if (name := value.text(value.table(person).get("name"))))


def _image(one: value.Table, url: str) -> Picture | None:
    """Return the item's own picture, or an attachment that is one."""
    attached = [value.table(each) for each in value.listed(one.get("attachments"), 20)]
    pictures = [each.get("url") for each in attached if value.text(each.get("mime_type")).startswith("image/")]
    for offered in (one.get("image"), one.get("banner_image"), *pictures):
        src = dialect.address(value.text(offered), url, dialect.WEB)
        if src:
            return Picture(src)
    return None
