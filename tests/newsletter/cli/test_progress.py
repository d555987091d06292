"""What a send says while it goes on: how far it is, and how long it will take those who wait for nothing."""

import io
import itertools
from collections import Counter

import pytest
from rich.console import Console

from newsletter.cli.send.progress import Bar, Lines, Tally
from newsletter.cli.send.standing import DOMAINS
from newsletter.cli.steer import watching
from subscribers.status import DeliveryState
from subscribers.store.ledger.census import Domain

A, D, R = DeliveryState.ACCEPTED, DeliveryState.DEFERRED, DeliveryState.REFUSED


@pytest.fixture
def tally():
    made = Tally(100)
    made.began = 0.0
    for _ in range(50):
        made.count(A, 1)
    return made


def test_the_time_left_is_that_of_those_who_wait_for_nothing(tally):
    assert tally.words(10.0) == ["5 a second, about 0:10 left"]
    for _ in range(25):
        tally.count(D, 1)
    assert tally.words(10.0) == ["5 a second, about 0:05 left", "25 wait for another try"]
    assert not tally.idle()


def test_who_only_waits_is_promised_no_time(tally):
    for _ in range(50):
        tally.count(D, 1)
    tally.count(D, 2)
    assert tally.idle()
    assert tally.words(10.0) == ["50 wait for another try"]
    for _ in range(49):
        tally.count(A, 2)
    tally.count(R, 2)
    assert not tally.idle()
    assert tally.words(10.0) == ["10 a second", "1 refused"]


def test_those_of_an_earlier_run_wait_too():
    tally = Tally(10, 10)
    assert tally.words(10.0) == ["10 wait for another try"]
    tally.count(A, 2)
    assert tally.words(10.0) == ["9 wait for another try"]


def test_where_there_is_no_terminal_a_line_says_when_only_waiting_is_left(capsys):
    lines = Lines(Tally(3))
    lines.tell(A)
    lines.tell(D)
    assert capsys.readouterr().err == ""
    lines.tell(D)
    assert capsys.readouterr().err == "  1 of 3 · 2 wait for another try\n"


@pytest.mark.parametrize("width", [40, 80, 120, 200])
def test_no_figure_is_cut_off_beside_the_bar_however_narrow_the_terminal_is(width, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    bar = Bar(Tally(123_456, 5))
    for state in (A, A, R):
        bar.tell(state)
    bar._draw(bar.tally.began + 1)
    out = io.StringIO()
    Console(file=out, width=width).print(bar.progress.get_renderable())
    shown = out.getvalue()
    assert "…" not in shown
    assert "3 of 123,456" in shown
    assert {"5", "wait", "1", "refused"} <= set(shown.split())
    assert ("━" in shown) == (width > 80)
    assert ("3 of 123,456 ·" in shown) == (width <= 80)


@pytest.mark.parametrize("width", [40, 60, 80, 200])
def test_no_figure_of_a_domain_is_cut_off(width):
    fields = ("readers", "accepted", "open", "deferred", "refused", "uncertain")
    for largest, long in itertools.product((7, 1_234_567), (False, True)):
        name = "a-rather-long-name-of-a-town-in-the-north.example.org" if long else "example.org"
        one = Domain(name=name, **dict.fromkeys(fields, largest))
        out = io.StringIO()
        Console(file=out, width=width).print(watching.domains([one], width))
        head, row = out.getvalue().splitlines()
        figures = head.split()[1:]
        assert "…" not in head
        assert row.split()[1:] == [f"{largest:,}"] * (len(figures) - ("to" in figures))
        assert {"accepted", "to", "go"} <= set(figures)


def test_the_readers_of_all_other_domains_stand_in_one_row():
    largest = [Domain(f"r{number}.example.org", 10, 4, 5, 2, 1, 0) for number in range(DOMAINS)]
    counts = Counter({A: 4 * DOMAINS + 3, D: 2 * DOMAINS + 1, DeliveryState.QUEUED: 3 * DOMAINS + 6, R: DOMAINS})
    assert list(watching.others(largest, counts)) == [Domain("all others", 10, 3, 7, 1, 0, 0)]
    exactly = Counter({A: 4 * DOMAINS, D: 2 * DOMAINS, DeliveryState.QUEUED: 3 * DOMAINS, R: DOMAINS})
    assert list(watching.others(largest, exactly)) == []
    # Whoever was erased is in no domain, and a list of a few needs no more rows.
    assert list(watching.others(largest[:2], counts)) == []
    assert list(watching.others([], counts)) == []
