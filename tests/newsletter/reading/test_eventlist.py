"""Laws of the events that a WordPress site lists for programs: told as those of a calendar, all pages of them."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from newsletter.files.pool.pool import Pool
from newsletter.model import Source
from newsletter.reading import feed
from newsletter.reading.calendars import eventlist
from tests.effort import ends
from tests.shell import Shell, fetched, source, sources
from tests.sourceserver import Site

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
PATH = "/wp-json/tribe/events/v1/events"
SOURCE = Source("events", "feed", f"https://site.example{PATH}", zone=ZoneInfo("Europe/Stockholm"))


def event(name: str, day: str = "2026-12-10", **rest: Any) -> dict[str, Any]:
    return {
        "url": f"https://site.example/event/{name}/",
        "status": "publish",
        "title": f"{name} &#8211; day",
        "all_day": False,
        "start_date": f"{day} 18:00:00",
        "utc_start_date": f"{day} 17:00:00",
        "utc_end_date": f"{day} 20:00:00",
        "venue": [],
        "categories": [{"name": "Sea &amp; shore"}],
    } | rest


def listed(*events: dict[str, Any], onward: str = "") -> bytes:
    whole = {"events": events, "rest_url": f"https://site.example{PATH}/?page=1"}
    return json.dumps(whole | ({"next_rest_url": onward} if onward else {})).replace("/", "\\/").encode()


@pytest.mark.parametrize(
    ("told", "row"),
    [
        ({}, "2026-12-10 18:00–21:00 | Eels – day"),
        ({"venue": {"venue": "Hall", "city": "Flen"}}, "2026-12-10 18:00–21:00 | Eels – day | Hall, Flen"),
        ({"all_day": True, "end_date": "2026-12-11 23:59:59"}, "2026-12-10 – 2026-12-11 | Eels – day"),
        ({"utc_end_date": None}, "2026-12-10 18:00 | Eels – day"),
    ],
)  # fmt: skip
def test_an_event_is_told_in_one_line(told: dict[str, Any], row: str) -> None:
    data = listed(event("Eels", **told))
    assert feed.is_feed(data, "application/json")
    [one] = feed.items(data, SOURCE, SOURCE.url, NOW)
    assert one.text == f"::: events\n- {row} | https://site.example/event/Eels/\n:::"
    assert (one.title, one.url, one.tags) == ("Eels – day", "https://site.example/event/Eels/", ("Sea & shore",))


@pytest.mark.parametrize(
    "told",
    [{"status": "draft"}, {"title": ""}, {"utc_start_date": "soon"}, {"utc_start_date": 7}, {"title": None}],
)
def test_what_is_no_event_for_everybody_stays_out(told: dict[str, Any]) -> None:
    assert feed.items(listed(event("Eels") | told), SOURCE, SOURCE.url, NOW) == ()
    assert not list(eventlist.events('{"events": [null, 3, [], {"venue": 1}]}'))


@pytest.mark.parametrize("kind", ["auto", "feed", "wordpress"])
def test_a_list_is_read_to_its_end_and_what_it_has_no_more_is_off(
    run: Shell, workspace: Path, site: Site, kind: str
) -> None:
    soon = f"{datetime.now(UTC) + timedelta(days=10):%Y-%m-%d}"

    def pages(second: dict[str, Any]) -> None:
        site.says(PATH, listed(event("One", soon), onward=f"{site.url}{PATH}?page=2"), kind="application/json")
        site.says(f"{PATH}?page=2", listed(second), kind="application/json")

    def titles() -> set[str]:
        with Pool(workspace / "articles.db") as pool:
            return {one.title for one in pool.articles() if one.source == "events"}

    sources(workspace, source("events", site.url + PATH, kind))
    pages(event("Two", soon))
    assert fetched(run)["events"]["new"] == 2
    assert titles() == {"One – day", "Two – day"}
    pages(event("Three", soon))
    fetched(run)
    assert titles() == {"One – day", "Three – day"}


def test_a_page_that_is_not_there_takes_none_of_the_others_with_it(
    run: Shell, workspace: Path, site: Site
) -> None:
    soon = f"{datetime.now(UTC) + timedelta(days=10):%Y-%m-%d}"
    site.says(PATH, listed(event("One", soon), onward=f"{site.url}/gone"), kind="application/json")
    sources(workspace, source("events", site.url + PATH))
    assert fetched(run)["events"]["new"] == 1


def test_a_list_that_goes_round_in_a_circle_ends(run: Shell, workspace: Path, site: Site) -> None:
    soon = f"{datetime.now(UTC) + timedelta(days=10):%Y-%m-%d}"
    site.says(PATH, listed(event("One", soon), onward=site.url + PATH), kind="application/json")
    sources(workspace, source("events", site.url + PATH))
    assert fetched(run)["events"]["new"] == 1
    assert len(site.asked) == 1


def test_a_list_that_goes_round_further_on_ends_too(run: Shell, workspace: Path, site: Site) -> None:
    soon = f"{datetime.now(UTC) + timedelta(days=10):%Y-%m-%d}"
    site.says(PATH, listed(event("One", soon), onward=f"{site.url}/two"), kind="application/json")
    site.says("/two", listed(event("Two", soon), onward=f"{site.url}/three"), kind="application/json")
    site.says("/three", listed(event("Three", soon), onward=f"{site.url}/two"), kind="application/json")
    sources(workspace, source("events", site.url + PATH))
    with ends():
        assert fetched(run)["events"]["new"] == 3
    assert len(site.asked) == 3
