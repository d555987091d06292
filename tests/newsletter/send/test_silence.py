"""A server that says nothing for long is told of, with what is waited for; one that works is not."""

import asyncio

import pytest

from newsletter.send.limits import Limits
from newsletter.send.pool import Pool
from newsletter.send.silence import Silence, least, notice
from tests.smtpserver import EXTENSIONS, Fault, Server
from tests.wire import CHUNKING, message, nothing, route

TLS = 'if it wants TLS from the start, as is usual on port 465, use tls = "tls"'


@pytest.mark.parametrize(
    ("stage", "extensions", "told"),
    [
        ("banner", EXTENSIONS, f"test (connections: 1 not let in yet; {TLS})"),
        ("ehlo", EXTENSIONS, f"test (connections: 1 not let in yet; {TLS})"),
        ("mail", (), "test (connections: 1 without a reply)"),
        ("rcpt", EXTENSIONS, "test (connections: 1 without a reply)"),
        ("dot", EXTENSIONS, "test (connections: 1 without a reply)"),
        ("dot", CHUNKING, "test (connections: 1 without a reply)"),
    ],
)
def test_it_is_known_what_a_silent_server_lets_wait(stage, extensions, told):
    async def work(server):
        pool = Pool(route(server), limits=Limits())
        task = asyncio.create_task(pool.deliver(message(), nothing))
        while server.faults[0].times or pool.silence().words != told:  # noqa: ASYNC110 - the server runs in a thread
            await asyncio.sleep(0.01)
        silence = pool.silence()
        task.cancel()
        await pool.close()
        return silence

    with Server(faults=[Fault(stage, "hang")], extensions=extensions) as server:
        silence = asyncio.run(work(server))
    assert silence.words == told
    assert 0 <= silence.seconds < 60


def test_who_let_somebody_in_is_not_said_to_want_tls_from_the_start():
    async def work(server):
        pool = Pool(route(server, connections=2), limits=Limits())
        await pool.deliver(message(), nothing)
        tasks = [asyncio.create_task(pool.deliver(message(number), nothing)) for number in (1, 2)]
        while server.faults[0].times or "1 not let in yet" not in pool.silence().words:  # noqa: ASYNC110 - a thread
            await asyncio.sleep(0.01)
        words = pool.silence().words
        for task in tasks:
            task.cancel()
        await pool.close()
        return words

    with Server(faults=[Fault("banner", "hang", skip=1)], delay=0.2) as server:
        assert "TLS" not in asyncio.run(work(server))


def test_a_server_that_serves_one_connection_at_a_time_is_not_silent():
    async def work(server):
        pool = Pool(route(server, connections=2), limits=Limits())
        await pool.deliver(message(), nothing)
        replies = asyncio.gather(*(pool.deliver(message(number), nothing) for number in (1, 2)))
        while server.faults[0].times or "1 not let in yet" not in pool.silence().words:  # noqa: ASYNC110 - a thread
            await asyncio.sleep(0.01)
        codes = [reply.code for reply in await replies]
        silence = pool.silence()
        await pool.close()
        return codes, silence

    with Server(faults=[Fault("banner", "hang", skip=1)], delay=0.2) as server:
        assert asyncio.run(work(server)) == ([250, 250], Silence())


def test_nothing_is_waited_for_where_nothing_was_asked():
    async def work(server):
        pool = Pool(route(server))
        before = pool.silence()
        reply = await pool.deliver(message(), nothing)
        after = pool.silence()
        await pool.close()
        return before, reply.code, after

    with Server() as server:
        assert asyncio.run(work(server)) == (Silence(), 250, Silence())


def test_of_several_servers_the_one_that_speaks_is_heard():
    assert least([Silence(), Silence()]) == Silence()
    assert least([Silence(70, "a"), Silence(), Silence(3, "b")]) == Silence(3, "a and b")


def test_a_long_silence_is_told_ever_more_rarely_and_anew_after_a_word():
    said = []

    async def work():
        over = asyncio.Event()
        seconds = iter([3, 9, 10, 15, 19, 20, 39, 41, 60, 0.2, 5, 11, 12])

        def silence():
            one = next(seconds, None)
            if one is None:
                over.set()
            return Silence(one or 0, "relay (connections: 1 not let in yet)")

        task = asyncio.create_task(notice(silence, said.append, 0))
        await over.wait()
        task.cancel()

    asyncio.run(work())
    assert [line.split(" s from ")[0] for line in said] == [
        "No answer for 10",
        "No answer for 20",
        "No answer for 41",
        "No answer for 11",
    ]
    assert "relay (connections: 1 not let in yet)" in said[0]
