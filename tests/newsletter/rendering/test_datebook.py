"""A letter's events as a calendar file: read again by another program's parser, whatever an editor wrote."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import icalendar as reader
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.issuefile.blocks import event
from newsletter.model import Entry
from newsletter.rendering import datebook

ZONE = ZoneInfo("Europe/Stockholm")
MADE = datetime(2025, 6, 1, 7, 0, tzinfo=UTC)
PAGE = "https://news.example.org/archive/2025-06?lang=en"


def read(*entries: Entry) -> list[reader.Event]:
    text = datebook.calendar(entries, host="news.example.org", made=MADE, page=PAGE)
    assert all(len(line) <= 75 for line in text.split(b"\r\n"))
    return list(reader.Calendar.from_ical(text).walk("VEVENT"))


@pytest.mark.parametrize(
    ("when", "start", "end"),
    [
        ("2025-06-10", "2025-06-10", ""),
        ("2025-06-10 18:00", "2025-06-10T16:00:00Z", ""),
        ("2025-06-10 18.00", "2025-06-10T16:00:00Z", ""),
        ("2025-06-10T18:00", "2025-06-10T16:00:00Z", ""),
        ("2025-01-10 18:00–21:00", "2025-01-10T17:00:00Z", "2025-01-10T20:00:00Z"),
        ("2025-06-10 18:00 - 21.30", "2025-06-10T16:00:00Z", "2025-06-10T19:30:00Z"),
        ("2025-06-10 22:00 to 02:00", "2025-06-10T20:00:00Z", "2025-06-11T00:00:00Z"),
        ("2025-06-10 – 2025-06-12", "2025-06-10", "2025-06-12"),
        ("2025-06-10 09:00 – 2025-06-12 16:00", "2025-06-10T07:00:00Z", "2025-06-12T14:00:00Z"),
        ("2025-06-10 09:00 – 2025-06-12", "2025-06-10", "2025-06-12"),
        ("2025-06-10 18:00, doors at 17:30", "2025-06-10T16:00:00Z", ""),
        ("2025-06-12 – 2025-06-10", "2025-06-12", ""),
    ],
)
def test_what_an_editor_writes_is_when_it_begins_and_ends(when, start, end):
    made = datebook.entry(when, "Party", "", "", ZONE)
    assert made
    assert (made.start, made.end) == (start, end)


@pytest.mark.parametrize(
    ("when", "start", "end"),
    [
        ("2025-06-10 kl. 18–20", "2025-06-10T16:00:00Z", "2025-06-10T18:00:00Z"),
        ("2025-06-10 kl 18.30", "2025-06-10T16:30:00Z", ""),
        ("2025-06-10, kl. 18", "2025-06-10T16:00:00Z", ""),
        ("2025-06-10 klockan 18", "2025-06-10T16:00:00Z", ""),
        ("2025-06-10 18", "2025-06-10T16:00:00Z", ""),
        ("2025-06-10 18-20", "2025-06-10T16:00:00Z", "2025-06-10T18:00:00Z"),
        ("2025-06-10 18–24", "2025-06-10T16:00:00Z", "2025-06-10T22:00:00Z"),
        ("2025-06-10 9.30–11", "2025-06-10T07:30:00Z", "2025-06-10T09:00:00Z"),
        ("2025-06-10 18 till 20, mingel från 17", "2025-06-10T16:00:00Z", "2025-06-10T18:00:00Z"),
        ("2025-06-10, 6 pm", "2025-06-10T16:00:00Z", ""),
        ("2025-06-10 6:30–8 p.m.", "2025-06-10T16:30:00Z", "2025-06-10T18:00:00Z"),
        ("2025-06-10 11 am to 1 pm", "2025-06-10T09:00:00Z", "2025-06-10T11:00:00Z"),
        ("2025-06-10 12 pm", "2025-06-10T10:00:00Z", ""),
        ("2025-06-10 3 dagar", "2025-06-10", ""),
        ("2025-06-10 5–7 år", "2025-06-10", ""),
        ("2025-06-10 10–16 varje dag", "2025-06-10T08:00:00Z", "2025-06-10T14:00:00Z"),
        ("2025-06-10 – 2025-06-12", "2025-06-10", "2025-06-12"),
        ("2025-06-10 18:00 – 2025-06-11 02:00", "2025-06-10T16:00:00Z", "2025-06-11T00:00:00Z"),
        ("2025-06-10 2025-06-12", "2025-06-10", ""),
    ],
)
def test_the_hour_of_an_event_is_read_however_people_write_it(when, start, end):
    made = datebook.entry(event.clear(when), "Party", "", "", ZONE)
    assert made
    assert (made.start, made.end) == (start, end)
    at = event.moment(when, ZONE)
    assert at
    assert f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" == start if "T" in start else event.is_day(when)


@given(st.text(alphabet="0123456789-–:. Tklamp,år", max_size=24))
def test_clear_hours_are_clear(rest):
    once = event.clear(f"2025-06-10{rest}")
    assert event.clear(once) == once


@pytest.mark.parametrize("when", ["every Tuesday", "10 June", "", "2025-02-30", "2025-06-10 25:00"])
def test_what_is_no_day_is_no_entry(when):
    assert datebook.entry(when, "Party", "", "", ZONE) is None


def test_days_last_until_they_are_over():
    one, several = read(Entry("2025-06-10", "", "Fair"), Entry("2025-06-10", "2025-06-12", "Days"))
    assert (one["DTSTART"].dt, one.get("DTEND")) == (date(2025, 6, 10), None)
    assert (several["DTSTART"].dt, several["DTEND"].dt) == (date(2025, 6, 10), date(2025, 6, 13))


def test_moments_are_the_same_for_everybody():
    (one,) = read(
        Entry("2025-06-10T16:00:00Z", "2025-06-10T19:00:00Z", "Party", "The pier", "https://example.org/p")
    )
    assert one["DTSTART"].dt == datetime(2025, 6, 10, 18, 0, tzinfo=ZONE)
    assert one["DTEND"].dt == datetime(2025, 6, 10, 21, 0, tzinfo=ZONE)
    assert (one["LOCATION"], one["URL"]) == ("The pier", "https://example.org/p")
    assert one["DESCRIPTION"] == "https://example.org/p", "some calendars show no address of their own"
    assert one["DTSTAMP"].dt == MADE


def test_an_event_without_an_address_leads_to_the_letter():
    (one,) = read(Entry("2025-06-10", "", "Fair"))
    assert one["URL"] == one["DESCRIPTION"] == PAGE


def test_it_is_a_calendar_to_programs_that_ask_for_all_that_must_be_there():
    """RFC 5545 section 3.6 asks for two of them; where an event has no place, none is said."""
    text = datebook.calendar([Entry("2025-06-10", "", "Fair")], host="example.org", made=MADE, page=PAGE)
    whole = reader.Calendar.from_ical(text)
    assert (whole["VERSION"], whole["PRODID"], whole["METHOD"]) == ("2.0", datebook.PRODUCT, "PUBLISH")
    assert "LOCATION" not in whole.walk("VEVENT")[0]


def test_the_calendar_of_a_letter_lies_beside_its_page():
    assert datebook.address(PAGE) == "https://news.example.org/archive/2025-06.ics?lang=en"
    assert datebook.address(PAGE, 2) == "https://news.example.org/archive/2025-06.ics?lang=en&event=2"
    assert datebook.address("", 2) == ""


def test_put_in_twice_it_is_one_and_two_events_are_two():
    party, fair = Entry("2025-06-10", "", "Party"), Entry("2025-06-10", "", "Fair")
    names = [one["UID"] for one in read(party, fair, party)]
    assert names[0] == names[2] != names[1]
    assert names[0].endswith("@news.example.org")


HOSTILE = st.text(alphabet=st.characters(exclude_categories=("Cs",)), min_size=1, max_size=200)


@given(title=HOSTILE, place=HOSTILE)
def test_no_words_make_a_line_of_their_own(title, place):
    (one,) = read(Entry("2025-06-10", "", f"{title}\r\nATTENDEE:mailto:x@example.org", place))
    assert "ATTENDEE" not in one
    assert len(one.property_items()) == len(read(Entry("2025-06-10", "", "x", "y"))[0].property_items())


def test_words_come_through_whole():
    title = 'Öppet hus; mat, dryck \\ "och" 🎉 ' + "lång " * 40
    (one,) = read(Entry("2025-06-10", "", title.strip(), "Aula Medica, plan 2"))
    assert (one["SUMMARY"], one["LOCATION"]) == (title.strip(), "Aula Medica, plan 2")
