"""A people's file with a send that waits, the run of it, and what to ask of both afterwards."""

import asyncio
import random
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from newsletter import delivery
from newsletter.model import Envelope, Message
from newsletter.send.limits import Limits
from newsletter.send.pool import Pool
from newsletter.send.routes import Routes, lane
from newsletter.send.run import Run
from newsletter.timing.pace import Learned
from subscribers.status import DeliveryState, SendState
from subscribers.store.file.writer import Writer
from subscribers.store.ledger import census, paces, sends
from tests import blank, readers
from tests.wire import route

QUICK = Limits(connect=0.5, mail=0.4, rcpt=0.4, data=0.4, body=0.4, dot=0.4, quit=0.2)
ACCEPTED, UNCERTAIN = DeliveryState.ACCEPTED, DeliveryState.UNCERTAIN


def build(row):
    message_id = f"<{row.id}@example.org>"
    data = f"Message-ID: {message_id}\r\n\r\nHello {row.name}\r\n".encode()
    return Message(Envelope("bounce@example.org", row.email), data, message_id)


def at_once(reply, attempt, now, jitter):
    """Decide as always, and try again at once."""
    outcome = delivery.outcome(reply, attempt, now, jitter)
    if outcome.due is None:
        return outcome
    return type(outcome)(outcome.state, outcome.reply, now + timedelta(milliseconds=50), outcome.pause)


async def some(server):
    """Wait until the server has accepted a few."""
    while len(server.accepted) < 20:  # noqa: ASYNC110 - the server runs in a thread
        await asyncio.sleep(0.01)


class Ledger:
    """A people's file with a send that waits, and what to ask of it afterwards."""

    def __init__(self, folder, count):
        self.path = folder / "people.db"
        self.connection = blank.people(self.path)
        readers.add(self.connection, count)
        self.send = readers.freeze(self.connection)

    def close(self):
        """Close the file; what is asked afterwards is an error."""
        self.connection.close()

    def run(
        self,
        server,
        *,
        during=None,
        build=build,
        writer=None,
        rate=None,
        rates=(),
        said=None,
        limits=QUICK,
        **changed,
    ):
        """Run the send once, as the program does. Return it as it then stands; *during* is called beside it."""

        async def work():
            halt = asyncio.Event()
            fields = {
                "connections": 4,
                "patience": 3.0,
                "endurance": 1.0,
                "reconnect": 0.05,
                "outcome": at_once,
                "now": lambda: datetime.now(UTC),
                **changed,
            }
            by = route(server, connections=fields["connections"], rate=rate, rates=rates)
            say, now, permit = (said if said is not None else []).append, fields["now"], fields.get("permit")
            with writer or Writer(self.path, durable=False) as own:
                courier = Routes(
                    [lane(by, Pool(by, limits=limits, halt=halt), self.learned(by.paced))],
                    halt=halt,
                    now=now,
                    say=say,
                    writer=own,
                    closed=lambda: permit is not None and permit.closed(now()),
                )
                run = Run(
                    writer=own,
                    courier=courier,
                    send=self.send,
                    build=build,
                    halt=halt,
                    jitter=random.random,
                    tell=lambda state, attempt: None,
                    say=say,
                    **fields,
                )
                beside = asyncio.create_task(during(halt)) if during else None
                try:
                    return await run.go()
                except Exception:
                    if beside:
                        # What it waits for may never come.
                        beside.cancel()
                    raise
                finally:
                    if beside:
                        with suppress(asyncio.CancelledError):
                            await beside
                    await courier.close()

        return asyncio.run(work())

    def learned(self, name):
        return next((Learned(*pace) for key, pace in paces.learned(self.connection).items() if key == name), None)

    def counts(self):
        return census.counts(self.connection, self.send.id)

    def states(self):
        return {
            f"<{row[0]}@example.org>": DeliveryState(row[1])
            for row in self.connection.execute("SELECT id, state FROM deliveries")
        }

    def send_state(self):
        return sends.get(self.connection, self.send.id).state

    def resume(self):
        sends.move(self.connection, self.send.id, SendState.SENDING, readers.NOW)

    def among(self, *states):
        marks = ", ".join("?" * len(states))
        rows = self.connection.execute(f"SELECT id FROM deliveries WHERE state IN ({marks})", states)
        return {f"<{row[0]}@example.org>" for row in rows}

    def agrees(self, server, count):
        """The oracle: what the server accepted, against what the ledger says."""
        ids = server.ids()
        assert len(ids) == len(set(ids)), "somebody got it twice"
        assert set(ids) <= self.among(ACCEPTED, UNCERTAIN)
        assert self.among(ACCEPTED) <= set(ids)
        assert sum(self.counts().values()) == count
        assert self.counts()[DeliveryState.CLAIMED] == self.counts()[DeliveryState.COMMITTING] == 0
        assert self.connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
