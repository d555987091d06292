"""When something comes again: the words, the calendar, and the clock that is set forward and back."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import UsageError
from newsletter.timing import recurrence

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def wall(moment: datetime, zone: ZoneInfo = STOCKHOLM) -> str:
    return f"{moment.astimezone(zone):%a %Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("first thursday 06:00", ["Thu 2026-12-03 06:00", "Thu 2027-01-07 06:00", "Thu 2027-02-04 06:00"]),
        ("Last Fri of the month at 9:00", ["Fri 2026-12-25 09:00", "Fri 2027-01-29 09:00"]),
        ("every monday 07:30", ["Mon 2026-11-30 07:30", "Mon 2026-12-07 07:30"]),
        ("mondays kl. 7.30", ["Mon 2026-11-30 07:30", "Mon 2026-12-07 07:30"]),
        ("mondays 07.30", ["Mon 2026-11-30 07:30", "Mon 2026-12-07 07:30"]),
        ("every other tuesday 10:00", ["Tue 2026-12-01 10:00", "Tue 2026-12-15 10:00"]),
        ("15th 08:00", ["Tue 2026-12-15 08:00", "Fri 2027-01-15 08:00"]),
        ("the 1st of every month 08:00", ["Tue 2026-12-01 08:00"]),
        ("last day 23:59", ["Mon 2026-11-30 23:59", "Thu 2026-12-31 23:59"]),
        ("first weekday 06:00", ["Tue 2026-12-01 06:00", "Fri 2027-01-01 06:00"]),
        ("last weekday 06:00", ["Mon 2026-11-30 06:00", "Thu 2026-12-31 06:00"]),
        ("every weekday 6:00", ["Mon 2026-11-30 06:00", "Tue 2026-12-01 06:00"]),
        ("daily 20:00", ["Fri 2026-11-27 20:00", "Sat 2026-11-28 20:00"]),
    ],
)
def test_words_name_times(text, times):
    rule, moment = recurrence.parse(text), datetime(2026, 11, 27, 12, 0, tzinfo=STOCKHOLM)
    for time in times:
        moment = rule.after(moment, STOCKHOLM)
        assert wall(moment) == time
        assert rule.latest(moment, STOCKHOLM) == moment
        assert rule.latest(moment + timedelta(hours=1), STOCKHOLM) == moment


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is no time that comes again; write it as"),
        ("first thursday", "write it as"),
        ("fifth monday 09:00", "write it as"),
        ("every monday 25:00", "there is no time 25:00; use 00:00 to 23:59"),
        ("every monday 09:60", "there is no time 9:60; use 00:00 to 23:59"),
        ("29th 08:00", "not every month has a day 29"),
        ("31st 08:00", 'not every month has a day 31; use a day from 1 to 28, or "last day 08:00"'),
        ("0th 08:00", "not every month has a day 0"),
        ("now", "write it as"),
        ("first thursday 06:00; rm -rf /", "write it as"),
    ],
)
def test_other_words_are_refused_with_the_remedy(text, said):
    with pytest.raises(UsageError) as error:
        recurrence.parse(text)
    assert said in str(error.value)


def test_six_is_six_in_summer_and_in_winter():
    rule, moment = recurrence.parse("every sunday 06:00"), datetime(2026, 10, 20, tzinfo=UTC)
    hours = []
    for _ in range(2):
        moment = rule.after(moment, STOCKHOLM)
        hours.append(moment.hour)
    assert hours == [5, 5]  # the clocks are set back at 03:00 on 25 October
    assert rule.after(datetime(2026, 10, 13, tzinfo=UTC), STOCKHOLM).hour == 4


def test_an_hour_that_the_clock_leaves_out_comes_an_hour_later_and_one_that_it_has_twice_comes_once():
    rule = recurrence.parse("every day 02:30")
    spring = rule.after(datetime(2026, 3, 28, 12, 0, tzinfo=UTC), STOCKHOLM)
    assert wall(spring) == "Sun 2026-03-29 03:30"
    assert wall(rule.after(spring, STOCKHOLM)) == "Mon 2026-03-30 02:30"
    autumn = rule.after(datetime(2026, 10, 24, 12, 0, tzinfo=UTC), STOCKHOLM)
    assert autumn == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert wall(rule.after(autumn, STOCKHOLM)) == "Mon 2026-10-26 02:30"


TEXTS = st.sampled_from(
    ["first thursday 06:00", "last day 02:30", "every monday 00:00", "every other friday 23:59", "28th 03:00"]
)
ZONES = st.sampled_from(
    [ZoneInfo(name) for name in ("Europe/Stockholm", "America/New_York", "Australia/Lord_Howe", "UTC")]
)
MOMENTS = st.integers(946684800, 3786912000).map(lambda second: datetime.fromtimestamp(second, UTC))


@given(TEXTS, ZONES, MOMENTS)
def test_the_next_time_is_the_latest_once_it_is_there_and_nothing_lies_between(text, zone, moment):
    rule = recurrence.parse(text)
    then = rule.after(moment, zone)
    assert then > moment
    assert rule.latest(then, zone) == then
    before = rule.latest(then - timedelta(seconds=1), zone)
    assert before is not None
    assert before <= moment
    assert rule.after(before, zone) == then
