"""Hours: nothing leaves outside its window, above the day's most, or after the deadline."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.config import parse
from newsletter.errors import SettingsError
from newsletter.timing.hours import Hours, Permit, reader_time, window
from tests.newsletter.test_config import LETTER

STOCKHOLM = ZoneInfo("Europe/Stockholm")
MONDAY = datetime(2026, 11, 30, 7, 0, tzinfo=UTC)
OFFICE = Hours(STOCKHOLM, (window("mon-fri 08:00-17:00"),), frozenset({"2026-12-01", "12-25"}))
MOMENTS = st.integers(0, 10**6).map(lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes))
WINDOWS = st.lists(
    st.sampled_from(
        ["mon-fri 08:00-17:00", "sat 10:00-14:00", "sun-tue 22:00-00:00", "01:30-03:30", "fri 9:00-9:01"]
    ),
    max_size=3,
).map(lambda texts: tuple(map(window, texts)))


def at(day, clock):
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=STOCKHOLM).astimezone(UTC)


@settings(max_examples=300)
@given(WINDOWS, MOMENTS)
def test_what_opens_is_the_first_moment_that_is_open(windows, moment):
    hours = Hours(STOCKHOLM, windows, frozenset({"12-24"}))
    opens = hours.opens(moment)
    assert opens >= moment
    assert hours.opens(opens) == opens
    assert any(start <= opens < end for start, end in hours.spans(hours.day(opens)))
    between = moment + (opens - moment) / 2
    if moment < between < opens:
        assert hours.opens(between) == opens


#: Days on which a clock is set, by a half, one or two hours, at midnight or at night.
SET = [
    ("Europe/Stockholm", "2026-03-28"),
    ("Europe/Stockholm", "2026-10-24"),
    ("America/New_York", "2026-10-31"),
    ("Australia/Lord_Howe", "2026-04-04"),
    ("Australia/Lord_Howe", "2026-10-03"),
    ("Africa/Cairo", "2026-04-23"),
    ("Africa/Cairo", "2026-10-29"),
    ("Antarctica/Troll", "2026-03-28"),
    ("Asia/Kathmandu", "2028-02-28"),
]


@settings(max_examples=60)
@given(
    st.sampled_from(SET),
    st.lists(
        st.sampled_from(["mon-fri 09:30-16:00", "sat-sun 22:00-00:00", "04:00-06:00", "00:00-00:00"]), min_size=1
    ),
    st.integers(0, 2880),
)
def test_a_window_opens_when_the_clock_on_the_wall_says_so(clock, texts, minutes):
    zone, day = ZoneInfo(clock[0]), clock[1]
    hours = Hours(zone, tuple(map(window, texts)), frozenset({"02-29"}))
    moment = datetime.fromisoformat(day).replace(tzinfo=zone).astimezone(UTC) + timedelta(minutes=minutes)
    looked = moment
    while not seen(hours, looked):
        looked += timedelta(minutes=1)
    assert hours.opens(moment) == looked


def seen(hours, moment):
    """Whether letters may leave, by a look at the wall alone."""
    wall = moment.astimezone(hours.zone).replace(tzinfo=None)
    return f"{wall:%m-%d}" not in hours.holidays and any(
        wall.weekday() in each.days
        and each.start <= wall.time()
        and (each.end == time() or wall.time() < each.end)
        for each in hours.windows
    )


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        (at("2026-11-30", "07:59"), at("2026-11-30", "08:00")),
        (at("2026-11-30", "12:00"), at("2026-11-30", "12:00")),
        # The holiday on Tuesday is left out.
        (at("2026-11-30", "17:00"), at("2026-12-02", "08:00")),
        (at("2026-12-04", "18:00"), at("2026-12-07", "08:00")),
        (at("2026-12-24", "17:30"), at("2026-12-28", "08:00")),
    ],
)
def test_an_office_is_open_on_its_days(moment, opens):
    assert OFFICE.opens(moment) == opens


def test_the_days_most_is_kept_and_the_warm_up_counts_days_of_sending():
    hours = Hours(STOCKHOLM, cap=1000, warm_up=(50, 200))
    first = date(2026, 11, 30)
    sent = Counter()
    assert hours.most(first, sent) == 50
    sent[first.toordinal()] = 50
    assert hours.left(MONDAY, sent) == 0
    assert hours.next(MONDAY, sent) == at("2026-12-01", "00:00")
    # A week without a letter is no step.
    assert hours.most(first + timedelta(days=7), sent) == 200
    sent[(first + timedelta(days=7)).toordinal()] = 200
    assert hours.most(first + timedelta(days=8), sent) == 1000
    # Nor is a day on which all that was to leave came back.
    sent[(first + timedelta(days=7)).toordinal()] = 0
    assert hours.most(first + timedelta(days=8), sent) == 200


def test_a_permit_gives_what_is_left_and_says_when_there_is_more():
    permit = Permit(Hours(STOCKHOLM, cap=120), deadline=MONDAY + timedelta(days=2))
    assert permit.ask(100, MONDAY) == 100
    permit.note(100, MONDAY)
    assert permit.ask(100, MONDAY) == 20
    permit.note(20, MONDAY)
    assert permit.ask(100, MONDAY) == at("2026-12-01", "00:00")
    permit.note(-5, MONDAY)
    assert permit.ask(100, MONDAY) == 5
    assert permit.ask(100, MONDAY + timedelta(days=2)) is None


def test_windows_that_overlap_are_one():
    told = ("09:00-12:00", "10:00-11:00", "11:30-17:00", "17:00-18:00", "20:00-21:00")
    hours = Hours(STOCKHOLM, tuple(map(window, told)))
    spans = hours.spans(MONDAY.astimezone(STOCKHOLM).date())
    clock = ["-".join(f"{moment.astimezone(STOCKHOLM):%H:%M}" for moment in span) for span in spans]
    assert clock == ["09:00-18:00", "20:00-21:00"]


def test_no_day_ever_is_no_time():
    days = frozenset(f"{month:02}-{day:02}" for month in range(1, 13) for day in range(1, 32))
    never = Hours(STOCKHOLM, (window("mon 10:00-11:00"),), days)
    assert never.opens(MONDAY) is None
    assert Permit(never).ask(1, MONDAY) is None


@pytest.mark.parametrize(
    ("zone", "hour"), [("", 8), ("Asia/Tokyo", 0), ("America/New_York", 14), ("No/Where", 8), ("../etc", 8)]
)
def test_a_readers_own_nine_is_nine_where_they_are(zone, hour):
    local = datetime.fromisoformat("2026-11-30T09:00")
    assert reader_time(local, zone, STOCKHOLM) == MONDAY.replace(hour=hour)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('windows = ["mo-fr 8-17"]', "“mo-fr 8-17” is no window"),
        ('windows = ["mon 17:00-08:00"]', 'and a night as two: ["22:00-24:00", "00:00-06:00"]'),
        ('holidays = ["24 december"]', "“24 december” is no day"),
        ('holidays = ["02-30"]', "“02-30” is no day"),
        ("warm_up = [100, 0]", "warm_up must hold numbers"),
        ("daily_cap = -1", "daily_cap cannot be -1"),
        # Whoever writes it wants nothing to leave, and not all of it.
        ("daily_cap = 0", "daily_cap cannot be 0"),
        ("weekdays = 3", "no setting “weekdays”"),
    ],
)
def test_what_makes_no_sense_is_told_with_its_line(line, told):
    with pytest.raises(SettingsError) as error:
        parse(f"{LETTER}\n[hours]\n{line}")
    assert told in str(error.value)


def test_days_and_hours_may_be_written_in_other_ways_that_mean_the_same():
    text = 'windows = ["mon 08.30-17.00"]\nholidays = [2026-12-24, "20261231", "12-25"]\n'
    hours = parse(f"{LETTER}\n[hours]\n{text}").hours
    assert hours.holidays == {"2026-12-24", "2026-12-31", "12-25"}
    assert hours.windows == parse(f'{LETTER}\n[hours]\nwindows = ["mon 08:30-17:00"]').hours.windows


def test_all_of_it_can_be_set():
    text = 'windows = ["mon-fri 08:00-17:00"]\nholidays = ["02-29"]\ndaily_cap = 5\nwarm_up = [1, 2]\n'
    hours = parse(f"{LETTER}\n[hours]\n{text}").hours
    assert (hours.cap, hours.warm_up, hours.holidays) == (5, (1, 2), frozenset({"02-29"}))
    assert parse(LETTER).hours.opens(MONDAY) == MONDAY


def test_a_permit_knows_when_its_window_ends():
    permit = Permit(OFFICE, deadline=at("2026-11-30", "16:30"))
    assert not permit.closed(MONDAY)
    assert permit.ask(7, at("2026-11-30", "09:00")) == 7
    assert not permit.closed(at("2026-11-30", "16:29"))
    assert permit.closed(at("2026-11-30", "16:30"))
    assert OFFICE.closes(at("2026-11-30", "17:00")) is None
    assert OFFICE.closes(at("2026-11-30", "16:59")) == at("2026-11-30", "17:00")


@pytest.mark.parametrize(
    ("text", "days"),
    [("thu 08:00-09:00", {3}), ("fri-mon 08:00-09:00", {4, 5, 6, 0}), ("sun-sun 08:00-09:00", {6}),
     ("mon-sun 08:00-09:00", {*range(7)}), ("sat-fri 08:00-09:00", {*range(7)}), ("08:00-09:00", {*range(7)})],
)  # fmt: skip
def test_a_window_has_the_days_from_one_to_another_whatever_the_week_begins_with(text, days):
    assert window(text).days == days


def test_a_day_ends_at_midnight_and_a_window_lasts():
    assert window("mon 08:00-24:00").end == window("mon 08:00-00:00").end == time()
    for text in ("mon 08:00-08:00", "mon 09:00-08:00", "mon", "mon 8-9"):
        with pytest.raises(ValueError, match=text):
            window(text)
    for text in ("mon 00:00-25:30", "mon 00:00-24:30", "mon 24:00-09:00", "mon 08:00-09:60"):
        with pytest.raises(ValueError, match=r"must be in"):
            window(text)


@pytest.mark.parametrize("zone", ["No/Where", "/etc/passwd", "x" * 300, "../UTC", "a\0b"])
def test_a_zone_that_is_none_is_the_letters(zone):
    assert reader_time(datetime.fromisoformat("2026-11-30T08:00"), zone, STOCKHOLM) == MONDAY
