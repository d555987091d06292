"""Laws of reading sources: feeds good and bad, pages that name their feed, pages that are an article."""

import asyncio
from datetime import UTC, datetime
from functools import partial

import pytest

from newsletter import article
from newsletter.errors import SourceError
from newsletter.fetch import guard, http
from newsletter.fetch import source as sources
from newsletter.fetch.port import Last, Reading
from newsletter.model import Source
from newsletter.reading.feeds import feedxml
from tests.sourceserver import Site

FIRST = Last()
NOW = datetime(2025, 6, 12, 9, tzinfo=UTC)
URL = "https://site.example/feed/"
SOURCE = Source("site", "feed", URL, tags=("park",))

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Park</title><link>https://site.example/</link>
<language>sv-SE</language>
<item><title>Kelp &amp;amp; kaffe</title><link>https://site.example/kelp/?utm_source=rss</link>
<guid isPermaLink="false">https://site.example/?p=7</guid><pubDate>Tue, 10 Jun 2025 08:00:00 +0200</pubDate>
<dc:creator>Maja Ek</dc:creator><category>Hav</category><category>mat</category>
<description>Kort om tång &#8230; [&hellip;]</description>
<content:encoded><![CDATA[<p>Tången växer och den är god till kaffet, säger alla som är här.</p>
<p><img src="/kelp.jpg" alt="Tång"></p><h3>Mer</h3><p>Läs <a href="../om">mer</a>.</p>]]></content:encoded>
<media:content url="https://site.example/stor.jpg" medium="image" width="1200" height="800"/></item>
<item><title>Second</title><link>/second</link><description>Plain words of a second one.</description></item>
<item></item>
</channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>Park</title><id>x</id>
<updated>2025-06-10T00:00:00Z</updated><entry><title type="html">A &lt;b&gt;bold&lt;/b&gt; title</title>
<id>tag:site.example,2025:1</id><link rel="alternate" href="https://site.example/bold"/>
<published>2025-06-09T10:00:00Z</published><updated>2025-06-10T00:00:00Z</updated>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Words in a <em>div</em>.</p></div></content>
</entry></feed>"""


def read(text: str | bytes) -> list[article.Article]:
    data = text.encode() if isinstance(text, str) else text
    return [article.normalize(item, NOW) for item in feedxml.items(data, SOURCE, URL)]


def test_an_rss_entry_becomes_an_article() -> None:
    one, two = read(RSS)
    assert one.key == "https://site.example/kelp"
    assert one.url == "https://site.example/kelp/"
    assert one.title == "Kelp & kaffe"
    assert one.published == datetime(2025, 6, 10, 6, tzinfo=UTC)
    assert (one.author, one.language, one.tags) == ("Maja Ek", "sv", ("park", "Hav", "mat"))
    assert one.image
    assert (one.image.src, one.image.width) == ("https://site.example/stor.jpg", 1200)
    assert one.text.startswith("Tången växer")
    assert "## Mer\n\nLäs [mer](https://site.example/om)." in one.text
    assert one.summary.startswith("Tången växer")
    assert (two.key, two.published) == ("https://site.example/second", NOW)


def test_an_atom_entry_becomes_an_article() -> None:
    [one] = read(ATOM)
    assert (one.title, one.text) == ("A bold title", "Words in a *div*.")
    assert one.guid == "tag:site.example,2025:1"
    assert one.published == datetime(2025, 6, 9, 10, tzinfo=UTC)


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1", "windows-1252", "utf-16"])
def test_a_feed_in_any_encoding_keeps_its_letters(encoding: str) -> None:
    text = RSS.replace("UTF-8", encoding)
    assert read(text.encode(encoding))[0].text.startswith("Tången växer")


@pytest.mark.parametrize("named", ["utf-16", "UTF-16LE", "Unicode", "ucs-2"])
def test_a_feed_that_names_the_encoding_of_its_program_is_read_as_it_is_written(named: str) -> None:
    text = RSS.replace("UTF-8", named)
    assert read((text if len(text.encode()) % 2 == 0 else f"{text} ").encode())[0].text.startswith("Tången växer")


def test_a_feed_that_breaks_off_gives_what_it_has() -> None:
    assert read(RSS.partition("<item><title>Second")[0])[0].title == "Kelp & kaffe"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("", "the server sent nothing"),
        ("<html><body><p>A page</p></body></html>", "this is a web page, no feed"),
        ("just words", "this is no feed"),
        (b"\x00\xff\xfe\x01" * 50, "this is no feed"),
        ('<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaa">]><rss version="2.0"></rss>', "declares entities"),
        ('<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><rss><channel/></rss>', "declares entities"),
    ],
)
def test_what_is_no_feed_is_told(data: str | bytes, words: str) -> None:
    with pytest.raises(SourceError, match=words) as caught:
        read(data)
    assert caught.value.where == URL
    assert caught.value.remedy


def test_a_feed_without_entries_is_one() -> None:
    assert read('<rss version="2.0"><channel><title>New</title></channel></rss>') == []


def test_a_hostile_entry_is_only_words() -> None:
    hostile = RSS.replace("Kelp &amp;amp; kaffe", "x&#13;&#10;Bcc: evil@evil.example {{ name }}").replace(
        "<p>Tången", "<script>alert(1)</script><p onclick='x'>::: lead</p><p>{{ unsubscribe_url }} Tången"
    )
    one = read(hostile)[0]
    assert one.title == "x Bcc: evil@evil.example {{ name }}"
    assert "alert" not in one.text
    assert one.text.startswith("\\::: lead\n\n\\{\\{ unsubscribe_url }} Tången")


def test_only_the_newest_entries_of_a_huge_feed_are_read() -> None:
    item = "<item><title>T{n}</title><link>https://s.example/{n}</link></item>"
    text = "".join(item.format(n=n) for n in range(feedxml.MOST + 50))
    assert len(read(f'<rss version="2.0"><channel>{text}</channel></rss>')) == feedxml.MOST


PAGE = """<!doctype html><html lang="en"><head><title>Kelp | Park</title>
<link rel="canonical" href="{url}/kelp"><meta property="og:title" content="Kelp for everybody">
<meta property="og:image" content="/kelp.jpg"><meta property="og:image:alt" content="Kelp">
<meta property="article:published_time" content="2025-06-10T08:00:00+02:00">
{feed}<script type="application/ld+json">{{"@graph": [{{"@type": "NewsArticle", "author": [{{"name": "Maja Ek"}}],
"keywords": "sea, food"}}]}}</script></head><body><nav>Home News</nav>
<div class="cookie-banner">We use cookies</div><main><article><h1>Kelp for everybody</h1>
<p>The trays are gone from a compost heap within six weeks, and the snails of the park have noticed it.</p>
<h3>Next</h3><p>A press that runs on waste heat.</p>
<div class="share-buttons">Share this</div></article></main><footer>© Park</footer></body></html>"""


def reading(source: Source, last: Last = FIRST) -> Reading:
    client = http.Client(partial(guard.pin, allow_private=True))
    return asyncio.run(sources.read(source, client, last, NOW))


def test_a_page_is_an_article(site: Site) -> None:
    url = site.says("/x", PAGE.format(url=site.url, feed=""))
    [item] = reading(Source("site", "auto", url)).items
    one = article.normalize(item, NOW)
    assert one.title == "Kelp for everybody"
    assert one.url == f"{site.url}/kelp"
    assert one.published == datetime(2025, 6, 10, 6, tzinfo=UTC)
    assert (one.author, one.language, one.tags) == ("Maja Ek", "en", ("sea", "food"))
    assert one.image
    assert (one.image.src, one.image.alt) == (f"{site.url}/kelp.jpg", "Kelp")
    assert one.text.startswith("The trays are gone")
    assert "## Next\n\nA press" in one.text
    assert not any(word in one.text for word in ("Share", "cookies", "Home", "©"))


def test_a_page_may_not_speak_for_another_site(site: Site) -> None:
    url = site.says("/x", PAGE.format(url="https://other.example", feed=""))
    assert reading(Source("site", "page", url)).items[0].url == url


def test_a_page_leads_to_its_feed_and_next_time_the_feed_is_asked(site: Site) -> None:
    link = '<link rel="alternate" type="application/rss+xml" href="/feed">'
    url = site.says("/", PAGE.format(url=site.url, feed=link))
    site.says("/feed", RSS, kind="application/rss+xml", headers={"ETag": '"1"'})
    source = Source("site", "auto", url)
    first = reading(source)
    assert [len(first.items), first.next.url, first.next.etag] == [2, f"{site.url}/feed", '"1"']
    again = reading(source, first.next)
    assert again.unchanged
    assert [path for path, _ in site.asked] == ["/", "/feed", "/feed"]


def test_a_page_whose_feed_is_broken_is_an_article_itself(site: Site) -> None:
    link = '<link rel="alternate" type="application/rss+xml" href="/gone">'
    url = site.says("/", PAGE.format(url=site.url, feed=link))
    assert reading(Source("site", "auto", url)).items[0].title == "Kelp for everybody"


def test_a_feed_at_a_pages_address_is_read_as_one(site: Site) -> None:
    url = site.says("/feed", ATOM, kind="text/html")
    assert len(reading(Source("site", "auto", url)).items) == 1


def test_a_plain_text_page_is_read_as_one(site: Site) -> None:
    url = site.says("/x.txt", "A title\n\nThe words under it are long enough to be a text.", kind="text/plain")
    [item] = reading(Source("site", "page", url)).items
    assert (item.title, item.url) == ("A title", url)


@pytest.mark.parametrize(
    ("body", "kind", "words"),
    [
        ("<html><body></body></html>", "text/html", "no article on this page"),
        (b"", "text/html", "empty|no article"),
        (b"%PDF-1.7 \x00", "application/pdf", "a PDF, not text"),
        (b"\x89PNG\r\n", "image/png", "a picture, not text"),
    ],
)
def test_a_page_without_article_is_told(site: Site, body: str | bytes, kind: str, words: str) -> None:
    url = site.says("/x", body, kind=kind)
    with pytest.raises(SourceError, match=words):
        reading(Source("site", "page", url))
