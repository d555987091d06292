"""Pages as old and new systems build them: what holds the whole page, whatever it is called, is kept."""

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from newsletter import article
from newsletter.model import RawItem
from newsletter.reading.html import markup, stamp
from newsletter.reading.pages import listpage, webpage
from newsletter.reading.words import language
from tests.newsletter.reading.test_webpage import TEXT, read

NOW = datetime(2026, 11, 28, tzinfo=UTC)
MORE = "In spring the old ferry gets a new life as a café, and the lamps along the quay are changed one by one."


def words(item: RawItem) -> str:
    return markup.words(item.html)


@pytest.mark.parametrize(
    "frame",
    [
        '<form id="aspnetForm" method="post">{}</form>',
        '<aside class="direct-content">{}</aside>',
        '<div class="sidebar_content">{}</div>',
        '<div class="l-sidebar-fixed l-segment">{}</div>',
        '<section class="paywall">{}</section>',
    ],
)
def test_what_holds_the_text_of_a_whole_page_is_its_frame(frame: str) -> None:
    body = frame.format(f"<div><h2>Mill opens</h2><p>{TEXT}</p><p>{MORE}</p></div>")
    form = '<form><p>Write to us, and we answer within a few days.</p></form><aside class="sidebar">More</aside>'
    assert words(read("<title>Mill opens</title>", body + form)) == f"Mill opens {TEXT} {MORE}"


@pytest.mark.parametrize("heading", ["Back to basics", "Photo from the moon", "Was this the last mill?"])
def test_a_heading_that_says_what_buttons_say_stays_unless_it_leads_elsewhere(heading: str) -> None:
    page = f"<main><h1>Mill opens</h1><p>{TEXT}</p><h2>{{}}</h2><p>{MORE}</p></main>"
    title = "<title>Mill opens</title>"
    assert f"## {heading}" in markup.markdown(read(title, page.format(heading)).html)
    for button in (f'<a href="/news">{heading}</a>', "Back to top"):
        assert "##" not in markup.markdown(read(title, page.format(button)).html, title="Mill opens")


@pytest.mark.parametrize("name", ["comments", "cookie-notice", "related", "consent-box"])
def test_what_answers_a_page_or_lies_over_it_is_no_frame(name: str) -> None:
    beside = f'<div class="{name}">' + f"<p>{MORE} {MORE}</p>" * 9 + "</div>"
    assert words(read("<title>Mill</title>", f"<div><p>{TEXT}</p></div>{beside}")) == TEXT


def test_the_id_of_a_heading_is_made_from_its_words() -> None:
    body = f'<article><p>{TEXT}</p><h2 id="share-the-load">Share the load</h2><p>{MORE}</p></article>'
    assert "Share the load" in words(read("<title>Mill</title>", body))


def test_a_paragraph_behind_a_paywall_is_text_and_the_wall_is_none() -> None:
    wall = '<div class="paywall"><p>Subscribe to read on, first month free.</p></div>'
    body = f'<article><p>{TEXT} {MORE}</p><p class="paywall">{MORE.upper()}</p>{wall}</article>'
    said = words(read("<title>Mill</title>", body))
    assert (MORE.upper() in said, "Subscribe" in said) == (True, False)


def test_an_article_that_is_cut_by_adverts_is_whole() -> None:
    pieces = '<div class="ad">Buy</div>'.join(
        f'<div class="article__body"><p>{one}</p></div>' for one in (TEXT, MORE)
    )
    body = f"<article><h1>Mill</h1><div>{pieces}</div></article>"
    assert words(read("<title>Mill</title>", body)) == f"{TEXT} {MORE}"


def test_of_several_articles_it_is_the_one_under_the_title_of_whatever_rank() -> None:
    body = f"<article><h2>Ferry</h2><p>{MORE} {MORE}</p></article><article><h2>Mill</h2><p>{TEXT}</p></article>"
    assert words(read('<meta property="og:title" content="Mill">', body)).endswith(TEXT)


@pytest.mark.parametrize(
    ("head", "line", "day"),
    [
        ('<meta name="publish_date" content="Thu, 06 Oct 2011 08:10:27 EST">', "", "2011-10-06T13:10"),
        ('<meta name="sailthru.date" content="June 7, 2013">', "", "2013-06-07T12:00"),
        ("", "<p>August 18, 2010 3:21 PM PDT</p>", "2010-08-18T22:21"),
        ("", "<p>August 18, 2010 12:05 AM UTC</p>", "2010-08-18T00:05"),
        ("", "<p>August 18, 2010 12:05 p.m. UTC</p>", "2010-08-18T12:05"),
        ("", '<p class="submitted">Gespeichert von anna am 24. Juli 2017 - 18:55</p>', "2017-07-24"),
        ("", "<p>Tue, 05/12/2026 - 09:12</p>", "2026-05-12"),
        ("", "<p>tis, 12/05/2026 - 09:12</p>", "2026-05-12"),
        ("", "<p>lör, 05/12/2026</p>", "2026-12-05"),
        ("", "<p>ti 12.5.2026 - 09:12</p>", "2026-05-12"),
        ("", "<p>Publicerad den 12 maj 2026 klockan 09.12</p>", "2026-05-12"),
        ("", '<time datetime="2019-07-03T10:18:46Z">Publié le 29 juin 2019</time>', "2019-06-29T12:00"),
        ("", '<time datetime="2019-06-29T10:18:46Z">Published on 29 June 2019</time>', "2019-06-29T10:18"),
    ],
)
def test_a_day_as_pages_tell_it(head: str, line: str, day: str) -> None:
    at = read(f"<title>Mill</title>{head}", f"<h1>Mill</h1>{line}<article><p>{TEXT}</p></article>").published
    assert at is not None
    assert at.astimezone(UTC).isoformat().startswith(day)


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("/2011/10/06/mill", "2011-10-06"),
        ("/news/2025-6-2-mill", "2025-06-02"),
        ("/2025/06/mill", "2025-06-30"),
        ("/2025/06/", ""),
        ("/2025/06/4711", ""),
        ("/2025/13/mill", ""),
        ("/2025/31/12/mill", ""),
        ("/items/20/2025/1/mill", ""),
    ],
)
def test_an_address_may_tell_the_day_or_its_month(path: str, day: str) -> None:
    at = stamp.addressed(f"https://s.example{path}")
    assert (at.date().isoformat() if at else "") == day


def test_a_page_that_is_no_article_tells_when_it_came_out_and_is_still_none() -> None:
    said = json.dumps({"@graph": [{"@type": "WebPage", "datePublished": "2018-02-28T15:07:03+00:00"}]})
    head = f'<title>Mill</title><script type="application/ld+json">{said}</script>'
    assert read(head, f"<p>{TEXT}</p>").published == datetime(2018, 2, 28, 15, 7, 3, tzinfo=UTC)
    listed = f"<html><head>{head}</head><body><p>{TEXT}</p></body></html>"
    assert webpage.parse(listed, "s", url="https://s.example/a", listed=True) is None


def test_an_hour_without_a_zone_is_by_the_clock_of_the_letter() -> None:
    page = f'<meta property="article:published_time" content="2026-11-03T23:30"><title>M</title><p>{TEXT}</p>'
    one = webpage.parse(page, "s", url="https://s.example/a", zone=ZoneInfo("Europe/Stockholm"))
    assert one is not None
    assert article.normalize(one, NOW).published == datetime(2026, 11, 3, 22, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "src", ["/i/blank.jpg", "/img/logo-opengraph.png", "/i/Site_Logo_PS.gif", "/pu/social_placeholder.png", "/"]
)
def test_what_a_site_shows_in_place_of_a_picture_is_none(src: str) -> None:
    head = f'<title>Mill</title><meta property="og:image" content="https://s.example{src}">'
    one = article.normalize(read(head, f'<article><p>{TEXT}</p><img src="/mill.jpg"></article>'), NOW)
    assert one.image is not None
    assert one.image.src == "https://s.example/mill.jpg"
    assert article.normalize(read(head, f"<article><p>{TEXT}</p></article>"), NOW).image is None


def test_a_picture_of_what_is_called_alike_stays() -> None:
    head = '<title>Mill</title><meta property="og:image" content="https://s.example/i/logopedics-week.jpg">'
    image = read(head, f"<article><p>{TEXT}</p></article>").image
    assert image is not None


def test_spanish_is_not_taken_for_swedish() -> None:
    said = "La reforma de la ley que se debate en el Congreso de los Diputados, de nuevo en Madrid, en la sesión."
    assert language.detect(said * 3) == "es"
    page = f"<html xml:lang='es'><head><title>Ley</title></head><body><p>{said * 2}</p></body></html>"
    one = webpage.parse(page, "s", url="https://s.example/a")
    assert one is not None
    assert one.language == "es"


def test_an_author_whose_page_alone_is_linked_wrote() -> None:
    links = '<a href="/author/anna">Anna Berg</a>'
    assert read("<title>Mill</title>", f"<p>By {links}</p><article><p>{TEXT}</p></article>").author == "Anna Berg"
    links += ' <a href="/author/bo">Bo Ek</a>'
    assert read("<title>Mill</title>", f"<p>By {links}</p><article><p>{TEXT}</p></article>").author == ""


def test_a_site_may_stand_behind_two_dashes() -> None:
    head = (
        '<meta property="og:title" content="Mill opens -- S Park"><meta property="og:site_name" content="S Park">'
    )
    assert read(head, f"<article><p>{TEXT}</p></article>").title == "Mill opens"


def test_a_list_may_stand_in_the_form_of_a_whole_page() -> None:
    cards = "".join(
        f'<div class="news-item"><h3><a href="/n/{number}">Mill {number} opens</a></h3><p>{MORE}</p></div>'
        for number in range(4)
    )
    page = f'<html><title>News</title><body><form id="aspnetForm">{cards}</form></body></html>'
    assert next(one.title for one in listpage.read(page, "s", url="https://s.example/")) == "Mill 0 opens"


@pytest.mark.parametrize("name", ["theme_related_posts", "ce_relatedArticles block", "comments-area"])
def test_articles_that_a_page_leads_to_are_none_of_its_own(name: str) -> None:
    others = "".join(f"<article><h3>Ferry {number}</h3><p>{MORE}</p></article>" for number in range(3))
    body = f'<article><h1>Mill</h1><p>{TEXT}</p><div class="{name}"><h4>Do not miss</h4>{others}</div></article>'
    assert words(read("<title>Mill</title>", body)) == f"Mill {TEXT}"


def test_a_page_describes_the_picture_that_it_names() -> None:
    head = '<title>Mill</title><meta property="og:image" content="https://i.example/og/mill-at-dusk.jpg?w=9">'
    shown = '<header><img src="/photos/mill-at-dusk-700x400.jpg" alt="The mill, lit from below"></header>'
    image = read(head, f"{shown}<article><p>{TEXT}</p></article>").image
    assert image is not None
    assert image.alt == "The mill, lit from below"


@pytest.mark.parametrize(("heading", "count"), [("Read also", 0), ("Relaterade nyheter", 0), ("Latest news", 4)])
def test_cards_that_an_article_leads_to_are_no_list(heading: str, count: int) -> None:
    cards = "".join(
        f'<div class="news-item"><h3><a href="/n/{number}">Mill {number} opens</a></h3><p>{MORE}</p></div>'
        for number in range(4)
    )
    page = f"<html><body><h1>Ferry</h1><p>{TEXT}</p><h2>{heading}</h2><div>{cards}</div></body></html>"
    assert len(listpage.read(page, "s", url="https://s.example/")) == count


def test_a_slash_does_not_end_the_page() -> None:
    page = f"<!DOCTYPE html><html lang='en' /><head><title>Mill</title></head><body /><p>{TEXT}</p></body></html>"
    one = webpage.parse(page, "s", url="https://s.example/a")
    assert one is not None
    assert words(one) == TEXT
