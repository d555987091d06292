"""Laws of feeds by their makers: what Medium, Substack, Discourse and GitHub add to a text is none of it."""

import re
from datetime import UTC, datetime

import pytest

from newsletter import article
from newsletter.model import Article, Source
from newsletter.reading.feeds import feedxml, jsonfeed

PAGE = "https://site.example/eels"
FIRST = "The eels came back to the harbour, and nobody had counted on them any more."
LAST = "They stay in the old dock, where the water is deep and the boats are few."


def read(body: str, link: str = PAGE, more: str = "", title: str = "Eels", feed: str = "The quay") -> Article:
    inside = f"<title>{title}</title><link>{link}</link><description><![CDATA[{body}]]></description>{more}"
    head = '<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/">'
    text = f"{head}<channel><title>{feed}</title><item>{inside}</item></channel></rss>"
    [one] = feedxml.items(text.encode(), Source("site", "feed", PAGE), PAGE)
    return article.normalize(one, datetime(2026, 11, 28, tzinfo=UTC))


@pytest.mark.parametrize(
    "between",
    [
        '<div class="embedded-post-wrap"><a class="embedded-post" href="https://site.example/p/other"><div '
        'class="embedded-post-header"><img src="https://site.example/logo.png"><span>The quay</span></div>'
        '<div class="embedded-post-title">Another post</div><div class="embedded-post-body">Its beginning…</div>'
        '<div class="embedded-post-cta-wrapper"><span>Read more</span></div></a></div>',
        '<div class="embedded-publication-wrap"><a href="https://o.example"><span>Other</span><p>A letter.</p></a>'
        "</div>",
        '<div class="wp-block-jetpack-subscriptions__container"><p>Type your email…</p></div>',
    ],
    ids=["post", "publication", "jetpack"],
)
def test_what_is_offered_beside_a_text_is_no_part_of_it(between: str) -> None:
    one = read(f"<p class='x'>{FIRST}</p>{between}<p>{LAST}</p>")
    assert one.text == f"{FIRST}\n\n{LAST}"


def test_a_forum_tells_its_numbers_and_the_way_to_the_thread_beside_the_text() -> None:
    counted = "<p><small>26 posts - 9 participants</small></p>\n  <p>"
    one = read(f"\n <p>{FIRST}</p>\n {counted}<a href='{PAGE}'>Read full topic</a></p>\n")
    assert (one.text, one.summary) == (FIRST, FIRST)
    assert "26 posts" in read(f"<p>{FIRST}</p><p><small>26 posts - 9 people</small></p><p>{LAST}</p>").text


@pytest.mark.parametrize("query", ["?source=rss-8717e15cbfc4------2", "?source=rss----ab12---4", "?ref=RSS"])
def test_an_address_does_not_say_that_a_reader_came_by_the_feed(query: str) -> None:
    assert read(f"<p>{FIRST}</p>", PAGE + query).url == PAGE


@pytest.mark.parametrize("query", ["?source=harbour", "?ref=12", "?from=Norrvik", "?id=rss"])
def test_an_address_keeps_what_its_page_is_found_by(query: str) -> None:
    assert read(f"<p>{FIRST}</p>", PAGE + query).url == PAGE + query


@pytest.mark.parametrize("title", ["v3.1.57", "2.0", "1.4.0-rc.1", "v2.0.0+build7"])
def test_a_version_alone_is_called_by_its_feed_too(title: str) -> None:
    assert read(f"<p>{FIRST}</p>", title=title, feed="Releases of Quay").title == f"Releases of Quay {title}"


@pytest.mark.parametrize("title", ["Version 3.1 is here", "2026", "3 eels", "v"])
def test_any_other_title_stays(title: str) -> None:
    assert read(f"<p>{FIRST}</p>", title=title).title == title


def test_a_program_is_nobody_who_writes() -> None:
    assert read(f"<p>{FIRST}</p>", more="<author>github-actions[bot]</author>").author == ""


def test_who_made_a_film_is_told() -> None:
    credit = '<media:credit role="{}" scheme="urn:ebu">{}</media:credit>'
    film = f'<media:content medium="video">{credit}</media:content>'
    assert read(f"<p>{FIRST}</p>", more=film.format("author", "Anna Holm")).author == "Anna Holm"
    assert read(f"<p>{FIRST}</p>", more=film.format("actor", "Anna Holm")).author == ""


@pytest.mark.parametrize("alt", ["image", "Photo", "bild"])
def test_a_word_for_any_picture_describes_none(alt: str) -> None:
    one = read(f"<p>{FIRST}</p><img src='https://site.example/a.jpg' alt='{alt}'>")
    assert one.image
    assert one.image.alt == ""


FILM = """<feed xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/"><title>Quay</title><entry>
<id>yt:video:a1</id><title>{title}</title><link href="https://site.example/watch?v=a1"/><media:group><media:description>{words}
</media:description></media:group></entry></feed>"""


def test_a_films_hashtags_and_where_its_maker_is_found_are_no_part_of_it() -> None:
    follow = "Följ oss:\nFacebook: https://www.facebook.com/quay\n📷 Instagram: @quay\n\n#eels #quay"
    feed = FILM.format(title="The eels are back #shorts #eels", words=f"{FIRST}\n\n{follow}")
    [one] = feedxml.items(feed.encode(), Source("site", "feed", PAGE), PAGE)
    shown = article.normalize(one, datetime(2026, 11, 28, tzinfo=UTC))
    assert (shown.title, shown.text) == ("The eels are back", FIRST)


@pytest.mark.parametrize("words", ["Facebook: how we use it, and why", "X: the unknown", "Follow the eels"])
def test_a_film_about_a_network_keeps_its_words(words: str) -> None:
    feed = FILM.format(title="#1 of the year", words=f"{words}\n{FIRST}")
    [one] = feedxml.items(feed.encode(), Source("site", "feed", PAGE), PAGE)
    shown = article.normalize(one, datetime(2026, 11, 28, tzinfo=UTC))
    assert shown.title == "#1 of the year"
    assert words in shown.text


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("Bridge &amp;amp; quay", "Bridge & quay"),
        ("<![CDATA[Bridge &amp; quay]]>", "Bridge & quay"),
        ("The quay&amp;#8217;s eels", "The quay’s eels"),
        ("R&amp;D", "R&D"),
        ("1 &lt; 2", "1 < 2"),
    ],
)
def test_a_title_of_atom_that_was_escaped_twice_is_read(written: str, title: str) -> None:
    [one] = feedxml.items(FILM.format(title=written, words=FIRST).encode(), Source("site", "feed", PAGE), PAGE)
    assert article.normalize(one, datetime(2026, 11, 28, tzinfo=UTC)).title == title


def test_a_json_feed_may_write_its_days_as_mails_do() -> None:
    item = '{"id": "1", "title": "Eels", "date_published": "Thu, 01 Oct 2026 08:00:00 GMT"}'
    feed = f'{{"version": "https://jsonfeed.org/version/1.1", "title": "Quay", "items": [{item}]}}'
    [one] = jsonfeed.items(feed, Source("site", "feed", PAGE), PAGE)
    assert one.published == datetime(2026, 10, 1, 8, tzinfo=UTC)


def test_what_drupal_files_above_a_text_is_no_part_of_it() -> None:
    above = (
        '<span class="field field--name-title">Eels</span>\n<span class="field field--name-uid">'
        '<span about="/user/12" typeof="schema:Person">anna.holm</span></span>\n<span class="field '
        'field--name-created">Thu, 11/26/2026 - 09:12</span>'
    )
    one = read(f'{above}<div class="field field--name-body"><p>{FIRST}</p><p>{LAST}</p></div>')
    assert one.text == f"{FIRST}\n\n{LAST}"
    assert one.summary == f"{FIRST} {LAST}"


def test_a_summary_does_without_what_stands_under_a_picture() -> None:
    one = read(f'<figure><img src="/a.jpg"><figcaption>The old dock</figcaption></figure><p>{FIRST}</p>')
    assert one.summary == FIRST


REACHED = "Anna Holm, head of the lab<br>anna@site.example<br>+46 8 123 45 67"


@pytest.mark.parametrize(
    "contacts",
    [
        f"<p><b>For further information, please contact:</b><br>{REACHED}</p>",
        f"<p><strong>Kontakt</strong></p><p>{REACHED}</p>",
        "<p>Presskontakt:</p><ul><li>Anna Holm</li><li>08-123 45 67</li></ul>",
        f"<h3>Contact</h3><p>{REACHED}</p>",
    ],
)
def test_whom_the_press_may_call_is_no_part_of_a_release(contacts: str) -> None:
    assert read(f"<p>{FIRST}</p>{contacts}<p>{LAST}</p>").text == f"{FIRST}\n\n{LAST}"


@pytest.mark.parametrize(
    "words",
    [
        "<p><b>Contact</b></p><p>The film runs for two hours.</p>",
        f"<p>For more information:</p><p>{LAST} {LAST} Write to anna@site.example for the numbers.</p>",
        "<p>Questions? Write to anna@site.example.</p>",
    ],
)
def test_words_about_contacts_stay(words: str) -> None:
    bare = " ".join(re.sub("<[^>]+>", " ", words).split())
    assert (
        " ".join(re.sub(r"[*\[\]\\]|\(mailto[^)]*\)", "", read(f"<p>{FIRST}</p>{words}").text).split())
        == f"{FIRST} {bare}"
    )


def test_what_substacks_readers_press_is_no_part_of_a_text() -> None:
    pressed = "".join(
        f'<p class="button-wrapper"><a class="button primary" href="{PAGE}{way}"><span>Press</span></a></p>'
        for way in ("/subscribe?", "?utm_source=substack&action=share", "/comments")
    )
    other = '<p class="button-wrapper"><a class="button primary" href="https://o.example/book"><span>Book</span></a></p>'
    assert read(f"<p>{FIRST}</p>{pressed}{other}").text == f"{FIRST}\n\n[Book](https://o.example/book)"


def test_feedburners_address_is_none_and_its_pictures_show_nothing() -> None:
    flare = '<div class="feedflare"><a href="https://f.example/~ff"><img src="https://f.example/~ff/x"></a></div>'
    one = read(
        f"<p>{FIRST}</p>{flare}",
        link="https://f.example/~r/1",
        more=f"<feedburner:origLink>{PAGE}</feedburner:origLink>",
    )
    assert (one.url, one.text, one.image) == (PAGE, FIRST, None)


@pytest.mark.parametrize(
    ("account", "writer"),
    [("annho12", ""), ("site-admin", ""), ("Anna Holm", "Anna Holm"), ("bell hooks", "bell hooks")],
)
def test_an_account_is_nobody_who_writes(account: str, writer: str) -> None:
    assert read(FIRST, more=f"<author>{account}</author>").author == writer


@pytest.mark.parametrize(
    "link",
    [
        "https://www.google.com/url?rct=j&amp;sa=t&amp;url=https://site.example/eels&amp;ct=ga&amp;usg=x",
        "http://www.bing.com/news/apiclick.aspx?ref=FexRss&amp;url=https%3a%2f%2fsite.example%2feels&amp;c=1",
    ],
    ids=["google", "bing"],
)
def test_an_article_that_a_search_found_has_its_own_address(link: str) -> None:
    assert read(FIRST, link=link).url == PAGE


def test_of_an_article_that_a_search_found_the_title_is_its_own() -> None:
    body = f'<a href="{PAGE}">Eels &amp; us</a>&nbsp;&nbsp;<font color="#6f6f6f">The Quay Post</font>'
    one = read(
        body,
        title="Eels &amp; us - The Quay Post",
        more='<source url="https://site.example">The Quay Post</source>',
    )
    assert (one.title, one.text, one.summary) == ("Eels & us", "", "")
