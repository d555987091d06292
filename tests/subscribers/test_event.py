"""When an address is never mailed again: by proof that it is gone, by a complaint, or by patience that ends."""

from datetime import UTC, datetime, timedelta

import pytest

from subscribers.event import Event, EventKind, Rule, ends_it

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
RULE = Rule(soft=3, days=14)


def _ends(kind: str, *days_ago: float, reason: str = "") -> str:
    event = Event(1, EventKind(kind), NOW, "mailbox", reason)
    return ends_it(event, [NOW - timedelta(days=each) for each in days_ago], RULE)


def test_a_complaint_ends_it_and_a_report_that_nobody_pressed_does_not() -> None:
    assert _ends("complaint") == _ends("complaint", reason="abuse") == "complaint"
    for reason in ("auth-failure", "dmarc", "not-spam"):
        assert _ends("complaint", reason=reason) == ""


def test_a_hard_bounce_ends_it_at_once() -> None:
    assert _ends("hard", 0) == "bounce"


@pytest.mark.parametrize(
    ("days_ago", "why"),
    [
        ((), ""), ((0,), ""), ((0, 14), ""), ((0, 1, 13.9), ""), ((0, 7, 14), "bounces"), ((14, 0, 7), "bounces"),
        ((0, 1, 2, 3, 4), ""), ((0, 30, 60, 90), "bounces"),
    ],
)  # fmt: skip
def test_soft_bounces_end_it_when_they_are_many_and_old_enough(days_ago, why) -> None:
    assert _ends("soft", *days_ago) == why


@pytest.mark.parametrize("kind", ["block", "unsubscribe"])
def test_what_is_our_fault_or_a_wish_suppresses_nobody(kind) -> None:
    assert _ends(kind, 0, 30, 60, 90) == ""


def test_patience_is_what_the_documentation_says() -> None:
    assert Rule() == Rule(soft=3, days=14)
