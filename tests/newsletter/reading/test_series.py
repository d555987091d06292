"""Rules of events that come again: as another program follows them, and never for long."""

from datetime import date, datetime, time, timedelta

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st
from icalendar import vRecur

from newsletter.reading.calendars import series

FIRST = date(2024, 1, 31)
LAST = FIRST + timedelta(days=1200)
WEEKDAYS = st.sampled_from(("MO", "TU", "WE", "TH", "FR", "SA", "SU"))
ORDINAL = st.builds("{}{}".format, st.sampled_from([1, 2, 3, 4, -1, -2]), WEEKDAYS)
MONTHS = st.sampled_from(range(1, 13))
DAYS = st.sampled_from([1, 5, 13, 15, 28, -1, -3])


def listed(name: str, values: st.SearchStrategy[object], most: int = 3) -> st.SearchStrategy[str]:
    """Return a part of a rule, or none."""
    some = st.lists(values, max_size=most, unique=True)
    return some.map(lambda found: f";{name}=" + ",".join(map(str, found)) if found else "")


@st.composite
def rules(draw: st.DrawFn) -> str:
    """Return a rule that comes true: the other program follows one that never does to the year 9999."""
    every = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    large = every in {"MONTHLY", "YEARLY"}
    plain, days = draw(listed("BYDAY", WEEKDAYS)), draw(listed("BYMONTHDAY", DAYS))
    weekdays = plain or (draw(listed("BYDAY", ORDINAL)) if large else "")
    rule = f"FREQ={every}{weekdays}{draw(listed('BYMONTH', MONTHS))}{draw(listed('WKST', WEEKDAYS, 1))}"
    rule += draw(listed("INTERVAL", st.integers(1, 4), 1)) + draw(listed("COUNT", st.integers(1, 20), 1))
    if large and plain:
        return rule + draw(st.sampled_from(["", ";BYSETPOS=1", ";BYSETPOS=-1", ";BYSETPOS=2,3"]))
    return rule + (days if every != "WEEKLY" and not weekdays else "")


@given(rule=rules(), later=st.integers(0, 700))
def test_a_rule_means_what_it_means_to_others(rule, later):
    first = FIRST + timedelta(days=later)
    others = rrulestr(rule, dtstart=datetime.combine(first, time(7)))
    wanted = others.between(datetime.combine(first, time.min), datetime.combine(LAST, time.max), inc=True)
    told = series.read(vRecur.from_ical(rule), first)
    assert list(series.days(told, first, LAST)) == [at.date() for at in wanted]


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;BYMONTH=4;BYMONTHDAY=31",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-30",
        "FREQ=MONTHLY;BYMONTHDAY=1;BYSETPOS=366",
        "FREQ=DAILY;BYDAY=MO;BYSETPOS=2",
    ],
)
def test_a_rule_that_never_comes_true_is_given_up(rule):
    told = series.read(vRecur.from_ical(rule), date(1990, 1, 1))
    assert list(series.days(told, date(1990, 1, 1), LAST)) == []


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=HOURLY",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=-1",
        "FREQ=YEARLY;BYEASTER=0",
        "FREQ=DAILY;BYHOUR=7",
    ],
)
def test_what_no_calendar_of_events_needs_is_no_rule(rule):
    with pytest.raises(ValueError, match="no rule of an event"):
        series.read({name: [value] for name, value in (part.split("=") for part in rule.split(";"))}, FIRST)
