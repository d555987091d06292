"""Laws of pages that say nothing without their scripts: what these would show stands in the page, and is read."""

import json

import pytest

from newsletter.errors import SourceError
from newsletter.reading.html import markup
from newsletter.reading.pages import webpage
from tests.effort import computes

TITLE = "The ferry sails in the evening, too"
FIRST = "From June the ferry to the island sails until ten in the evening, and on Fridays until midnight."
LAST = "The crossing takes twenty minutes, and costs what it cost: bicycles and children travel for nothing."
HTML = f"<p>{FIRST}</p><p>{LAST}</p>"
OTHER = {
    "title": "The pool opens",
    "slug": "pool",
    "body": f"<p>{'The pool opens in May with cold water. ' * 30}</p>",
}


def page(script: str, shown: str = "", head: str = "") -> str:
    return (
        f"<html><head><title>{TITLE} | Norrvik</title><meta property='og:title' content='{TITLE}'>{head}</head>"
        f"<body><div id='__next'>{shown}</div>{script}</body></html>"
    )


def held(value: object) -> str:
    return f"<script id='__NEXT_DATA__' type='application/json'>{json.dumps(value)}</script>"


def contentful(words: str) -> dict:
    return {"nodeType": "paragraph", "content": [{"nodeType": "text", "value": words, "marks": []}]}


def sanity(words: str) -> dict:
    return {"_type": "block", "style": "normal", "children": [{"_type": "span", "text": words}]}


def storyblok(words: str) -> dict:
    return {"type": "paragraph", "content": [{"type": "text", "text": words}]}


STATES = {
    "html": {"title": TITLE, "excerpt": "It sails.", "content": HTML, "related": [OTHER]},
    "wordpress": {"title": {"rendered": TITLE}, "content": {"rendered": HTML}},
    "plain": {"headline": TITLE, "text": f"{FIRST}\n\n{LAST}"},
    "parts": {
        "name": TITLE,
        "blocks": [{"html": f"<p>{FIRST}</p>"}, {"image": "a.jpg"}, {"html": f"<p>{LAST}</p>"}],
    },
    "contentful": {
        "fields": {"title": TITLE, "body": {"nodeType": "document", "content": [*map(contentful, (FIRST, LAST))]}}
    },
    "sanity": {"title": TITLE, "body": [*map(sanity, (FIRST, LAST))]},
    "storyblok": {
        "name": TITLE,
        "content": {"body": {"type": "doc", "content": [*map(storyblok, (FIRST, LAST))]}},
    },
}


@pytest.mark.parametrize("name", STATES)
@pytest.mark.parametrize("shown", ["", "<a href='/'>Home</a> <a href='/news'>News</a><p>Loading…</p>"])
def test_what_stands_in_the_state_of_a_page_is_its_article(name: str, shown: str):
    state = {"props": {"pageProps": {"posts": [OTHER], "post": STATES[name]}}, "buildId": "x" * 300}
    one = webpage.parse(page(held(state), shown), "site", url="https://example.org/news/ferry")
    assert one is not None
    assert (one.title, markup.words(one.html)) == (TITLE, f"{FIRST} {LAST}")


@pytest.mark.parametrize("named", ["window.__INITIAL_STATE__ = {};", "window['__DATA__']={}"])
def test_a_state_may_have_a_name(named: str):
    script = f"<script>{named.replace('{}', json.dumps({'page': STATES['html']}))}</script>"
    one = webpage.parse(page(script), "site", url="https://example.org/news/ferry")
    assert one is not None
    assert markup.words(one.html) == f"{FIRST} {LAST}"


def test_words_in_a_tree_keep_their_headings_lists_and_links():
    link = {"type": "link", "url": "https://example.org/times", "children": [{"text": "The times"}]}
    tree = [
        {"type": "heading", "level": 2, "children": [{"text": "When & where"}]},
        {"type": "paragraph", "children": [{"text": f"{FIRST} "}, link, {"text": "."}]},
        {"type": "list", "children": [{"type": "list-item", "children": [{"text": LAST}]}]},
    ]
    one = webpage.parse(page(held({"title": TITLE, "body": tree})), "site", url="https://example.org/news/ferry")
    assert one is not None
    assert one.html == (
        f'<h3>When &amp; where</h3><p>{FIRST} <a href="https://example.org/times">The times</a>.</p>'
        f"<li>{LAST}</li>"
    )


def test_what_a_page_shows_goes_before_what_its_scripts_hold():
    shown = f"<main><h1>{TITLE}</h1><p>{FIRST}</p></main>"
    one = webpage.parse(page(held(STATES["html"]), shown), "site", url="https://example.org/news/ferry")
    assert one is not None
    assert LAST not in one.html


@pytest.mark.parametrize(
    "state",
    [{"posts": [OTHER]}, {"title": TITLE}, [], {"title": TITLE, "description": FIRST + LAST}, {"title": 5}],
)
def test_a_state_with_no_text_of_this_title_is_none(state: object):
    with pytest.raises(SourceError, match="no article"):
        webpage.parse(page(held(state)), "site", url="https://example.org/news/ferry")


def test_a_state_of_any_depth_and_size_is_given_up_in_time():
    deep = '{"title": ' + '{"a":' * 50_000 + "1" + "}" * 50_000 + "}"
    wide = json.dumps([{"title": TITLE, "content": [{"content": [{"type": "p"}] * 9}] * 9}] * 5000)
    for text in (deep, wide, "{" * 100_000, '{"a":"' + "\\u" * 100_000):
        script = f"<script type='application/json'>{text}</script>"
        with computes(5), pytest.raises(SourceError):
            webpage.parse(page(script), "site", url="https://example.org/news/ferry")
