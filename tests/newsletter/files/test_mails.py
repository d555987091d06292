"""The mails about a subscription."""

import html
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from newsletter import render
from newsletter.errors import TemplateError
from tests.samples import LETTER, page, theme

MAILS = [(name, language) for name in ("confirm", "welcome", "link") for language in ("en", "sv")]


@pytest.mark.parametrize(("name", "language"), MAILS)
def test_a_mail_about_a_subscription_says_what_it_is_for(name: str, language: str) -> None:
    link = "https://news.example.org/x/token?a=1&b=2"
    context = {
        "url": link,
        "preferences_url": link,
        "unsubscribe_url": link,
        "list_title": "A & B <i>",
        "name": 'Å "<b>"',
        "expires": datetime(2026, 6, 28, 23, tzinfo=UTC),
    }
    made = render.mail(theme(language), name, LETTER, context)
    assert made.subject
    assert len(made.subject.splitlines()) == 1
    assert link in made.text
    assert html.escape(link) in made.html
    assert 'Å "<b>"' in made.text
    assert "<b>" not in made.html
    assert "<i>" not in made.html
    assert "A & B <i>" in made.subject or "A & B <i>" in made.text
    assert LETTER.address in made.html
    assert LETTER.address in made.text
    assert all(len(line) <= 78 for line in made.text.splitlines())
    assert len(list(page(made).iter("h1"))) == 1
    if name == "welcome":
        latest = {"title": "The <u>boats", "url": "https://news.example.org/archive/2025-06"}
        greeting = render.mail(theme(language), name, LETTER, {**context, "latest": latest})
        cells = [cell for cell in page(greeting).iter("td") if cell.get("class") == "button"]
        assert [link.get("href") for cell in cells for link in cell.iter("a")] == [latest["url"]]
        assert f"The <u>boats\n{latest['url']}" in greeting.text
        assert "<u>" not in greeting.html
    if name == "confirm":
        # The link ends in the night to the 29th, so the 28th is the last day on which it works.
        day = {"en": "28 June 2026", "sv": "28 juni 2026"}[language]
        assert day in made.text
        assert day.replace(" ", "\u00a0", 1) in html.unescape(made.html)
        privacy = f"{LETTER.base_url}/privacy?lang={language}"
        assert f"{privacy}\n" in made.text
        assert f'href="{privacy}"' in made.html
        own = render.mail(theme(language), name, replace(LETTER, privacy="https://example.org/data"), context)
        assert "https://example.org/data\n" in own.text
        assert privacy not in own.html


def test_a_mail_that_there_is_no_template_for_is_told() -> None:
    with pytest.raises(TemplateError, match=r"mail/nothing\.txt"):
        render.mail(theme("en"), "nothing", LETTER, {})
