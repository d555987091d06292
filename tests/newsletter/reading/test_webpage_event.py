"""Pages of events: the event's own name, day and place, told once, and no day of publication."""

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from newsletter import article
from newsletter.reading.pages import webpage
from newsletter.reading.words.occasion import Occasion
from tests.newsletter.reading.test_webpage import TEXT, read


def test_facts_whose_names_stand_beside_them_in_boxes_are_an_event() -> None:
    facts = "".join(
        f"<div class='field field--label-inline'><div class='field__label'>{name}:</div><div>{said}</div></div>"
        for name, said in {"Datum": "2026-12-11 13:15 till 16:00", "Plats": "Aulan", "Kontakt": "Eva"}.items()
    )
    page = f"<main><h1>Is</h1><div>{facts}</div><p>{TEXT}</p></main>"
    one = article.normalize(read("", page), datetime(2026, 11, 1, tzinfo=UTC))
    assert one.text == f"::: events\n- 2026-12-11 13:15–16:00 | Is | Aulan\n:::\n\n- Kontakt: Eva\n\n{TEXT}"


def test_the_event_of_a_page_has_its_day_and_place_and_the_page_is_not_newer() -> None:
    said = {
        "@type": "BusinessEvent",
        "name": "Mill day",
        "startDate": "2025-06-05T07:30:00+02:00",
        "endDate": "2025-06-05T09:00:00+02:00",
        "location": {"@type": "Place", "name": "The old mill"},
    }
    head = f'<title>Mill day</title><script type="application/ld+json">{json.dumps([said])}</script>'
    one = article.normalize(read(head, f"<main><p>{TEXT}</p></main>"), datetime(2026, 1, 1, tzinfo=UTC))
    assert one.text.startswith("::: events\n- 2025-06-05 07:30–09:00 | Mill day | The old mill\n:::")
    assert one.published == datetime(2025, 6, 5, 5, 30, tzinfo=UTC)


MICRODATA = """<main itemscope itemtype="https://schema.org/MusicEvent"><p itemprop="location" itemscope
itemtype="https://schema.org/Place"><b itemprop="name">Hall</b>, Quay 1</p><h1 itemprop="name">Mill day</h1>
<time itemprop="startDate" datetime="2026-12-10T18:00:00+01:00">10 December</time> –
<meta itemprop="endDate" content="2026-12-10T20:00"> 20.00"""
MICROFORMAT = """<main class="vevent h-event"><h1 class="p-name">Mill day</h1><p><abbr class="dtstart"
title="2026-12-10T18:00:00+01:00">10 December 18:00</abbr> <time class="dt-end"
datetime="2026-12-10T20:00">20:00</time></p><p class="p-location">Hall</p>"""


@pytest.mark.parametrize("page", [MICRODATA, MICROFORMAT])
def test_an_event_that_a_page_marks_in_its_elements_is_told_as_it_is(page: str) -> None:
    """Without its marks, the hour at which it ends was taken for that at which it begins."""
    now = datetime(2026, 11, 1, tzinfo=UTC)
    told = "2026-12-10 18:00–20:00 | Mill day | Hall"
    one = article.normalize(read("", f"{page}<p>{TEXT}</p></main>"), now)
    assert [row for row in one.text.split("\n") if row.startswith("- 20")] == [f"- {told}"]
    beside = f"<main><h1>Rooms</h1><p>{TEXT}</p></main><aside>{page.replace('h1', 'h2')}</main></aside>"
    assert told not in article.normalize(read("", beside), now).text


def test_an_hour_in_utc_is_told_by_the_letters_clock_and_a_day_stays_one() -> None:
    zone = ZoneInfo("Europe/Stockholm")
    assert Occasion("2026-12-04T12:00:00.000Z", "2026-12-04T14:00:00Z").facts(zone) == (
        "Datum: 2026-12-04",
        "Tid: 13:00–15:00",
    )
    assert Occasion("2026-12-04T00:00:00Z").facts(zone) == ("Datum: 2026-12-04",)
    assert Occasion("2026-12-04T12:00:00+00:00").facts(zone)[1] == "Tid: 12:00"


def test_an_event_is_called_what_it_says_and_its_day_is_told_once() -> None:
    said = {"@type": "Event", "name": "Mill day", "startDate": "2025-06-05T07:30:00+02:00", "location": "Mill"}
    head = (
        '<meta property="og:title" content="Mill day, Thu, Jun 5, 2025, 7:30 AM | Tickets">'
        f'<script type="application/ld+json">{json.dumps(said)}</script>'
    )
    beside = "<h2>Date and time</h2><p>Thursday, 7:30am</p><h2>Attendees (42)</h2><p>Anna, Bo</p>"
    one = read(head, f"<main><h1>Mill day</h1><p>{TEXT}</p>{beside}</main>")
    assert (one.title, "Attendees" in one.html, "Date and time" in one.html) == ("Mill day", False, False)


def test_a_day_without_a_year_on_the_page_of_an_event_is_no_day_of_publication() -> None:
    said = {"@type": "Event", "startDate": "2026-12-14T18:00:00+01:00", "endDate": "2026-12-14T21:00:00+01:00"}
    head = f'<title>Mill day</title><script type="application/ld+json">{json.dumps(said)}</script>'
    shown = (
        "<div class='tribe-events-schedule'><h2>December 14 @ 6:00 pm</h2><span class='cost'>Free</span></div>"
        f"<p>{TEXT}</p><div class='tribe-events-event-meta'><h2>Details</h2><p>Date: December 14</p></div>"
    )
    now = datetime(2026, 11, 1, tzinfo=UTC)
    one = article.normalize(read(head, f"<main><h1>Mill day</h1>{shown}</main>"), now)
    assert one.published == now
    assert one.text == f"::: events\n- 2026-12-14 18:00–21:00 | Mill day\n:::\n\nFree\n\n{TEXT}"


def test_the_list_of_day_hours_and_place_that_squarespace_shows_is_told_once() -> None:
    said = {"@type": "Event", "name": "Mill day — The mill", "startDate": "2026-12-14T18:00:00+0100"}
    head = f'<title>Mill day — The mill</title><script type="application/ld+json">{json.dumps(said)}</script>'
    beside = "<ul class='eventitem-meta event-meta'><li><time>18:00</time><time>20:00</time></li><li>ICS</li></ul>"
    one = article.normalize(
        read(head, f"<main><article><h1>Mill day</h1>{beside}<p>{TEXT}</p></article></main>"),
        datetime(2026, 11, 1, tzinfo=UTC),
    )
    assert one.text.endswith(f":::\n\n{TEXT}")
    assert "ICS" not in one.text


@pytest.mark.parametrize(
    "facts",
    [
        "<div><span class='label'>Datum</span><span>14 januari 2027</span></div>"
        "<div><span class='label'>Tid</span><span>18.00–20.00</span></div>"
        "<div><span class='label'>Plats</span><span>Magasinet</span></div>",
        "<ul><li><i class='icon'></i> 14 januari 2027</li><li>18:00 – 20:00</li><li>Magasinet</li></ul>",
        "<h3>När?</h3><p>Torsdag 14 januari 2027 kl. 18–20</p><h3>Var?</h3><p>Magasinet</p>",
    ],
    ids=["labels", "icons", "headings"],
)
def test_the_facts_of_an_event_are_one_however_a_page_shows_them(facts: str) -> None:
    text = "Kom och se det nya taket, köket och verkstaden, vi bjuder på kaffe till alla."
    page = (
        f"<html lang='sv'><title>Öppet hus</title><body><main><h1>Öppet hus</h1>{facts}<p>{text}</p></main></html>"
    )
    item = webpage.parse(page, "s", url="https://s.example/a")
    assert item is not None
    said = article.normalize(item, datetime(2026, 11, 30, tzinfo=UTC)).text
    assert said == f"::: events\n- 2027-01-14 18:00–20:00 | Öppet hus | Magasinet\n:::\n\n{text}"


def test_the_day_and_the_place_of_a_release_are_no_event() -> None:
    facts = "<p>Datum: 2026-05-12</p><p>Ort: Norrvik</p><p>Av: Anna Holm</p>"
    item = read("", f"<main><h1>Is</h1>{facts}<p>{TEXT}</p></main>")
    assert item.published == datetime(2026, 5, 12, 12, tzinfo=UTC)
    assert "events" not in article.normalize(item, datetime(2026, 5, 13, tzinfo=UTC)).text
