"""Pages as site builders write them: the title without the site, the article without what stands around it."""

import pytest

from newsletter.model import RawItem
from newsletter.reading import markup, webpage

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


def test_page_builders_wrap_paragraphs_in_widgets() -> None:
    body = f"""<div class="elementor-widget elementor-widget-theme-post-content"><div><p>{TEXT}</p></div></div>
        <div class="elementor-location-footer"><div class="elementor-widget"><p>{TEXT} Footer.</p></div></div>"""
    assert markup.words(read("<title>Mill</title>", body).html) == TEXT


def test_blocks_of_an_article_may_stand_apart() -> None:
    blocks = "".join(f"<div><div><p>{part}</p></div></div>" for part in (TEXT, TEXT.upper()))
    body = f'<div><section data-hook="post-description">{blocks}</section><p>{TEXT * 3}</p></div>'
    assert markup.words(read("<title>Mill</title>", body).html) == f"{TEXT} {TEXT.upper()}"


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
