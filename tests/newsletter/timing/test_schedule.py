"""When a letter is to be sent, as an editor writes it, on the letter's own clock."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from newsletter.errors import UsageError
from newsletter.timing import schedule

NOW = datetime(2025, 6, 12, 7, 0, tzinfo=UTC)
STOCKHOLM = ZoneInfo("Europe/Stockholm")


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2025-06-12T11:00", "2025-06-12T09:00+00:00"),
        ("2025-06-12 11:00:30", "2025-06-12T09:00:30+00:00"),
        ("2025-06-12T11:00Z", "2025-06-12T11:00+00:00"),
        ("2025-06-12T11:00+05:00", None),
        ("9:30", "2025-06-12T07:30+00:00"),
        ("08:00", "2025-06-13T06:00+00:00"),
        # 09:00 there is this very moment, and a time to come is asked for.
        ("09:00", "2025-06-13T07:00+00:00"),
        ("2025-06-12T09:00", None),
        ("now", "2025-06-12T07:00+00:00"),
        ("+45m", "2025-06-12T07:45+00:00"),
        ("+2h", "2025-06-12T09:00+00:00"),
        ("+3d", "2025-06-15T07:00+00:00"),
        ("+1w", None),
        ("2025-12-01T09:00", "2025-12-01T08:00+00:00"),
        # As Swedes write it. Half past nine is not a fraction of a second past nine.
        ("2025-06-12 11.30", "2025-06-12T09:30+00:00"),
        ("2025-06-12 kl. 11.30", "2025-06-12T09:30+00:00"),
        ("2025-06-13 9:30", "2025-06-13T07:30+00:00"),
        ("9.30", "2025-06-12T07:30+00:00"),
        ("2025-06-12T11.30+02:00", "2025-06-12T09:30+00:00"),
        ("2025-06-12 11,30", None),
        # A program writes it so.
        ("2025-06-12 11:30:15.5", "2025-06-12T09:30:15.500000+00:00"),
        # Nothing is sent so late, and days after it would be in no calendar.
        ("9999-12-31T23:59", None),
        ("2025-06-12 ", None),
        ("2026-03-29T02:30", None),
        ("2025-06-12", None),
        ("2025-06-20", None),
        ("tomorrow", None),
        ("2024-01-01T00:00", None),
        ("25:00", None),
        ("0001-01-01T00:00", None),
        ("9999-12-31T23:59-12:00", None),
    ],
)
def test_times_are_read_on_the_letters_clock(text, utc):
    if utc is None:
        with pytest.raises(UsageError):
            schedule.at(text, NOW, STOCKHOLM)
    else:
        assert schedule.at(text, NOW, STOCKHOLM) == datetime.fromisoformat(utc)


@pytest.mark.parametrize(
    ("now", "utc"),
    [
        ("2026-03-29T12:00", "2026-03-30T00:30"),
        ("2026-03-28T01:00", "2026-03-28T01:30"),
        # On the day itself, before: what never is must not become another day's.
        ("2026-03-28T23:00", None),
    ],
)
def test_the_next_time_on_the_day_that_the_clocks_are_set_forward(now, utc):
    at = datetime.fromisoformat(now).replace(tzinfo=UTC)
    if utc is None:
        with pytest.raises(UsageError, match="the clocks are set forward"):
            schedule.at("02:30", at, STOCKHOLM)
    else:
        assert schedule.at("02:30", at, STOCKHOLM) == datetime.fromisoformat(utc).replace(tzinfo=UTC)
