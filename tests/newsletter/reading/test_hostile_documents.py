"""Laws for documents of a stranger (S7, S15): none takes long, and no script of theirs reaches a reader."""

import json
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from html import escape
from typing import TypeAlias

import html5lib
import pytest
from lxml.html import HtmlElement, document_fromstring

from newsletter import article
from newsletter.errors import SourceError
from newsletter.model import RawItem, Source
from newsletter.reading import discovery, document, sitemap
from newsletter.reading.feeds import feedxml, jsonfeed, wordpress
from newsletter.reading.html import mainpart, unscripted
from newsletter.rendering import prose
from tests.effort import assert_grows_alone, computes
from tests.newsletter.reading.test_markup import PAYLOADS

Reader: TypeAlias = Callable[[str], tuple[RawItem, ...]]

NOW = datetime(2026, 6, 12, 9, tzinfo=UTC)
URL = "https://s.example/a"
SOURCE = Source("site", "page", URL)
WORDS = b"word " * 40
OPEN = b"<html><body><p>" + WORDS
PAGE = b"<html><body><h1>x</h1><p>" + WORDS
BODY = b"</head><body><p>" + WORDS
END = b">" + WORDS
TEXT = b"A title\n\n" + WORDS + b"\n\n"
LINK = b"<a href='/x'>go</a> "
CARD = b"<div class='card'><h3><a href='/x'>x</a></h3><p>words that are here</p></div>"
ENTRY = b"<article class='card'><h2><a href='/x'>x</a></h2><p>words here</article>"
MIXED = (
    b"<nav>a</nav><noscript>b</noscript><iframe src=c></iframe><video></video><aside>d</aside><form>e</form>"
    b"<h2>f</h2><h3>g</h3><time>h</time><i itemprop=x class=y>i</i><header>j</header><footer>k</footer><br>l"
)

#: Of each kind of document, how large a one is read, and what makes one of a size.
BOMBS: list[tuple[int, Callable[[int], bytes]]] = [
    (160_000, lambda n: b"<html><body>" + b"<div class='share'>" * n + b"x"),
    (80_000, lambda n: OPEN + b"[vc_row a=" * n),
    (4_000, lambda n: OPEN + b"[caption]<img src=x>" * n),
    (32_000, lambda n: OPEN + b"[" + b"code" * n),
    (32_000, lambda n: OPEN + b"[" + b"image" * n),
    (8_000, lambda n: b"<html><body>" + b"<p class='nav'>hello there world</p>" * n),
    (16_000, lambda n: b"<html><body><article>" + b"<article><p>some words that are here</p>" * n),
    (48_000, lambda n: b"<html><body><h1>x</h1>" + b"<div class='post-meta'>" * (n // 200) + b"word " * n),
    (4_000, lambda n: b"<html><body>" + CARD * n),
    (8_000, lambda n: b"<html><body><h1>x</h1>" + b"<img src='/a.jpg' width='5'>" * n + b"<p>" + WORDS),
    (80_000, lambda n: b"<html><body><p>" + b"- a, says B. " * n),
    (4_000, lambda n: b"<html><body><main>" + ENTRY * n),
    # Of everything that is looked for by several names, much by each.
    (2_400, lambda n: PAGE + MIXED * n),
    (4_000, lambda n: b"<html><body><table>" + b"<tr><td>a<td>b" * n + b"</table>" + WORDS),
    (16_000, lambda n: OPEN + b"<table><tr>" + b"<td>a" * n + b"</table>"),
    (8_000, lambda n: PAGE + b"<div class='" + b"word " * n + b"'>" + b"x<br>" * n),
    (2_400, lambda n: PAGE + b"<ul>" + b"<li><i class='date'>x</i> y <a href='/x'>y</a>" * n),
    (2_400, lambda n: PAGE + b"<ul>" + b"<li><time>12 maj 2026</time> <a href='/x'>y</a>" * n),
    (4_000, lambda n: PAGE + b"<ul><li><time>x</time><li>" + b"<time class='date'>x</time><a href='/x'></a>" * n),
    (40_000, lambda n: TEXT + b"---jsonarguese" * n),
    (160_000, lambda n: TEXT + b"x; " + b"; " * n + b"x www.example.org"),
    (4_000, lambda n: TEXT + (b"logo " * 70 + b"\n\n") * (n // 40)),
    (1_600, lambda n: b"- word said\n" * n),
    (20_000, lambda n: TEXT + b"A-" * n + b'\n\n"It is so", she said.'),
    (40_000, lambda n: b"A title\n\nA line that is as wide as this one and goes on\n" + b"so\n" * n),
    (160_000, lambda n: b'A title\n\n"x" ' + b'"x" ' * n),
    (1_600, lambda n: b"Name Name\n" * n),
    (1_600, lambda n: b"Fact: x\n" * n),
    (1_600, lambda n: b"1. x\n" * n),
    (400_000, lambda n: b"Visit http://" + b"a." * n),
    (4_000, lambda n: b"---\ntitle: &a [x]\nb: [" + b"*a," * n + b"]\n---\nText."),
    (400_000, lambda n: b"---\ntitle: x\n---\n" + b"> " * n + b"x"),
    (40_000, lambda n: b"# x\n" + b"[" * n),
    (80_000, lambda n: b"# x\n" + b" " * n),
    (40_000, lambda n: b"---\ntitle: x\n---\n" + b"{{<" * n),
    (80_000, lambda n: b"---\ntitle: x\n---\n" + b"{%" * n),
    (160_000, lambda n: b"---\ntitle: x\n---\n[" + b"\n" * n + b"x"),
    (8_000, lambda n: b"---\ntitle: x\n---\nx " + b"![[a" * n),
    (400_000, lambda n: TEXT + b"!" * n),
    (16_000, lambda n: PAGE + b"<div class='date'>" * (n // 80) + b"<form>" * n),
    (20_000, lambda n: b"# x\n\n- 10 June 2030 18:00 " + b"[" * n),
    (1_600_000, lambda n: b"<html><head><meta name='author' content='" + b"(" * n + b"'>" + BODY),
    (1_600_000, lambda n: b"<html><head><title>&#" + b"9" * n + b";</title></head><body><h1>x</h1><p>" + WORDS),
    (160_000, lambda n: TEXT[:-2] + b"&#" + b"9" * n + b";"),
    (160_000, lambda n: PAGE + b"<img srcset='" + b"9" * n + b" x 1x, " + b"a," * n + b" x'>"),
    (24_000, lambda n: b"<html><body><h1>x</h1><p" + b"".join(b" a%d=1" % each for each in range(n)) + END),
    (24_000, lambda n: b"<html><body><h1>x</h1><p" + b"".join(b' a%d="<x y>"' % each for each in range(n)) + END),
    (6_400, lambda n: b"<html><body>" + b"<div class='sidebar'>" * (n // 32) + b"<h1>x</h1>" + LINK * n),
    (6_400, lambda n: b"<html><body>" + b"<div class='post-body'>" * (n // 32) + b"<h1>x</h1>" + LINK * n),
    # Much is taken out, and text stands behind each.
    (40_000, lambda n: PAGE + b"<script></script>x " * n),
    (40_000, lambda n: b"# x\n\n" + WORDS + b"\n" + b"#\n" * n),
    (80_000, lambda n: PAGE + b"<img src='/a.jpg' alt='" + b"<!--" * n + b"'>" + WORDS),
    (80_000, lambda n: PAGE + b"<img src='/a.jpg' alt='" + b"&lt;!--" * n + b"'>" + WORDS),
]


def read(data: bytes) -> None:
    kind = {b"<": "text/html", b"#": "text/markdown"}.get(data[:1], "")
    with suppress(SourceError):
        for one in document.read(data, SOURCE, url=URL, kind=kind):
            article.normalize(one, NOW)
    with suppress(SourceError):
        discovery.offer(data.decode(), URL)


@pytest.mark.parametrize(("size", "made"), BOMBS, ids=[str(n) for n in range(len(BOMBS))])
def test_no_document_takes_long(size: int, made: Callable[[int], bytes]) -> None:
    assert_grows_alone(lambda size: read(made(size)), size)


def test_text_behind_what_is_taken_out_stays_where_it_is_long_too() -> None:
    words = "Seven words that nobody takes out here. " * 300
    page = f"<html><body><article><h1>x</h1><p>{words}<script></script>and<script></script> on it goes.</article>"
    (found,) = document.read(page.encode(), SOURCE, url=URL, kind="text/html")
    assert f"{words}and on it goes." in " ".join(article.normalize(found, NOW).text.split())


#: What is done with a page's tree, and what there is many of in it.
TREES = [
    (unscripted.plain, "<p><a>x</a></p>"),
    (unscripted.plain, "<h2>x</h2><p>y</p>"),
    (mainpart.article, "<nav>x</nav><iframe></iframe>"),
]


@pytest.mark.parametrize(("work", "part"), TREES, ids=[str(n) for n in range(len(TREES))])
def test_what_is_looked_for_is_not_looked_for_in_each_part_of_a_page(
    work: Callable[[HtmlElement], object], part: str
) -> None:
    assert_grows_alone(lambda size: work(document_fromstring(f"<html><body>{part * size}")), 16_000)


MAPS = [
    b"<urlset>" + b"<url><loc>https://s.example/x</loc></url>" * 100_000,
    b"<urlset>" + b"<url>" * 500_000,
    b"<urlset><url>" + b"<loc>https://s.example/x</loc>" * 100_000,
    b"<!DOCTYPE x [<!ENTITY a 'a'>]><urlset><url><loc>&a;</loc></url></urlset>",
    b"\0" * 1_000_000,
    b"<urlset:><url:/></urlset:>",
    b"<urlset><url><loc>https://s.example/&#xD800;</loc></url></urlset>",
]


def test_no_list_of_sitemaps_takes_long() -> None:
    with computes():
        assert sitemap.robots("\n" * 400_000 + "Sitemap: /map.xml", URL) == ("https://s.example/map.xml",)


@pytest.mark.parametrize("data", MAPS, ids=[str(n) for n in range(len(MAPS))])
def test_no_sitemap_takes_long(data: bytes) -> None:
    with computes(), suppress(SourceError):
        assert len(sitemap.read(data, URL).pages) <= sitemap.MOST


def test_a_sitemap_that_forgets_to_declare_a_prefix_is_read_all_the_same() -> None:
    said = "<news:publication_date>2026-06-01</news:publication_date>"
    for prefix in ("", "s:"):
        url = f"<{prefix}url><{prefix}loc>{URL}</{prefix}loc>{said}</{prefix}url>"
        (place,) = sitemap.read(f"<{prefix}urlset>{url}</{prefix}urlset>".encode(), URL).pages
        assert (place.url, place.changed) == (URL, datetime(2026, 6, 1, tzinfo=UTC))


@pytest.mark.parametrize("digits", ["9" * 5000, "9" * 400])
def test_a_picture_of_no_possible_size_is_shown_without_one(digits: str) -> None:
    told = f"<p>x</p><img src='https://s.example/a-picture.jpg' width='{digits}' height='{digits}' alt='x'>"
    for read in (rss, json_feed, post, page):
        (one,) = read(told)
        assert (one.image is None) or (one.image.width, one.image.height) == (0, 0)
        assert article.normalize(one, NOW).text


def rss(html: str) -> tuple[RawItem, ...]:
    text = f"<title>{escape(html)}</title><link>{URL}</link><description>{escape(html)}</description>"
    return feedxml.items(f"<rss><channel><item>{text}</item></channel></rss>".encode(), SOURCE, URL)


def json_feed(html: str) -> tuple[RawItem, ...]:
    one = {"id": "1", "url": URL, "title": html, "content_html": f"<p>x</p>{html}", "summary": html, "image": html}
    return jsonfeed.items(json.dumps({"items": [one]}), SOURCE, URL)


def post(html: str) -> tuple[RawItem, ...]:
    fields = {name: {"rendered": html} for name in ("title", "content", "excerpt")}
    return wordpress.items([{"id": 1, "link": URL, **fields}], SOURCE, URL)


def page(html: str) -> tuple[RawItem, ...]:
    with suppress(SourceError):
        return document.read(f"<html><article><h1>x</h1><p>{'word ' * 40}</p>{html}".encode(), SOURCE, url=URL)
    return ()


@pytest.mark.parametrize("read", [rss, json_feed, post, page])
@pytest.mark.parametrize(
    "payload", [*PAYLOADS, "{{ unsubscribe_url }}", "x\r\nBcc: y@example.org", "\x1b]0;x\x07"]
)
def test_no_payload_survives_from_any_source(read: Reader, payload: str) -> None:
    (item,) = read(payload)
    one = article.normalize(item, NOW)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", one.title + one.summary + one.author + "".join(one.tags))
    assert "\n" not in one.title
    assert one.image is None or one.image.src.startswith("https://")
    for element in html5lib.parse(prose.html(one.text), namespaceHTMLElements=False).iter():
        assert element.tag in {"html", "head", "body", "p", "a", "img", "strong", "em", "h2", "ul", "li", "br",
                               "del", "blockquote", "ol", "h3", "h4", "code"}  # fmt: skip
        for name, value in element.attrib.items():
            assert not name.startswith("on")
            assert not re.match(r"\s*(?:javascript|data|vbscript):", value, re.IGNORECASE)


@pytest.mark.parametrize("read", [rss, json_feed, post, page])
@pytest.mark.parametrize("sign", ["\v", "\f", "\x00", "\x1f", "\ufffe", "\uffff"])
def test_no_sign_that_xml_lacks_ends_a_reading(read: Reader, sign: str) -> None:
    part = f"<script>x</script>a{sign}b <div class=share>x</div>c{sign}d <h2><a href=#>#</a></h2>e{sign}f"
    (item,) = read(f"<nav>Menu</nav>{sign}<p>{'word ' * 40}</p>{part}<p>The last words.</p>")
    assert article.normalize(item, NOW).text.endswith("The last words.")


@pytest.mark.parametrize("sign", ["\v", "\f"])
def test_lines_that_a_word_processor_broke_stay_apart(sign: str) -> None:
    (one,) = page(f"<script>x</script>The quay opens.{sign}All are welcome.")
    words = article.normalize(one, NOW).text.split()
    assert " ".join(words[40:]) == "The quay opens. All are welcome."


#: A title that a program cut within an emoji, in each form that can name half of one.
HALVES = [
    ("<script type=application/ld+json>%s</script><article><h1>x</h1><p>" + "word " * 40, ".html"),
    ('{"@type": "x", "title": %s}\n\n' + "word " * 40, ".md"),
    (
        '---\ntitle: "A quay \\uD83D"\nauthor: "Anna \\uD83D"\ntags: ["\\uD83D"]\nurl: "https://s.example/\\uD83D"\n---\nx',
        ".md",
    ),
]


@pytest.mark.parametrize(("form", "kind"), HALVES)
def test_half_a_character_ends_no_reading(form: str, kind: str) -> None:
    half = '"A quay \\ud83d"'
    said = f'{{"@type": "NewsArticle", "headline": {half}, "author": {{"name": {half}}}, "url": {half}}}'
    whole = form.replace("%s", said if kind == ".html" else half)
    for one in document.read(whole.encode(), SOURCE, kind=kind, where="a", url=URL if kind == ".html" else ""):
        made = article.normalize(one, NOW)
        assert made.title == "A quay ?"
        assert repr(made).isprintable()
        "".join((made.title, made.author, made.url, made.text, *made.tags)).encode()


#: Addresses that Python's own reader of addresses ends with an error, or that lead nowhere.
BROKEN = [
    "http://[x/a-picture.jpg", "//[::bad/a-picture.jpg", "https://[::1]]/x", "http://u:p[w@h/x", "http:///x",
    "https://s.example:99999/x", "http://a b/c", "https://exa\u2100mple.com/a-picture.jpg", "//", "https://[v1.x]/x",
]  # fmt: skip


@pytest.mark.parametrize("url", BROKEN)
def test_no_broken_address_of_its_own_ends_the_reading_of_a_saved_page(url: str) -> None:
    whole = "<link rel=canonical href='https://s.example/own'><article><h1>x</h1><p>" + "word " * 40
    saved = f"<!-- saved from url=(0020){url if url.startswith('http') else 'http:' + url} -->\n<html>{whole}"
    mailed = f"Subject: x\nMIME-Version: 1.0\nSnapshot-Content-Location: {url}\nContent-Type: text/html\n\n{whole}"
    for page in (saved, mailed):
        (one,) = document.read(page.encode(), SOURCE, kind=".mhtml" if page is mailed else ".html", where="a")
        assert article.normalize(one, NOW).title == "x"


#: Begun and never ended, where many tags stand before it.
TANGLES = ("<i>" * 600 + "<" + "A" * 1_000_000,)


@pytest.mark.parametrize("html", TANGLES, ids=[str(n) for n in range(len(TANGLES))])
@pytest.mark.parametrize("read", [rss, json_feed, post])
def test_no_article_of_a_feed_takes_long(read: Reader, html: str) -> None:
    with computes(20):
        (one,) = read("<p>Kept</p>" + html)
        assert "Kept" in article.normalize(one, NOW).text


PICTURED = "<meta property=og:image content='https://s.example/a-large-picture.jpg'>"


@pytest.mark.parametrize("read", [rss, json_feed, post, page])
@pytest.mark.parametrize("url", BROKEN)
def test_no_broken_address_ends_a_reading(read: Reader, url: str) -> None:
    told = f"<img src='{url}' srcset='{url} 2x' alt=x><a href='{url}'>on</a><iframe src='{url}'></iframe>"
    named = f"<base href='{url}'><meta property=og:image content='{url}'><link rel=canonical href='{url}'>"
    for head in (PICTURED, named):
        found = read(f"{head}{told}<p><a href='{url}'>Read more</a></p>")
        assert len(found) == 1
        assert "//[x/" not in article.normalize(found[0], NOW).text
