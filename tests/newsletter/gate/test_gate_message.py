"""The gate reads the message as it goes out, and what is known of the articles that its blocks came from."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from newsletter.model import Article, Level, Picture, Prose, Span, Story
from tests.letters import ISSUE, SETTINGS, Letter

MESSAGE = b"""\
From: News <news@tidvatten.se>
To: Anna <anna@tidvatten.se>
Subject: June by the harbour
Date: Thu, 12 Jun 2025 07:00:00 +0000
Message-ID: <7.1f@tidvatten.se>
List-Unsubscribe: <https://news.tidvatten.se/unsubscribe/x>, <mailto:bounce@tidvatten.se>
List-Unsubscribe-Post: List-Unsubscribe=One-Click
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="=_b"

--=_b
Content-Type: text/plain; charset=utf-8

Forty boats came.
--=_b
Content-Type: text/html; charset=utf-8

<p>Forty boats came.</p>
--=_b--
""".replace(b"\n", b"\r\n")


def test_a_message_in_good_order_is_passed_and_none_is_missed() -> None:
    assert Letter().check(message=MESSAGE) == Letter().check() == ()


@pytest.mark.parametrize(
    ("old", "new", "code", "said"),
    [
        (b"List-Unsubscribe: ", b"X-Unsubscribe: ", "header-unsubscribe", "no button to leave"),
        (b"<https://news.tidvatten.se/unsubscribe/x>, ", b"", "header-unsubscribe", "no button to leave"),
        (b"List-Unsubscribe=One-Click", b"yes", "header-one-click", "more than one click"),
        (b"List-Unsubscribe-Post: ", b"X-Post: ", "header-one-click", "more than one click"),
        (b"Date: ", b"X-Date: ", "header-broken", "there are 0 headers Date; there must be one"),
        (b"To: ", b"From: Eva <eva@tidvatten.se>\r\nTo: ", "header-broken", "there are 2 headers From"),
        (b"Message-ID: ", b"X-ID: ", "header-broken", "there are 0 headers Message-ID"),
        (b'; boundary="=_b"', b"", "header-broken", "cannot be read as one: NoBoundaryInMultipartDefect"),
        (b"text/html", b"text/plain", "mime-broken", "the message holds text/plain, text/plain;"),
        (b"text/plain", b"text/html", "mime-broken", "the message holds text/html, text/html;"),
        (b"harbour\r\n", b"harbour" + b"!" * 971 + b"\r\n", "line-long", "a line has 999 characters"),
    ],
)
def test_each_fault_of_a_message_is_an_error(old: bytes, new: bytes, code: str, said: str) -> None:
    assert MESSAGE.count(old) == 1
    found = Letter().check(message=MESSAGE.replace(old, new))
    finding = next(one for one in found if one.id == code)
    assert (finding.level, finding.place) == (Level.ERROR, "headers")
    assert said in finding.message


def test_a_line_may_be_so_long_and_a_click_be_written_as_others_do() -> None:
    subject = b"harbour" + b"!" * 970 + b"\r\n"
    message = MESSAGE.replace(b"harbour\r\n", subject).replace(b"=One-Click", b" = one-click")
    assert Letter().check(message=message) == ()


ARTICLE = Article(
    key="https://tidvatten.se/pier",
    title="The new pier",
    url="https://tidvatten.se/pier",
    text="Words",
    summary="Words",
    source="site",
    author="Eva Lind",
    published=datetime(2025, 6, 1, tzinfo=UTC),
    image=Picture("https://tidvatten.se/a.jpg", "A"),
)
LEVELS = "".join(
    f'{code} = {{level = "warning", reason = "we look"}}\n'
    for code in ("article-undated", "article-unsigned", "article-without-picture")
)


def told(article: Article, settings: str = SETTINGS, **own: object) -> list[tuple[str, Level, str]]:
    """Return what is found of the articles where one block comes from *article*; *own* is what stands in it."""
    block = Story(title="The new pier", text="Words", src=ARTICLE.key, span=Span(5, 6), **own)
    letter = Letter(settings=settings, blocks=(Prose(text="Words", span=Span(5, 6)), block))
    found = letter.check(articles={ARTICLE.key: article})
    return [(one.id, one.level, one.place) for one in found if one.id.startswith("article-")]


def test_an_article_of_which_nothing_is_known_is_told() -> None:
    bare = replace(ARTICLE, author="", published=None, image=None)
    assert told(ARTICLE) == []
    assert told(bare) == [("article-bare", Level.WARNING, f"{ISSUE}:6")]
    assert told(bare, image=ARTICLE.image) == [], "the editor gave it a picture"
    for known in ({"author": "Eva Lind"}, {"published": ARTICLE.published}, {"image": ARTICLE.image}):
        assert told(replace(bare, **known)) == []


@pytest.mark.parametrize(
    ("code", "lacking"),
    [
        ("article-undated", {"published": None}),
        ("article-unsigned", {"author": ""}),
        ("article-without-picture", {"image": None}),
    ],
)
def test_what_one_article_lacks_is_told_where_a_letter_asks_for_it(code: str, lacking: dict[str, object]) -> None:
    asked = f"{SETTINGS}\n[gate.levels]\n{LEVELS}"
    assert told(ARTICLE, asked) == []
    assert told(replace(ARTICLE, **lacking)) == []
    assert told(replace(ARTICLE, **lacking), asked) == [(code, Level.WARNING, f"{ISSUE}:6")]
