"""The sample issues, rendered as they would be for an invented letter, with a nonce that never changes."""

from functools import cache
from pathlib import Path

import html5lib

from newsletter import config, issue, render
from newsletter.files.looks import themes
from newsletter.model import Issue, Rendered

ROOT = Path(__file__).parents[1]
TEMPLATES = (ROOT / "templates",)
SETTINGS = """
[letter]
name = "The month around the bay"
from = "The bay <news@example.org>"
address = "Quay 4, 123 45 Harbour, Sweden"
base_url = "https://news.example.org"
languages = ["en", "sv"]
timezone = "Europe/Stockholm"
"""
LETTER = config.parse(SETTINGS).letter
VALUES = {
    "name": "Åsa Öberg",
    "unsubscribe_url": "https://news.example.org/unsubscribe/sample",
    "preferences_url": "https://news.example.org/preferences/sample",
    "answer_url": "https://news.example.org/answer/sample",
}


def sample(slug: str, language: str) -> Issue:
    """Return a shipped issue."""
    name = "issue.md" if language == "en" else f"issue.{language}.md"
    text = (ROOT / "issues" / slug / name).read_text(encoding="utf-8")
    return issue.parse(text, slug=slug, language=language, path=f"issues/{slug}/{name}", zone=LETTER.timezone)


@cache
def theme(language: str, name: str = "letter") -> render.Theme:
    """Return a shipped theme."""
    return themes.load(TEMPLATES, name, language)


def rendered(
    one: Issue, *, segments: frozenset[str] = frozenset(), assets_url: str | None = None, look: str = "letter"
) -> Rendered:
    """Return *one* in the shipped theme *look*."""
    base = f"{LETTER.base_url}/issues/{one.slug}/" if assets_url is None else assets_url
    return render.render(
        one,
        theme(one.language, look),
        LETTER,
        segments=segments,
        nonce="golden",
        assets_url=base,
        archive_url=f"{LETTER.base_url}/archive/{one.slug}?lang={one.language}",
    )


def an_issue(*blocks: object, subject: str = "June", source: str = "") -> Issue:
    """Return an issue of these blocks."""
    return Issue(slug="2025-06", language="en", subject=subject, blocks=tuple(blocks), source=source)


def filled(one: Issue, **values: str) -> render.Filled:
    """Return *one* as a reader with these values gets it."""
    return render.fill(rendered(one), {**VALUES, **values})


def page(filled: render.Filled) -> object:
    """Return the tree that a browser makes of it."""
    return html5lib.parse(filled.html, namespaceHTMLElements=False)
