"""Calendars as sources: what is ahead for everybody, on the letter's clock, whatever a calendar holds."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter import article
from newsletter.errors import SourceError
from newsletter.issuefile.blocks import block
from newsletter.model import Events, Source
from newsletter.reading import feed
from newsletter.reading.calendars import calendarfile
from tests.effort import computes

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Stockholm")
SOURCE = Source("events", "auto", "https://example.org/events.ics", zone=ZONE, tags=("park",))
TIME = "DTSTART;TZID=Europe/Stockholm:20261210T180000"


def calendar(*events: str) -> bytes:
    told = "".join(f"BEGIN:VEVENT\n{event}\nEND:VEVENT\n" for event in events)
    whole = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//example//EN\n{told}END:VCALENDAR\n"
    return whole.replace("\n", "\r\n").encode()


def lines(*events: str, now: datetime = NOW) -> list[str]:
    found = calendarfile.items(calendar(*events), SOURCE, SOURCE.url, now)
    return [row.removeprefix("- ") for one in found for row in one.text.split("\n")[1:-1]]


def zoned(ahead: str, rule: str = "FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3") -> bytes:
    """Return a calendar with an event at 18:00 in a zone of its own, so many hours *ahead* of UTC in winter."""
    yearly = "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10"
    winter = f"DTSTART:16011028T030000\nTZOFFSETFROM:{ahead}\nTZOFFSETTO:{ahead}\n{yearly}"
    summer = f"DTSTART:16010325T020000\nTZOFFSETFROM:{ahead}\nTZOFFSETTO:+0300\nRRULE:{rule}"
    parts = f"BEGIN:STANDARD\n{winter}\nEND:STANDARD\nBEGIN:DAYLIGHT\n{summer}\nEND:DAYLIGHT"
    zone = f"BEGIN:VTIMEZONE\nTZID:Customized Time Zone\n{parts}\nEND:VTIMEZONE\n".replace("\n", "\r\n").encode()
    event = "DTSTART;TZID=Customized Time Zone:20261210T180000"
    whole = calendar(f"UID:1\nSUMMARY:Zoned\n{event}", f"UID:2\nSUMMARY:Party\n{TIME}")
    return whole.replace(b"BEGIN:VEVENT", zone + b"BEGIN:VEVENT", 1)


def test_a_zone_of_a_calendar_is_its_own_whatever_another_calls_the_same():
    for ahead, hour in (("+0100", "18:00"), ("-0500", "2026-12-11 00:00"), ("+0200", "17:00")):
        told = [one.text for one in calendarfile.items(zoned(ahead), SOURCE, SOURCE.url, NOW)]
        assert any(f"{hour} | Zoned" in text for text in told)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=YEARLY;INTERVAL=-1",
        "FREQ=YEARLY;INTERVAL=0;BYDAY=-1SU;BYMONTH=3",
        "FREQ=SECONDLY",
        "FREQ=MINUTELY;BYMONTH=3",
        "FREQ=YEARLY;FREQ=HOURLY",
        "FREQ=SECO\n NDLY",
    ],
)
def test_a_zone_that_no_clock_follows_ends_no_reading(rule: str):
    with computes(10):
        told = [one.text for one in calendarfile.items(zoned("+0100", rule), SOURCE, SOURCE.url, NOW)]
    assert [text for text in told if "18:00 | Party" in text]
    # A time in a zone that is not known is told by the letter's clock.
    assert [text for text in told if "18:00 | Zoned" in text]


def test_a_zone_by_the_name_that_mozilla_gives_it_is_understood_without_a_word(recwarn):
    begins = "DTSTART;TZID=/mozilla.org/20070129_1/America/New_York:20261210T090000"
    assert lines(f"UID:1\nSUMMARY:Party\n{begins}") == ["2026-12-10 15:00 | Party"]
    assert not recwarn.list


def test_an_event_is_told_in_one_line():
    end = "DTEND;TZID=Europe/Stockholm:20261210T210000"
    where = "LOCATION:Novum Labs\\, Huddinge\nURL:https://example.org/party"
    secret = "DESCRIPTION:Join: https://meet.example.org/x"
    data = calendar(f"UID:1\n{TIME}\n{end}\nSUMMARY:Party\\; with food\n{where}\n{secret}")
    (one,) = calendarfile.items(data, SOURCE, SOURCE.url, NOW)
    row = "- 2026-12-10 18:00–21:00 | Party; with food | Novum Labs, Huddinge | https://example.org/party"
    assert one.text == f"::: events\n{row}\n:::"
    assert (one.title, one.url, one.guid) == ("Party; with food", "https://example.org/party", "1")
    assert one.tags == ("park",)
    made = article.normalize(one, NOW)
    (read,) = block.parse(made.text.split("\n"), "x", 0, ZONE)
    assert isinstance(read, Events)
    assert read.items[0].at == datetime(2026, 12, 10, 18, 0, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("told", "when"),
    [
        ("DTSTART:20261210T170000Z", "2026-12-10 18:00"),
        ("DTSTART:20261210T180000", "2026-12-10 18:00"),
        ("DTSTART;TZID=America/New_York:20261210T120000", "2026-12-10 18:00"),
        ("DTSTART;TZID=W. Europe Standard Time:20261210T180000", "2026-12-10 18:00"),
        ("DTSTART;TZID=America/New_York:20261210T120000\nDURATION:PT1H30M", "2026-12-10 18:00–19:30"),
        ("DTSTART:20261210T210000Z\nDTEND:20261211T010000Z", "2026-12-10 22:00–02:00"),
        ("DTSTART:20261210T080000Z\nDTEND:20261211T150000Z", "2026-12-10 09:00 – 2026-12-11 16:00"),
        ("DTSTART;VALUE=DATE:20261210", "2026-12-10"),
        ("DTSTART;VALUE=DATE:20261210\nDTEND;VALUE=DATE:20261211", "2026-12-10"),
        ("DTSTART;VALUE=DATE:20261210\nDTEND;VALUE=DATE:20261213", "2026-12-10 – 2026-12-12"),
        ("DTSTART:20261210T170000Z\nDTEND:20261210T160000Z", "2026-12-10 18:00"),
        ("DTSTART:20261210T000000\nDTEND:20261212T000000", "2026-12-10 – 2026-12-11"),
        (
            "DTSTART;TZID=W. Europe Standard Time:20261210T000000\n"
            "DTEND;TZID=W. Europe Standard Time:20261211T000000",
            "2026-12-10",
        ),
        ("DTSTART:20261210T000000\nDTEND:20261210T030000", "2026-12-10 00:00–03:00"),
    ],
)
def test_times_are_told_by_the_letters_clock(told, when):
    assert lines(f"UID:1\n{told}\nSUMMARY:Party") == [f"{when} | Party"]


@pytest.mark.parametrize(
    "event",
    [
        f"UID:1\n{TIME}\nSUMMARY:Party\nCLASS:PRIVATE",
        f"UID:1\n{TIME}\nSUMMARY:Party\nCLASS:confidential",
        f"UID:1\n{TIME}\nSUMMARY:Party\nSTATUS:CANCELLED",
        f"UID:1\n{TIME}\nSUMMARY:Canceled: Party",
        f"UID:1\n{TIME}\nSUMMARY:INSTÄLLT – Party på kajen",
        f"UID:1\n{TIME}\nSUMMARY:Party (inställd)",
        f"UID:1\n{TIME}\nSUMMARY:Busy",
        f"UID:1\n{TIME}\nSUMMARY:Upptagen",
        f"UID:1\n{TIME}",
        f"UID:1\n{TIME}\nSUMMARY:\u200b\x7f",
        "UID:1\nSUMMARY:Party",
        "UID:1\nDTSTART:soon\nSUMMARY:Party",
        "UID:1\nDTSTART:20261128T115900Z\nSUMMARY:Party",
        "UID:1\nDTSTART;VALUE=DATE:20261127\nSUMMARY:Party",
        "UID:1\nDTSTART:20290101T120000Z\nSUMMARY:Party",
    ],
)
def test_what_is_not_for_everybody_or_not_ahead_stays_out(event):
    assert lines(event) == []


@pytest.mark.parametrize(
    "title", ["Inställda resor och vad du kan göra", "Free lunch", "Busy bees", "Is it cancelled?"]
)
def test_words_in_a_title_call_nothing_off(title):
    assert lines(f"UID:1\n{TIME}\nSUMMARY:{title}") == [f"2026-12-10 18:00 | {title}"]


def test_a_title_and_a_place_are_words_though_they_were_written_for_a_page():
    event = f"UID:1\n{TIME}\nSUMMARY:<b>Tea</b> &amp; sea &#8211; a talk\nLOCATION:"
    assert lines(f'{event}<a href="https://example.org/map">Hall 12</a>') == [
        "2026-12-10 18:00 | Tea & sea – a talk | Hall 12"
    ]
    assert lines(f"{event}\\, \\, ") == ["2026-12-10 18:00 | Tea & sea – a talk"]


def test_what_has_begun_and_is_not_over_is_told():
    assert lines("UID:1\nDTSTART;VALUE=DATE:20261128\nSUMMARY:Fair") == ["2026-11-28 | Fair"]
    assert lines("UID:1\nDTSTART:20261128T110000Z\nDTEND:20261128T130000Z\nSUMMARY:Fair")


def test_the_next_comes_first():
    assert lines(
        "UID:1\nDTSTART;VALUE=DATE:20261212\nSUMMARY:B", "UID:2\nDTSTART;VALUE=DATE:20261201\nSUMMARY:A"
    ) == ["2026-12-01 | A", "2026-12-12 | B"]


WEEKLY = "UID:1\nDTSTART;TZID=Europe/Stockholm:20250107T070000\nSUMMARY:Yoga\nRRULE:FREQ=WEEKLY;BYDAY=TU"


def test_a_series_is_told_three_times_and_without_those_that_are_off():
    assert lines(WEEKLY) == ["2026-12-01 07:00 | Yoga", "2026-12-08 07:00 | Yoga", "2026-12-15 07:00 | Yoga"]
    off = f"{WEEKLY}\nEXDATE;TZID=Europe/Stockholm:20261201T070000,20261215T070000"
    assert lines(off) == ["2026-12-08 07:00 | Yoga", "2026-12-22 07:00 | Yoga", "2026-12-29 07:00 | Yoga"]


def test_a_series_may_say_by_a_rule_when_it_is_off():
    off = f"{WEEKLY}\nEXRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"
    assert lines(off) == ["2026-12-01 07:00 | Yoga", "2026-12-15 07:00 | Yoga", "2026-12-29 07:00 | Yoga"]
    assert len(lines(f"{WEEKLY}\nEXRULE:FREQ=SOMETIMES")) == 3
    assert lines(f"{WEEKLY}\nEXRULE:FREQ=DAILY") == []


def test_a_series_by_no_clock_is_off_at_the_hour_that_is_said_though_by_another_clock():
    floating = WEEKLY.replace(";TZID=Europe/Stockholm", "")
    assert lines(f"{floating}\nEXDATE:20261201T070000Z")[0] == "2026-12-08 07:00 | Yoga"


@pytest.mark.parametrize(
    ("zone", "when"),
    [
        ("America/New_York", "2026-12-11 00:00"),
        ("Europe/Helsinki", "2026-12-10 17:00"),
        ("Home", "2026-12-10 18:00"),
    ],
)
def test_times_by_no_clock_are_by_the_one_that_their_calendar_names(zone: str, when: str):
    event, day = "UID:1\nDTSTART:20261210T180000\nSUMMARY:Party", "UID:2\nDTSTART;VALUE=DATE:20261210\nSUMMARY:Day"
    data = calendar(event, day, WEEKLY.replace("UID:1", "UID:3"))
    named = data.replace(b"VERSION", f"X-WR-TIMEZONE:{zone}\r\nVERSION".encode(), 1)
    told = [one.text for one in calendarfile.items(named, SOURCE, SOURCE.url, NOW)]
    assert any(f"- {when} | Party" in text for text in told)
    assert any("- 2026-12-10 | Day" in text for text in told)
    assert any("- 2026-12-01 07:00 | Yoga" in text for text in told)


def test_one_of_a_series_that_moved_is_told_where_it_went():
    moved = "UID:1\nRECURRENCE-ID:20261201T060000Z\nDTSTART:20261202T100000Z\nSUMMARY:Yoga\\, later"
    assert lines(WEEKLY, moved)[:2] == ["2026-12-02 11:00 | Yoga, later", "2026-12-08 07:00 | Yoga"]
    off = "UID:1\nRECURRENCE-ID:20261201T060000Z\nDTSTART:20261201T060000Z\nSUMMARY:Yoga\nSTATUS:CANCELLED"
    assert lines(WEEKLY, off)[0] == "2026-12-08 07:00 | Yoga"


def test_each_time_of_a_series_is_an_article_of_its_own():
    found = calendarfile.items(calendar(f"{WEEKLY}\nURL:https://example.org/yoga"), SOURCE, SOURCE.url, NOW)
    keys = {article.normalize(one, NOW).key for one in found}
    assert len(keys) == 3


@pytest.mark.parametrize(
    ("rule", "times"),
    [
        ("FREQ=WEEKLY;UNTIL=20261202T000000Z", 1),
        ("FREQ=WEEKLY;UNTIL=20261208", 2),
        ("FREQ=WEEKLY;COUNT=3", 0),
        ("FREQ=MONTHLY;BYDAY=1TU", 3),
        ("FREQ=YEARLY", 1),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", 0),
        ("FREQ=SECONDLY", 0),
        ("FREQ=DAILY;INTERVAL=0", 0),
        ("FREQ=SOMETIMES", 0),
        ("COUNT=3", 0),
        ("FREQ=WEEKLY;BYDAY=XX", 0),
    ],
)
def test_a_rule_is_followed_as_far_as_it_makes_sense(rule, times):
    event = f"UID:1\nDTSTART;TZID=Europe/Stockholm:20250107T070000\nSUMMARY:Yoga\nRRULE:{rule}"
    assert len(lines(event)) == times


def test_the_hour_stays_where_the_clock_changes():
    event = "UID:1\nDTSTART;TZID=Europe/Stockholm:20260305T070000\nSUMMARY:Run\nRRULE:FREQ=WEEKLY"
    found = lines(event, now=datetime(2026, 3, 21, tzinfo=UTC))
    assert found == ["2026-03-26 07:00 | Run", "2026-04-02 07:00 | Run", "2026-04-09 07:00 | Run"]


@pytest.mark.parametrize(
    ("place", "shown"),
    [
        (
            "Aula Medica\\, Nobels väg 6\\, Solna\\, och sedan runt hörnet till vänster",
            "Aula Medica, Nobels väg 6, Solna",
        ),
        ("Novum\\nHuddinge", "Novum"),
        ("https://meet.example.org/secret?pwd=1", ""),
        ("x" * 200, "x" * 60),
    ],
)
def test_a_place_is_short_and_no_meetings_address(place, shown):
    (row,) = lines(f"UID:1\n{TIME}\nSUMMARY:Party\nLOCATION:{place}")
    assert row == "2026-12-10 18:00 | Party" + (f" | {shown}" if shown else "")


@pytest.mark.parametrize("rest", [b"", b"BEGIN:VEVENT\r\nUID:1\r\n", b"\0"])
def test_what_breaks_off_is_told(rest):
    data = b"BEGIN:VCALENDAR\r\n" + rest
    assert feed.is_feed(data)
    with pytest.raises(SourceError, match="this calendar cannot be read"):
        calendarfile.items(data, SOURCE, SOURCE.url, NOW)


def test_a_calendar_of_another_encoding_is_read():
    data = calendar(f"UID:1\n{TIME}\nSUMMARY:Öppet hus").decode().encode("cp1252")
    wide = calendar(f"UID:1\n{TIME}\nSUMMARY:Öppet hus").decode().encode("utf-16")
    for each in (data, wide):
        assert feed.is_feed(each)
        (one,) = calendarfile.items(each, SOURCE, SOURCE.url, NOW)
        assert one.title == "Öppet hus"


NAMES = st.sampled_from(
    [
        "DTSTART",
        "DTEND",
        "DURATION",
        "RRULE",
        "EXDATE",
        "EXRULE",
        "RECURRENCE-ID",
        "SUMMARY",
        "LOCATION",
        "URL",
        "UID",
        "CATEGORIES",
        "STATUS",
    ]
)
ODD = """20261210T180000Z 20261210 99991231T235959 00010101 FREQ=DAILY;INTERVAL=-1 FREQ=DAILY;INTERVAL=0
    FREQ=YEARLY;BYEASTER=1 FREQ=DAILY;COUNT=999999999;BYSETPOS=366 FREQ=DAILY;INTERVAL=-199999999 P1D
    -PT99999999H javascript:alert(1) :::"""
VALUES = st.one_of(
    st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\r\n"), max_size=30),
    st.sampled_from(ODD.split()),
)


@given(st.lists(st.lists(st.tuples(NAMES, VALUES), max_size=8), max_size=4))
def test_whatever_stands_in_it_is_read_or_told(events):
    data = calendar(*("\n".join(f"{name}:{value}" for name, value in event) for event in events))
    try:
        found = calendarfile.items(data, SOURCE, SOURCE.url, NOW)
    except SourceError:
        return
    for one in found:
        made = article.normalize(one, NOW)
        (read,) = block.parse(made.text.split("\n"), "x", 0, ZONE)
        assert isinstance(read, Events)
        assert not made.url.startswith("javascript")


@pytest.mark.parametrize("sign", ["\x1b", "\x1a", "\x7f", "\u202e", "\u2066"])
def test_no_invisible_sign_of_a_calendar_reaches_an_issue(sign: str) -> None:
    (told,) = calendarfile.items(
        calendar(f"UID:1\nSUMMARY:A fe{sign}ast\nLOCATION:Qu{sign}ay\n{TIME}"), SOURCE, SOURCE.url, NOW
    )
    assert article.normalize(told, NOW).text.split("\n")[1] == "- 2026-12-10 18:00 | A feast | Quay"
