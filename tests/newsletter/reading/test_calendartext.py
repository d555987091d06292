"""Laws of calendars as programs write them: a broken part costs that part, and what is over costs no time."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from newsletter.errors import SourceError
from newsletter.model import Source
from newsletter.reading.calendars import calendarfile
from tests.effort import computes

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
SOURCE = Source("events", "auto", "https://example.org/events.ics", zone=ZoneInfo("Europe/Stockholm"))
CHOIR = "SUMMARY:Choir\nUID:choir@example.org"
ZONE = """BEGIN:VTIMEZONE
TZID:Hall
BEGIN:STANDARD
DTSTART:19700101T000000
TZOFFSETFROM:+0200
TZOFFSETTO:{}
END:STANDARD
END:VTIMEZONE
"""


def told(*events: str, before: str = "", now: datetime = NOW) -> list[str]:
    """Return when the events of a calendar are, and what, in order."""
    held = "".join(f"BEGIN:VEVENT\n{event}\nEND:VEVENT\n" for event in events)
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\n{before}{held}END:VCALENDAR\n"
    found = calendarfile.items(text.replace("\n", "\r\n").encode(), SOURCE, SOURCE.url, now)
    return [one.named.removeprefix(f"{one.title} ") + f" {one.title}" for one in found]


@pytest.mark.parametrize(
    "at",
    [
        "DTSTART;TZID=(UTC+01:00) Amsterdam, Berlin, Rome, Stockholm:20261201T180000",
        'DTSTART;TZID="(UTC+01:00) Amsterdam, Berlin, Rome, Stockholm":20261201T180000',
        "DTSTART;TZID=Hall:20261201T180000",
        "DTSTART;TZID=tzone://Microsoft/Custom:20261201T180000",
        "DTSTART;TZID=America/New_York:20261201T170000Z",
    ],
    ids=["unquoted", "quoted", "unsigned", "with colons", "of UTC all the same"],
)
def test_zones_are_read_as_programs_write_them(at: str) -> None:
    zone = ZONE.replace("+0200", "0100").format("0100")
    assert told(f"{CHOIR}\n{at}", before=zone) == ["2026-12-01 18:00 Choir"]


@pytest.mark.parametrize(
    ("at", "when"),
    [
        ("DTSTART:2026-12-01T18:00:00+01:00", "2026-12-01 18:00"),
        ("DTSTART: 2026-12-01 18:00", "2026-12-01 18:00"),
        ("DTSTART:20261201T1800\nDTEND:20261201T1930", "2026-12-01 18:00–19:30"),
        ("DTSTART:20261201T1830\n 00", "2026-12-01 18:30"),
        ("DTSTART:20261201T180000\nDTEND:20261201T183000Z", "2026-12-01 18:00–18:30"),
        ("DTSTART:2026-12-01T17:00:00.000Z", "2026-12-01 18:00"),
        ("DTSTART;VALUE=DATE:20261201T000000", "2026-12-01"),
        ("DTSTART;VALUE=DATE:2026-12-01", "2026-12-01"),
    ],
)
def test_a_time_is_read_as_people_write_it(at: str, when: str) -> None:
    assert told(f"{CHOIR}\n{at}") == [f"{when} Choir"]


def test_lines_end_in_whatever_way() -> None:
    event = f"BEGIN:VEVENT\n{CHOIR}\nDTSTART:20261201T1700Z\nEND:VEVENT\n"
    text = f"BEGIN:VCALENDAR\n{event}END:VCALENDAR\n"
    for end in ("\n", "\r\n", "\r"):
        [one] = calendarfile.items(text.replace("\n", end).encode(), SOURCE, SOURCE.url, NOW)
        assert one.named == "Choir 2026-12-01 18:00"


def test_words_of_an_old_calendar_are_read() -> None:
    old = "UID:1\nDTSTART:20261201T170000Z\nSUMMARY;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:"
    assert told(f"{old}V=C3=A5r=\nfest") == ["2026-12-01 18:00 Vårfest"]
    assert told(f"{old}V=E5rfest\nLOCATION:Hall") == ["2026-12-01 18:00 Vårfest"]


def test_a_broken_zone_is_no_fault_of_a_calendar_with_nothing_ahead() -> None:
    over = f"{CHOIR}\nDTSTART:20251201T170000Z"
    assert told(over, before=ZONE.format("+9900")) == []


def test_dates_that_a_list_adds_are_told() -> None:
    dates = "DTSTART:20261201T170000Z\nRDATE:20261203T170000Z\nRDATE;VALUE=PERIOD:20261210T180000Z/PT1H"
    assert told(f"{CHOIR}\n{dates}") == [f"2026-12-{when} Choir" for when in ("01 18:00", "03 18:00", "10 19:00")]
    ruled = "DTSTART;VALUE=DATE:20261201\nRRULE:FREQ=WEEKLY;COUNT=2"
    ruled += "\nRDATE;VALUE=DATE:20261204\nEXDATE;VALUE=DATE:20261208"
    assert told(f"{CHOIR}\n{ruled}") == ["2026-12-01 Choir", "2026-12-04 Choir"]


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("", ["01"]),
        ("FREQ=WEEKLY;COUNT=-1;UNTIL=20261209", ["01", "08"]),
        ("FREQ=NEVER", ["01"]),
        ("FREQ=WEEKLY; COUNT=2;", ["01", "08"]),
    ],
)
def test_a_rule_as_programs_write_it_loses_no_event(rule: str, days: list[str]) -> None:
    event = f"{CHOIR}\nDTSTART;VALUE=DATE:20261201\nRRULE:{rule}"
    assert told(event) == [f"2026-12-{day} Choir" for day in days]


def test_a_day_of_a_series_is_off_whatever_clock_says_so() -> None:
    """Exchange names the day of a series without hours by a midnight in its own zone."""
    daily = f"{CHOIR}\nDTSTART;VALUE=DATE:20261201\nRRULE:FREQ=DAILY;COUNT=4"
    moved = f"{CHOIR}\nDTSTART;VALUE=DATE:20261205\nRECURRENCE-ID;TZID=GMT Standard Time:20261202T000000"
    off = "EXDATE:20261202T230000Z"
    assert told(f"{daily}\n{off}", moved) == [f"2026-12-{day} Choir" for day in ("01", "04", "05")]
    timed = f"{CHOIR}\nDTSTART:20261201T170000Z\nRRULE:FREQ=DAILY;COUNT=2\nEXDATE;VALUE=DATE:20261201"
    assert told(timed) == ["2026-12-02 18:00 Choir"]


def test_one_of_a_series_needs_no_title_to_be_called_off_or_moved() -> None:
    whole = f"{CHOIR}\nLOCATION:Hall\nDTSTART:20261201T170000Z\nRRULE:FREQ=DAILY;COUNT=2"
    one = "UID:choir@example.org\nRECURRENCE-ID:20261202T170000Z\nDTSTART:20261203T170000Z"
    assert told(whole, f"{one}\nSTATUS:CANCELLED") == ["2026-12-01 18:00 Choir"]
    assert told(whole, one) == ["2026-12-01 18:00 Choir", "2026-12-03 18:00 Choir"]
    assert told(f"{whole}\nCLASS:PRIVATE", one) == told(one) == []


def test_what_was_changed_last_stands() -> None:
    whole = f"{CHOIR}\nRRULE:FREQ=WEEKLY;COUNT=2"
    old, new = f"{whole}\nDTSTART:20261201T170000Z", f"{whole}\nSEQUENCE:2\nDTSTART:20261202T180000Z"
    # One of its times repeats the rule, as Confluence writes it, and is told twice.
    one = f"{whole}\nRECURRENCE-ID:20261209T180000Z\nDTSTART:20261210T180000Z"
    expected = ["2026-12-02 19:00 Choir", "2026-12-10 19:00 Choir"]
    assert told(old, new, one, one) == expected
    assert told(new, old, one) == expected
    assert told(f"{new}\nEXDATE:20261209T180000Z", one) == expected[:1]
    assert len(told(f"{CHOIR}\nDTSTART:20261201T170000Z", f"{CHOIR}\nDTSTART:20261202T170000Z")) == 2


@pytest.mark.parametrize(
    "broken", ["DURATION:P99999999999D", "DTEND: tomorrow", "EXDATE:soon", "RDATE:soon", "ATTENDEE"]
)
def test_a_broken_part_costs_that_part(broken: str) -> None:
    event = f"{CHOIR}\nDTSTART:20261201T170000Z"
    fine = "SUMMARY:Fair\nUID:fair@example.org\nDTSTART:20261205T170000Z"
    assert told(f"{event}\n{broken}", fine) == ["2026-12-01 18:00 Choir", "2026-12-05 18:00 Fair"]


def test_a_line_that_means_nothing_costs_no_event() -> None:
    event = f"{CHOIR}\nDTSTART;TZID=Hall:20261201T170000"
    assert told(event, before=f"X\n{ZONE.format('+0200')}") == ["2026-12-01 16:00 Choir"]
    assert told(f"{CHOIR}\nDTSTART:20261201T170000Z", before=ZONE.format("+5744")) == ["2026-12-01 18:00 Choir"]


def test_an_event_is_in_the_language_of_its_calendar() -> None:
    """In a letter of two languages, one that nobody knows stood in the foremost alone."""
    titles = ("Julmarknad", "Konsert på kajen", "Så blir det nya huset och vad det är till för", "Yoga")
    events = [f"UID:{title}\nSUMMARY:{title}\nDTSTART:20261201T170000Z" for title in titles]
    held = "".join(f"BEGIN:VEVENT\n{event}\nEND:VEVENT\n" for event in events)
    data = f"BEGIN:VCALENDAR\n{held}END:VCALENDAR\n".encode()
    assert {one.language for one in calendarfile.items(data, SOURCE, SOURCE.url, NOW)} == {"sv"}


def test_of_a_calendar_that_breaks_off_nothing_is_taken() -> None:
    text = f"BEGIN:VCALENDAR\nX\nBEGIN:VEVENT\n{CHOIR}\nDTSTART:20261201T170000Z\nEND:VEVENT\nBEGIN:VEVENT\nSUMM"
    with pytest.raises(SourceError, match="cannot be read"):
        calendarfile.items(text.encode(), SOURCE, SOURCE.url, NOW)


def test_series_that_are_over_leave_room_for_those_that_are_not() -> None:
    over = [f"SUMMARY:Old\nUID:{number}\nDTSTART:20200101T170000Z\nRRULE:FREQ=WEEKLY;UNTIL=20200201T000000Z"
            for number in range(calendarfile.SERIES + 1)]  # fmt: skip
    assert told(*over, f"{CHOIR}\nDTSTART:20200107T170000Z\nRRULE:FREQ=WEEKLY") == [
        f"2026-12-{day} 18:00 Choir" for day in ("01", "08", "15")
    ]


def test_what_is_over_is_not_read() -> None:
    """The library reads some 700 events a second; ten years of a park's calendar are many thousands."""
    past = [
        f"SUMMARY:Old\nUID:{number}\nDTSTART:20200101T170000Z\nDTEND:20200101T180000Z" for number in range(5000)
    ]
    with computes(1.5):
        assert told(*past, f"{CHOIR}\nDTSTART:20261201T170000Z") == ["2026-12-01 18:00 Choir"]
    ahead = [event.replace("2020", "2028") for event in past]
    with computes(1.5):
        assert told(*ahead, f"{CHOIR}\nDTSTART:20261201T170000Z") == ["2026-12-01 18:00 Choir"]
    moved = f"{CHOIR}\nRECURRENCE-ID:20261208T170000Z\nDTSTART:20261101T170000Z\nDTEND:20261101T180000Z"
    series = f"{CHOIR}\nDTSTART:20261201T170000Z\nRRULE:FREQ=WEEKLY;COUNT=2"
    assert told(series, moved) == ["2026-12-01 18:00 Choir"], (
        "what was moved into the past is not told at its old time"
    )
    later = moved.replace("20261101", "20280101")
    assert told(series, later) == ["2026-12-01 18:00 Choir"], "nor what was moved far ahead"
