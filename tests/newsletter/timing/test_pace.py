"""Paces: no route goes faster than it may, and a domain that asks for patience gets it, and recovers."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newsletter.timing.pace import (
    RECOVERED,
    RECOVERY,
    SLOWEST,
    Bucket,
    Learned,
    Pace,
    Quota,
    Rate,
    Ration,
    Share,
    allowance,
    slower,
)

NOW = datetime(2025, 6, 12, 7, tzinfo=UTC)


def passes(limit, times):
    """Return when each of those who come at *times* goes on, each behind the one before."""
    gone, clock = [], 0.0
    for time in times:
        clock = max(clock, time)
        while (wait := limit.wait(clock)) > 0:
            clock += wait + 1e-6
        limit.take(clock)
        gone.append(clock)
    return gone


ARRIVALS = st.lists(st.floats(0, 5000), min_size=1, max_size=300).map(sorted)


@settings(max_examples=200)
@given(st.integers(1, 40), ARRIVALS)
def test_no_period_sees_more_than_its_quota(count, times):
    rate = Rate(count, 3600)
    gone = passes(Quota(rate), times)
    for first in gone:
        assert sum(first <= one < first + rate.seconds for one in gone) <= count


@settings(max_examples=200)
@given(st.floats(0.1, 50), ARRIVALS)
@example(5.0, [0.0, *[1000.0] * 200])
def test_a_bucket_lets_a_seconds_worth_pass_at_once_and_then_its_rate(rate, times):
    gone = passes(Bucket(rate), times)
    for first in gone:
        assert sum(first <= one < first + 10 for one in gone) <= max(1, rate) + 10 * rate + 1


def test_a_quota_lets_its_ration_pass_as_fast_as_it_comes():
    quota = Quota(Rate(100, 86400))
    assert [quota.take(1_000_000 + number) for number in range(100)] == [0.0] * 100
    assert 86400 - 100 <= quota.wait(1_000_100) <= 86400 + 1440


def test_what_was_used_is_still_used_after_a_restart():
    first = Quota(Rate(3, 3600))
    for _ in range(3):
        first.take(7200.0)
    again = Quota(first.rate, dict(first.used))
    assert again.wait(7200.0) == first.wait(7200.0) > 3000
    assert again.wait(7200.0 + 3660) == 0


def test_a_clock_that_was_wrong_holds_nobody_up():
    quota = Quota(Rate(1, 3600))
    quota.take(9_000_000.0)
    assert quota.wait(1_000.0) == 0


@pytest.mark.parametrize(("seconds", "kind"), [(1, Bucket), (60, Bucket), (3600, Quota), (86400, Quota)])
def test_short_rates_are_even_and_long_ones_rations(seconds, kind):
    assert isinstance(allowance(Rate(100, seconds)), kind)


def test_a_pace_is_halved_once_for_all_who_hear_it_at_the_same_time():
    first = slower(None, 80.0, NOW)
    assert first == Learned(40.0, NOW)
    assert slower(first, 80.0, NOW + timedelta(seconds=1)) == first
    assert slower(first, 0.0, NOW + timedelta(seconds=6)).rate == pytest.approx(20.0, rel=0.02)


def test_a_pace_doubles_every_ten_minutes_until_it_is_forgotten():
    learned = Learned(4.0, NOW)
    assert learned.at(NOW + RECOVERY) == pytest.approx(8.0)
    assert learned.at(NOW + RECOVERY * 7) == pytest.approx(512.0)
    assert learned.at(NOW + RECOVERY * 8) is None
    assert learned.at(NOW + RECOVERY * 10**6) is None
    assert RECOVERED > 512


def test_who_waits_for_a_slow_pace_waits_no_longer_than_it_takes_to_rise():
    """Fourteen hundred at one in ten seconds would be four hours; but the pace doubles every ten minutes."""
    learned = Learned(0.1, NOW)
    seconds = learned.takes(1400, NOW)
    passed = sum(learned.at(NOW + timedelta(seconds=second)) or 0 for second in range(round(seconds)))
    assert passed == pytest.approx(1400, rel=0.01)
    assert 2400 < seconds < 2500
    assert learned.takes(3, NOW) == pytest.approx(30, rel=0.02)
    assert learned.takes(1400, NOW + 20 * RECOVERY) == 0
    assert learned.takes(0, NOW) == 0


def test_no_pace_falls_below_one_a_minute():
    learned = slower(None, 0.0, NOW)
    for minute in range(1, 50):
        learned = slower(learned, 0.0, NOW + timedelta(minutes=minute))
    assert learned.rate == SLOWEST


@given(st.floats(0.1, 1000), st.lists(st.floats(0, 2), min_size=1, max_size=300))
def test_a_bucket_never_lets_more_pass_than_its_rate(rate, steps):
    bucket, now, passed = Bucket(rate), 0.0, []
    for step in steps:
        now += step
        passed.append(now + bucket.take(now))
    assert passed == sorted(passed)
    for start in passed:
        within = sum(start <= moment < start + 1 for moment in passed)
        assert within <= rate + max(1.0, rate) + 1


def test_without_a_rate_nothing_waits():
    bucket = Bucket(None)
    assert [bucket.take(0.0) for _ in range(1000)] == [0.0] * 1000


def test_a_route_goes_as_fast_as_it_can_until_its_server_asks_for_patience_then_half_as_fast():
    pace = Pace()
    for number in range(81):
        assert pace.wait(100 + number / 40, NOW) == 0
        pace.take(100 + number / 40)
    assert [pace.put_off(102.0, NOW, told=True) for _ in range(3)] == [None] * 3
    assert pace.put_off(102.0, NOW, told=True) == Learned(81 / 2 / 2, NOW)
    pace.take(102.0)
    assert pace.wait(102.0, NOW) == pytest.approx(4 / 81)


def test_a_route_whose_server_puts_off_one_in_ten_goes_as_fast_as_before():
    pace = Pace()
    for number in range(1, 400):
        pace.take(float(number))
        if number % 10 == 0 and number > 30:
            assert pace.put_off(float(number), NOW, told=False) is None
    assert pace.wait(400.0, NOW) == 0


def test_a_route_whose_pace_has_recovered_waits_for_nobody():
    pace = Pace(Learned(1.0, NOW))
    pace.wait(0.0, NOW)
    pace.take(0.0)
    assert pace.wait(0.0, NOW) == pytest.approx(1.0)
    assert pace.wait(0.0, NOW + 20 * RECOVERY) == 0
    assert pace.learned is None


def test_one_refusal_at_the_start_says_little_of_the_rest():
    assert slower(None, 0.5, NOW).rate == 5.0
    assert slower(None, 40.0, NOW).rate == 20.0


@pytest.mark.parametrize("seed", range(5))
def test_who_puts_off_three_in_ten_at_any_pace_is_not_brought_to_a_standstill(seed):
    luck, share = random.Random(seed), Share()
    few = [share.note(count, told=False) for count in range(1, 5_000) if luck.random() < 0.3]
    assert few.count(False) <= 4


@pytest.mark.parametrize(("told", "each"), [(False, 5), (True, 1)])
def test_at_half_the_pace_as_many_must_be_put_off_once_more(told, each):
    """What was put off at the old pace says nothing of the new one."""
    share = Share()
    few = [share.note(count, told) for count in range(1, 1 + 3 * each)]
    assert few == [*[True] * (each - 1), False] * 3


@given(
    steps=st.lists(st.sampled_from(["pass", "write", "written", "crash", "later"]), max_size=80),
    count=st.integers(1, 400),
)
def test_a_crash_forgets_nothing_of_a_ration_and_wastes_little(steps, count):
    """What is written down is never less than what passed, and never much more."""
    written, passed, now, crashes, news, ahead = {}, 0, 1_000_000.0, 0, {}, 0
    most = max(1, count // 50)
    ration = Ration(Quota(Rate(count, 3600)))
    for step in [*steps, "write", "written"]:
        match step:
            case "pass" if ration.left > 0 and ration.quota.wait(now) == 0:
                ration.note(now)
                ration.quota.take(now)
                passed += 1
            case "write" if not news:
                ahead = ration.wanted(now)
                news = ration.news(now, ahead)
            case "written" if news:
                written = {part: written.get(part, 0) + news.get(part, 0) for part in {*written, *news}}
                ration.learn(written, ahead)
                news = {}
                assert ration.may(now) or ration.taken
            case "crash":
                crashes += 1
                ration, news = Ration(Quota(Rate(count, 3600), dict(written))), {}
            case "later":
                now += 70
        assert passed <= sum(written.values()) <= min(count, passed + (crashes + 1) * most)
        assert min(written.values(), default=0) >= 0


def test_the_last_that_is_written_ahead_passes_and_the_next_is_written_first():
    ration, now = Ration(Quota(Rate(3, 3600))), 1_000_000.0
    assert not ration.may(now)
    ration.learn(ration.news(now, 2), 2)
    for left in (2, 1):
        assert (ration.left, ration.may(now)) == (left, True)
        ration.quota.take(now)
        ration.note(now)
    assert not ration.may(now)
    ration.quota.take(now)
    # All three are used up: whoever comes now waits, and need not be written for that.
    assert ration.quota.wait(now) > 0
    assert ration.may(now)
