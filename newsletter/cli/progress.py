"""Show how a send goes on: a bar with rate and time left on a terminal, a line now and then elsewhere."""

import sys
import time
from collections import Counter
from contextlib import suppress
from types import TracebackType
from typing import Protocol

from newsletter.cli.terminal import plain, say
from subscribers.model import DeliveryState

#: Seconds between two lines where there is no terminal.
EVERY = 5.0

#: What is settled for good, as far as this run is concerned.
SETTLED = (
    DeliveryState.ACCEPTED,
    DeliveryState.REFUSED,
    DeliveryState.UNCERTAIN,
    DeliveryState.SUPPRESSED,
)


class View(Protocol):
    """What hears how a send goes on."""

    def tell(self, state: DeliveryState) -> None:
        """Count a delivery that has come to *state*."""
        ...

    def say(self, text: str) -> None:
        """Print words beside the view."""
        ...

    def close(self) -> None:
        """Give the terminal back."""
        ...

    def __enter__(self) -> "View": ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def view(total: int) -> View:
    """Return a view of *total* deliveries that are still to come."""
    return Bar(total) if sys.stderr.isatty() and total else Lines(total)


class Lines:
    """Prints a line every few seconds."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.counts: Counter[DeliveryState] = Counter()
        self.began = self.last = time.monotonic()

    def tell(self, state: DeliveryState) -> None:
        """Count, and print a line if it is time."""
        self.counts[state] += 1
        now = time.monotonic()
        if now - self.last >= EVERY:
            self.last = now
            self.say(self.line(now))

    def line(self, now: float) -> str:
        """Return how far it is, how fast it goes and how long it will take."""
        done = sum(self.counts[state] for state in SETTLED)
        rate = done / max(now - self.began, 0.001)
        left = f", about {clock((self.total - done) / rate)} left" if rate else ""
        return f"  {done:,} of {self.total:,} · {rate:,.0f} a second{left}"

    def say(self, text: str) -> None:
        """Print words on stderr. That nobody listens any more is no reason to stop in the middle of a send."""
        with suppress(OSError):
            say(text)

    def close(self) -> None:
        """Leave nothing behind: there is nothing."""

    def __enter__(self) -> "Lines":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass


class Bar:
    """Draws a bar on the terminal."""

    def __init__(self, total: int) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        self.progress = Progress(
            TextColumn("  {task.description}"),
            BarColumn(bar_width=None),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            refresh_per_second=5,
        )
        self.counts: Counter[DeliveryState] = Counter()
        self.began = time.monotonic()
        self.task = self.progress.add_task("sending", total=total, rate="")

    def tell(self, state: DeliveryState) -> None:
        """Move the bar."""
        self.counts[state] += 1
        done = sum(self.counts[each] for each in SETTLED)
        if done % 10 == 0 or done < 100:
            rate = done / max(time.monotonic() - self.began, 0.001)
            troubles = (DeliveryState.DEFERRED, DeliveryState.REFUSED, DeliveryState.UNCERTAIN)
            words = [f"{self.counts[each]:,} {each}" for each in troubles if self.counts[each]]
            shown = " · ".join([f"{rate:,.0f}/s", *words])
            self.progress.update(self.task, completed=done, rate=shown)

    def say(self, text: str) -> None:
        """Print words above the bar, if there still is a terminal."""
        with suppress(OSError):
            self.progress.console.print(plain(text), markup=False, highlight=False)

    def close(self) -> None:
        """Draw it for the last time, and show the cursor again."""
        self.progress.update(self.task, completed=sum(self.counts[state] for state in SETTLED))
        with suppress(OSError):
            self.progress.stop()

    def __enter__(self) -> "Bar":
        self.progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def clock(seconds: float) -> str:
    """Return a duration as people read it."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
