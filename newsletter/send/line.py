"""What was claimed and waits for a connection: hands out the row whose turn it is, as its domain's pace allows."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from newsletter.timing.pace import Learned
from newsletter.timing.turn import Turns
from subscribers.model import Delivery

#: Rows that wait while nothing holds anybody up: a claim more, so that no connection waits for the disk.
READY = 100

#: Rows that wait at most while domains are slow: theirs stand aside, and the others go on.
HELD = 2000

#: A row that would wait longer for its turn, in seconds, goes back into the ledger until then.
PATIENCE = 30.0


class Line:
    """Rows in line, by domain. *learned* are the paces of domains."""

    def __init__(self, learned: Mapping[str, Learned], now: Callable[[], datetime]) -> None:
        self._turns: Turns[Delivery] = Turns(learned)
        self._now = now
        self._room = asyncio.Event()
        self._closed = False

    def add(self, rows: Sequence[Delivery]) -> list[tuple[Delivery, float]]:
        """Put *rows* into line. Return those that would wait too long for their domain's sake, and the seconds."""
        late = []
        for row in rows:
            name = domain(row)
            if self._turns.slowed and (wait := self._wait(name)):
                late.append((row, wait))
            else:
                self._turns.add(name, row)
        return late

    def _wait(self, name: str) -> float:
        """Return how many seconds a row would wait for its domain, if that is too long; else 0."""
        backlog = self._turns.backlog(name, self._now())
        return backlog if backlog > PATIENCE or (backlog and len(self._turns) >= HELD) else 0.0

    async def room(self) -> None:
        """Wait until more rows are wanted."""
        while len(self._turns) >= (HELD if self._turns.slowed else READY) and not self._closed:
            self._room.clear()
            await self._room.wait()

    def take(self, most: int) -> tuple[list[Delivery], float]:
        """Return up to *most* rows whose turn it is, and in how many seconds there are more.

        That is 0 if there are more now, or none.
        """
        rows, wait = self._turns.take(most, asyncio.get_running_loop().time(), self._now())
        if rows:
            self._room.set()
        return rows, wait

    def waiting(self) -> list[str]:
        """Return the domains whose rows wait, the one with most of them first."""
        return self._turns.waiting()

    def put_off(self, row: Delivery, told: bool) -> Learned | None:
        """Note that the domain of *row* put it off; *told* is whether it says that we are too fast.

        Return its pace from now on if it asks for patience by that, else None.
        """
        return self._turns.put_off(domain(row), asyncio.get_running_loop().time(), self._now(), told)

    def shut(self) -> None:
        """Want no more rows, whatever becomes of those that wait."""
        self._closed = True
        self._room.set()

    def close(self) -> list[Delivery]:
        """Send everybody home. Return the rows that had no turn."""
        self.shut()
        return self._turns.clear()


def domain(row: Delivery) -> str:
    """Return the domain that *row* goes to."""
    return row.email.rpartition("@")[2].lower()
