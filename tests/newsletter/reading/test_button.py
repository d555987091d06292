"""Laws of the button under a text that a feed cut: it is gone, and no link of the text itself is."""

from datetime import UTC, datetime

import pytest

from newsletter import article
from newsletter.model import Article, Source
from newsletter.reading.feeds import feedxml
from newsletter.reading.html import button

PAGE = "https://site.example/eels"
TEXT = "The eels came back to the harbour today, and nobody had counted on them."


def read(body: str) -> Article:
    inside = f"<title>Eels</title><link>{PAGE}</link><description><![CDATA[{body}]]></description>"
    feed = f"<rss version='2.0'><channel><item>{inside}</item></channel></rss>"
    [one] = feedxml.items(feed.encode(), Source("site", "feed", PAGE), PAGE)
    return article.normalize(one, datetime(2026, 11, 28, tzinfo=UTC))


@pytest.mark.parametrize(
    "link",
    [
        f"<a href='{PAGE}'>Läs mer &raquo;</a>",
        f"<br><a href='{PAGE}/?utm_source=rss'>Till hela nyheten</a>",
        f'</p><p><a class="x" href="{PAGE}#more-3">Continue reading <span>Eels</span></a></p>',
        "<a href='/eels'>→</a> ",
        f"</p><p><a href='{PAGE}'>Läs mer…</a> (1 minut kvar att läsa)</p>",
        "<a href='https://www.site.example/eels'>Weiterlesen</a>&#8230;",
    ],
)
def test_a_button_to_read_on_is_no_text(link: str) -> None:
    one = read(f"<p>{TEXT} {link}")
    assert (one.text, one.summary) == (TEXT, TEXT)
    assert read(f"<p>{TEXT.rstrip('.')} <a href='{PAGE}'>Read more</a></p>").text == TEXT.rstrip(".")


@pytest.mark.parametrize(
    "link",
    [
        "<a href='https://other.example/eels'>Read more about eels</a>",
        f"<p>{TEXT} Everything about it stands on <a href='{PAGE}'>our page</a>.</p>",
        f"<p><a href='{PAGE}'>Sign up for the eels</a></p>",
        f"<a href='{PAGE}'>Read more</a> <em>And this is the end.</em>",
    ],
)
def test_a_link_of_the_text_stays(link: str) -> None:
    assert button.without(f"<p>{TEXT}</p>{link}", PAGE) == f"<p>{TEXT}</p>{link}"


def test_what_is_a_button_and_nothing_more_says_nothing() -> None:
    assert read(f"<p><a href='{PAGE}'>More</a></p>").text == ""


def test_a_link_that_is_a_number_without_end_is_none() -> None:
    link = f"<p>{TEXT}</p><a href='&#{'9' * 4500};'>Read more</a>"
    assert button.without(link, PAGE) == link
