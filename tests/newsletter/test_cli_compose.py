"""`compose`, `pull` and `edit` as an editor runs them."""

import json
import os
import sys
from datetime import UTC, datetime, timedelta

import pytest

from newsletter.cli.main import main
from newsletter.files import issues
from newsletter.files.new import make
from newsletter.files.pool import Pool
from newsletter.model import Article, Cta, Lead, Quote, Story

NOW = datetime.now(UTC)


@pytest.fixture
def workspace(tmp_path):
    return make(tmp_path / "letter", "The quay")


@pytest.fixture
def run(workspace, capfd):
    def call(*words: str, code: int = 0) -> str:
        with pytest.raises(SystemExit) as left:
            main(["--workspace", str(workspace.root), *words])
        out, err = capfd.readouterr()
        assert left.value.code == code, err
        return out if "--json" in words else out + err

    return call


def an(name: str, **more: object) -> Article:
    url = f"https://park.example.org/{name}"
    values = {
        "key": url,
        "title": f"All about {name}",
        "url": url,
        "text": f"Some words about {name}. " * 20,
        "summary": f"Some words about {name}.",
        "source": "site",
        "language": "en",
        "published": NOW - timedelta(days=2),
    }
    return Article(**{**values, **more})


def pool(workspace, *articles: Article) -> None:
    with Pool(workspace.pool) as opened:
        opened.add(articles, NOW)


def report(text: str) -> tuple[dict, dict]:
    document = json.loads(text)
    picked = {one["key"]: one for one in document["picked"]}
    return picked, {one["key"]: one["reason"] for one in document["left"]}


def test_the_real_page_becomes_an_issue(workspace, run, seed_page):
    run("articles", "add", str(seed_page))
    document = json.loads(run("compose", "2025-06", "--json"))
    assert [one["section"] for one in document["picked"]] == ["lead", "story", "story", "story"]
    assert document["left"] == []
    assert {"key", "title", "section", "score", "reason"} <= set(document["picked"][0])
    [one] = issues.load(workspace, "2025-06")
    kinds = [type(block) for block in one.blocks]
    assert (kinds.count(Lead), kinds.count(Quote), kinds.count(Story), kinds.count(Cta)) == (1, 2, 3, 1)
    assert all(block.by.startswith("Johan Bornebusch") for block in one.blocks if isinstance(block, Quote))
    assert [block.href for block in one.blocks if isinstance(block, Cta)] == [""]
    assert "Högberg" in one.source
    assert one.list == "monthly"


def test_nothing_is_offered_twice(workspace, run):
    pool(workspace, an("kelp"))
    run("compose", "2025-06")
    said = run("compose", "2025-07", code=5)
    assert "in issue 2025-06" in said
    assert "nothing is new: the one article was left" in said
    assert not workspace.issue("2025-07").exists()
    picked, left = report(run("compose", "2025-07", "--skip-empty", "--json"))
    assert (picked, left) == ({}, {"https://park.example.org/kelp": "left: in issue 2025-06"})


def test_an_empty_pool_says_what_to_do(run):
    assert "there are no articles yet; collect some with `newsletter fetch`" in run("compose", "2025-06", code=5)
    assert json.loads(run("compose", "2025-06", "--json", code=5))["error"]["code"] == "refused"


def test_an_issue_is_never_replaced_without_force(workspace, run):
    pool(workspace, an("kelp"))
    said = run("compose", "2025-06")
    assert "newsletter check 2025-06" in said
    path = workspace.issue("2025-06") / "issue.md"
    path.write_text("mine")
    assert "newsletter pull 2025-06" in run("compose", "2025-06", code=5)
    assert path.read_text() == "mine"
    run("compose", "2025-06", "--force")
    assert path.with_name("issue.md~").read_text() == "mine"
    assert "All about kelp" in path.read_text()


def test_dates_hidden_articles_and_other_languages_are_told(workspace, run):
    pool(
        workspace,
        an("new"),
        an("old", published=datetime(2024, 3, 1, tzinfo=UTC)),
        an("deutsch", language="de"),
        an("secret"),
    )
    with Pool(workspace.pool) as opened:
        opened.hide("https://park.example.org/secret")
    picked, left = report(run("compose", "x", "--since", "2024-03-02", "--json"))
    assert list(picked) == ["https://park.example.org/new"]
    assert left == {
        "https://park.example.org/deutsch": "left: in German, the letter is in English and Swedish",
        "https://park.example.org/old": "left: older than 2024-03-02",
        "https://park.example.org/secret": "left: hidden",
    }
    picked, _ = report(run("compose", "y", "--until", "2024-03-01", "--json"))
    assert list(picked) == ["https://park.example.org/old"]


def test_articles_in_two_languages_become_twins(workspace, run):
    swedish = [an(f"tång-{n}", language="sv", title=f"Allt om tång {n}") for n in range(5)]
    pool(workspace, an("kelp"), *swedish)
    document = json.loads(run("compose", "2025-06", "--json"))
    assert document["written"] == ["issues/2025-06/issue.md", "issues/2025-06/issue.sv.md"]
    english, swedish = issues.load(workspace, "2025-06")
    assert "Dear {{ name" in english.source
    assert 'Hej {{ name or "läsare" }}!' in swedish.source
    assert "Läs vidare" in swedish.source
    assert "## I korthet" in swedish.source
    assert "tång" not in english.source


def test_a_letter_with_articles_in_its_second_language_only(workspace, run):
    pool(workspace, an("tång", language="sv"))
    run("compose", "2025-06")
    [one] = issues.load(workspace, "2025-06")
    assert (one.language, one.path) == ("sv", "issues/2025-06/issue.md")


def test_pull_renews_what_changed_and_keeps_what_is_the_editors(workspace, run):
    pool(workspace, an("kelp"), an("orbit"), an("sleep"))
    run("compose", "2025-06")
    path = workspace.issue("2025-06") / "issue.md"
    text = path.read_text("utf-8").replace("Some words about orbit.", "My own words.")
    text = text.replace('sleep"}', 'sleep" pin}')
    path.write_text(text, "utf-8")
    pool(workspace, *(an(name, summary=f"Fresh words about {name}.") for name in ("kelp", "orbit", "sleep")))
    picked, _ = report(run("pull", "2025-06", "--json"))
    base = "https://park.example.org/"
    assert picked[f"{base}kelp"]["reason"] == "refreshed: 1 block"
    assert picked[f"{base}orbit"]["reason"] == "kept: you rewrote what changed in its article"
    assert picked[f"{base}sleep"]["reason"] == "kept: pinned"
    assert path.read_text("utf-8") == text.replace("Some words about kelp.", "Fresh words about kelp.")
    assert "Nothing to change" in run("pull", "2025-06")


def test_pull_adds_nothing_unless_asked(workspace, run):
    pool(workspace, an("kelp"), an("gone"))
    run("compose", "2025-06")
    path = workspace.issue("2025-06") / "issue.md"
    text = path.read_text("utf-8")
    start = text.index("::: ", text.index("## All about"))
    path.write_text(text[:start], "utf-8")
    [kept] = [one.src for one in issues.load(workspace, "2025-06")[0].blocks if one.src]
    pool(workspace, an("news"))
    picked, left = report(run("pull", "2025-06", "--json"))
    assert list(picked) == [kept]
    assert left["https://park.example.org/news"].startswith("left: new, --add puts it into story")
    assert "left: you took it out" in left.values()
    picked, _ = report(run("pull", "2025-06", "--add", "--json"))
    assert list(picked) == [kept, "https://park.example.org/news"]
    pool(workspace, an("news", summary="Fresher news."))
    assert "refreshed: 1 block" in run("pull", "2025-06")


def test_pull_says_that_there_is_no_issue(run):
    assert "make it with: newsletter compose 2025-06" in run("pull", "2025-06", code=4)


@pytest.fixture
def editor():
    """Names the editor that the environment names, and puts things back."""
    before = {name: os.environ.pop(name, None) for name in ("VISUAL", "EDITOR")}
    yield lambda words: os.environ.update(EDITOR=words)
    for name, value in before.items():
        os.environ.pop(name, None)
        if value is not None:
            os.environ[name] = value


def test_edit_runs_the_editor_and_reads_what_it_left(workspace, run, editor, tmp_path):
    pool(workspace, an("kelp"))
    run("compose", "2025-06")
    script = tmp_path / "my editor.py"
    script.write_text(
        "import sys, pathlib\n"
        "path = pathlib.Path(sys.argv[2])\n"
        "path.write_text(path.read_text().replace(*sys.argv[1].split('/')))\n"
    )
    editor(f"'{sys.executable}' '{script}' list/list")
    assert "can be read" in run("edit", "2025-06")
    editor(f"'{sys.executable}' '{script}' list:/lost:")
    said = run("edit", "2025-06", code=1)
    assert "issues/2025-06/issue.md:4: there is no field 'lost'; did you mean list?" in said
    assert "newsletter edit 2025-06" in said


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("", 2, "export EDITOR=nano"),
        ("no-such-editor-here", 1, "cannot start no-such-editor-here"),
        ("'open", 2, "check its quotes"),
        ("false", 1, "ended with code 1"),
    ],
)
def test_an_editor_that_cannot_run_is_told(workspace, run, editor, words, code, said):
    editor(words)
    assert said in run("edit", "0001-hello", code=code)


def test_edit_without_an_issue_says_how_to_make_one(run):
    assert "newsletter compose 2025-06" in run("edit", "2025-06", code=4)
