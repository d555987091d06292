"""Laws of the first letter in public: what of a new workspace is still a sample does not go out."""

import re

import pytest

from newsletter.cli.look import gating
from newsletter.files.shipped import shipped
from newsletter.files.workspace import Workspace
from newsletter.gate.words.leftovers import SAMPLE_ADDRESS

PUBLIC = (
    (r'host = "127.0.0.1"\nport = 2525\ntls = "none"', 'host = "smtp.tidvatten.se"\nport = 587\ntls = "starttls"'),
    (r"http://127.0.0.1:8000", "https://news.tidvatten.se"),
    (r"news@example\.org", "news@tidvatten.se"),
)


def found(editor, slug="2026-12"):
    return {
        (one.id, one.level.value, one.place, one.message)
        for one in gating.findings(Workspace(editor.root), slug)
        if one.id != "base-url"
    }


@pytest.fixture
def composed(editor):
    editor("fetch")
    assert editor("compose", "2026-12")[0] == 0
    return editor


def test_the_sample_article_is_told_and_refused_in_public(composed):
    ((code, level, place, _),) = found(composed)
    assert (code, level) == ("leftover-sample", "warning")
    row = (composed.root / "issues/2026-12/issue.md").read_text().splitlines()[int(place.rpartition(":")[2]) - 1]
    assert row.startswith("::: lead")
    for old, new in PUBLIC:
        composed.settings(old, new)
    assert ("leftover-sample", "error", place) in {one[:3] for one in found(composed)}


def test_answers_and_the_law_get_no_sample_address(editor):
    for old, new in PUBLIC:
        editor.settings(old, new)
    told = {(code, level): message for code, level, _, message in found(editor, "0001-hello")}
    assert set(told) == {("sender-reserved", "error"), ("leftover-sample", "error"), ("link-example", "error")}
    assert "editor@example.org" in told["sender-reserved", "error"]
    assert SAMPLE_ADDRESS in told["leftover-sample", "error"]
    editor.settings("editor@example.org", "editor@tidvatten.se")
    editor.settings(re.escape(SAMPLE_ADDRESS), "Quay 4, 123 45 Harbour")
    hello = editor.root / "issues/0001-hello/issue.md"
    hello.write_text(hello.read_text().replace("editor@example.org", "editor@tidvatten.se"))
    assert found(editor, "0001-hello") == set()


def test_the_gate_knows_the_address_of_the_shipped_settings():
    assert f'address = "{SAMPLE_ADDRESS}"' in (shipped("templates") / "workspace/newsletter.toml").read_text()
