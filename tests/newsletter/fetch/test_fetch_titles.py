"""Laws of a feed without markup: its pages are read where they go on, once; posts that are whole cost little."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsletter.cli import terminal
from newsletter.fetch import http
from tests.shell import Shell, fetched, pooled, source, sources
from tests.sourceserver import Site

BUILT = "Many people worked on it for a long time. " * 2
COST = f"<p>{'It cost {0} much money. ' * 9}</p>"


def feed(site: Site, said: dict[str, str]) -> None:
    """Let *site* have a feed of entries at these paths, with these words and no markup."""
    entries = "".join(
        f"<item><title>{path}</title><link>{site.url}{path}</link><description>{words}</description></item>"
        for path, words in said.items()
    )
    site.says("/feed", f"<rss version='2.0'><channel>{entries}</channel></rss>")


def page(site: Site, path: str, body: str) -> None:
    site.says(path, f"<html><body><article><h1>{path}</h1>{body.format(path)}</article></body></html>")


def read_pages(site: Site) -> list[str]:
    return sorted(path for path, _ in site.asked if path != "/feed")


def test_the_pages_of_a_feed_of_plain_beginnings_are_read_once(run: Shell, workspace: Path, site: Site) -> None:
    said = {path: f"The bridge {path} opens. {BUILT}" for path in ("/a", "/b", "/d")}
    for path, words in said.items():
        page(site, path, f"<p>{words}</p><h2>Cost</h2>{COST}{COST}")
    said["/c"] = "Opens Open on Sunday"
    page(site, "/c", f"<h2>Opens</h2><p>Open on Sunday</p>{COST}")
    later = said.pop("/d")
    feed(site, said)
    sources(workspace, source("plain", site.url + "/feed"))
    fetched(run)
    found = pooled(workspace)
    assert "## Cost" in found[site.url + "/a"].text
    assert "## Opens" in found[site.url + "/c"].text
    assert fetched(run)["plain"]["updated"] == 0
    feed(site, {"/d": later, **said})
    fetched(run)
    assert "## Cost" in pooled(workspace)[site.url + "/d"].text
    assert read_pages(site) == ["/a", "/b", "/c", "/d"]


def test_a_feed_of_plain_posts_costs_three_pages_once(run: Shell, workspace: Path, site: Site) -> None:
    said = {f"/{number}": f"Post {number}: {'the ferry is late again. ' * (9 + number)}" for number in range(9)}
    for path, words in said.items():
        page(site, path, f"<p>{words}</p>")
    feed(site, said)
    sources(workspace, source("plain", site.url + "/feed"))
    assert fetched(run)["plain"]["new"] == 9
    said["/0"] += "No, it came."
    feed(site, said)
    assert fetched(run)["plain"]["updated"] == 1
    assert read_pages(site) == ["/6", "/7", "/8"]


def test_short_plain_posts_cost_no_page(run: Shell, workspace: Path, site: Site) -> None:
    feed(site, {f"/{number}": f"Post {number}: the ferry is late again." for number in range(9)})
    sources(workspace, source("plain", site.url + "/feed"))
    assert fetched(run)["plain"]["new"] == 9
    assert read_pages(site) == []


def test_the_pages_of_a_feed_of_short_entries_with_markup_are_read_where_they_go_on(
    run: Shell, workspace: Path, site: Site
) -> None:
    for path in ("/a", "/b"):
        page(site, path, f"<p>The bridge {path} opens. {BUILT}</p><h2>Cost</h2>{COST}{COST}")
    words = "&lt;h1&gt;{0}&lt;/h1&gt;&lt;p&gt;The bridge {0} opens. {1}&lt;/p&gt;"
    feed(site, {path: words.format(path, BUILT) for path in ("/a", "/b")})
    sources(workspace, source("short", site.url + "/feed"))
    fetched(run)
    assert all("## Cost" in one.text for one in pooled(workspace).values())
    assert fetched(run)["short"]["updated"] == 0
    assert read_pages(site) == ["/a", "/b"]


def test_short_notes_stay_as_their_feed_has_them_whatever_stands_under_each(
    run: Shell, workspace: Path, site: Site
) -> None:
    writer = f"<p>Bo Ek writes {'short things of the sea and of soup, ' * 6}and lives with a dog.</p>"
    notes = {f"/{number}": f"Note {number}: {'the ferry is late. ' * (5 + number)}".strip() for number in range(5)}

    def publish() -> None:
        for path, words in notes.items():
            beside = "".join(f"<p>{other} →</p>" for other in notes.values() if other != words)
            page(site, path, f"<p>{words}</p>{beside}{writer}")
        feed(site, notes)

    publish()
    sources(workspace, source("notes", site.url + "/feed"))
    fetched(run)
    notes["/5"] = f"Note 5: {'the crane is sold. ' * 12}".strip()
    publish()
    fetched(run)
    fetched(run)
    assert {url.removeprefix(site.url): one.text for url, one in pooled(workspace).items()} == notes
    assert sorted(set(read_pages(site))) == ["/2", "/3", "/4", "/5"]
    assert len(read_pages(site)) == 6


def test_a_page_that_never_ends_is_waited_for_once_a_day(
    run: Shell, workspace: Path, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "TOTAL", 0.5)

    def dripping() -> Iterator[bytes]:
        for _ in range(20):
            time.sleep(0.1)
            yield b" "

    page(site, "/a", f"<p>{BUILT}</p><h2>Cost</h2>{COST}")
    site.says("/b", dripping)
    entries = "".join(f"<item><title>{path}</title><link>{site.url}{path}</link></item>" for path in ("/a", "/b"))
    feed_of = f"<rss version='2.0'><channel>{entries}</channel></rss>"
    site.says("/feed", feed_of, headers={"ETag": '"same"'})
    sources(workspace, source("titles", site.url + "/feed"))
    assert fetched(run)["titles"]["new"] == 2
    assert fetched(run)["titles"]["new"] == 0
    assert read_pages(site) == ["/a", "/b"]
    page(site, "/b", f"<p>{BUILT}</p><h2>Cost</h2>{COST}")
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    monkeypatch.setattr(terminal, "now", lambda: tomorrow)
    assert fetched(run)["titles"]["updated"] == 1
    assert "## Cost" in pooled(workspace)[site.url + "/b"].text
    assert read_pages(site) == ["/a", "/b", "/b"]
