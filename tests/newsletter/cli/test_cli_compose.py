"""`compose`, `pull` and `edit` as an editor runs them."""

import json
import os
import re
import sys
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from newsletter.cli import terminal
from newsletter.cli.compose import reporting
from newsletter.files import issues
from newsletter.files.pool.pool import Pool
from newsletter.model import Article, Cta, Events, Lead, Picture, Quote, Story
from newsletter.picking import eligible
from tests import blank
from tests.roll import caller

NOW = datetime.now(UTC)


@pytest.fixture
def workspace(tmp_path):
    return blank.letter(tmp_path / "letter")


@pytest.fixture
def run(workspace, capfd):
    return caller(workspace.root, capfd)


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
    said = run("compose", "2025-07", code=7)
    assert "in issue 2025-06" in said
    assert "nothing is new: the one article was left" in said
    assert not workspace.issue("2025-07").exists()
    for words, code in ((), 7), (("--skip-empty",), 0):
        picked, left = report(run("compose", "2025-07", "--json", *words, code=code))
        assert (picked, left) == ({}, {"https://park.example.org/kelp": "left: in issue 2025-06"})


def test_an_empty_pool_says_what_to_do(run):
    assert "there are no articles yet; collect some with `newsletter fetch`" in run("compose", "2025-06", code=7)
    assert json.loads(run("compose", "2025-06", "--json", code=7))["picked"] == []


def test_an_issue_is_never_replaced_without_force(workspace, run):
    pool(workspace, an("kelp"))
    said = run("compose", "2025-06")
    assert "newsletter check 2025-06" in said
    path = workspace.issue("2025-06") / "issue.md"
    mine = path.read_text("utf-8") + "\nMine.\n"
    for number in ("", "2"):
        path.write_text(mine + number)
        run("compose", "2025-06", "--force")
        assert path.with_name(f"issue.md~{number}").read_text() == mine + number
    assert "All about kelp" in path.read_text()


def test_compose_proposes_what_could_go_into_an_issue_that_exists(workspace, run):
    pool(workspace, an("kelp"))
    run("compose", "2025-06")
    path = workspace.issue("2025-06") / "issue.md"
    mine = path.read_text("utf-8").replace("Here is what is new.", "My own words.")
    path.write_text(mine, "utf-8")
    assert "nothing is new" in run("compose", "2025-06", code=7)
    pool(workspace, an("orbit"), an("sleep"))
    said = run("compose", "2025-06")
    assert "issues/2025-06/issue.md exists and was left as it is" in said
    assert "newsletter pull 2025-06 --add" in said
    assert "the 2 articles that are new" in said
    document = json.loads(run("compose", "2025-06", "--json"))
    assert (document["written"], document["exists"]) == ([], True)
    assert sum(one["reason"].startswith("left: new, ") for one in document["left"]) == 2
    assert path.read_text("utf-8") == mine


def test_what_is_new_is_for_the_draft_of_the_month_where_there_is_one(workspace, run, tmp_path):
    page = tmp_path / "kelp.txt"
    page.write_text("Kelp grows\n\nIt grew by a metre in May, say those who measure it.\n")
    month = f"{datetime.now(ZoneInfo('Europe/Stockholm')):%Y-%m}"
    assert f"newsletter compose {month}" in run("articles", "add", str(page))
    run("compose", month)
    assert f"newsletter pull {month} --add" in run("articles", "add", str(page), "--language", "sv")


def test_the_sample_article_is_not_proposed_for_an_issue_that_has_others(workspace, run):
    sample = an("sample", key=eligible.SAMPLE, url="", title="This folder is a source")
    pool(workspace, sample, an("kelp"))
    run("compose", "2025-06")
    for command in (("compose", "2025-06", "--json"), ("pull", "2025-06", "--add", "--json")):
        shown = run(*command, code=7 if command[0] == "compose" else 0)
        assert report(shown)[1] == {eligible.SAMPLE: eligible.SAMPLED}


def test_the_window_begins_with_the_last_issue(workspace, run):
    source = {"source": "notes", "text": "word " * 300}
    days = {"old": 50, "kelp": 40, "late": 44, "new": 3}
    pool(workspace, *(an(name, published=NOW - timedelta(days=age), **source) for name, age in days.items()))
    until = f"{NOW - timedelta(days=39):%Y-%m-%d}"
    since = f"{NOW - timedelta(days=41):%Y-%m-%d}"
    run("compose", "first", "--since", since, "--until", until)
    picked, left = report(run("compose", "second", "--json"))
    assert set(picked) == {"https://park.example.org/late", "https://park.example.org/new"}
    assert left["https://park.example.org/old"].startswith("left: older than the last issue, first (")


@pytest.mark.parametrize("first", ["sample", "by hand"])
def test_a_first_issue_of_what_no_site_published_does_not_begin_the_window(workspace, run, first):
    key, source = (eligible.SAMPLE, "notes") if first == "sample" else ("text:party", "page.txt")
    pool(workspace, an("made", key=key, url="", source=source, published=NOW - timedelta(hours=1)))
    run("compose", "first")
    pool(workspace, an("news", source="notes", published=NOW - timedelta(days=20)))
    assert list(report(run("compose", "second", "--json"))[0]) == ["https://park.example.org/news"]


def test_what_was_held_for_later_can_be_picked_however_old_it_is_by_then(workspace, run):
    source = {"source": "notes", "text": "word " * 300}
    days = {"held": 60, "left": 60, "kelp": 40}
    pool(workspace, *(an(name, published=NOW - timedelta(days=age), **source) for name, age in days.items()))
    for name in ("held", "left"):
        run("articles", "hold", f"https://park.example.org/{name}")
    run("compose", "first")
    run("articles", "hold", "https://park.example.org/held", "--undo")
    pool(workspace, an("new"))
    picked, left = report(run("compose", "second", "--json"))
    assert set(picked) == {"https://park.example.org/held", "https://park.example.org/new"}
    assert left["https://park.example.org/left"] == "left: held"


def test_an_issue_of_a_past_month_takes_nothing_newer_if_there_is_anything_of_it(workspace, run):
    months = [datetime(2025, month, 5, tzinfo=UTC) for month in (1, 2, 3)]
    pool(workspace, *(an(f"{month:%b}", published=month, source="notes") for month in months), an("by-hand"))
    base = "https://park.example.org/"
    assert set(report(run("compose", "2025-03", "--json"))[0]) == {
        f"{base}{name}" for name in ("Mar", "Feb", "by-hand")
    }
    pool(workspace, *(an(f"late-{month:%b}", published=month, source="notes") for month in months))
    picked, left = report(run("compose", "2025-01", "--json"))
    assert set(picked) == {f"{base}late-Jan", f"{base}Jan"}
    assert left[f"{base}late-Mar"] == "left: newer than the issue's month, which ends 2025-01-31"
    pool(workspace, an("today", source="notes"))
    assert set(report(run("compose", "1999-01", "--json"))[0]) == {f"{base}today", f"{base}late-Mar"}


def test_a_first_issue_is_about_the_last_two_months_if_there_is_anything_of_them(workspace, run):
    old = [an(f"old{n}", published=NOW - timedelta(days=63 + n), source="notes") for n in range(3)]
    pool(workspace, *old, an("by-hand", published=NOW - timedelta(days=400)))
    base = "https://park.example.org/"
    everything = {f"{base}{name}" for name in ("old0", "old1", "old2", "by-hand")}
    assert set(report(run("compose", "spring", "--json"))[0]) == everything
    (workspace.issue("spring") / "issue.md").unlink()
    pool(workspace, an("new", published=NOW - timedelta(days=61), source="notes"))
    picked, left = report(run("compose", "spring", "--json"))
    assert set(picked) == {f"{base}new", f"{base}by-hand"}
    assert re.fullmatch(r"left: from before \d{4}-\d\d-\d\d, for a first issue", left[f"{base}old0"])
    (workspace.issue("spring") / "issue.md").unlink()
    # Days that are named count alone.
    assert set(report(run("compose", "spring", "--since", "2020-01-01", "--json"))[0]) >= {f"{base}old2"}


def test_who_composes_learns_how_to_keep_what_found_no_room(workspace, run):
    pool(workspace, *(an(f"n{n}") for n in range(12)))
    assert "articles pin TITLE" in run("compose", "2025-06")
    assert run("articles", "pin", "n11")
    assert "articles pin" not in run("compose", "2025-07")


def test_explain_is_a_table_of_everything_and_its_parts(workspace, run):
    pool(workspace, an("kelp", title="Kelp [bold]grows[/bold]"), *(an(f"n{n}") for n in range(12)))
    said = run("compose", "2025-06", "--explain")
    for words in ("Recency", "Length", "Kelp [bold]grows[/bold]", "section full (In brief), 7th of 6"):
        assert words in said


@pytest.mark.parametrize("width", [40, 50, 62, 80])
def test_explain_tells_the_whole_reason_on_a_narrow_terminal(workspace, run, monkeypatch, width):
    settings = workspace.root / "newsletter.toml"
    settings.write_text(settings.read_text("utf-8").replace("In brief", "Forskningsinfrastruktur"), "utf-8")
    pool(workspace, *(an(f"n{n}") for n in range(12)))
    monkeypatch.setattr(terminal, "columns", lambda _: width)
    rows = run("compose", "2025-06", "--explain").partition("\n\nWrote")[0].splitlines()
    assert max(map(len, rows)) <= width
    assert "…" not in "".join(rows)
    why = next(row.index("Why") for row in rows if "Why" in row)
    told = "".join(row[why:] for row in rows)
    assert "sectionfull(Forskningsinfrastruktur),7thof6" in re.sub(r"\s", "", told)


def test_a_new_issue_is_called_by_the_letters_name_in_its_language(workspace, run):
    settings = workspace.root / "newsletter.toml"
    named = 'name = {en = "The quay", sv = "Kajen"}'
    settings.write_text(settings.read_text().replace('name = "The quay"', named))
    pool(workspace, an("kelp"), an("tång", title="Allt om tång", language="sv"))
    run("compose", "2025-06")
    assert 'subject: "The quay, June 2025"' in (workspace.issues / "2025-06/issue.md").read_text()
    assert 'subject: "Kajen, juni 2025"' in (workspace.issues / "2025-06/issue.sv.md").read_text()


def test_twins_make_one_pick_with_two_texts(workspace, run):
    english = an("kelp", twins=("https://park.example.org/tång",), image=Picture("https://park.example.org/k.jpg"))
    swedish = an("tång", title="Allt om tång", language="sv", twins=("https://park.example.org/kelp",))
    pool(workspace, english, swedish, an("orbit"), an("sömn", title="Allt om sömn", language="sv"))
    picked, _ = report(run("compose", "2025-06", "--json"))
    assert picked["https://park.example.org/kelp"]["twins"] == ["https://park.example.org/tång"]
    one, twin = issues.load(workspace, "2025-06")
    assert next(block.src.rpartition("/")[2] for block in one.blocks if block.src) == "kelp"
    assert next(block.src.rpartition("/")[2] for block in twin.blocks if block.src) == "tång"
    marked = {
        block.src.rpartition("/")[2]: block.lang for each in (one, twin) for block in each.blocks if block.lang
    }
    assert marked == {"sömn": "sv", "orbit": "en"}


def test_each_language_goes_its_own_way_if_the_letter_says_so(workspace, run):
    settings = workspace.root / "newsletter.toml"
    settings.write_text(settings.read_text("utf-8") + '\n[compose]\nuntranslated = "leave"\n', "utf-8")
    pool(workspace, an("kelp"), *(an(f"tång-{n}", language="sv", title=f"Allt om tång {n}") for n in range(3)))
    run("compose", "2025-06")
    one, twin = issues.load(workspace, "2025-06")
    assert "tång" not in one.source
    assert "kelp" not in twin.source


def test_events_are_gathered_by_their_dates_and_dropped_when_past(workspace, run):
    soon, later = (f"{NOW + timedelta(days=days):%Y-%m-%d} 18:00" for days in (3, 30))
    past = f"{NOW - timedelta(days=1):%Y-%m-%d}"
    told = f"Come.\n\n::: events\n- {later} | Quiz | Quay\n- {past} | Gone\n- {soon} | Choir | Hall\n:::"
    pool(workspace, an("page", url="", key="text:page", text=told), an("kelp"))
    run("compose", "2025-06")
    [one] = issues.load(workspace, "2025-06")
    [block] = [block for block in one.blocks if isinstance(block, Events)]
    assert [event.title for event in block.items] == ["Choir", "Quiz"]
    assert one.blocks[-1] is block
    assert '::: events {title="Coming up" src="calendar"}' in one.source
    pool(workspace, an("page", url="", key="text:page", text=told.replace("Quiz | Quay", "Quiz | Hall")))
    run("pull", "2025-06")
    assert [event.place for event in issues.load(workspace, "2025-06")[0].blocks[-1].items] == ["Hall", "Hall"]


def test_an_issue_of_events_alone_tells_each_once_and_pull_adds_no_story_of_one(workspace, run):
    pool(workspace, an("choir", text=f"::: events\n- {NOW + timedelta(days=3):%Y-%m-%d} | Choir | Hall\n:::"))
    run("compose", "2025-06")
    [_, events] = (one := issues.load(workspace, "2025-06")[0]).blocks
    run("pull", "2025-06", "--add")
    assert (issues.load(workspace, "2025-06")[0].source, type(events)) == (one.source, Events)


def test_events_that_an_earlier_issue_listed_make_no_issue_alone(workspace, run):
    def told(*titles: str, at: int = 40) -> list[Article]:
        when = f"{NOW + timedelta(days=at):%Y-%m-%d}"
        return [an(name, text=f"::: events\n- {when} | {name} | Hall\n:::") for name in titles]

    pool(workspace, *told("choir", "quiz"))
    run("compose", "2025-06")
    assert "all 2 articles were left" in run("compose", "2025-07", code=7)
    pool(workspace, *told("fair"))
    picked, left = report(run("compose", "2025-07", "--json"))
    assert [(one["title"], one["section"]) for one in picked.values()] == [("All about fair", "events")]
    assert set(left.values()) == {"left: in issue 2025-06"}
    events = issues.load(workspace, "2025-07")[0].blocks[-1]
    assert [one.title for one in events.items] == ["choir", "fair", "quiz"]
    # One that moved is news.
    pool(workspace, *told("quiz", at=50))
    picked, _ = report(run("compose", "2025-08", "--json"))
    assert [one["title"] for one in picked.values()] == ["All about quiz"]


def test_what_stands_in_the_list_of_events_is_not_told_as_left(workspace, run):
    soon = f"{NOW + timedelta(days=3):%Y-%m-%d}"
    lines = [an(f"e{n}", text=f"::: events\n- {soon} | Event {n} | Hall\n:::") for n in range(9)]
    pool(workspace, an("kelp"), an("secret"), *lines)
    with Pool(workspace.pool) as opened:
        opened.mark("https://park.example.org/secret", "hidden")
    printed = run("compose", "2025-06")
    assert "events  9 events of what is coming up, in one list" in printed
    assert [line for line in printed.split("\n") if line.startswith("left")] == ["left  All about secret"]
    assert "more; --explain" not in printed
    # Nor when the list is brought up to date, though an event was known before the last issue.
    old = an("old", published=NOW - timedelta(days=90), text=f"::: events\n- {soon} | Old | Hall\n:::")
    pool(workspace, old)
    assert [line for line in run("pull", "2025-06").split("\n") if line.startswith("left")] == [
        "left  All about secret"
    ]


def test_what_an_earlier_issue_had_is_told_after_what_could_be_news(workspace, run):
    pool(workspace, *(an(f"old{n}") for n in range(10)))
    run("compose", "2025-05")
    pool(workspace, an("kelp"), an("secret", published=NOW - timedelta(days=3)))
    with Pool(workspace.pool) as opened:
        opened.mark("https://park.example.org/secret", "held")
    told = run("compose", "2025-06").split("\n")
    assert next(line for line in told if line.startswith("left")) == "left  All about secret"


def test_pull_merges_the_list_of_events_one_by_one(workspace, run):
    def told(name: str, days: int, hour: str = "18:00") -> Article:
        when = f"{NOW + timedelta(days=days):%Y-%m-%d} {hour}"
        return an(name, text=f"::: events\n- {when} | {name} | Hall | https://park.example.org/{name}\n:::")

    pool(workspace, an("kelp"), told("choir", 3), told("fair", 5), told("quiz", 9))
    run("compose", "2025-06")
    path = workspace.issue("2025-06") / "issue.md"
    text = path.read_text("utf-8").replace("| choir |", "| The choir sings |")
    rows = [row for row in text.split("\n") if "| fair |" not in row]
    path.write_text("\n".join(rows), "utf-8")
    pool(workspace, told("choir", 3, "19:00"), told("walk", 7))
    said = run("pull", "2025-06")
    items = issues.load(workspace, "2025-06")[0].blocks[-1].items
    assert [one.title for one in items] == ["The choir sings", "walk", "quiz"]
    assert items[0].when.endswith("19:00")
    assert "theirs" not in said
    assert "Nothing to change" in run("pull", "2025-06")


@pytest.mark.parametrize(
    ("mine", "now"),
    [
        ('preheader: "{}"', 'preheader: "{}"'),
        ('preheader: "Words of my own about a visit"', 'preheader: "Words of my own about a visit"'),
        (
            "preheader: >-\n  The quay opens on Monday, with soup\n  for everybody.",
            "preheader: >-\n  The quay opens on Mon",
        ),
    ],
)
def test_pull_renews_a_preheader_that_an_article_made_and_no_other(workspace, run, mine, now):
    said = "The quay opens on Monday, with soup for everybody."
    pool(workspace, an("quay", summary=said))
    run("compose", "2025-06")
    path = workspace.issue("2025-06") / "issue.md"
    made = f'preheader: "{said}"'
    assert made in path.read_text("utf-8")
    path.write_text(path.read_text("utf-8").replace(made, mine.format(said)), "utf-8")
    corrected = said.replace("Monday", "Tuesday")
    pool(workspace, an("quay", summary=corrected))
    run("pull", "2025-06")
    text = path.read_text("utf-8")
    assert f"\n{corrected}\n" in text
    assert f"\n{now.format(corrected)}" in text


def test_pull_adds_the_calendar_that_an_issue_had_no_events_for(workspace, run):
    pool(workspace, an("kelp"))
    run("compose", "2025-06")
    soon = f"{NOW + timedelta(days=3):%Y-%m-%d}"
    pool(workspace, an("orbit", text=f"Come.\n\n::: events\n- {soon} | Quiz | Quay\n:::"))
    run("pull", "2025-06")
    assert not any(isinstance(block, Events) for block in issues.load(workspace, "2025-06")[0].blocks)
    for _ in range(2):
        run("pull", "2025-06", "--add")
        [one] = issues.load(workspace, "2025-06")
        assert [block.items[0].title for block in one.blocks if isinstance(block, Events)] == ["Quiz"]
        assert one.blocks[-1].src == "calendar"


def test_pull_says_of_an_event_what_compose_says(workspace, run):
    soon = f"{NOW + timedelta(days=3):%Y-%m-%d}"
    lines = [an(name, text=f"::: events\n- {soon} | {name} | Hall\n:::") for name in ("choir", "quiz")]
    pool(workspace, an("kelp"), *lines)
    [_, first] = report(run("compose", "2025-06", "--json"))
    pool(workspace, an("orbit"), an("tram"))
    [_, left] = report(run("pull", "2025-06", "--json"))
    assert first == {one.key: "left: an event, for what is coming up" for one in lines}
    assert {key: left[key] for key in first} == first
    assert next(iter(left)) not in first


def test_dates_hidden_articles_and_other_languages_are_told(workspace, run):
    pool(
        workspace,
        an("new"),
        an("old", published=datetime(2024, 3, 1, tzinfo=UTC)),
        an("deutsch", language="de"),
        an("secret"),
    )
    with Pool(workspace.pool) as opened:
        opened.mark("https://park.example.org/secret", "hidden")
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


def test_a_clash_is_told_with_both_texts_and_yours_stays(workspace, run):
    pool(workspace, an("kelp"))
    run("compose", "2025-06")
    path = workspace.issue("2025-06") / "issue.md"
    text = path.read_text("utf-8").replace("Some words about kelp.", "My own words.")
    path.write_text(text, "utf-8")
    pool(workspace, an("kelp", summary="Fresh words about kelp."))
    said = run("pull", "2025-06", "--dry-run")
    said = run("pull", "2025-06")
    assert "issues/2025-06/issue.md: “All about kelp” changed where you rewrote it; yours stays." in said
    assert "yours   My own words." in said
    assert "theirs  Fresh words about kelp." in said
    assert path.read_text("utf-8") == text


def test_twelve_months_make_twelve_issues_with_no_article_twice(workspace, run):
    """A year of a site in two languages: each month its own issue, and each article in one of them at most."""
    months = [datetime(2025, month, 1, tzinfo=UTC) for month in range(1, 13)]
    for month in months:
        pool(
            workspace,
            *(
                an(f"{month:%m}-{n}", published=month + timedelta(days=2 * n), text="Some words. " * (20 + 10 * n),
                   source="notes", title=f"What the {month:%B} crew of pier {n} found out")
                for n in range(14)
            ),
        )  # fmt: skip
    seen: dict[str, str] = {}
    for month in months:
        last = (month + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        document = json.loads(run("compose", f"{month:%Y-%m}", "--until", f"{last:%Y-%m-%d}", "--json"))
        assert len(document["picked"]) == 10
        for one in document["picked"]:
            assert seen.setdefault(one["key"], f"{month:%Y-%m}") == f"{month:%Y-%m}"
            assert "/".join(one["key"].split("/")[-1:])[:2] in {f"{month:%m}", f"{month - timedelta(days=9):%m}"}
    assert len(seen) == 120
    assert issues.slugs(workspace)[1:] == [f"{month:%Y-%m}" for month in months]


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
    assert "issues/2025-06/issue.md:4: there is no field “lost”; did you mean list?" in said
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


def test_edit_opens_the_issue_saved_last_and_says_which(run, editor):
    editor("true")
    said = run("edit")
    assert "Opening 0001-hello, the issue saved last." in said
    assert "issues/0001-hello/issue.md can be read." in said


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("sv", "issue.sv.md: 0001-hello has no twin in Swedish; copy issue.md to issue.sv.md beside it"),
        ("swe", "issue.sv.md: 0001-hello has no twin in Swedish; copy issue.md to issue.sv.md beside it"),
        ("fr", "the letter has no language “fr”; known here: en, sv"),
    ],
)
def test_a_twin_that_is_not_there_is_no_issue_that_is_not_there(run, editor, code, told):
    editor("true")
    assert told in run("edit", "0001-hello", "--language", code, code=4)


def test_who_names_no_editor_gets_the_one_of_the_machine(run, editor, tmp_path, monkeypatch):
    own = tmp_path / "bin" / "sensible-editor"
    own.parent.mkdir()
    own.write_text('#!/bin/sh\nprintf "\\nMore.\\n" >> "$1"\n')
    own.chmod(0o755)
    monkeypatch.setenv("PATH", f"{own.parent}:{os.environ['PATH']}")
    shell, terminal = os.openpty()
    with os.fdopen(terminal) as typed:
        monkeypatch.setattr("sys.stdin", typed)
        assert "can be read" in run("edit", "0001-hello")
    os.close(shell)


def test_edit_without_an_issue_says_how_to_make_one(run):
    assert "newsletter compose 2025-06" in run("edit", "2025-06", code=4)


@pytest.mark.parametrize(
    ("yours", "theirs", "shown"),
    [
        ("Mine.", "Yours.", ("Mine.", "Yours.")),
        ("", "a b c d e f", ("", "a b c d e f")),
        (
            "a b c d e f X g h i j k l",
            "a b c d e f Y Z g h i j k l",
            ("… c d e f X g h i j …", "… c d e f Y Z g h i j …"),
        ),
        ("a b c d X", "a b c d", ("a b c d X", "a b c d")),
        ("a b c d e a b c d e", "a b c d e", ("… b c d e a b c d e", "… b c d e")),
    ],
)
def test_of_two_wordings_that_are_alike_only_what_differs_is_shown(yours, theirs, shown):
    assert reporting.apart(yours, theirs) == shown
