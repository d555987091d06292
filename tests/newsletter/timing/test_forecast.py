"""Forecasts: everybody is in one hour, and no hour holds more than the rules let leave in it."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.timing.forecast import HOUR, Group, Means, Way, forecast
from newsletter.timing.hours import Hours, window
from newsletter.timing.pace import Learned, Quota, Rate, allowance

ZONE = ZoneInfo("Europe/Stockholm")
START = datetime(2026, 11, 30, 7, 10, tzinfo=UTC)
GROUPS = st.lists(
    st.builds(
        Group,
        st.sampled_from(["a.example", "b.example", "c.example"]),
        st.integers(0, 3000),
        st.integers(0, 100).map(lambda hours: START + hours * HOUR),
    ),
    max_size=6,
)
HOURS = st.builds(
    Hours,
    st.just(ZONE),
    st.sampled_from([(), (window("mon-fri 08:00-17:00"),), (window("09:30-09:45"), window("sat 20:00-00:00"))]),
    st.just(frozenset({"12-01"})),
    st.sampled_from([None, 100, 2500]),
    st.sampled_from([(), (50, 200)]),
)
ROUTES = st.sampled_from([[()], [(Rate(600, 60),)], [(Rate(400, 3600), Rate(3000, 86400)), (Rate(1, 1),)]])


def means(hours=None, routes=((),), speed=10.0, learned=None, sent=None):
    ways = [Way([allowance(rate) for rate in rates]) for rates in routes]
    return Means(hours or Hours(ZONE), ways, speed, learned or {}, sent or {})


@settings(max_examples=300)
@given(GROUPS, HOURS, ROUTES, st.sampled_from([{}, {"b.example": Learned(0.1, START)}]))
def test_a_forecast_breaks_no_rule_and_forgets_nobody(groups, hours, routes, learned):
    found = forecast(groups, START, means(hours, routes, learned=learned))
    total = sum(group.count for group in groups)
    assert sum(step.total for step in found.steps) + found.left == total
    days, largest = (
        Counter(),
        sum(min([36000, *(rate.each * 3600 for rate in rates if rate.seconds <= 3600)]) for rates in routes),
    )
    for step in found.steps:
        assert step.total > 0
        assert any(
            start < step.start + HOUR and end > step.start for start, end in hours.spans(hours.day(step.start))
        )
        assert step.total <= min(36000, largest) + 1
        most = hours.most(hours.day(step.start), days)
        days[hours.day(step.start).toordinal()] += step.total
        assert most is None or days[hours.day(step.start).toordinal()] <= most
    for group in groups:
        late = sum(step.counts.get(group.domain, 0) for step in found.steps if step.start + HOUR <= group.due)
        others = sum(each.count for each in groups if each.domain == group.domain and each.due < group.due)
        assert late <= others
    assert (found.ends is None) == bool(found.left)
    if found.steps and found.ends:
        assert found.steps[-1].start <= found.ends <= found.steps[-1].start + HOUR


@pytest.mark.parametrize(
    ("given_", "minutes"),
    [
        (means(), 20),
        (means(routes=[(Rate(600, 60),)], speed=1000.0), 20),
        (means(routes=[(Rate(300, 60),), (Rate(300, 60),)], speed=1000.0), 20),
        (means(speed=1000.0), 0.2),
        (means(speed=1000.0, learned={"a.example": Learned(20.0, START - timedelta(hours=2))}), 0.2),
    ],
)
def test_twelve_thousand_arrive_when_arithmetic_says(given_, minutes):
    found = forecast([Group("a.example", 12_000, START)], START, given_)
    assert found.ends - START == pytest.approx(timedelta(minutes=minutes), abs=timedelta(seconds=2))


def test_a_slow_domain_arrives_later_and_the_others_do_not():
    learned = {"slow.example": Learned(0.05, START)}
    groups = [Group("slow.example", 4000, START), Group("quick.example", 4000, START)]
    found = forecast(groups, START, means(speed=100.0, learned=learned))
    assert found.steps[0].counts["quick.example"] == 4000
    # Two doublings until half past seven, then fifty minutes of the hour at 0.2 a second.
    assert found.steps[0].counts["slow.example"] == 600
    assert found.ends > START + timedelta(minutes=30)


def test_who_is_too_late_for_the_deadline_is_counted():
    found = forecast(
        [Group("a.example", 1000, START)], START, means(Hours(ZONE, cap=300)), START + timedelta(days=1)
    )
    assert found.late == 400
    never = forecast([Group("a.example", 1000, START)], START, means(Hours(ZONE, cap=1)))
    assert (never.ends, never.left) == (None, 1000 - sum(step.total for step in never.steps))


@pytest.mark.parametrize(("minutes", "late"), [(0, 1200), (1, 600), (1.5, 300), (2, 0), (50, 0)])
def test_who_leaves_before_a_deadline_within_the_hour_is_not_late(minutes, late):
    deadline = START + timedelta(minutes=minutes)
    found = forecast([Group("a.example", 1200, START)], START, means(), deadline)
    assert found.ends == START + timedelta(minutes=2)
    assert found.late == late


def test_who_is_never_sent_it_misses_the_deadline_too():
    deadline = START + timedelta(days=1)
    some = forecast([Group("a.example", 1000, START)], START, means(Hours(ZONE, cap=5)), deadline)
    sent = sum(step.total for step in some.steps if step.start < deadline)
    assert 5 <= sent <= 10
    assert some.late == 1000 - sent


def test_each_domain_gets_its_share_of_an_hour_that_is_too_short_for_all():
    start = START.replace(minute=0)
    groups = [Group("large.example", 6000, start), Group("small.example", 2000, start)]
    found = forecast(groups, start, means(speed=1.0))
    assert found.steps[0].counts == {"large.example": 2700, "small.example": 900}
    assert set(found.steps[1].counts) == {"large.example", "small.example"}


def test_nobody_is_no_plan():
    assert forecast([], START, means()).steps == ()


def test_what_is_used_of_a_ration_already_is_gone():
    """Of 5,000 a day, 4,000 left four hours ago: the rest of that is free again only in twenty hours."""
    day, spent = Rate(5000, 86400), START - 4 * HOUR
    quota = Quota(day)
    quota.used = {int(spent.timestamp() // quota.part): 4000}
    found = forecast([Group("a.example", 3000, START)], START, Means(Hours(ZONE), [Way([quota])], 100.0, {}, {}))
    today = sum(step.total for step in found.steps if step.start + HOUR <= spent + 24 * HOUR)
    assert today == 1000
    assert found.ends > spent + 24 * HOUR
    hour = Quota(Rate(600, 3600))
    hour.used = {int(START.timestamp() // hour.part): 600}
    found = forecast([Group("a.example", 10, START)], START, Means(Hours(ZONE), [Way([hour])], 100.0, {}, {}))
    assert found.steps[0].start == START.replace(hour=8, minute=0), "the ration of this hour is used up"


def test_what_there_is_of_an_hours_ration_goes_at_once_as_the_sender_uses_it():
    given_ = means(routes=[(Rate(300, 3600),)], speed=20.0)
    few = forecast([Group("a.example", 250, START)], START, given_)
    assert few.ends - START == timedelta(seconds=12.5)
    found = forecast([Group("a.example", 1000, START)], START, given_)
    assert [(step.start.hour, step.total) for step in found.steps] == [(7, 300), (8, 300), (9, 300), (10, 100)]
    assert timedelta(hours=3) < found.ends - START < timedelta(hours=3, minutes=5)


def test_what_there_is_of_a_days_ration_goes_in_the_hours_in_which_it_is_there():
    found = forecast(
        [Group("a.example", 1000, START)], START, means(routes=[(Rate(300, 3600), Rate(700, 86400))], speed=20.0)
    )
    assert [step.total for step in found.steps] == [300, 300, 100, 300]
    assert found.steps[-1].start >= START.replace(minute=0) + timedelta(days=1)


def test_a_route_that_was_slowed_takes_its_time():
    slowed = Way(slowed=Learned(0.5, START))
    found = forecast([Group("a.example", 9000, START)], START, Means(Hours(ZONE), [slowed], 100.0, {}, {}))
    assert [step.total for step in found.steps] == [6000, 3000]


@pytest.mark.parametrize("zone", ["Australia/Lord_Howe", "Antarctica/Troll", "Africa/Cairo", "Asia/Kathmandu"])
@pytest.mark.parametrize("day", ["2026-03-28", "2026-04-04", "2026-10-03", "2026-10-24", "2026-10-29"])
def test_a_forecast_comes_to_its_end_wherever_and_however_far_the_clock_is_set(zone, day):
    """On Lord Howe Island the clock goes back by half an hour."""
    start = datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    found = forecast([Group("a.example", 48, start)], start, means(Hours(ZoneInfo(zone)), speed=1 / 3600))
    assert sum(step.total for step in found.steps) == 48
    assert found.ends - start <= timedelta(hours=50)


def test_the_room_that_a_slow_domain_leaves_goes_to_the_others():
    slow = means(learned={"a.example": Learned(0.1, START)})
    found = forecast([Group("a.example", 40_000, START), Group("b.example", 40_000, START)], START, slow)
    # Ten a second, for the fifty minutes that are left of the hour.
    assert found.steps[0].total == 30_000
    assert found.steps[0].counts["a.example"] < 2_000
