"""`newsletter form`: what it prints can be pasted anywhere, and leads to a signup."""

import json
from pathlib import Path

import html5lib
import pytest
from click.testing import CliRunner

from newsletter.cli.main import cli
from tests.webserver import MORE, SETTINGS, serving


def run(folder: Path, *words: str, more: str = MORE) -> str:
    (folder / "newsletter.toml").write_text(SETTINGS + more, encoding="utf-8")
    done = CliRunner().invoke(cli, ["--workspace", str(folder), "form", *words], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.mark.parametrize("language", ["en", "sv"])
def test_the_form_is_whole_and_asks_in_its_language(tmp_path: Path, language: str) -> None:
    html = run(tmp_path, "--language", language)
    parser = html5lib.HTMLParser(strict=True)
    parser.parseFragment(html)
    assert 'action="https://news.example.org/subscribe?lang=' + language in html
    assert ("Prenumerera" if language == "sv" else "Subscribe") in html
    assert html.count('name="list"') == 3
    assert all(line.count("<p") <= 1 for line in html.splitlines())
    assert f'href="https://news.example.org/privacy?lang={language}"' in html
    assert "checked" not in html
    assert "<script" not in html


def test_what_is_filled_in_is_shown_once_more_and_then_taken(tmp_path: Path) -> None:
    with serving(tmp_path) as world:
        filled = {"email": "a@example.org", "name": "Anna", "list": "monthly", "topic": "fish", "language": "sv"}
        page = world.client.post("/subscribe?lang=sv", data=filled).text
        assert 'value="a@example.org"' in page
        assert 'value="fish" checked' in page
        assert world.rows("subscribers") == []
        world.client.post("/subscribe", data={**filled, "stamp": world.stamp()})
        assert [row["name"] for row in world.rows("subscribers")] == ["Anna"]


def test_one_list_needs_no_box(tmp_path: Path) -> None:
    document = json.loads(run(tmp_path, "--list", "monthly", "--no-topics", "--json"))
    assert document["lists"] == ["monthly"]
    assert "checkbox" not in document["form"]
    assert 'type="hidden" name="list" value="monthly"' in document["form"]


def test_what_else_the_editor_asks_is_asked(tmp_path: Path) -> None:
    fields = """
[[field]]
slug = "city"
title = {en = "Town", sv = "Ort"}
required = true
[[field]]
slug = "sector"
choices = {en = ["Care", "Trade"], sv = ["Vård", "Handel"]}
"""
    html = run(tmp_path, "--language", "sv", more=fields)
    html5lib.HTMLParser(strict=True).parseFragment(html)
    assert (
        'Ort<br><input name="field.city" type="text" autocomplete="address-level2" maxlength="200" required>'
        in html
    )
    assert '<select name="field.sector"><option value="">–</option><option value="Care">Vård</option>' in html
    # Without an answer that is required nobody could sign up by it.
    short = run(tmp_path, "--no-fields", more=fields)
    assert 'name="field.city"' in short
    assert "field.sector" not in short
