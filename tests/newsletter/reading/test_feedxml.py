"""Laws of feeds as they are out there: old forms, odd forms, broken forms; each reads as its makers meant it."""

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter import article
from newsletter.errors import SourceError
from newsletter.model import Article, Picture, RawItem, Source
from newsletter.reading.feeds import feedxml, jsonfeed, wordpress
from newsletter.reading.html import markup, stamp
from tests import sites
from tests.bench import collect
from tests.effort import computes

NOW = datetime(2026, 6, 12, 9, tzinfo=UTC)
SEVEN = datetime(2026, 3, 2, 7, tzinfo=UTC)
URL = "https://site.example/feed/"
SOURCE = Source("site", "feed", URL)
LONG = "The harbour cleaned its water, and the eels came back before anybody had counted on them."

RDF = f"""<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="{URL}">
<title>T</title><link>https://site.example/</link></channel><item rdf:about="https://site.example/one">
<title>One</title><link>https://site.example/one</link><description>{LONG}</description>
<dc:date>2026-03-02T08:00:00+01:00</dc:date><dc:creator>Maja Ek</dc:creator><dc:subject>sea</dc:subject></item>
</rdf:RDF>"""
FORM = "&lt;form action='/wp-login.php?action=postpass' class='post-password-form'&gt;x&lt;/form&gt;"
NETSCAPE = RDF.replace("http://purl.org/rss/1.0/", "http://my.netscape.com/rdf/simple/0.9/")
RSS091 = f"""<?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN"
 "http://my.netscape.com/publish/formats/rss-0.91.dtd"><rss version="0.91"><channel><title>T</title>
<item><title>One</title><link>https://site.example/one</link><description>{LONG}</description></item></channel></rss>"""
ATOM03 = f"""<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>T</title><entry><title>One</title>
<link rel="alternate" type="text/html" href="https://site.example/one"/><id>x1</id><issued>2026-03-02T07:00:00Z</issued>
<modified>2026-03-02T07:00:00Z</modified><author><name>Maja Ek</name></author>
<content type="text/html" mode="escaped">&lt;p&gt;{LONG}&lt;/p&gt;</content></entry></feed>"""
PREFIXED = f"""<a:feed xmlns:a="http://www.w3.org/2005/Atom" xmlns:h="http://www.w3.org/1999/xhtml"><a:title>T</a:title>
<a:entry><a:title type="xhtml"><h:div>One</h:div></a:title><a:id>x1</a:id><a:link href="/one"/>
<a:updated>2026-03-02T07:00:00Z</a:updated><a:content type="xhtml"><h:div><h:p>{LONG}</h:p></h:div></a:content>
</a:entry></a:feed>"""


def item(inside: str, version: str = "2.0") -> str:
    spaces = 'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/"'
    spaces += ' xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:atom="http://www.w3.org/2005/Atom"'
    return f'<rss version="{version}" {spaces}><channel><title>T</title><item>{inside}</item></channel></rss>'


def read(text: str | bytes) -> list[Article]:
    data = text.encode() if isinstance(text, str) else text
    return [article.normalize(one, NOW) for one in feedxml.items(data, SOURCE, URL)]


@pytest.mark.parametrize(
    "text", [RDF, NETSCAPE, RSS091, ATOM03, PREFIXED], ids=["rdf", "0.90", "0.91", "atom 0.3", "prefixed"]
)
def test_every_form_of_feed_gives_its_article(text: str) -> None:
    [one] = read(text)
    assert (one.title, one.key, one.text) == ("One", "https://site.example/one", LONG)
    if "2026-03-02" in text:
        assert one.published == datetime(2026, 3, 2, 7, tzinfo=UTC)
    if "Maja" in text:
        assert one.author == "Maja Ek"
    if "subject" in text:
        assert one.tags == ("sea",)


LINK = "<link>https://site.example/one</link>"
BODY = f"<title>One</title>{LINK}<description>{LONG}</description>"


@pytest.mark.parametrize(
    ("inside", "field", "wanted"),
    [
        ("<title>AT&T & more &nbsp;&eacute;&hellip;</title>" + BODY[18:], "title", "AT&T & more é…"),
        ("<title><![CDATA[A <b>bold</b> &amp; new]]></title>" + BODY[18:], "title", "A bold & new"),
        (BODY.replace(LINK, "<link><![CDATA[https://site.example/?id=1&b=2]]></link>"), "url",
         "https://site.example/?id=1&b=2"),
        (BODY.replace(LINK, "<link><![CDATA[https://site.example/?id=1&amp;b=2]]></link>"), "url",
         "https://site.example/?id=1&b=2"),
        (BODY + "<author><![CDATA[&Aring;sa Ek]]></author>", "author", "Åsa Ek"),
        (BODY.replace(LINK, "<link>../one</link>"), "url", "https://site.example/one"),
        (BODY.replace(LINK, "<guid>https://site.example/two</guid>"), "url", "https://site.example/two"),
        (BODY.replace(LINK, '<atom:link href="/three"/>'), "url", "https://site.example/three"),
        (BODY + "<author>maja@example.org (Maja Ek)</author>", "author", "Maja Ek"),
        (BODY + "<itunes:author>Bo</itunes:author>", "author", "Bo"),
        (BODY + "<category>sea, shore</category><category>sea</category>", "tags", ("sea, shore", "sea")),
        (BODY + "<pubDate>Mon, 02 Mar 2026 08:00:00 CET</pubDate>", "published", SEVEN),
        (BODY + "<pubDate>Mon, 2 Mar 2026 08:00 +0100</pubDate>", "published", SEVEN),
        (BODY + "<pubDate>Mon, 02 Mar 2026 02:00:00 EST</pubDate>", "published", SEVEN),
        (BODY + "<pubDate>2026-03-02T08:00:00+01:00[Europe/Stockholm]</pubDate>", "published", SEVEN),
        (BODY + "<pubDate>Sun, 01 Mar 2026 11:00:00 PM PST</pubDate>", "published", SEVEN),
        (BODY + "<pubDate>March 2, 2026 2:00 a.m. ET</pubDate>", "published", SEVEN),
        (BODY + "<pubDate>2026-03-02 07:00:00</pubDate>", "published", SEVEN),
        (BODY + "<pubDate>2 mars 2026</pubDate>", "published", datetime(2026, 3, 2, 12, tzinfo=UTC)),
        (BODY + "<pubDate>Mon, 02 Mar 2026 08:00:00 +01:00</pubDate>", "published", SEVEN),
        (BODY + "<pubDate>Mon Mar 02 08:00:00 CET 2026</pubDate>", "published", SEVEN),
        (BODY + "<pubDate>3/2/2026 7:00:00 AM</pubDate>", "published", SEVEN),
        (BODY + "<pubDate>02/03/2026 07:00</pubDate>", "published", SEVEN),
        (BODY + "<pubDate>02-03-2026 07:00</pubDate>", "published", SEVEN),
        (BODY + "<pubDate>må, 02 mars 2026 08:00:00 +0100</pubDate>", "published", SEVEN),
        (BODY + "<pubDate>lun. 2 mars 2026 08:00:00 +0100</pubDate>", "published", SEVEN),
        (BODY + "<pubDate>Montag, 2. März 2026 - 07:00</pubDate>", "published", SEVEN),
        (BODY + "<pubDate>next week</pubDate>", "published", NOW),
        (BODY + "<author>admin</author>", "author", ""),
        (BODY + "<category>Okategoriserade</category><category>sea</category>", "tags", ("sea",)),
        (BODY.replace(LINK, '<atom:link hreflang="sv" href="/ett"/><atom:link href="/one"/>'), "url",
         "https://site.example/one"),
        (BODY.replace(LONG, f"&amp;lt;p&amp;gt;{LONG} &amp;amp;amp; so on&amp;lt;/p&amp;gt;"), "text",
         f"{LONG} & so on"),
        (BODY.replace(LONG, f"<![CDATA[<![CDATA[{LONG} p&aring; ett]]]]><![CDATA[>]]>"), "text", f"{LONG} på ett"),
        (BODY.replace(LONG, f'[vc_row][caption id="a" width="9"]{LONG}[/caption] [a]'), "text", f"{LONG} \\[a\\]"),
    ],
)  # fmt: skip
def test_what_feeds_write_in_many_ways_is_understood(inside: str, field: str, wanted: object) -> None:
    [one] = read(item(inside))
    assert getattr(one, field) == wanted


@pytest.mark.parametrize(
    ("media", "src"),
    [
        ('<media:group><media:content url="/a.mov" type="video/x"/><media:thumbnail url="/t.jpg"/></media:group>',
         "t.jpg"),
        ('<media:content url="/s.jpg" width="100"/><media:content url="/b.jpg" width="900"/>', "b.jpg"),
        ('<media:content url="/m.jpg" width="1200"/><media:content url="/x.jpg" width="4000"/>', "m.jpg"),
        ('<media:thumbnail url="/t.jpg"/><media:content url="/a.jpg" medium="image"/>', "a.jpg"),
        ('<enclosure url="/a.mp3" type="audio/mpeg"/><itunes:image href="/i.jpg"/>', "i.jpg"),
        ('<enclosure url="/a.webp?w=1" length="1"/>', "a.webp?w=1"),
        ('<atom:link rel="enclosure" type="image/png" href="/e.png"/>', "e.png"),
    ],
)  # fmt: skip
def test_the_picture_is_found_wherever_a_feed_names_it(media: str, src: str) -> None:
    [one] = read(item(BODY + media))
    assert one.image
    assert one.image.src == f"https://site.example/{src}"


def test_a_film_is_told_in_the_words_beside_it() -> None:
    film = (
        f"<media:group><media:title>Film</media:title><media:description>{LONG}</media:description></media:group>"
    )
    [one] = read(item(f"<title>One</title>{LINK}{film}"))
    assert (one.title, one.text) == ("One", LONG)


def test_the_newest_entries_are_taken_from_whichever_end_of_a_long_feed() -> None:
    days = [f"<item><title>{n}</title><pubDate>{NOW - timedelta(900 - n)}</pubDate></item>" for n in range(400)]
    for entries in (days, days[::-1]):
        found = read(f"<rss version='2.0'><channel>{''.join(entries)}</channel></rss>")
        assert {int(one.title) for one in found} == set(range(100, 400))


def test_what_a_server_warns_of_above_its_feed_is_no_part_of_it() -> None:
    assert [
        one.title for one in read(f"<br />\n<b>Warning</b>: x in y.php<br />\n<?xml version='1.0'?>{item(BODY)}")
    ] == ["One"]


def test_a_picture_has_no_say_in_the_title_nor_a_caption_in_the_text() -> None:
    media = (
        "<media:content url='/a.jpg'><media:title>Other</media:title><media:description>Cap</media:description>"
    )
    [one] = read(item(f"{media}</media:content>{BODY}"))
    assert (one.title, one.text) == ("One", LONG)


def test_space_and_marks_before_a_feed_do_no_harm() -> None:
    for before in ("\n\n  ", "\ufeff", "\n<!-- made by hand -->\n", "Warning: something in line 3\n"):
        assert read(before + item(BODY))[0].title == "One"


def test_a_feed_that_says_another_encoding_than_it_has_keeps_its_letters() -> None:
    text = '<?xml version="1.0" encoding="us-ascii"?>' + item(BODY.replace("One", "Ålar – “åter”"))
    assert read(text.encode("utf-8"))[0].title == "Ålar – “åter”"
    assert read(text.replace("us-ascii", "utf-8").encode("cp1252"))[0].title == "Ålar – “åter”"


def test_entries_that_share_an_address_or_a_guid_stay_apart() -> None:
    one = "<item><title>Version {n}</title><link>https://s.example/log#{n}</link><guid>https://s.example/</guid>"
    inside = "".join(one.format(n=n) + f"<description>{LONG} {n}</description></item>" for n in (1, 2, 3))
    found = read(f"<rss version='2.0'><channel>{inside}{inside}</channel></rss>")
    assert [each.key for each in found] == ["text:version-1", "text:version-2", "text:version-3"]
    assert [each.url for each in found] == [f"https://s.example/log#{n}" for n in (1, 2, 3)]


@pytest.mark.parametrize("feed", [0, 1])
def test_we_read_what_feedparser_reads(feed: int) -> None:
    data = collect.rss(feed, "https://s.example").encode()
    theirs = feedparser.parse(BytesIO(data)).entries
    ours = feedxml.items(data, SOURCE, URL)
    assert [(one.title, one.url) for one in ours] == [(one.title, one.link) for one in theirs]
    assert [one.published and one.published.timetuple()[:6] for one in ours] == [
        tuple((one.get("published_parsed") or one["updated_parsed"])[:6]) for one in theirs
    ]


HOSTILE = [
    b"<rss><channel>" + b"<item>" * 300_000,
    b"<rss><channel><item><title>" + b"&amp;" * 900_000,
    b"<rss " + b"a='b' " * 500_000 + b"><channel/></rss>",
    b"<feed xmlns='http://www.w3.org/2005/Atom'><entry><content type='html'>" + b"&lt;div&gt;" * 200_000,
    b"<feed xmlns='http://www.w3.org/2005/Atom'><entry><content type='xhtml'>" + b"<div><p>x</p>" * 200_000,
    b"<rss><channel><item><description><![CDATA[" + b"<table><tr><td>" * 100_000 + b"]]></description></item>",
    b"<rss><channel><item><description><![CDATA[" + b"<ol><li>x" * 100_000 + b"]]></description></item>",
    b"<rss><channel>" + b"<item><link>http://x.example/</link><title>a</title></item>" * 60_000,
    b"<rss><channel><item><pubDate>" + b"1 " * 1_000_000 + b"</pubDate><title>x</title></item></channel></rss>",
    b"<rss><channel><item><title>x</title><link>http://" + b"a." * 1_000_000 + b"</link></item></channel></rss>",
    b"<rss><channel><item><title>x</title><category>" + b"x,<" * 500_000 + b"</category></item></channel></rss>",
    b"<?xml " + b" " * 4_000_000 + b"<rss",
    b"<" * 4_000_000,
    b"<rss><channel><item><description><![CDATA["
    + b"- \xe2\x80\x93 said " * 200_000
    + b"]]></description></item>",
    b"<![CDATA[" * 40_000,
    b"<!--a-->" * 100_000 + b"x",
    b"<rss><channel><item><title>x</title><author>@" + b"(" * 100_000 + b"</author></item></channel></rss>",
    b"<rss><channel><item><description>arXiv:x" + b" " * 400_000 + b"x</description></item></channel></rss>",
    b"<rss><channel><item><description>&#" + b"9" * 100_000 + b";</description></item></channel></rss>",
    b"<feed>" + b"<a xml:base='b/'>" * 240 + b"<entry><title>x</title></entry>" * 4_000,
    b"<?xml version='1.0' encoding='punycode'?><rss>-" + b"9" * 2_000_000,
]


@pytest.mark.parametrize("data", HOSTILE, ids=[str(n) for n in range(len(HOSTILE))])
def test_no_feed_takes_long(data: bytes) -> None:
    with computes(60), suppress(SourceError):
        assert_articles(feedxml.items(data, SOURCE, URL))


def assert_articles(items: Iterable[RawItem]) -> None:
    for one in items:
        assert isinstance(article.normalize(one, NOW), Article)


@settings(max_examples=300)
@given(st.binary(max_size=200), st.integers(0, 2000))
def test_no_byte_in_a_feed_makes_it_crash(noise: bytes, at: int) -> None:
    for data in (RDF.encode(), PREFIXED.encode(), item(BODY).encode()):
        broken = data[:at] + noise + data[at:]
        with suppress(SourceError):
            assert_articles(feedxml.items(broken, SOURCE, URL))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["items", "title", "url", "id", "content_html", "authors", "name", "tags", "image", "date_published"]
    ), inner, max_size=4), max_leaves=12,
)  # fmt: skip


@settings(max_examples=100)
@given(JSON, JSON)
def test_no_json_makes_a_reader_crash(value: object, other: object) -> None:

    text = json.dumps(
        {"version": "https://jsonfeed.org/version/1.1", "items": [value, other, {"title": value, "url": other}]}
    )
    assert_articles(jsonfeed.items(text, SOURCE, URL))


@settings(max_examples=100)
@given(JSON, st.sampled_from(list(sites.post("https://s.example", 1, "en", True))))
def test_no_post_makes_a_reader_crash(value: object, field: str) -> None:
    post = sites.post("https://s.example", 1, "en", True) | {field: value}
    embedded = post["_embedded"]
    if isinstance(embedded, dict):
        for name in embedded:
            for broken in (
                post,
                post | {"_embedded": embedded | {name: value}},
                post | {"_embedded": {name: [value]}},
            ):
                wordpress.translated([broken])
                assert_articles(wordpress.items([broken], SOURCE, URL))


def test_a_prefix_that_is_not_declared_hides_nothing() -> None:
    feed = b"""<rss version="2.0"><channel><item><title>T</title><link>https://a.example/x</link>
      <dc:creator>Bo</dc:creator><content:encoded><h:div><h:p>Words of it.</h:p><h:1/></h:div></content:encoded>
      </item></channel></rss>"""
    [one] = feedxml.items(feed, SOURCE, URL)
    assert one.author == "Bo"
    assert "Words of it." in one.html


def test_half_a_character_written_as_a_number_is_a_mark_of_what_is_missing() -> None:
    halves = "&#xD83D;&#x00dfff;&#55296;&#57343;"
    feed = f"<rss><channel><item><title>A{halves}</title><link>https://a.example/x</link></item></channel></rss>"
    [one] = feedxml.items(feed.encode(), SOURCE, URL)
    assert one.title == "A" + "\ufffd" * 4


def test_the_post_that_every_new_site_begins_with_is_no_article() -> None:
    post = {"title": {"rendered": "Hej världen!"}, "link": "https://site.example/a", "content": {"rendered": LONG}}
    assert wordpress.items([post | {"slug": "hej-varlden"}], SOURCE, URL) == ()
    assert len(wordpress.items([post | {"slug": "hej"}], SOURCE, URL)) == 1


def test_a_picture_is_described_and_a_recording_followed_as_the_feed_says() -> None:
    feed = b"""<rss xmlns:media="http://search.yahoo.com/mrss/"><channel><item><title>Membran</title>
    <description>Erik talks about water.</description><guid isPermaLink="false">abc</guid>
    <enclosure url="https://p.example/42.mp3" type="audio/mpeg"/>
    <media:content url="https://p.example/42.jpg" medium="image"><media:description>Erik at sea</media:description>
    </media:content></item></channel></rss>"""
    [one] = feedxml.items(feed, Source("s", "feed", ""), "https://p.example/feed")
    assert one.url == "https://p.example/42.mp3"
    assert one.image == Picture("https://p.example/42.jpg", "Erik at sea")
    page = feed.replace(b"<guid", b"<link>https://p.example/42</link><guid")
    assert feedxml.items(page, Source("s", "feed", ""), "https://p.example/feed")[0].url == "https://p.example/42"


@pytest.mark.parametrize("at", ["Sun, 11 Oct 2026 24:00:00 +0200", "2026-10-11T24:00:00+02:00"])
def test_a_feed_may_end_a_day_at_24(at: str) -> None:
    feed = f"<rss><channel><item><title>T</title><pubDate>{at}</pubDate></item></channel></rss>".encode()
    [one] = feedxml.items(feed, Source("s", "feed", ""), "https://p.example/feed")
    assert one.published == datetime(2026, 10, 11, 22, tzinfo=UTC)


@pytest.mark.parametrize("at", ["Mon, 01 Jan 0001 00:00:00 +0000", "0001-01-01T00:00:00Z"])
def test_what_programs_write_for_no_day_is_none(at: str) -> None:
    feed = f"<rss><channel><item><title>T</title><pubDate>{at}</pubDate></item></channel></rss>".encode()
    [one] = feedxml.items(feed, Source("s", "feed", ""), "https://p.example/feed")
    assert one.published is None
    assert stamp.moment(at, "2026-10-11T22:00:00Z") == datetime(2026, 10, 11, 22, tzinfo=UTC)


def test_what_plugins_and_builders_put_into_a_body_is_no_text_and_what_unfolds_keeps_its_heading() -> None:
    body = f"""<p>{LONG}</p><h3 class="x-heading"><button>Who may come?
    <span aria-hidden="true">+</span></button></h3><p>Everybody.</p><span data-to-value="85">0</span><span>+</span>
    <div class="sharedaddy"><h3>Dela det här:</h3><ul><li><a href="/x">Dela på allt</a></li></ul></div>
    <div class="subscription-widget"><p>Thanks for reading! Subscribe for free.</p></div>
    <ul class="wp-block-latest-posts"><li><a href="/b">Other news</a></li></ul><button>Play</button>
    <p><a href="https://p.example/p/orbit?utm_source=s&amp;action=share">Share</a></p>"""
    post = {"title": {"rendered": "T"}, "link": "https://site.example/a", "content": {"rendered": body}}
    [told] = wordpress.items([post], SOURCE, URL)
    told_of = f"<title>T</title><description><![CDATA[{body}]]></description>"
    rss = f"<rss><channel><item>{told_of}</item></channel></rss>"
    [fed] = feedxml.items(rss.encode(), SOURCE, URL)
    for one in (told, fed):
        assert markup.markdown(one.html) == f"{LONG}\n\n## Who may come?\n\nEverybody.\n\n85+"


def test_a_body_in_one_box_stays_whatever_the_box_is_called() -> None:
    body = f'before <div class="related share"><p>{LONG}</p></div>'
    post = {"title": {"rendered": "T"}, "link": "https://site.example/a", "content": {"rendered": body}}
    [told] = wordpress.items([post], SOURCE, URL)
    assert LONG in told.html
    assert "before" in told.html


def test_the_words_of_a_film_keep_their_lines_without_chapters_and_hashtags() -> None:
    feed = f"""<feed xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/"><entry>
    <title>A tour</title><media:group><media:description>{LONG}

Chapters:
0:00 Intro
1:20 The lab

Address: Street 1
Open: 9 to 17
Follow us on a network: https://example.org/parken
#lab #park</media:description></media:group></entry></feed>""".encode()
    [one] = feedxml.items(feed, SOURCE, URL)
    assert markup.markdown(one.html) == f"{LONG}\n\nAddress: Street 1\\\nOpen: 9 to 17"


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("ev:startdate>2026-07-10T18:00:00+02:00", "ev:enddate>2026-07-10T20:00:00+02:00"),
        ("x:dtstart>2026-07-10T16:00:00Z", "x:dtend>2026-07-10T18:00:00Z"),
        ("ev:startdate>Fri, 10 Jul 2026 18:00", "ev:enddate>10 Jul 2026 20:00:00 +0200"),
    ],
)
def test_an_entry_that_tells_programs_of_an_event_tells_its_readers(start: str, end: str) -> None:
    times = "".join(f"<{one}</{one.partition('>')[0]}>" for one in (start, end))
    held = item(f"{BODY}{times}<ev:location>Hall,\n Norrvik</ev:location>").encode()
    source = Source("site", "feed", URL, zone=ZoneInfo("Europe/Stockholm"))
    [one] = feedxml.items(held, source, URL)
    assert "- 2026-07-10 18:00–20:00 | One | Hall, Norrvik\n" in article.normalize(one, NOW).text
    [other] = read(item(f"{BODY}<ev:location>Hall, Norrvik</ev:location>"))
    assert "Norrvik" not in other.text, "where it is alone says nothing of an event"


def test_a_face_is_no_picture_of_an_entry() -> None:
    feed = b"""<rss xmlns:media="http://search.yahoo.com/mrss/"><channel><item><title>v2</title>
    <description>x</description>
    <media:thumbnail url="https://p.example/u/1?s=60" width="30" height="30"/></item></channel></rss>"""
    assert feedxml.items(feed, SOURCE, URL)[0].image is None


def test_letters_that_were_encoded_twice_are_what_they_were_and_others_stay() -> None:
    feed = "<rss><channel><item><title>{}</title><description>Räk</description></item></channel></rss>"
    twice = "Möten – på Öland".encode().decode("cp1252")
    [one] = feedxml.items(feed.format(twice).encode(), SOURCE, URL)
    assert (one.title, one.html) == ("Möten – på Öland", "Räk")
    [one] = feedxml.items(feed.format("SÃO Ãngela â€").encode(), SOURCE, URL)
    assert one.title == "SÃO Ãngela â€"


def test_a_site_that_shows_its_media_to_nobody_names_a_posts_picture_elsewhere() -> None:
    yoast = {"og_image": [{"url": "https://site.example/y.jpg", "width": 1200, "height": 630}]}
    post = {"title": {"rendered": "T"}, "link": "https://site.example/a", "content": {"rendered": LONG}}
    post |= {"_embedded": {"wp:featuredmedia": [{"code": "rest_forbidden"}]}, "yoast_head_json": yoast}
    told = [wordpress.items([post | more], SOURCE, URL)[0].image for more in (
        {"featured_media": 7}, {"featured_media": 0}, {"jetpack_featured_media_url": "https://site.example/j.jpg"}
    )]  # fmt: skip
    assert told == [
        Picture("https://site.example/y.jpg", "", 1200, 630), None, Picture("https://site.example/j.jpg")
    ]  # fmt: skip


def test_a_post_that_is_embedded_is_its_words_and_one_that_a_script_would_fill_is_nothing() -> None:
    body = f"""<p>{LONG}</p><blockquote class="instagram-media"><a href="/i">View this post</a></blockquote>
    <blockquote class="twitter-tweet"><p>We grow! <a href="https://t.example/x">pic.twitter.com/x</a></p>&mdash;
    Parken (@parken) <a href="https://x.example/1">November 1, 2026</a></blockquote>"""
    post = {"title": {"rendered": "T"}, "link": "https://site.example/a", "content": {"rendered": body}}
    [one] = wordpress.items([post], SOURCE, URL)
    assert markup.markdown(one.html) == f'{LONG}\n\n::: quote {{by="Parken"}}\nWe grow!\n:::'


def test_the_names_of_tabs_are_the_headings_of_what_they_show() -> None:
    tabs = "<div role='tablist'><a role='tab' class='t'>One</a><a role='tab'>Two</a></div>"
    body = f"{tabs}<div role='tabpanel'><p>{LONG}</p></div><div role='tabpanel'><p>Short.</p></div>"
    post = {"title": {"rendered": "T"}, "link": "https://site.example/a", "content": {"rendered": body}}
    [one] = wordpress.items([post], SOURCE, URL)
    assert markup.markdown(one.html) == f"## One\n\n{LONG}\n\n## Two\n\nShort."


@pytest.mark.parametrize("body", ["<p class='x'>{}\ud800</p>", "<div class='x'>" * 3000 + "{}" + "</div>" * 3000])
def test_no_text_is_lost_of_a_body_that_no_parser_likes(body: str) -> None:
    post = {
        "title": {"rendered": "T"},
        "link": "https://site.example/a",
        "content": {"rendered": body.format(LONG)},
    }
    [one] = wordpress.items([post], SOURCE, URL)
    assert LONG in markup.markdown(one.html)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Maja Ek maja@site.example", "Maja Ek"),
        ("maja@site.example, Maja Ek", "Maja Ek"),
        ("maja@site.example (Maja Ek)", "Maja Ek"),
        ('"Ek, Maja" &lt;maja@site.example&gt;', "Ek, Maja"),
        ("Maja Ek &lt;maja@site.example&gt;, Bo Alm &lt;bo@site.example&gt;", "Maja Ek, Bo Alm"),
        ("maja@site.example", ""),
    ],
)
def test_who_wrote_is_named_without_a_mail_address(said: str, name: str) -> None:
    assert read(item(f"<title>One</title><author>{said}</author>"))[0].author == name


@pytest.mark.parametrize(
    ("feed", "inside", "name"),
    [
        ("<author><name>Maja Ek</name></author>", "", "Maja Ek"),
        ("<author><name>Maja Ek</name></author>", "<author><name>Bo Ö</name></author>", "Bo Ö"),
        ("<author><name>Maja Ek</name></author>", "<source><author><name>Bo Ö</name></author></source>", "Bo Ö"),
        ("<author><name>Maja Ek</name></author>", "<source><title>Other</title></source>", ""),
        ("<author><name>Quay</name></author>", "", ""),
    ],
)
def test_who_wrote_an_atom_feed_wrote_its_entries(feed: str, inside: str, name: str) -> None:
    entry = f"<entry><title>One</title><id>x</id><content>{LONG}</content>{inside}</entry>"
    atom = f"<feed xmlns='http://www.w3.org/2005/Atom'><title>Quay</title>{feed}{entry}</feed>"
    assert read(atom)[0].author == name


def test_an_entry_is_called_by_its_own_title_and_not_by_that_for_another_program() -> None:
    text = "<itunes:title>12</itunes:title><title>The eels came back</title>"
    assert read(item(text))[0].title == "The eels came back"
    assert read(item("<itunes:title>The eels came back</itunes:title>"))[0].title == "The eels came back"


def test_the_page_of_an_entry_is_one_that_a_browser_opens() -> None:
    links = """<link rel="alternate" type="text/gemini" href="gemini://site.example/one"/>
     <link rel="alternate" type="application/xhtml+xml" href="/one"/>"""
    feed = f'<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>One</title>{links}</entry></feed>'
    assert read(feed)[0].url == "https://site.example/one"


def test_a_list_of_tags_in_the_place_of_one_is_taken_apart() -> None:
    several = "eels, harbours, water, fishing, towns by the sea, summers, children, boats"
    assert read(item(f"<title>One</title><category>{several}</category>"))[0].tags[2:5] == (
        "water",
        "fishing",
        "towns by the sea",
    )
    assert read(item("<title>One</title><category>Art, Music &amp; Sea</category>"))[0].tags == (
        "Art, Music & Sea",
    )


@pytest.mark.parametrize(
    ("said", "hour"),
    [
        ("Mon, 02 Mar 2026 07:00:00 GMT+1", 6),
        ("Mon, 02 Mar 2026 07:00:00 UTC+01:00", 6),
        ("Mon, 02 Mar 2026 07:00:00 +1", 6),
        ("Mon, 02 Mar 2026 07:00:00 -0000", 7),
        # No zone is the letter's own.
        ("Mon, 02 Mar 2026 07:00:00", 6),
        ("2026-03-02T07:00:00", 6),
        ("2026-03-02T07:00:00Z", 7),
    ],
)
def test_a_time_without_a_zone_is_by_the_letters_clock(said: str, hour: int) -> None:
    here = replace(SOURCE, zone=ZoneInfo("Europe/Stockholm"))
    [one] = feedxml.items(item(f"<title>One</title><pubDate>{said}</pubDate>").encode(), here, URL)
    assert one.published == SEVEN.replace(hour=hour)


def test_a_day_alone_is_that_day_by_the_letters_clock() -> None:
    here = replace(SOURCE, zone=ZoneInfo("America/New_York"))
    [one] = feedxml.items(item("<title>One</title><pubDate>2026-03-02</pubDate>").encode(), here, URL)
    assert one.published is not None
    assert one.published.astimezone(here.zone).day == 2


@pytest.mark.parametrize("said", [FORM, "Det finns inget utdrag, eftersom detta är ett skyddat inlägg."])
def test_a_post_with_a_password_is_no_article(said: str) -> None:
    data = RDF.replace(f"<description>{LONG}</description>", f"<description>{said}</description>").encode()
    assert data != RDF.encode()
    assert feedxml.items(data, SOURCE, URL) == ()


def test_html_that_a_feed_forgot_to_hide_is_read() -> None:
    body = f'<p>{LONG}<br><img src="/a.jpg"><p>{LONG[::-1]} & more'
    bare = f"<item><title>Eels<br>and us</title><description>{body}</description></item>"
    fine = f"<item><title>Fine</title><description>&lt;p&gt;{LONG}&lt;/p&gt;</description></item>"
    text = f"<rss version='2.0'><channel><title>Site</title>{bare}{fine}</channel></rss>"
    read = [article.normalize(one, NOW) for one in feedxml.items(text.encode(), SOURCE, URL)]
    assert [one.title for one in read] == ["Eels and us", "Fine"]
    assert LONG in read[0].text
    assert read[0].text.endswith("& more")
    assert read[1].text == LONG


@pytest.mark.parametrize("part", ["<title>", "<description><title>", "<title><br>", "<title></b></title>"])
def test_many_elements_that_are_not_closed_take_no_time(part: str) -> None:
    fine = f"<item><title>Fine</title><description>{LONG}</description></item>"
    text = f"<rss version='2.0'><channel>{fine}<item>{part * 100_000}</item></channel></rss>"
    with computes(10):
        read = feedxml.items(text.encode(), SOURCE, URL)
    assert "Fine" in [one.title for one in read]


def test_names_of_elements_are_known_in_any_case():
    text = """<RSS VERSION="2.0"><CHANNEL><TITLE>Norrvik</TITLE><Item><TITLE>Ny kaj</TITLE><Link>https://example.org/kaj</Link>
        <pubdate>Tue, 12 May 2026 10:00:00 GMT</pubdate><DESCRIPTION>Kajen är öppen för alla.</DESCRIPTION></Item>
        </CHANNEL></RSS>"""
    assert feedxml.is_feed(text.encode())
    [one] = feedxml.items(text.encode(), SOURCE, SOURCE.url)
    assert (one.title, one.url, one.html) == ("Ny kaj", "https://example.org/kaj", "Kajen är öppen för alla.")
    assert one.published == datetime(2026, 5, 12, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "above", ["", "<?xml version='1.0'?>", "<?xml version='1.0'?><?xml-stylesheet href='a?b'?>\n"]
)
def test_a_feed_is_one_however_long_a_remark_stands_above_it(above: str):
    remark = f"<!-- {'a licence - of many words -- ' * 300}-->\n"
    text = f"{above}{remark}<rss version='2.0'><channel><item><title>Ny kaj</title></item></channel></rss>"
    assert feedxml.is_feed(text.encode())
    assert [one.title for one in feedxml.items(text.encode(), SOURCE, SOURCE.url)] == ["Ny kaj"]
    assert not feedxml.is_feed(f"{above}{remark}<!doctype html><html><p>No feed.</p></html>".encode())


@pytest.mark.parametrize("above", ["<!--", "<!-- -->", "<?", "<?x?>", "<!-- - -"])
def test_whether_it_is_a_feed_is_told_in_time(above: str):
    with computes(1):
        assert not feedxml.is_feed(above.encode() * 1_000_000)


@pytest.mark.parametrize(("generator", "kept"), [("https://wordpress.org/?v=6.8", []), ("Hugo", ["Hej världen!"])])
def test_the_post_that_every_site_of_wordpress_begins_with_is_no_article(generator: str, kept: list[str]):
    first = "<item><title>Hej världen!</title><link>https://site.example/2026/05/hej-varlden/</link></item>"
    own = "<item><title>Ny kaj</title><link>https://site.example/ny-kaj/</link></item>"
    text = f"<rss version='2.0'><channel><generator>{generator}</generator>{own}{first}</channel></rss>"
    assert [one.title for one in feedxml.items(text.encode(), SOURCE, URL)] == ["Ny kaj", *kept]
