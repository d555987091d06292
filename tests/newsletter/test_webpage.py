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
