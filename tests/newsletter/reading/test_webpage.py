"""Pages as site builders write them: the title without the site, the article without what stands around it."""

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from newsletter import article
from newsletter.errors import SourceError
from newsletter.model import Picture, RawItem, Source
from newsletter.reading import document
from newsletter.reading.html import mainpart, markup
from newsletter.reading.pages import listpage, webpage

TEXT = "Thirty companies have moved into the old mill since March, and the waiting list is long."


def read(head: str, body: str) -> RawItem:
    return webpage.parse(f"<html><head>{head}</head><body>{body}</body></html>", "s", url="https://s.example/a")


@pytest.mark.parametrize(
    ("title", "site", "heading"),
    [
        ("Mill opens | S Park", "S Park", ""),
        ("Mill opens — S Park", "", "Mill opens"),
        ("Mill opens - News - S Park", "S Park", "Mill opens"),
    ],
)
def test_a_title_ends_before_the_name_of_its_site(title: str, site: str, heading: str) -> None:
    head = f'<meta property="og:title" content="{title}"><meta property="og:site_name" content="{site}">'
    assert read(head, f"<h1>{heading}</h1><article><p>{TEXT}</p></article>").title == "Mill opens"


def test_a_title_with_a_dash_of_its_own_stays_whole() -> None:
    head = '<meta property="og:title" content="Mill opens – at last"><meta property="og:site_name" content="S">'
    assert read(head, f"<h1>Mill opens – at last</h1><article><p>{TEXT}</p></article>").title.endswith("at last")


@pytest.mark.parametrize(
    ("head", "heading"),
    [
        # A program's word for the article, and what else one may be told.
        (
            '<script type="application/ld+json">{"@type": "Article", "headline": "mill-2025-opens"}</script>',
            "Mill opens",
        ),
        (
            "<title>Mill opens - Quay</title>"
            '<script type="application/ld+json">{"@type": "Article", "headline": "a house"}</script>',
            "Mill opens",
        ),
        # Its site by its address, and what only members read.
        ('<meta property="og:title" content="Mill opens | QUAY.example">', "Thirty rooms"),
        ('<meta property="og:title" content="Mill opens | News">', "Mill opens for members"),
        # The name of its file, its site first, and what shouts.
        ('<meta property="og:title" content="mill-opens-2025">', "Mill opens"),
        ('<meta property="og:title" content="www.quay.example - Mill opens">', "Thirty rooms"),
        ('<meta property="og:title" content="Mill opens | Old Quay">', "MILL OPENS"),
        ('<meta property="og:title" content="Mill opens › Old Quay">', "Mill opens"),
        # What only programs read aloud.
        ("", '</h1><h1 class="visually-hidden">Old Quay, news</h1><h1>Mill opens'),
    ],
)
def test_a_title_is_what_the_page_shows_as_one(head: str, heading: str) -> None:
    page = f"<html><head>{head}</head><body><h1>{heading}</h1><p>{TEXT}</p></body></html>"
    assert webpage.parse(page, "s", url="https://quay.example/a").title == "Mill opens"


def test_a_title_ends_as_its_heading_does_whatever_its_dash() -> None:
    head = '<meta property="og:title" content="Mill - at last">'
    assert read(head, f"<h1>Mill – at last</h1><article><p>{TEXT}</p></article>").title == "Mill - at last"


def test_what_leads_to_other_articles_is_not_this_one() -> None:
    other = (
        f"<article><h2><a href='/b'>Quay</a></h2><div class='entry-content'><p>{TEXT.upper()}</p></div></article>"
    )
    page = f"<h1>Mill opens</h1><div class='text'><p>{TEXT}</p><p>{TEXT}</p></div><div>{other * 3}</div>"
    assert markup.words(read("<title>Mill opens</title>", page).html) == f"{TEXT} {TEXT}"
    following = f"<div id='next-post-thumbnails'><p>{TEXT.upper() * 3}</p></div>"
    page = f"<div><h1>Mill opens</h1><div class='story'><p>{TEXT}</p></div>{following}</div>"
    assert TEXT.upper() not in read("<title>Mill opens</title>", page).html


def test_a_part_of_an_article_with_adverts_is_one() -> None:
    part = f"<section class='Review__Section Review__Section--Ads'><h2>Room</h2><p>{TEXT}</p></section>"
    assert TEXT in read("<title>Mill</title>", f"<article><h1>Mill</h1><p>{TEXT.upper()}</p>{part}</article>").html


def test_page_builders_wrap_paragraphs_in_widgets() -> None:
    body = f"""<div class="elementor-widget elementor-widget-theme-post-content"><div><p>{TEXT}</p></div></div>
        <div class="elementor-location-footer"><div class="elementor-widget"><p>{TEXT} Footer.</p></div></div>"""
    assert markup.words(read("<title>Mill</title>", body).html) == TEXT


def test_blocks_of_an_article_may_stand_apart() -> None:
    blocks = "".join(f"<div><div><p>{part}</p></div></div>" for part in (TEXT, TEXT.upper()))
    body = f'<div><section data-hook="post-description">{blocks}</section><p>{TEXT * 3}</p></div>'
    assert markup.words(read("<title>Mill</title>", body).html) == f"{TEXT} {TEXT.upper()}"


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("<title>Quay notes</title>", "<header><h1><a href='/'>Quay notes</a></h1></header>", ""),
        ("<title>x</title><meta property='og:site_name' content='Quay'><meta property='og:title' content='Quay'>",
         "<main><h1>Mill</h1></main>", "Mill"),
        ("<title>(Untitled)</title><meta property='og:title' content='(Untitled)'>", "<h1>Untitled</h1>", ""),
        ("<title>| Quay</title>", "<nav><a rel='home' href='https://s.example'>Quay</a></nav>", ""),
        ("<title>Quay</title>", "<header><a href='/'>Quay</a></header><main><h1>Quay</h1></main>", "Quay"),
        ("<title>Mill</title>", "<header><a href='/news/'>Mill</a></header>", "Mill"),
    ],
)  # fmt: skip
def test_a_post_without_a_title_is_not_called_as_its_site(head: str, body: str, title: str) -> None:
    item = read(head, f"{body}<article><p>{TEXT}</p></article>")
    assert item.title == title
    assert "Untitled" not in item.html


def test_a_page_that_marks_no_article_is_read_where_its_text_stands() -> None:
    """The same with the extra ``pages`` and without it."""
    body = """<div class="top"><a href="/">Home</a> <a href="/a">About</a> <a href="/b">Contact</a></div>
    <div class="x1"><div class="x2"><h1>The bridge is open</h1>
    <p>The bridge was finished a month early, and a hundred people walked over it before anybody cut a ribbon.
    Nobody minded, least of all the mayor, who came by boat.</p><h2>What comes next</h2>
    <p>In spring the old ferry gets a new life as a café, and the lamps along the quay are changed one by one.
    <a href="/more">Read more about it</a> in the plan.</p>
    <ul><li>Lamps along the whole quay</li><li>Benches on both sides of the water</li></ul></div></div>
    <div class="x3"><p><a href="/1">One</a></p><p><a href="/2">Two</a></p></div>"""
    item = read("", body)
    text = markup.markdown(item.html, item.base, item.title)
    assert text.startswith("The bridge was finished")
    assert "## What comes next" in text
    assert "[Read more about it](https://s.example/more)" in text
    assert "- Lamps along" in text
    assert not any(word in text for word in ("Home", "Contact", "One"))


@pytest.mark.parametrize("tag", ["article", "div"])
def test_a_post_about_social_things_or_menus_is_no_furniture(tag: str) -> None:
    body = f"""<{tag} class="post category-social-innovation tag-menu"><h1>Mill</h1><p>{TEXT}</p>
        <div class="social-links"><p>{TEXT.upper()}</p></div></{tag}>"""
    assert markup.words(read("", body).html) == f"Mill {TEXT}"


@pytest.mark.parametrize("box", ['class="part part-1"', ""])
def test_the_boxes_of_one_article_stay_together_without_what_is_of_another_kind(box: str) -> None:
    parts = "".join(f"<div {box}><p>{words}</p></div>" for words in (TEXT, TEXT.upper(), TEXT.lower()))
    body = f"""<div class="bar"><p>Call the front desk, open from nine to five on weekdays.</p></div>
        <div class="page">{parts}</div><div class="bottom"><p>The Mill, Mill Street 1, by the river.</p></div>"""
    assert markup.words(read("", body).html) == f"{TEXT} {TEXT.upper()} {TEXT.lower()}"


@pytest.mark.parametrize(
    ("head", "shown"),
    [
        ("", "<ul><li><time>May 12, 2025</time></li></ul>"),
        ("", '<p class="posted-on">Publicerad av Ada Lund den 12 maj 2025</p>'),
        ("", '<footer class="node__meta">Inskickad av <span>ada</span> den mån, 2025-05-12 09:30</footer>'),
        ("", "<p>The Old Mill Ltd | 2025-05-12 07:30</p>"),
        (
            "",
            "<p class=meta-info>By <b>Ada</b>|<i class=updated>2025-06-01</i>|<span>maj 12, 2025</span>|News</p>",
        ),
        ("", '<time class="entry-date published updated" datetime="2025-05-12"></time>'),
        ("", "<div><span>Pressmeddelande</span><time>12 maj 2025 09:30 CEST</time></div>"),
        ("", "<div><time>13 touko 2025 00:30 EEST</time></div>"),
        ("", "<div><time>ma 12. toukok. 2025 klo 9.30</time></div>"),
        ('<meta name="dcterms.date" content="2025-05-12">', ""),
        ('<meta itemprop="datePublished" content="2025-05-12T09:00:00+0200">', ""),
    ],
)
def test_a_page_says_in_its_own_way_when_it_came_out(head: str, shown: str) -> None:
    others = '<ul><li><time datetime="2019-01-01">1/1</time> Old</li></ul>'
    item = read(head, f"<main><h1>Mill</h1>{shown}<div><p>{TEXT}</p></div></main>{others}")
    assert item.published is not None
    assert item.published.date().isoformat() == "2025-05-12"


@pytest.mark.parametrize("logo", ["<header><h1>Old Park</h1></header>", '<div id="top"><h1>Old Park</h1></div>'])
@pytest.mark.parametrize("rank", ["h1", "h2"])
def test_a_logo_is_no_title(logo: str, rank: str) -> None:
    item = read(
        "<title>Mill opens – Old Park</title>", f"{logo}<div><{rank}>Mill opens</{rank}><p>{TEXT}</p></div>"
    )
    assert (item.title, markup.markdown(item.html, title=item.title)) == ("Mill opens", TEXT)


def test_of_several_articles_on_a_page_the_one_under_its_title_is_read() -> None:
    longer = f"<article><h1>The ferry</h1><p>{TEXT.lower() * 3}</p></article>"
    item = read("<title>Mill opens</title>", f"<article><h1>Mill opens</h1><p>{TEXT}</p></article>{longer}")
    assert markup.markdown(item.html, title=item.title) == TEXT


def test_what_unfolds_has_its_heading_and_what_acts_as_a_heading_is_one() -> None:
    body = f"""<main><div role="heading" aria-level="1">Mill</div><button aria-expanded="false">Who?</button>
        <p>{TEXT}</p><h3><button>When?</button></h3><p>Soon.</p><button>Print</button></main>"""
    item = read("<title>Mill</title>", body)
    assert markup.markdown(item.html, title="Mill") == f"## Who?\n\n{TEXT}\n\n## When?\n\nSoon."


def test_the_picture_under_a_title_is_that_of_an_article_without_one() -> None:
    above = '<img src="/logo.png"><h1>Mill</h1><div><img src="/face.jpg" width="80"><img src="/mill.jpg"></div>'
    item = read("", f'{above}<div class="entry-content"><p>{TEXT}</p></div><img src="/after.jpg">')
    assert item.image
    assert item.image.src == "https://s.example/mill.jpg"


@pytest.mark.parametrize(
    "title",
    [
        *("Just a moment...", "404 – sidan kunde inte hittas", "Page not found | S", "403 Forbidden"),
        *("Oops! That page can’t be found. – S", "Sign in to your account", "Logga in"),
        *("404 – S", "Hoppsan! Sidan finns inte", "Vi värnar om din integritet", "Security Checkpoint"),
        *("Fel 404", "Seite nicht gefunden", "Sivua ei löytynyt", "Siden finnes ikke", "Hantera samtycke | S"),
    ],
)
def test_a_notice_in_place_of_a_page_is_no_article(title: str) -> None:
    with pytest.raises(SourceError, match="only a notice"):
        read(f"<title>{title}</title>", f"<main><h1>s.example</h1><p>{TEXT}</p></main>")


def test_an_article_may_be_called_as_what_asks_for_a_login_is() -> None:
    head = '<title>Logga in</title><meta property="og:type" content="article">'
    assert read(head, f"<main><h1>Logga in</h1><p>{TEXT}</p></main>").title == "Logga in"
    with pytest.raises(SourceError, match="only a notice"):
        read(head, f"<main><h1>Logga in</h1><p>{TEXT}</p><form><input type=password></form></main>")


def test_an_article_about_what_was_not_found_is_one() -> None:
    assert read("<title>Page not found: a history of the web</title>", f"<main><p>{TEXT}</p></main>").title


def test_when_a_page_was_changed_is_not_when_it_came_out() -> None:
    body = f"""<main><h1>Mill</h1><p>{TEXT}</p><time class="updated" datetime="2025-06-01"></time>
        <p class="page-date">Last updated: 1 June 2025</p></main>"""
    assert read("", body).published is None


def test_the_days_of_other_articles_are_not_the_pages_own() -> None:
    point = "<li><a href='/{n}'>En annan</a> <time datetime='2026-05-0{n}'>{n} maj</time></li>"
    others = "".join(point.format(n=n) for n in (1, 2))
    one = read("", f"<main><h1>Kvarnen</h1><p>{TEXT}</p><p>Uppdaterad: 3 mars 2026</p><ul>{others}</ul></main>")
    assert one.published is None
    own = "<ul><li><time datetime='2026-03-03'>3 mars</time> av <a href='/a'>Anna Holm</a></li></ul>"
    one = read("", f"<main><h1>Kvarnen</h1>{own}<p>{TEXT}</p><ul>{others}</ul></main>")
    assert one.published
    assert one.published.date().isoformat() == "2026-03-03"


def test_a_day_right_above_the_title_is_the_pages_own() -> None:
    one = read("", f"<main><div><p>Nyhet</p><p>3 mars 2026</p></div><h1>Kvarnen</h1><p>{TEXT}</p></main>")
    assert one.published
    assert one.published.date().isoformat() == "2026-03-03"
    sort = f"<div><span>Norrvik, 3 mars 2026</span> <small>Nyhet</small><h2>Kvarnen</h2><p>{TEXT}</p></div>"
    one = read("<title>Kvarnen</title>", sort)
    assert one.published
    assert one.published.date().isoformat() == "2026-03-03"
    far = read("", f"<header><p>3 mars 2026</p><p>Sol</p></header><main><h1>Kvarnen</h1><p>{TEXT}</p></main>")
    assert far.published is None


@pytest.mark.parametrize("opening", ["NORRVIK, 12 maj 2025 –", "(12.05.2025)"])
def test_the_day_with_which_a_text_opens_is_the_pages_own(opening: str) -> None:
    one = read("", f"<main><h1>Kvarnen</h1><div><p>{opening} {TEXT}</p></div></main>")
    assert one.published
    assert one.published.date().isoformat() == "2025-05-12"


def test_the_parts_of_an_ingress_stay_words_apart() -> None:
    lead = "<div class=lead><p>The mill is open at <b>last</b>.</p><div>by Ada Lund</div></div>"
    one = read("", f"<h1>Mill</h1>{lead}<article><p>{TEXT}</p></article>")
    assert "open at last. by Ada Lund" in markup.words(one.html)


@pytest.mark.parametrize("line", ["för 3 dagar sedan", "Publicerad för en vecka sedan", "2 hours ago"])
def test_how_long_ago_a_page_came_out_is_no_text(line: str) -> None:
    one = read("", f"<main><h1>Kvarnen</h1><p>{line}</p><p>{TEXT}</p></main>")
    assert markup.markdown(one.html, one.base, one.title) == TEXT


def test_lines_that_only_lead_elsewhere_go_and_a_link_stays() -> None:
    body = f"""<main><p>Dela artikeln</p><p>{TEXT}</p><p><a href="/more">Läs också: En annan kvarn</a></p>
        <p>{TEXT.upper()}</p><p><a href="/plan.pdf">Ladda ner</a></p><p>Till toppen</p></main>"""
    assert markup.words(read("", body).html) == f"{TEXT} {TEXT.upper()} Ladda ner"


def test_what_an_article_is_filed_under_and_who_may_comment_it_is_no_text() -> None:
    body = f"""<main><p>{TEXT}</p><h3>Ämnen</h3><ul><li>Kvarnar</li></ul><h3>Tags</h3><p>{TEXT}</p>
        <p><a href="/s">Share</a></p><ul><li><a href="/l">Log in</a> to post comments</li></ul>
        <p>Senast ändrad: 2025-06-01 | Sidansvarig: Webbgruppen</p></main>"""
    assert markup.words(read("", body).html) == f"{TEXT} Tags {TEXT}"


def test_other_articles_under_a_heading_that_says_so_are_left_out_with_their_pictures() -> None:
    others = "".join(
        f"<div><a href='/{n}'><img src='/{n}.jpg'><p>1 maj</p><h3>Bro {n}</h3></a></div>" for n in "abc"
    )
    one = article.normalize(
        read("", f"<main><h1>Mill</h1><p>{TEXT}</p><h2>Fler nyheter</h2><div>{others}</div></main>"),
        datetime(2026, 1, 1, tzinfo=UTC),
    )
    assert (one.text, one.image) == (TEXT, None)
    kept = f"<main><h1>Mill</h1><p>{TEXT}</p><h2>Latest</h2><p>{TEXT}</p><h2>Was this page useful?</h2></main>"
    assert markup.markdown(read("", kept).html, title="Mill") == f"{TEXT}\n\n## Latest\n\n{TEXT}"


def test_what_scripts_would_change_says_where_it_ends() -> None:
    body = f"""<main><p>{TEXT}</p><span data-to-value="40">0</span><p>firms</p>
        <p><a href="/c"><img class="hs-cta-img" src="/c.png" alt="Get the list"></a></p></main>"""
    one = article.normalize(read("", body), datetime(2026, 1, 1, tzinfo=UTC))
    assert one.image is None
    assert one.text == f"{TEXT}\n\n40\n\nfirms\n\n[Get the list](https://s.example/c)"


def test_the_writer_of_a_page_is_whom_it_marks() -> None:
    assert read("", f'<article><a rel="author" href="/a">Ada Lund</a><p>{TEXT}</p></article>').author == "Ada Lund"


def test_an_article_that_a_script_would_show_is_read_where_machines_read_it() -> None:
    said = {"@type": "NewsArticle", "headline": "Mill", "articleBody": f"{TEXT}\n\n– Vi växer, säger Ada Lund."}
    item = read(f'<script type="application/ld+json">{json.dumps(said)}</script>', "<div id=root></div>")
    assert markup.markdown(item.html) == f'{TEXT}\n\n::: quote {{by="Ada Lund"}}\nVi växer.\n:::'


def test_a_description_that_is_escaped_twice_is_words() -> None:
    said = [
        {
            "@type": "Event",
            "name": f"Day &amp; {n}",
            "url": f"https://s.example/{n}",
            "startDate": f"2026-12-0{n}",
            "description": f"&lt;p&gt;{TEXT}&lt;/p&gt;\\n",
        }
        for n in (1, 2)
    ]
    page = f"<html><body><h1>Events</h1><script type='application/ld+json'>{json.dumps(said)}</script></body>"
    assert all(f"<p>{TEXT}</p>" in one.html for one in listpage.read(page, "s", url="https://s.example/"))


def test_a_line_of_when_and_by_whom_a_page_was_changed_is_no_text() -> None:
    line = "<p>Uppdaterad: 20 november 2026<br>Sidansvarig: Lena Ek</p>"
    assert (
        "Lena"
        not in read("", f"<main><h1>T</h1><p>{TEXT}</p><p>{TEXT}</p>{line}<h2>A</h2><p>{TEXT}</p></main>").html
    )


def test_a_block_theme_says_whose_picture_and_whose_words_they_are() -> None:
    page = (
        "<main><figure class='wp-block-post-featured-image'><img class='wp-post-image' src='/a.jpg' alt='Mill'>"
        "</figure><h1>The mill</h1><div class='wp-block-post-author-name'><a href='/w'>Ada Lund</a></div>"
        f"<img class='avatar' src='/ada.jpg'><div class='entry-content'><p>{TEXT}</p><img src='/b.jpg'></div>"
    )
    one = read("", page)
    assert one.author == "Ada Lund"
    assert one.image == Picture("https://s.example/a.jpg", "Mill")


def test_a_page_that_lists_articles_is_all_of_them() -> None:
    cards = "".join(
        f"""<article><time>{day} maj 2025</time><a href="/n/{day}"><h2>Kvarn {day}</h2></a>
        <img src="/{day}.jpg"><p>{TEXT}</p><a href="/n/{day}">Läs mer</a></article>"""
        for day in range(1, 5)
    )
    page = f"<html><body><h1>Nyheter</h1><main>{cards}</main></body></html>".encode()
    found = document.read(page, Source("s", "page", ""), url="https://s.example/nyheter/")
    assert [(one.title, one.url) for one in found] == [
        (f"Kvarn {day}", f"https://s.example/n/{day}") for day in range(1, 5)
    ]
    assert {markup.words(one.html) for one in found} == {TEXT}
    assert [one.published.day for one in found if one.published] == [1, 2, 3, 4]


def test_articles_that_an_article_recommends_are_not_read_with_it() -> None:
    cards = "".join(f'<article><h3><a href="/n/{n}">Kvarn {n}</a></h3></article>' for n in range(5))
    page = f"<html><body><main><h1>Mill</h1><p>{TEXT * 3}</p></main>{cards}</body></html>".encode()
    assert [one.title for one in document.read(page, Source("s", "page", ""), url="https://s.example/a")] == [
        "Mill"
    ]


@pytest.mark.parametrize(
    "data",
    [
        *(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", b"ab\0\1\2\3" * 50, b"\xff\xfb\x90\x64" * 90),
        b'<?xml version="1.0"?>\n<!DOCTYPE plan>\n<!-- ours --><plan><a>b</a></plan>',
    ],
)
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(SourceError, match="not text"):
        document.read(data, Source("s", "page", ""), where="x.txt")


def test_articles_shown_in_an_article_and_the_heading_over_them_are_no_part_of_it() -> None:
    card = '<article><h3><a href="/b">The ferry</a></h3><p>It leaves on Monday.</p></article>'
    one = read("", f"<article><p>{TEXT}</p><h2>More</h2><div>{card}{card}</div></article>")
    assert article.normalize(one, datetime(2026, 1, 1, tzinfo=UTC)).text == TEXT


def test_what_linked_data_names_elsewhere_is_looked_up_there() -> None:
    graph = [
        {"@type": "Article", "headline": "Mill", "image": {"@id": "#pic"}, "author": [{"@id": "#ada"}]},
        {"@type": "ImageObject", "@id": "#pic", "url": "https://s.example/mill.jpg"},
        {"@type": "Person", "@id": "#ada", "name": "Ada Lund"},
    ]
    head = f'<script type="application/ld+json">{json.dumps({"@graph": graph})}</script>'
    one = read(head, f"<main><p>{TEXT}</p></main>")
    assert one.image
    assert (one.image.src, one.author) == ("https://s.example/mill.jpg", "Ada Lund")


def test_what_machines_are_told_of_a_day_goes_before_its_order_for_readers() -> None:
    shown = """<footer class="node__meta">Submitted by <span>Ada Lund</span> on
        <time datetime="2025-05-12T09:00:00+02:00">Mon, 05/12/2025 - 09:00</time></footer>"""
    item = read("", f"<main><h1>Mill</h1><article>{shown}<div><p>{TEXT}</p></div></article></main>")
    assert item.published
    assert (item.published.date().isoformat(), item.author) == ("2025-05-12", "Ada Lund")


@pytest.mark.parametrize(
    "box",
    [
        '<div class="author-wrap"><img src="/face.jpg"><div>Ada Lund</div><div>May 12, 2025</div></div>',
        '<div class="authorByline"><span>Ada Lund</span><span>Press officer</span></div>',
    ],
)
def test_a_box_that_is_called_the_authors_tells_the_writer_and_is_no_text(box: str) -> None:
    item = read("", f"<main><h1>Mill</h1>{box}<p>{TEXT}</p></main>")
    assert (item.author, markup.words(item.html)) == ("Ada Lund", f"Mill {TEXT}")
    assert "face" not in item.html


def test_what_stands_beside_a_press_release_is_no_text_of_it() -> None:
    beside = """<h2>Kontakter</h2><div><img src="/face.jpg"><h3>Ada Lund</h3><p>Presskontakt</p></div>
        <h3>Om författaren</h3><p>Ada skriver om kvarnar.</p><p>Sidan publicerades: 2025-05-12</p>"""
    item = read(
        "", f"<main><h1>Mill</h1><p>2025-05-12 08:30 Nyhet</p><p>{TEXT}</p><h2>Ämnen</h2><ul><li>A</ul>{beside}"
    )
    assert item.published
    assert article.normalize(item, item.published).text == TEXT
    assert "face" not in item.html


def test_a_button_that_shows_a_page_to_friends_is_no_text_and_a_link_to_a_profile_is() -> None:
    button = '<p><a href="https://twitter.com/intent/tweet?text=x">Twittra det här</a></p>'
    item = read("", f'<main><p>{TEXT}</p>{button}<p>Vi finns på <a href="https://x.com/mill">X</a>.</p></main>')
    assert markup.words(item.html) == f"{TEXT} Vi finns på X."


def test_pictures_and_quotes_that_scripts_or_builders_make_are_what_they_show() -> None:
    said = """<div class="elementor-testimonial-wrapper"><div class="elementor-testimonial-content">So good.</div>
        <div class="elementor-testimonial-meta"><img src="/face.jpg">
        <div class="elementor-testimonial-name">Ada Lund</div>
        <div class="elementor-testimonial-job">Miller</div></div></div>"""
    shown = '<amp-img src="/mill.jpg" alt="A mill" width="900"></amp-img><amp-ad><div>Advertisement</div></amp-ad>'
    text = article.normalize(
        read("", f"<main><p>{TEXT}</p>{shown}<p>{TEXT}</p>{said}</main>"), datetime.now(UTC)
    ).text
    assert '::: quote {by="Ada Lund, Miller"}\nSo good.\n:::' in text
    assert "Advertisement" not in text


@pytest.mark.parametrize(
    ("shown", "author"),
    [("Ada Lund, Bo Ek", "Ada Lund, Bo Ek"), ("Bo Ek, Cia Dahl", "Ada Lund"), ("", "Ada Lund")],
)
def test_all_who_wrote_a_page_are_named_where_linked_data_names_one_of_them(shown: str, author: str) -> None:
    head = f"""<meta name="twitter:label1" content="Written by">
        <meta name="twitter:data1" content="{shown}">
        <script type="application/ld+json">
        {{"@type": "Article", "author": {{"@type": "Person", "name": "Ada Lund"}}}}</script>"""
    assert read(head, f"<main><h1>Mill</h1><p>{TEXT}</p></main>").author == author


def test_a_page_that_only_a_script_would_fill_is_what_its_site_tells_of_it() -> None:
    head = f'<meta property="og:title" content="Mill"><meta property="og:description" content="{TEXT}">'
    assert markup.words(read(head, '<div id="app"></div>').html) == TEXT
    with pytest.raises(SourceError, match="no article"):
        read(f'<meta name="description" content="{TEXT}">', '<div id="app"></div>')


def test_a_list_of_what_is_related_goes_with_the_sentences_under_its_titles() -> None:
    others = (
        "<ul><li><a href='/b'>Other</a><p>This tells of something else, in a sentence of its own.</p></li></ul>"
    )
    text = markup.markdown(
        read("", f"<main><h1>T</h1><p>{TEXT}</p><h2>Relaterat innehåll</h2>{others}</main>").html
    )
    assert text.endswith(TEXT)


def test_a_page_that_asks_for_a_password_is_no_article() -> None:
    form = "<form class='post-password-form' method='post'><p>Ange ditt lösenord för att visa det.</p></form>"
    article = f"<article><h1>Protokoll</h1>{form}</article><p>{'Vi ses vid bron i kväll. ' * 9}</p>"
    with pytest.raises(SourceError, match="a password protects this page"):
        webpage.parse(f"<html><body><main>{article}</main></body></html>", "s", url="https://s.example/a")


def test_an_hour_that_a_page_shows_without_a_zone_is_by_the_letters_clock() -> None:
    for line, hour in (
        ("Publicerad 3 november 2026 23.45", "2026-11-03T23:45:00+01:00"),
        ("Publicerad: 2026-11-03 23:45 UTC", "2026-11-03T23:45:00+00:00"),
        ("Publicerad 3 november 2026", "2026-11-03T12:00:00+00:00"),
    ):
        page = f"<html><body><main><h1>Bron</h1><p>{line}</p><p>{TEXT}</p><p>{TEXT}</p></main></body></html>"
        found = webpage.parse(page, "s", url="https://s.example/a", zone=ZoneInfo("Europe/Stockholm"))
        assert found
        assert found.published
        assert found.published.isoformat() == hour


def test_a_list_of_one_article_is_no_article_of_a_sitemap() -> None:
    for href, is_article in (("/nyheter/bro/", False), ("/tag/bro/", True), ("https://o.example/bro", True)):
        card = f"<article><h2><a href='{href}'>Nya bron</a></h2><time datetime='2026-11-24'></time><p>{TEXT}</p>"
        page = f"<html><body><main><h1>bro</h1>{card}</article></main></body></html>"
        found = webpage.parse(page, "s", url="https://s.example/tag/bro/", listed=True)
        assert (found is not None) is is_article


CARDS = "".join(f"<div><h3><a href='/n/{n}'>Kvarn {n}</a></h3><p>{TEXT} Nummer {n}.</p></div>" for n in range(3))


@pytest.mark.parametrize("mark", ["entry-content wp-block-post-content", "gh-content"])
def test_what_a_page_marks_as_its_article_is_that_however_short_it_is(mark: str) -> None:
    head = "<meta property='og:type' content='article'><meta property='og:title' content='Kören söker basar'>"
    text = "Kören övar på tisdagar och söker fler röster."
    filed = "<div><p>Posted</p><p>in</p><p><a href='/c/k'>Kultur</a></p><p>by</p><p>Mira Ek</p></div>"
    body = f"<main><h1>Kören söker basar</h1><div class='{mark}'><p>{text}</p></div>{filed}</main>"
    one = read(head, f"{body}<section><h2>Läs härnäst</h2>{CARDS}</section>")
    assert (one.title, markup.words(one.html), one.language) == ("Kören söker basar", text, "sv")


def test_the_page_of_a_post_for_members_tells_nothing_of_others() -> None:
    head = "<meta property='og:type' content='article'><meta property='og:title' content='För medlemmar'>"
    shut = "<section class='gh-content'><aside><h2>Bara för medlemmar</h2></aside></section>"
    body = f"<main><article><h1>För medlemmar</h1>{shut}</article></main><section>{CARDS}</section>"
    with pytest.raises(SourceError, match="no article on this page"):
        read(head, body)


@pytest.mark.parametrize(
    ("player", "wanted"),
    [
        (
            "<iframe src='https://www.youtube.com/embed/abcDEF12345?feature=oembed' title='YouTube video player'>"
            "</iframe><figcaption>Filmen om <b>bron</b></figcaption>",
            "[Filmen om **bron**](https://www.youtube.com/watch?v=abcDEF12345)",
        ),
        ("<iframe src='//player.vimeo.com/video/76979871?h=1' title='Bron på film'></iframe>",
         "[Bron på film](https://vimeo.com/76979871)"),
        ("<iframe src='//player.vimeo.com/video/76979871' title='Bron på film'></iframe><figcaption> ",
         "[Bron på film](https://vimeo.com/76979871)"),
        ("<iframe src='//player.vimeo.com/video/76979871'></iframe>", ""),
        ("<audio src='/tal.mp3'></audio><figcaption>Tal</figcaption>", "[Tal](https://s.example/tal.mp3)"),
        ("<div class='kg-audio-card'><p class='kg-audio-thumbnail'>?</p><div class='kg-audio-player-container'>"
         "<audio src='/tal.mp3'></audio><div class='kg-audio-title'>Talet</div>"
         "<div class='kg-audio-player'>0:00</div></div></div>", "[Talet](https://s.example/tal.mp3)"),
        ("<video><source src='/bro.mp4'></video><figcaption>Se den <a href='/f'>här</a></figcaption>",
         "Se den [här](https://s.example/f)"),
        ("<iframe src='https://ads.example/embed/1' title='Annons'></iframe>", ""),
        ("<iframe src='https://www.youtube.com/embed/abcDEF12345' title='YouTube video player'></iframe>", ""),
    ],
)  # fmt: skip
def test_a_film_or_a_recording_is_a_link_where_something_names_it(player: str, wanted: str) -> None:
    figure = f"<figure class='wp-block-embed'><div class='wp-block-embed__wrapper'>{player}</div></figure>"
    if "<figcaption" in player:
        player, caption = player.split("<figcaption")
        figure = f"<figure class='wp-block-embed'><div>{player}</div><figcaption{caption}</figure>"
    page = read("", f"<h1>B</h1><article><p>{TEXT}</p>{figure}</article>").html
    for html in (page, mainpart.body(f"<p>{TEXT}</p>{figure}")):
        assert markup.markdown(html, "https://s.example/").removeprefix(TEXT).strip("*\n") == wanted


@pytest.mark.parametrize("around", ["{}", "<p>{}</p>", "<figure>{}</figure>"])
def test_a_film_in_a_text_that_was_typed_is_a_link_too(around: str) -> None:
    film = around.format("<iframe src='//player.vimeo.com/video/76979871' title='Bron på film'></iframe>")
    html = mainpart.body(f"<p>{TEXT}</p>{film}<p>{TEXT}</p>")
    assert "[Bron på film](https://vimeo.com/76979871)" in markup.markdown(html, "https://s.example/")


def test_what_is_no_text_of_a_card_is_left_out() -> None:
    link = "<a href='https://o.example/r'><div class='kg-bookmark-title'>Rapporten</div>"
    link += "<div class='kg-bookmark-metadata'><img src='/i.png'><span>Kommunen</span><span>Anna</span></div></a>"
    note = "<div class='kg-callout-card'><div class='kg-callout-emoji'>💡</div><div>Stängt i dag.</div></div>"
    form = "<div class='kg-card kg-signup-card'><h2>Prenumerera</h2><p>Varje vecka</p></div>"
    words = markup.words(mainpart.body(f"<p>{TEXT}</p>{link}{note}{form}"))
    assert words == f"{TEXT} Rapporten Stängt i dag."


@pytest.mark.parametrize("kind", [".txt", ".md"])
def test_an_hour_that_a_text_shows_without_a_zone_is_by_the_letters_clock(kind: str) -> None:
    title = "# Bron är öppen" if kind == ".md" else "Bron är öppen"
    text = f"{title}\n\nPublicerad 3 november 2026 kl. 23.45\n\n{TEXT}\n"
    found = document.read(text.encode(), Source("s", "page", "", zone=ZoneInfo("Europe/Stockholm")), kind=kind)
    assert [one.published.isoformat() for one in found if one.published] == ["2026-11-03T23:45:00+01:00"]


@pytest.mark.parametrize(
    "head",
    [
        '<h1>Mill</h1><div class="post-meta"><span>June 3, 2026</span>&nbsp;·&nbsp;<span>4 min</span>&nbsp;·&nbsp;'
        "<span>812 words</span>&nbsp;·&nbsp;<span>Ada Lund</span> | <a href=/e>Suggest Changes</a></div>",
        '<h1>Mill<a class="headerlink" href="#m">¶</a></h1>'
        '<p class="post-meta">By Ada Lund · 3 June 2026 · 4 min</p>',
        "<span hidden itemprop=author itemscope><meta itemprop=name content='Ada Lund'></span>"
        "<h1>Mill</h1><time datetime=2026-06-03>3/6</time>",
        '<h1>Mill</h1><dl class="article-info"><dd class="createdby">Skriven av: <span>Ada Lund</span></dd>'
        "<dd class=published><time datetime=2026-06-03>3 juni</time></dd></dl>",
    ],
)
def test_what_a_theme_writes_under_a_title_tells_day_and_writer(head: str) -> None:
    one = read("<title>Mill | S Park</title>", f"<header>{head}</header><article><p>{TEXT}</p></article>")
    assert one.published
    assert (one.title, one.published.date().isoformat(), one.author) == ("Mill", "2026-06-03", "Ada Lund")
