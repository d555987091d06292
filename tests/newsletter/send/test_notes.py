"""What many connections write down shares turns of the disk."""

import asyncio
from datetime import UTC, datetime
from functools import partial

import pytest

from newsletter.send import notes as gathering
from newsletter.send.notes import Notes
from subscribers.status import DeliveryState
from subscribers.store.file.writer import Writer
from subscribers.store.ledger import census, deliveries
from subscribers.store.ledger.deliveries import Result

NOW = datetime(2100, 1, 1, tzinfo=UTC)


class Counted(Writer):
    """A writer that counts the turns which are written on the spot, and how many rows each has."""

    def __init__(self, path):
        super().__init__(path, durable=False, quick=60.0)
        # As if the disk was known to be quicker.
        self._took.extend([0.0] * 5)
        self.turns = []

    def at_once(self, job):
        self.turns.append(len(job.keywords["committing"]))
        return super().at_once(job)


def noted(ledger, work):
    """Let *work* note things about claimed rows. Return how many marks each turn had."""

    async def go():
        with Counted(ledger.path) as writer:
            rows = (await writer.run(partial(deliveries.claim, send=ledger.send.id, limit=100, now=NOW))).taken
            faults = []
            notes = Notes(writer, lambda: NOW, faults.append)
            await work(notes, rows)
            await notes.written()
            assert not faults
            return writer.turns

    return asyncio.run(go())


def mark(notes, row):
    """Ask for a mark. Return what is done once it is heard of."""
    heard = asyncio.get_running_loop().create_future()
    notes.commit(row, heard.set_result)
    return heard


@pytest.fixture
def ledger(ledger_of):
    return ledger_of(40)


def test_marks_that_come_soon_after_a_turn_for_several_share_the_next(ledger, monkeypatch):
    monkeypatch.setattr(gathering, "GATHER", 0.5)

    async def work(notes, rows):
        await asyncio.gather(*(mark(notes, row) for row in rows[:4]))
        late = []
        for row in rows[4:10]:
            late.append(mark(notes, row))
            await asyncio.sleep(0)
        assert await asyncio.wait_for(asyncio.gather(*late), 60) == [None] * 6

    assert noted(ledger, work) == [4, 6]


def test_a_connection_alone_waits_for_nobody(ledger):
    async def work(notes, rows):
        for row in rows[:5]:
            heard = mark(notes, row)
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            assert heard.done()
            notes.settle(Result(row.id, DeliveryState.ACCEPTED, code=250))

    turns = noted(ledger, work)
    assert turns[:5] == [1] * 5
    assert census.counts(ledger.connection, ledger.send.id)[DeliveryState.ACCEPTED] == 5


def test_who_waits_until_all_is_written_waits_for_a_turn_that_gathers_too(ledger):
    async def work(notes, rows):
        await asyncio.gather(*(mark(notes, row) for row in rows[:3]))
        for row in rows[:3]:
            notes.settle(Result(row.id, DeliveryState.ACCEPTED, code=250))
        assert not notes.idle

    assert noted(ledger, work) == [3, 0]
    assert census.counts(ledger.connection, ledger.send.id)[DeliveryState.ACCEPTED] == 3


class FullOnce(Writer):
    """A writer whose first turn finds the disk full, and no other one."""

    full = True

    def at_once(self, job):
        return None

    def post(self, job, heard):
        if self.full:
            self.full = False
            heard(None, OSError("full"))
        else:
            super().post(job, heard)


def test_where_a_turn_was_lost_nothing_is_marked_any_more_though_the_disk_has_room_again(ledger):
    """The lost turn may hold the result of the message before: its connection would have two rows in doubt."""

    async def work():
        with FullOnce(ledger.path, durable=False) as writer:
            rows = (await writer.run(partial(deliveries.claim, send=ledger.send.id, limit=3, now=NOW))).taken
            faults = []
            notes = Notes(writer, lambda: NOW, faults.append)
            lost = mark(notes, rows[0])
            await asyncio.sleep(0)
            assert not writer.full
            waiting = mark(notes, rows[1])
            heard = [await lost, await waiting, await mark(notes, rows[2])]
            await notes.written()
            return heard, faults

    heard, faults = asyncio.run(work())
    assert [str(each) for each in (*heard, *faults)] == ["full"] * 4
    assert census.counts(ledger.connection, ledger.send.id)[DeliveryState.COMMITTING] == 0


def test_results_that_the_disk_did_not_take_are_written_at_the_end_if_it_has_room_again(ledger):
    async def work():
        with FullOnce(ledger.path, durable=False) as writer:
            rows = (await writer.run(partial(deliveries.claim, send=ledger.send.id, limit=3, now=NOW))).taken
            await writer.run(partial(deliveries.note, now=NOW, committing=[row.id for row in rows]))
            faults = []
            notes = Notes(writer, lambda: NOW, faults.append)
            notes.settle(Result(rows[0].id, DeliveryState.ACCEPTED, code=250))
            await asyncio.sleep(0)
            assert not writer.full
            notes.settle(Result(rows[1].id, DeliveryState.ACCEPTED, code=250))
            await notes.written()
            return faults

    assert [str(each) for each in asyncio.run(work())] == ["full"]
    counts = census.counts(ledger.connection, ledger.send.id)
    assert (counts[DeliveryState.ACCEPTED], counts[DeliveryState.COMMITTING]) == (2, 1)


def test_a_disk_that_stays_full_is_tried_once_more_and_not_for_ever(ledger):
    async def work():
        with FullOnce(ledger.path, durable=False) as writer:
            rows = (await writer.run(partial(deliveries.claim, send=ledger.send.id, limit=1, now=NOW))).taken
            faults = []

            def full(job, heard):
                writer.full = True
                FullOnce.post(writer, job, heard)

            writer.post = full
            notes = Notes(writer, lambda: NOW, faults.append)
            notes.settle(Result(rows[0].id, DeliveryState.DEFERRED, NOW, 451))
            await asyncio.wait_for(notes.written(), 60)
            return faults

    assert [str(each) for each in asyncio.run(work())] == ["full"] * 2
