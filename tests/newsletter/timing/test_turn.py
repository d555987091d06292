"""Turns: domains take turns, a slow one holds nobody up, and nothing that stands in line is lost."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.timing.pace import RECOVERY, Learned
from newsletter.timing.turn import Turns

NOW = datetime(2025, 6, 12, 7, tzinfo=UTC)


def drain(turns, clock=0.0, most=1):
    """Take everything, waiting as told. Return (time, thing) of each."""
    taken = []
    while len(turns):
        things, wait = turns.take(most, clock, NOW + timedelta(seconds=clock))
        assert len(things) == most or wait or not len(turns)
        taken += [(clock, thing) for thing in things]
        clock += wait + 1e-6 if wait else 0.0
    return taken


@given(
    st.lists(st.sampled_from("abc"), max_size=60),
    st.sampled_from([(), ("a",), ("a", "b"), ("a", "b", "c")]),
    st.sampled_from([1, 2, 7, 100]),
)
def test_everything_is_taken_once_and_each_domain_in_its_order(domains, slow, most):
    turns = Turns({domain: Learned(2.0, NOW) for domain in slow})
    for number, domain in enumerate(domains):
        turns.add(domain, (domain, number))
    taken = [thing for _, thing in drain(turns, most=most)]
    assert sorted(taken, key=lambda thing: thing[1]) == list(zip(domains, range(len(domains)), strict=True))
    for domain in "abc":
        own = [number for name, number in taken if name == domain]
        assert own == sorted(own)
    assert turns.take(most, 0.0, NOW) == ([], 0.0)


def test_domains_take_turns():
    turns = Turns({})
    for number in range(3):
        turns.add("large.example", f"large {number}")
    turns.add("small.example", "small")
    assert [thing for _, thing in drain(turns)] == ["large 0", "small", "large 1", "large 2"]


def test_a_slow_domain_holds_nobody_up():
    turns = Turns({"slow.example": Learned(1.0, NOW)})
    for number in range(10):
        turns.add("slow.example", "slow")
        turns.add("quick.example", f"quick {number}")
    taken = drain(turns)
    assert [clock for clock, thing in taken if thing != "slow"] == [0.0] * 10
    waits = [clock for clock, thing in taken if thing == "slow"]
    assert waits == sorted(waits)
    assert 8.5 < waits[-1] < 9.5
    assert turns.backlog("slow.example", NOW) == 0


def slowed(turns, clock):
    """Let a domain ask for patience until it gets it. Return its pace."""
    asked = (turns.put_off("a.example", clock, NOW, told=True) for _ in range(5))
    return next(pace for pace in asked if pace)


def test_a_domain_that_asks_for_patience_is_sent_to_half_as_fast():
    turns = Turns({})
    for number in range(40):
        turns.add("a.example", number)
    for number in range(20):
        turns.take(1, number / 20, NOW)
    assert slowed(turns, 1.0).rate == pytest.approx(10.0, rel=0.1)
    assert turns.backlog("a.example", NOW) == pytest.approx(2.0, rel=0.1)


def test_how_fast_a_domain_was_sent_to_is_known_on_a_machine_that_runs_for_days():
    turns, clock = Turns({}), 500_000.0
    for number in range(400):
        turns.add("a.example", number)
    for number in range(400):
        turns.take(1, clock + number / 20, NOW)
    assert slowed(turns, clock + 20).rate == pytest.approx(10.0, rel=0.1)


def test_nothing_holds_up_a_domain_that_asked_for_nothing_or_has_nothing_in_line():
    turns = Turns({"slow.example": Learned(1.0, NOW)})
    turns.add("a.example", 1)
    assert [turns.backlog(domain, NOW) for domain in ("a.example", "slow.example", "b.example")] == [0, 0, 0]


def leave(turns, count, clock=0.0):
    """Let *count* things leave."""
    for number in range(count):
        turns.add("a.example", number)
        turns.take(1, clock, NOW)


@pytest.mark.parametrize(("one_of", "slowed"), [(100, 0), (10, 0), (6, 0), (3, 0), (1, 30)])
def test_a_domain_that_puts_off_a_few_and_says_no_more_asks_for_nothing(one_of, slowed):
    """A filter that wants to see one letter in ten twice is no matter of how fast they come."""
    turns, heard = Turns({}), []
    leave(turns, 30)
    for _ in range(200):
        leave(turns, one_of)
        heard.append(turns.put_off("a.example", 1.0, NOW, told=False))
    assert (sum(pace is not None for pace in heard) > slowed) is bool(slowed)
    assert turns.slowed is bool(slowed)


def test_a_domain_that_stops_to_take_anything_is_noticed_soon():
    turns, heard = Turns({}), []
    leave(turns, 500)
    while not heard or heard[-1] is None:
        leave(turns, 1)
        heard.append(turns.put_off("a.example", 1.0, NOW, told=False))
    assert len(heard) <= 22
    assert turns.slowed


@pytest.mark.parametrize(("left", "asks"), [(0, 1), (5, 1), (500, 4)])
def test_a_domain_that_says_we_are_too_fast_is_heard_sooner(left, asks):
    turns, heard = Turns({}), []
    leave(turns, left)
    while not heard or heard[-1] is None:
        leave(turns, 1)
        heard.append(turns.put_off("a.example", 1.0, NOW, told=True))
    assert len(heard) == asks


def test_a_domain_of_a_few_readers_asks_for_nothing_by_one_or_two_of_them():
    turns = Turns({})
    leave(turns, 3)
    heard = [turns.put_off("a.example", 1.0, NOW, told=False) for _ in range(4)]
    assert [pace is not None for pace in heard] == [False, False, False, True]


def test_what_waits_can_be_given_back():
    turns = Turns({})
    for number in range(5):
        turns.add(f"{number % 2}.example", number)
    assert sorted(turns.clear()) == [0, 1, 2, 3, 4]
    assert len(turns) == 0
    assert turns.waiting() == []
    turns.add("0.example", 7)
    assert turns.take(3, 0.0, NOW) == ([7], 0.0)


def test_a_domain_whose_pace_has_recovered_is_slow_no_more():
    turns = Turns({"slow.example": Learned(1.0, NOW)})
    turns.add("slow.example", 1)
    assert turns.slowed
    turns.take(1, 0.0, NOW + 20 * RECOVERY)
    assert not turns.slowed
