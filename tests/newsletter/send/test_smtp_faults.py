"""The wire at its worst: whatever a server does, each fault is known to be before or after the dot."""

import asyncio
import contextlib
import socket
from functools import partial

import pytest

from newsletter.errors import RouteError
from newsletter.model import Stage
from newsletter.send.answer import KEPT
from newsletter.send.judge import Judge
from newsletter.send.limits import Limits
from newsletter.send.parcel import Parcel
from newsletter.send.pool import Pool
from newsletter.send.wire import Wire
from tests.effort import ends
from tests.smtpserver import EXTENSIONS, Fault, Server
from tests.wire import BODY, CHUNKING, IMPATIENT, QUICK, WAYS, deliver, message, route, split

BEFORE = (Stage.CONNECT, Stage.MAIL, Stage.RCPT, Stage.DATA, Stage.BODY)


@pytest.mark.parametrize("extensions", [EXTENSIONS, (), CHUNKING])
@pytest.mark.parametrize("action", ["drop", "hang", "421", "451", "550", "garbage", "huge", "endless", "354"])
@pytest.mark.parametrize("stage", ["banner", "ehlo", "mail", "rcpt", "data", "body", "dot"])
def test_every_fault_is_known_to_be_before_or_after_the_dot(stage, action, extensions):
    with Server(faults=[Fault(stage, action)], extensions=extensions) as server:
        try:
            limits = IMPATIENT if action == "hang" else QUICK
            first, second = deliver(server, message(1), message(2), limits=limits)
        except RouteError:
            assert stage in ("banner", "ehlo")
            assert not server.accepted
            return
    assert second.code == 250, second
    known = first.stage in BEFORE or first.code
    if "<1@example.org>" in server.ids():
        assert not known or first.code == 250
    assert server.ids().count("<1@example.org>") <= 1
    if stage == "dot" and action in ("421", "451", "550"):
        assert (first.stage, first.code) == (Stage.DOT, int(action))
    if (
        stage in ("mail", "rcpt", "data")
        and action in ("451", "550")
        and (stage, extensions) != ("data", CHUNKING)
    ):
        assert (first.stage, first.code) == (Stage(stage), int(action))
    assert len(first.text) <= KEPT
    assert first.text.isprintable()


@pytest.mark.parametrize(("action", "said"), [("endless", "has no end"), ("huge", "a line without end")])
def test_a_reply_without_end_ends_by_its_size_and_not_by_its_time(action, said):
    with Server(faults=[Fault("rcpt", action)]) as server:
        first, second = deliver(server, message(1), message(2), limits=Limits())
    assert said in first.text
    assert second.code == 250


@pytest.mark.parametrize("way", WAYS[2:])
@pytest.mark.parametrize("action", ["drop", "hang", "421", "451", "550", "garbage", "huge", "endless", "354"])
@pytest.mark.parametrize("stage", ["mail", "rcpt", "data", "body", "dot", "rset"])
def test_a_fault_harms_no_neighbour_on_the_same_connection(stage, action, way):
    extensions, changed = split(way)
    faults = [Fault(stage, action, skip=3)]
    if stage == "rset":
        faults = [Fault("rset", action), Fault("rcpt", "550", skip=3)]
    with Server(faults=faults, extensions=extensions) as server:
        limits = IMPATIENT if action == "hang" else QUICK
        replies = deliver(server, *map(message, range(12)), limits=limits, **changed)
    ids = server.ids()
    assert len(ids) == len(set(ids))
    for number, reply in enumerate(replies):
        arrived = f"<{number}@example.org>" in ids
        assert arrived or reply.code != 250
        assert not arrived or reply.code == 250 or (reply.stage, reply.code) == (Stage.DOT, 0)
    doubtful = [reply for reply in replies if (reply.stage, reply.code) == (Stage.DOT, 0)]
    assert len(doubtful) <= changed.get("in_flight", 1)
    failed = sum(reply.code != 250 for reply in replies)
    assert failed <= 2 * changed.get("in_flight", 1)


def test_a_server_that_took_it_and_vanished_leaves_doubt():
    with Server(faults=[Fault("dot", "vanish")]) as server:
        reply, _ = deliver(server, message(1), message(2))
    assert (reply.stage, reply.code) == (Stage.DOT, 0)
    assert server.ids() == ["<1@example.org>", "<2@example.org>"]


def test_a_chunk_behind_a_refused_reset_leaves_doubt_if_the_server_took_it_and_vanished():
    with Server(faults=[Fault("rset", "451"), Fault("dot", "vanish", skip=1)], extensions=CHUNKING) as server:
        first, second, *_ = deliver(server, *map(message, range(4)), together=True, in_flight=4)
    assert first.code == 250
    assert server.ids()[:2] == ["<0@example.org>", "<1@example.org>"]
    assert (second.stage, second.code) == (Stage.DOT, 0)
    assert len(set(server.ids())) == len(server.ids())


@pytest.mark.parametrize("stage", ["rset", "quit"])
@pytest.mark.parametrize("action", ["drop", "hang", "421", "451", "550", "garbage", "endless"])
def test_faults_of_housekeeping_change_no_result(stage, action):
    with Server(faults=[Fault("rcpt", "550"), Fault(stage, action)]) as server:
        refused, *rest = deliver(server, *map(message, range(3)))
    assert (refused.stage, refused.code) == (Stage.RCPT, 550)
    assert [reply.code for reply in rest] == [250, 250]
    assert server.ids() == ["<1@example.org>", "<2@example.org>"]


@pytest.mark.parametrize("way", WAYS)
def test_what_is_marked_when_the_server_goes_away_for_long_is_known_not_to_be_accepted(way):
    """Nobody may hand it over as if nothing had begun: its mark is in the ledger."""
    extensions, changed = split(way)
    asked = iter(range(9))

    with contextlib.ExitStack() as stack:
        server = stack.enter_context(Server(extensions=extensions))

        async def commit():
            if next(asked) == 1:
                await asyncio.to_thread(stack.close)
                await asyncio.sleep(0.1)

        replies = deliver(server, message(1), message(2), commit=commit, **changed | {"together": False})
    assert [reply.code for reply in replies] == [250, 0]
    assert replies[1].stage in (Stage.MAIL, Stage.BODY)
    assert server.ids() == ["<1@example.org>"]


def test_an_old_connection_that_the_server_ended_is_replaced():
    with Server(faults=[Fault("mail", "421", skip=1), Fault("mail", "drop", skip=2)]) as server:
        replies = deliver(server, *map(message, range(4)))
    assert [reply.code for reply in replies] == [250] * 4
    assert len(set(server.ids())) == 4


def test_nothing_answers_is_a_reply_and_not_a_crash():
    with Server() as server:
        port = server.port
    (reply,) = deliver(server, message(), port=port)
    assert (reply.stage, reply.code) == (Stage.CONNECT, 0)
    assert reply.text == f"nothing answers at 127.0.0.1:{port}"


def test_a_server_that_reads_a_byte_at_a_time_is_given_up_in_time(tmp_path):
    read = []

    async def drip(reader, writer):
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
        writer.write(b"220 slow\r\n")
        with contextlib.suppress(ConnectionError), contextlib.closing(writer.transport):
            while line := await reader.readuntil(b"\n"):
                if line.upper().startswith(b"DATA"):
                    writer.write(b"354 go on\r\n")
                    break
                writer.write(b"250 ok\r\n")
            while not reader.at_eof():
                read.append(await reader.readexactly(1))
                await asyncio.sleep(0.2)

    async def work():
        server = await asyncio.start_server(drip, "127.0.0.1", 0, limit=64)
        slow = Server(port=server.sockets[0].getsockname()[1])
        pool = Pool(route(slow), limits=IMPATIENT)
        commits = []

        async def commit():
            commits.append(1)

        reply = await pool.deliver(message(body=b"x" * 76 + b"\r\n" + BODY * 20_000), commit)
        await pool.close()
        server.close()
        return reply, commits

    with ends():
        reply, commits = asyncio.run(work())
    assert (reply.stage, reply.code) == (Stage.BODY, 0)
    assert commits == [], "the body has not left, so nothing is in doubt"


@pytest.mark.parametrize("action", ["421", "mute"])
@pytest.mark.parametrize("stage", ["mail", "rset"])
@pytest.mark.parametrize("most", [1, 8])
def test_what_is_behind_a_421_goes_by_another_connection_and_is_not_in_doubt(most, stage, action):
    """Postfix says it after many errors, and closes; another may forget to, and say nothing more."""
    faults = [Fault(stage, action, skip=7), Fault(stage, action, skip=24)]
    with Server(extensions=CHUNKING, faults=faults) as server:
        replies = deliver(server, *map(message, range(40)), together=True, in_flight=most)
    assert [reply.code for reply in replies] == [250] * 40
    assert (len(server.ids()), len(set(server.ids()))) == (40, 40)


@pytest.mark.parametrize("most", [1, 8])
def test_where_one_after_the_other_is_refused_the_connection_is_changed_before_the_server_minds(most):
    """Postfix lets whoever errs for the twelfth time with nothing taken between wait a second for each answer."""
    with Server(extensions=CHUNKING, faults=[Fault("rcpt", "451", times=60)]) as server:
        replies = deliver(server, *map(message, range(70)), together=True, in_flight=most)
    assert sorted(reply.code for reply in replies) == [250] * 10 + [451] * 60
    assert server.connections == 7
    # Nobody is sent a chunk for whom the server was not heard to take it.
    assert sum(line.startswith("BDAT") for line in server.commands) == 10


@pytest.mark.parametrize("together", [False, True])
@pytest.mark.parametrize("most", [1, 8])
@pytest.mark.parametrize("chunks", ["unknown", "unread"])
def test_a_server_that_offers_chunks_and_knows_none_gets_whole_messages(chunks, most, together):
    """A proxy may hand the offer of the server behind it on, and read a chunk as commands that make no sense."""
    with Server(extensions=CHUNKING, chunks=chunks) as server:
        changed = {"in_flight": most, "connections": 3, "together": together}
        replies = deliver(server, *map(message, range(30)), **changed)
    assert [reply.code for reply in replies] == [250] * 30
    assert (len(server.ids()), len(set(server.ids()))) == (30, 30)
    assert sum(line.startswith("BDAT") for line in server.commands) <= 3 + most


def test_a_chunk_that_is_taken_behind_a_word_that_it_is_not_known_leaves_doubt():
    with Server(extensions=CHUNKING, chunks="said") as server:
        (reply,) = deliver(server, message())
    assert (reply.stage, reply.code, server.ids()) == (Stage.DOT, 0, ["<1@example.org>"])


def test_a_refusal_is_in_doubt_where_the_server_is_too_slow_to_say_that_it_meant_it():
    """It refuses a chunk, and accepts it after all; asked to leave, it says nothing in time."""
    slow = Limits(connect=10, mail=10, rcpt=10, data=10, body=10, dot=10, quit=0.1)
    with Server(faults=[Fault("body", "550")], extensions=CHUNKING, delay=0.5) as server:
        (reply,) = deliver(server, message(1), limits=slow)
        assert server.ids() == ["<1@example.org>"]
    assert reply.code == 0


def test_a_refusal_is_in_doubt_where_a_neighbour_gives_the_connection_up_before_the_server_says_goodbye():
    """Two chunks are refused and accepted after all: what the second one does must prove nothing for the first."""
    faults = [Fault("body", "451", times=2, skip=1)]
    with Server(faults=faults, extensions=CHUNKING, delay=0.01) as server:
        replies = deliver(server, *map(message, range(6)), together=True, in_flight=4)
        ids = server.ids()
    for number, reply in enumerate(replies):
        if f"<{number}@example.org>" in ids:
            assert reply.code == 250 or (reply.stage, reply.code) == (Stage.DOT, 0), (number, reply)
    assert len(ids) == len(set(ids))


def test_what_is_taken_behind_a_word_too_many_is_in_doubt():
    """A chunk is refused and taken after all: what is said of it looks like said of the next one."""
    faults = [Fault("body", "354", skip=2), Fault("dot", "451", skip=3)]
    with Server(faults=faults, extensions=CHUNKING) as server:
        replies = deliver(server, *map(message, range(8)), together=True, in_flight=4)
        ids = server.ids()
    for number, reply in enumerate(replies):
        sure = reply.code == 250 if f"<{number}@example.org>" in ids else reply.code != 250
        assert sure or (reply.stage, reply.code) == (Stage.DOT, 0), (number, reply)


def test_a_refusal_of_an_envelope_that_may_be_to_another_one_leaves_doubt():
    faults = [Fault("body", "354", skip=5), Fault("rset", "550", times=2, skip=5)]
    with Server(faults=faults, extensions=CHUNKING, delay=0.01) as server:
        replies = deliver(server, *map(message, range(12)), together=True, in_flight=4)
        ids = server.ids()
    taken = [reply for number, reply in enumerate(replies) if f"<{number}@example.org>" in ids]
    assert {(reply.stage, reply.code) for reply in taken} <= {(Stage.DOT, 250), (Stage.DOT, 0)}


def test_a_server_that_throws_away_what_comes_behind_a_chunk_is_credited_with_nothing_that_it_did_not_take():
    with Server(extensions=CHUNKING, deaf=True) as server:
        replies = deliver(server, *map(message, range(12)), limits=IMPATIENT, together=True, in_flight=4)
        ids = server.ids()
    said = [f"<{number}@example.org>" for number, reply in enumerate(replies) if reply.code == 250]
    assert said
    assert set(said) <= set(ids)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    "faults",
    [
        [Fault("dot", "drop", times=2, skip=3), Fault("body", "354", times=2, skip=2)],
        [Fault("body", "drop", times=2, skip=6), Fault("body", "451", skip=1)],
        [Fault("rset", "550", times=4, skip=1), Fault("body", "550", times=4, skip=2)],
    ],
    ids=["and the connection ends", "and it ends much later", "behind a refused RSET"],
)
def test_a_chunk_that_is_refused_and_taken_after_all_is_never_said_to_be_refused(faults):
    with Server(faults=faults, extensions=CHUNKING, delay=0.005) as server:
        replies = deliver(server, *map(message, range(12)), together=True, in_flight=4)
        ids = server.ids()
    assert len(ids) == len(set(ids))
    for number, reply in enumerate(replies):
        sure = reply.code == 250 if f"<{number}@example.org>" in ids else reply.code != 250
        assert sure or (reply.stage, reply.code) == (Stage.DOT, 0), (number, reply)


def test_a_refusal_is_believed_where_the_server_answers_all_and_leaves_without_a_word():
    """Some close the connection on QUIT, and say no 221."""
    faults = [Fault("dot", "550", times=3, skip=2), Fault("quit", "drop", times=9)]
    with Server(faults=faults, extensions=CHUNKING, delay=0.01) as server:
        replies = deliver(server, *map(message, range(12)), together=True)
    assert sorted(reply.code for reply in replies) == [250] * 9 + [550] * 3


@pytest.mark.parametrize("lines", [1, 10_000])
@pytest.mark.parametrize("action", ["", "451", "550"])
@pytest.mark.parametrize("way", WAYS)
def test_no_more_are_marked_without_a_result_than_may_be_on_their_way(way, action, lines):
    """A crash leaves in doubt what is marked: one for each connection, or as many as may be on their way."""
    offered, way = split(way)
    most = way.get("in_flight", 1)
    open_, worst = set(), []

    async def work(server):
        loop = asyncio.get_running_loop()
        pool, over = Pool(route(server, in_flight=most), limits=QUICK), asyncio.Event()
        ended = []

        def mark(number, heard):
            open_.add(number)
            # What comes at the same moment is written in one turn.
            loop.call_soon(written, heard)

        def written(heard):
            worst.append(len(open_))
            heard(None)

        def end(number, reply):
            open_.discard(number)
            ended.append(reply)
            if len(ended) == 20:
                over.set()

        for number in range(20):
            made = message(number, body=b"a line of a rather long text\r\n" * lines)
            pool.post(Parcel(made, partial(mark, number), partial(end, number)))
        await asyncio.wait_for(over.wait(), 20)
        await pool.close()

    with Server(extensions=offered, faults=[Fault("dot", action, 3, 4)] if action else []) as server:
        asyncio.run(work(server))
    assert max(worst) <= most


@pytest.mark.parametrize(
    ("said", "stage", "code"),
    [
        (b"554 no\r\n", Stage.DOT, 0),
        (b"554 no\r\n250 ok\r\n", Stage.DOT, 0),
        (b"250 ok\r\n554 no\r\n", Stage.MAIL, 554),
    ],
)
def test_who_refused_to_reset_and_hung_up_may_have_taken_the_chunk_for_the_one_before(said, stage, code):
    """Its envelope was open, and the chunk may have met it: to send that again could be twice."""

    async def work():
        async def meet(reader, writer):
            await reader.readuntil(b"LAST\r\n")
            writer.write(said)
            writer.close()

        server = await asyncio.start_server(meet, "127.0.0.1", 0)
        place = server.sockets[0].getsockname()
        transport, _ = await asyncio.get_running_loop().create_connection(asyncio.Protocol, *place)
        wire = Wire(transport)
        transport.set_protocol(wire)
        async with server, asyncio.timeout(20):
            ask = wire.ask((b"RSET\r\nMAIL\r\nRCPT\r\nBDAT 0 LAST\r\n",), (10.0,) * 4)
            wire.flush()
            await wire.replies(ask)
            return await Judge(wire, QUICK, chunking=True).among((None, Stage.MAIL, Stage.RCPT), ask)

    reply = asyncio.run(work())
    assert (reply.stage, reply.code) == (stage, code)
