"""A calendar as a source: the next issue tells what is in it now, however it changed since the last visit."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from newsletter.files.pool.pool import Pool
from tests.newsletter.reading.test_calendarfile import calendar
from tests.shell import Shell, source, sources
from tests.sourceserver import Site

SOON = datetime.now(UTC) + timedelta(days=10)


def event(uid: str, title: str, day: datetime = SOON) -> str:
    return f"UID:{uid}\nDTSTART;VALUE=DATE:{day:%Y%m%d}\nSUMMARY:{title}"


def shown(site: Site, *events: str) -> str:
    return site.says("/events.ics", calendar(*events), kind="text/calendar", headers={"ETag": '"same"'})


def coming_up(run: Shell, workspace: Path, slug: str) -> list[str]:
    story = workspace / f"{slug}.md"
    story.write_text(
        f"# Issue {slug} has a story\n\nThe pier is open again, and {slug} came to see it.\n", "utf-8"
    )
    run.json("articles", "add", str(story))
    run.json("fetch", "events")
    run.json("compose", slug)
    return re.findall(r"^- (\d.*)", (workspace / "issues" / slug / "issue.md").read_text("utf-8"), re.MULTILINE)


def test_the_next_issue_tells_what_the_calendar_has_now(run: Shell, workspace: Path, site: Site) -> None:
    url = shown(site, event("1", "Party"), event("2", "Fair"), event("3", "Choir"))
    sources(workspace, source("events", url, "auto"))
    day, later = f"{SOON:%Y-%m-%d}", SOON + timedelta(days=1)
    assert coming_up(run, workspace, "one") == [f"{day} | Choir", f"{day} | Fair", f"{day} | Party"]
    shown(site, event("1", "Party", later), event("3", "Choir") + "\nSTATUS:CANCELLED")
    assert coming_up(run, workspace, "two") == [f"{later:%Y-%m-%d} | Party"]
    assert not any("If-None-Match" in headers for _, headers in site.asked)


def test_events_that_their_program_gives_one_name_are_all_told(run: Shell, workspace: Path, site: Site) -> None:
    url = shown(site, event("1", "Party"), event("1", "Fair", SOON + timedelta(days=1)))
    sources(workspace, source("events", url, "auto"))
    run.json("fetch", "events")
    assert {one["title"] for one in run.json("articles", "list")["articles"]} == {"Party", "Fair"}


def test_what_an_editor_keeps_or_another_source_tells_stays(run: Shell, workspace: Path, site: Site) -> None:
    sources(workspace, source("events", shown(site, event("1", "Party"), event("2", "Fair"))))
    run.json("fetch", "events")
    run.json("articles", "pin", "Fair")
    shown(site)
    run.json("fetch", "events")
    with Pool(workspace / "articles.db") as pool:
        assert [one.title for one in pool.articles() if one.source == "events"] == ["Fair"]
        assert list(pool.search("party")) == []


def test_a_calendar_with_nothing_ahead_says_so(run: Shell, workspace: Path, site: Site) -> None:
    sources(workspace, source("events", shown(site, event("1", "Party", datetime(2020, 5, 1, tzinfo=UTC)))))
    run("fetch", "events")
    assert run.err == "events: no event ahead\n"
