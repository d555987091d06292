"""Laws of an article's identity: one, whatever its address looks like; a title where there is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.kin import identity

SAME = (
    "https://site.example/news/open-house",
    "https://site.example/news/open-house/",
    "http://site.example/news/open-house",
    "HTTPS://WWW.Site.Example/news/open-house?utm_source=letter&utm_medium=mail",
    "https://site.example:443/news/open-house#photos",
    "https://site.example/news/open-house/amp/",
    "https://amp.site.example/news/open-house?amp=1",
    "https://site.example/news/open%2Dhouse?fbclid=abc&mc_cid=1",
    "https://editor:secret@site.example/news/open-house",
)


@pytest.mark.parametrize("url", SAME)
def test_every_form_of_an_address_is_one_article(url: str) -> None:
    assert identity.canonical_url(url) == SAME[0]


def test_different_pages_stay_different() -> None:
    urls = ("https://a.example/?p=1", "https://a.example/?p=2", "https://a.example/x", "http://a.example:8080/x")
    assert len({identity.canonical_url(url) for url in urls}) == len(urls)


@pytest.mark.parametrize(
    "url", ["", "javascript:alert(1)", "file:///etc/passwd", "//x.example", "http://[::1", "x y"]
)
def test_what_is_no_web_address_is_no_identity(url: str) -> None:
    assert identity.canonical_url(url) == ""
    assert identity.clean_url(url) == ""
    assert identity.key(url, "Open house") == "text:open-house"


@given(st.text(max_size=60))
def test_no_address_breaks_the_program(text: str) -> None:
    for url in (text, f"https://{text}", f"https://a.example/{text}"):
        once = identity.canonical_url(url)
        assert identity.canonical_url(once) == once
        assert once.isascii()


def test_a_link_keeps_what_the_reader_needs() -> None:
    url = "https://www.site.example/a/?utm_source=x&id=7#part"
    assert identity.clean_url(url) == "https://www.site.example/a/?id=7"


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("Åsa Öberg: what’s new?", "text:asa-oberg-whats-new"),
        ("東京", "text:東京"),
        ("x" * 400, "text:" + "x" * 100),
    ],
)
def test_an_article_without_address_is_known_by_its_title(title: str, key: str) -> None:
    assert identity.key("", title) == key


def test_a_title_of_signs_only_is_an_identity_too() -> None:
    assert identity.key("", "🚀🚀") != identity.key("", "🚀")
