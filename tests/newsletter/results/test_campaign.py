"""A site's statistics hear which issue a visitor comes from, never who; other people's sites hear nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.config import parse
from newsletter.errors import SettingsError
from newsletter.kin.identity import canonical_url
from newsletter.model import Rendered, Token
from newsletter.results.campaign import Campaign, hosts, marked, with_query
from tests import webserver

BASE = "https://news.harbour.example"
MARK = "NLmark0X0XNL"
SAID = Campaign("utm_source=letter&utm_campaign={issue}-{language}", ("harbour.example",))


def html(links: str) -> str:
    made = Rendered("2025-06", "sv", frozenset(), "June", "", links, "text", (Token(MARK, "unsubscribe_url"),))
    return marked(made, SAID, BASE).html


@pytest.mark.parametrize(
    ("address", "after"),
    [
        ("https://harbour.example/a", "https://harbour.example/a?utm_source=letter&amp;utm_campaign=2025-06-sv"),
        ("https://www.harbour.example/a?x=1&amp;y=2#z", "https://www.harbour.example/a?x=1&amp;y=2&amp;utm_source=letter"
         "&amp;utm_campaign=2025-06-sv#z"),
        ("https://harbour.example/a?utm_source=own", "https://harbour.example/a?utm_source=own"
         "&amp;utm_campaign=2025-06-sv"),
        ("https://harbour.example", "https://harbour.example?utm_source=letter&amp;utm_campaign=2025-06-sv"),
        ("https://elsewhere.example/a", "https://elsewhere.example/a"),
        ("https://notharbour.example/a", "https://notharbour.example/a"),
        ("https://harbour.example.evil.example/", "https://harbour.example.evil.example/"),
        (f"{BASE}/archive/2025-06?lang=sv", f"{BASE}/archive/2025-06?lang=sv"),
        (f"https://harbour.example/{MARK}", f"https://harbour.example/{MARK}"),
        ("mailto:desk@harbour.example", "mailto:desk@harbour.example"),
        ("https://[harbour.example/a", "https://[harbour.example/a"),
        (MARK, MARK),
    ],
)  # fmt: skip
def test_only_links_to_the_own_sites_say_where_a_visitor_comes_from(address: str, after: str) -> None:
    link = '<a style="color:#000" href="{}" target="_blank">Read on</a>'
    assert html(link.format(address)) == link.format(after)


@pytest.mark.parametrize(
    ("page", "at_home"), [("", True), ("/archive", True), ("?lang=sv", True), ("press", False)]
)
def test_pages_beside_the_letters_own_are_the_sites(page: str, at_home: bool) -> None:
    base = "https://harbour.example/letter"
    link = f'<a href="{base}{page}">Read on</a>'
    made = Rendered("2025-06", "sv", frozenset(), "June", "", link, "text", ())
    assert ("utm_source" not in marked(made, SAID, base).html) is at_home


def test_the_buttons_that_outlook_draws_lead_to_the_same_page() -> None:
    button = '<!--[if mso]><v:roundrect href="https://harbour.example/a" style="v"></v:roundrect><![endif]-->'
    assert "utm_campaign=2025-06-sv" in html(button)
    assert html('<img src="https://harbour.example/a.jpg">') == '<img src="https://harbour.example/a.jpg">'


@given(st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), max_size=40))
def test_a_page_stays_the_same_article_when_its_address_comes_back(path: str) -> None:
    url = f"https://harbour.example/{path}"
    assert canonical_url(with_query(url, "utm_source=letter&utm_campaign=2025-06")) == canonical_url(url)


def test_the_sites_are_those_of_the_sources() -> None:
    assert hosts(["https://www.harbour.example/en/feed", "articles", "https://harbour.example/sv"]) == (
        "harbour.example",
    )


@pytest.mark.parametrize(
    "table",
    [
        'campaign = "utm_source"',
        'campaign = "utm_source=a b"',
        'campaign = "?utm_source=a"',
        'campaign = "utm_source={email}"',
        'campaign = "utm_source=\\"><b>"',
        'sites = ["harbour.example"]',
        'campaign = "a=b"\nsites = ["https://harbour.example/"]',
    ],
)
def test_a_campaign_that_no_address_can_hold_is_refused(table: str) -> None:
    with pytest.raises(SettingsError):
        parse(webserver.SETTINGS + f"[tracking]\n{table}\n")


def test_a_campaign_is_read() -> None:
    text = webserver.SETTINGS + '[tracking]\ncampaign = "utm_source=n&c={issue}"\nsites = ["harbour.example"]\n'
    told = parse(text).tracking
    assert (told.campaign, told.sites) == ("utm_source=n&c={issue}", ("harbour.example",))
