"""The live view of a send: how far it is, how fast it goes, when it will have arrived. It only looks."""

import sys
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from newsletter.cli import terminal
from newsletter.cli.plan import planning, speeding
from newsletter.cli.send import deciding, standing
from newsletter.cli.send.progress import EVERY, duration
from newsletter.files.workspace import Workspace
from newsletter.send.lock import holder
from subscribers.model import DeliveryState, Send, SendState
from subscribers.status import OPEN
from subscribers.store.file.open import Connection
from subscribers.store.ledger import census, sends
from subscribers.store.ledger.census import Domain

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

#: How often to look, in seconds; how the domains stand is asked more rarely where that takes long.
LOOK = 1.0
SHARE = 20

#: The rate is that of so many seconds.
WINDOW = 30

#: So many domains that asked for patience are named.
SLOW = 5

#: Which figures are left out first where they do not fit, and how much is kept for the name of a domain.
SPARED, NAME = (0, 3, 5, 4), 12

COLUMNS = ("domain", "readers", "accepted", "to go", "deferred", "refused", "uncertain")


class Watch:
    """Looks at one send again and again."""

    def __init__(self, workspace: Workspace, connection: Connection, send: Send) -> None:
        self.workspace = workspace
        self.connection = connection
        self.send = send
        self.zone = workspace.settings.letter.timezone
        self.counts: dict[DeliveryState, int] = {}
        self.domains: Sequence[Domain] = ()
        self.slow: Sequence[str] = ()
        self.arrival: datetime | None = None
        self.waiting = (0, "")
        self._seen: deque[tuple[float, int]] = deque(maxlen=WINDOW)
        self._next = 0.0

    def look(self) -> None:
        """Read where it stands."""
        self.send = sends.get(self.connection, self.send.id)
        self.counts = census.counts(self.connection, self.send.id)
        self._seen.append((time.monotonic(), self.done))
        if time.monotonic() >= self._next:
            began = time.monotonic()
            self.waiting = deciding.waiting(self.connection, self.send, self.zone)
            largest = census.domains(self.connection, self.send.id, standing.DOMAINS)
            self.domains = (*largest, *others(largest, self.counts))
            now = terminal.now()
            self.arrival = planning.arrival(self.workspace, self.connection, self.send, self.rate, now)
            self._next = began + SHARE * (time.monotonic() - began)
        seen = speeding.speeds(self.workspace, self.connection, terminal.now())
        self.slow = [*speeding.words(seen, self.zone, SLOW), *self._stopped()]

    def _stopped(self) -> list[str]:
        """Return what to do where nobody sends any more, as after a kill: to look on would be in vain."""
        moves = len(self._seen) > 1 and self._seen[-1][1] != self._seen[-2][1]
        if self.send.state is not SendState.SENDING or not self.left or moves or holder(self.workspace.lock):
            return []
        self._seen.clear()
        self._seen.append((time.monotonic(), self.done))
        return standing.advice(self.send, self.counts, waiting=self.waiting)[:1]

    @property
    def left(self) -> int:
        """How many readers are still to come."""
        return sum(self.counts[state] for state in OPEN)

    @property
    def done(self) -> int:
        """How many readers have come to an end."""
        return sum(self.counts.values()) - self.left

    @property
    def rate(self) -> float:
        """How many readers a second came to an end while we looked."""
        (first, before), (last, after) = self._seen[0], self._seen[-1]
        return max(0, after - before) / (last - first) if last > first else 0.0

    def words(self) -> str:
        """Return the state of things in one line."""
        rate = self.rate if self.send.state is SendState.SENDING else 0.0
        ahead = f" · {terminal.speed(rate)}{self._arrival()}" if rate else ""
        return f"{self.done:,} of {sum(self.counts.values()):,}{ahead} · {standing.summary(self.counts)}"

    def _arrival(self) -> str:
        if not self.left or not self.arrival:
            return ""
        ahead = max(0.0, (self.arrival - terminal.now()).total_seconds())
        return f" · arrives about {terminal.clock(self.arrival, self.zone)}, in {duration(ahead)}"


def watch(workspace: Workspace, connection: Connection, send: Send) -> None:
    """Show a send until it has ended or Ctrl-C ends the looking; in lines where there is no terminal."""
    view = Watch(workspace, connection, send)
    try:
        if sys.stdout.isatty():
            _live(view)
        else:
            _lines(view)
    except KeyboardInterrupt:
        terminal.say("")
    advice = standing.advice(view.send, view.counts, holder(workspace.lock), view.waiting)
    for line in standing.stopped(view.send) + advice:
        terminal.say(line)


def _lines(view: Watch) -> None:
    """Print what has changed since the lines before."""
    told: Sequence[str] = ()
    while True:
        view.look()
        head = f"Send {view.send.id} of {view.send.issue} is {view.send.state}: {view.words()}"
        lines = [head, *(f"  {line}" for line in view.slow)]
        for line in lines:
            if line not in told:
                terminal.show(line)
        told = lines
        if view.send.state not in (SendState.SENDING, SendState.SCHEDULED):
            return
        time.sleep(EVERY)


def _live(view: Watch) -> None:
    from rich.live import Live

    with Live(auto_refresh=False) as live:
        while True:
            view.look()
            live.update(_picture(view, live.console.width), refresh=True)
            if view.send.state not in (SendState.SENDING, SendState.SCHEDULED):
                return
            time.sleep(LOOK)


def _picture(view: Watch, width: int) -> "RenderableType":
    """Draw it in a terminal of this *width*: a bar, the line of words, the domains."""
    from rich.console import Group
    from rich.progress_bar import ProgressBar
    from rich.table import Table
    from rich.text import Text

    table = domains(view.domains, width)
    head = f"Send {view.send.id} of {view.send.issue} is {view.send.state}. Ctrl-C ends the looking, not the send."
    total = sum(view.counts.values())
    # A bar ends no line by itself; a row of a table does.
    bar = Table.grid()
    bar.add_row(ProgressBar(total=max(total, 1), completed=view.done, width=60))
    slow = [Text(terminal.plain(line)) for line in view.slow]
    return Group(Text(terminal.plain(head)), bar, Text(view.words()), Text(""), table, *slow)


def domains(seen: Sequence[Domain], width: int) -> "Table":
    """Return the table of domains that is no wider than *width*."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(COLUMNS[0], overflow="ellipsis")
    rows = [[f"{figure:,}" for figure in _figures(one)] for one in seen]
    shown = _fitting(rows, width)
    for number in shown:
        table.add_column(COLUMNS[number + 1], justify="right", no_wrap=True)
    for one, row in zip(seen, rows, strict=True):
        table.add_row(Text(terminal.plain(one.name)), *(row[number] for number in shown))
    return table


def others(largest: Sequence[Domain], counts: Mapping[DeliveryState, int]) -> Iterator[Domain]:
    """Yield how the readers of all other domains than the *largest* stand, if there are any; *counts* has all."""
    if len(largest) < standing.DOMAINS:
        return
    whole = (
        sum(counts.values()),
        counts[DeliveryState.ACCEPTED],
        sum(counts[state] for state in OPEN),
        counts[DeliveryState.DEFERRED],
        counts[DeliveryState.REFUSED],
        counts[DeliveryState.UNCERTAIN],
    )
    shown = map(sum, zip(*map(_figures, largest), strict=True))
    # What was counted a moment later may be ahead.
    rest = [max(0, total - part) for total, part in zip(whole, shown, strict=True)]
    if rest[0]:
        yield Domain("all others", *rest)


def _figures(one: Domain) -> tuple[int, ...]:
    return one.readers, one.accepted, one.open, one.deferred, one.refused, one.uncertain


def _fitting(rows: Sequence[Sequence[str]], width: int) -> list[int]:
    """Return which figures fit beside a name: a figure that is cut off would be another one."""
    wide = [max(map(len, column)) for column in zip(COLUMNS[1:], *rows, strict=True)]
    shown = list(range(len(wide)))
    for least in SPARED:
        if NAME + sum(wide[number] + 1 for number in shown) > width:
            shown.remove(least)
    return shown
