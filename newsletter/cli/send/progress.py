"""Show how a send goes on: a bar with rate and time left on a terminal, a line now and then elsewhere."""

import sys
import time
from collections import Counter
from contextlib import suppress
from typing import TypeAlias

from newsletter.cli.terminal import plain, say, speed
from subscribers.model import DeliveryState

#: Seconds between two lines where there is no terminal.
EVERY = 5.0

#: Seconds between two movements of the bar.
OFTEN = 0.2

#: So many columns wide is a terminal that has room for a bar beside the figures.
ROOMY = 100

#: What is settled for good, as far as this run is concerned.
SETTLED = (DeliveryState.ACCEPTED, DeliveryState.REFUSED, DeliveryState.UNCERTAIN, DeliveryState.SUPPRESSED)


def view(total: int, waiting: int) -> "View":
    """Return a view of *total* deliveries that are still to come, *waiting* of them after a try that failed.

    Whoever has it closes it.
    """
    tally = Tally(total, waiting)
    if not (sys.stderr.isatty() and total):
        return Lines(tally)
    bar = Bar(tally)
    bar.progress.start()
    return bar


class Tally:
    """How far it is, how fast it goes and how long it will take."""

    def __init__(self, total: int, waiting: int = 0) -> None:
        self.total = total
        self.waiting = waiting
        self.done = 0
        self.troubles: Counter[DeliveryState] = Counter()
        self.began = time.monotonic()

    def count(self, state: DeliveryState, attempt: int) -> None:
        """Take in what came of an attempt."""
        first = attempt == 1
        if state is DeliveryState.DEFERRED:
            self.waiting += first
        elif state in SETTLED:
            self.done += 1
            self.waiting -= not first
        if state in (DeliveryState.REFUSED, DeliveryState.UNCERTAIN):
            self.troubles[state] += 1

    def words(self, now: float) -> list[str]:
        """Return rate, time left and whatever else there is to know, a few words each."""
        rate = self.done / max(now - self.began, 0.001)
        fresh = self.total - self.done - max(self.waiting, 0)
        found = [f"{count:,} {state}" for state, count in self.troubles.items()]
        if self.waiting > 0:
            found.insert(0, f"{self.waiting:,} wait for another try")
        if fresh > 0 and rate:
            return [f"{speed(rate)}, about {duration(fresh / rate)} left", *found]
        return found if self.idle() else [f"{speed(rate)}", *found]

    def idle(self) -> bool:
        """Return whether all that are left wait for another try."""
        return 0 < self.total - self.done <= self.waiting


class Lines:
    """Prints a line every few seconds, and when there is nothing more to do but wait."""

    def __init__(self, tally: Tally) -> None:
        self.tally = tally
        self.waits = False
        self.last = time.monotonic()

    def tell(self, state: DeliveryState, attempt: int = 1) -> None:
        """Count, and print a line if it is time."""
        self.tally.count(state, attempt)
        now = time.monotonic()
        waits, self.waits = self.waits, self.tally.idle()
        if now - self.last >= EVERY or (self.waits and not waits):
            self.last = now
            tally = self.tally
            words = [f"{tally.done:,} of {tally.total:,}", *tally.words(now)]
            say(f"  {' · '.join(words)}")

    def say(self, text: str) -> None:
        """Print words on stderr."""
        say(text)

    def close(self) -> None:
        """Leave nothing behind: there is nothing."""


class Bar:
    """Draws a bar on the terminal, if that has room for it beside the figures."""

    def __init__(self, tally: Tally) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn
        from rich.table import Column

        console = Console(stderr=True)
        roomy = console.width >= ROOMY
        self.progress = Progress(
            TextColumn("  {task.completed:,.0f} of {task.total:,.0f}"),
            BarColumn(bar_width=None) if roomy else TextColumn("·"),
            # Rather on two lines than cut off.
            TextColumn("{task.fields[words]}", table_column=Column(no_wrap=roomy)),
            console=console,
            refresh_per_second=5,
        )
        self.tally = tally
        self.drawn = 0.0
        self.task = self.progress.add_task("sending", total=tally.total, words="")

    def tell(self, state: DeliveryState, attempt: int = 1) -> None:
        """Move the bar."""
        self.tally.count(state, attempt)
        now = time.monotonic()
        if now - self.drawn >= OFTEN or self.tally.idle():
            self.drawn = now
            self._draw(now)

    def _draw(self, now: float) -> None:
        words = " · ".join(self.tally.words(now))
        self.progress.update(self.task, completed=self.tally.done, words=words)

    def say(self, text: str) -> None:
        """Print words above the bar, if there still is a terminal."""
        with suppress(OSError):
            self.progress.console.print(plain(text), markup=False, highlight=False)

    def close(self) -> None:
        """Draw it for the last time, and show the cursor again."""
        self._draw(time.monotonic())
        with suppress(OSError):
            self.progress.stop()


#: What hears how a send goes on.
View: TypeAlias = Bar | Lines


def duration(seconds: float) -> str:
    """Return a duration as people read it."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
