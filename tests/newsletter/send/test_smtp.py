"""The wire: a message arrives once and as it is, its dot waits for the commit, and nobody harms a neighbour."""

import asyncio
import itertools
import re
from dataclasses import replace

import pytest

from newsletter.errors import RouteError
from newsletter.model import Message, Stage
from newsletter.send import pool
from newsletter.send.envelope import canonical
from newsletter.send.limits import Limits
from newsletter.send.notes import UnwantedError
from newsletter.send.pool import Pool
from newsletter.send.wire import Wire
from tests.smtpserver import Fault, Server
from tests.wire import CHUNKING, QUICK, WAYS, deliver, message, nothing, route, split


def test_a_message_arrives_as_it_is():
    with Server() as server:
        (reply,) = deliver(server, message(body=b"one\r\n.two\r\n..\r\n.\r\nend\r\n"))
    assert (reply.stage, reply.code, reply.enhanced) == (Stage.DOT, 250, "2.0.0")
    assert reply.text == "queued as 1"
    assert server.accepted[0].data.endswith(b"\r\n\r\none\r\n.two\r\n..\r\n.\r\nend\r\n")
    assert server.recipients() == ["reader@example.org"]


@pytest.mark.parametrize("way", WAYS)
def test_one_connection_carries_many_messages(way):
    extensions, changed = split(way)
    with Server(extensions=extensions) as server:
        replies = deliver(server, *map(message, range(20)), **changed)
    assert [reply.code for reply in replies] == [250] * 20
    assert (server.connections, len(set(server.ids()))) == (1, 20)
    assert server.commands[-1] == "QUIT"


def test_a_server_that_throws_away_what_comes_behind_a_message_is_not_waited_for():
    """Courier does, though it offers PIPELINING."""
    limits = replace(QUICK, mail=600.0, behind=0.5)
    with Server(deaf=True) as server:
        replies = deliver(server, *map(message, range(20)), together=True, limits=limits)
    assert [reply.code for reply in replies] == [250] * 20
    assert (server.connections, len(server.ids()), len(set(server.ids()))) == (2, 20, 20)


@pytest.mark.parametrize("way", WAYS)
def test_a_server_that_wants_one_message_answered_before_the_next_gets_them_so(way):
    """Haraka turns an envelope down that came behind a dot, though RFC 2920 lets it."""
    extensions, changed = split(way)
    with Server(extensions=extensions, strict=True) as server:
        replies = deliver(server, *map(message, range(20)), **changed)
    assert [reply.code for reply in replies] == [250] * 20
    assert (server.connections, len(server.ids()), len(set(server.ids()))) == (1, 20, 20)
    envelopes = sum(line.startswith("MAIL") for line in server.commands)
    assert envelopes <= 20 + changed.get("in_flight", 1)


def test_a_connection_is_replaced_after_so_many_messages():
    with Server() as server:
        replies = deliver(server, *map(message, range(10)), together=True, messages=4)
    assert [reply.code for reply in replies] == [250] * 10
    assert server.connections == 3


def test_the_dot_waits_for_the_commit():
    seen = []

    async def commit():
        await asyncio.sleep(0.2)
        seen.append(server.ids())

    with Server() as server:
        deliver(server, message(), commit=commit)
    assert seen == [[]]


def test_a_commit_that_fails_sends_no_dot_and_the_error_comes_back():
    async def commit():
        raise OSError(28, "No space left on device")

    with Server() as server:
        with pytest.raises(OSError, match="No space"):
            deliver(server, message(), commit=commit)
        assert server.ids() == []


@pytest.mark.parametrize("way", WAYS[3:])
def test_who_leaves_in_the_last_moment_harms_no_neighbour_and_no_connection(way):
    extensions, changed = split(way)
    asked = iter(range(12))

    async def commit():
        if next(asked) in (0, 5, 6, 11):
            raise UnwantedError

    async def work():
        pool = Pool(route(server, in_flight=changed.get("in_flight", 1)), limits=QUICK)
        tasks = [pool.deliver(message(number), commit) for number in range(12)]
        try:
            return await asyncio.gather(*tasks, return_exceptions=True)
        finally:
            await pool.close()

    with Server(extensions=extensions) as server:
        replies = asyncio.run(work())
    unwanted = [reply for reply in replies if isinstance(reply, UnwantedError)]
    assert (len(unwanted), len(set(server.ids())), len(server.ids())) == (4, 8, 8)
    assert [reply.code for reply in replies if reply not in unwanted] == [250] * 8
    assert server.connections == 1


def test_nobody_waits_for_a_connection_that_is_slow_to_open_while_another_is_free():
    async def work():
        pool = Pool(route(server, connections=3))
        replies = await asyncio.gather(*(pool.deliver(message(number), nothing) for number in range(9)))
        still = server.open
        await pool.close()
        return replies, still

    with Server(faults=[Fault("banner", "hang")]) as server:
        replies, still = asyncio.run(work())
    assert [reply.code for reply in replies] == [250] * 9
    assert still == 3, "it was waited for until it gave up"


def test_a_server_that_takes_more_connections_again_soon_gets_them():
    async def work():
        pool = Pool(route(server, connections=4), limits=Limits())
        numbers = itertools.count()
        await pool.deliver(message(next(numbers)), nothing)
        async with asyncio.timeout(30):
            while server.open < 4:
                if server.connections > 4:
                    server.most = 0
                await asyncio.gather(*(pool.deliver(message(next(numbers)), nothing) for _ in range(8)))
        await pool.close()
        return next(numbers)

    with Server(most=1, delay=0.01) as server:
        count = asyncio.run(work())
    assert len(server.ids()) == len(set(server.ids())) == count


@pytest.mark.parametrize(
    "address",
    [
        "a@x.org>\r\nRCPT TO:<b@x.org",
        "a\r\nb@x.org",
        "a@x.org\0",
        "a b@x.org",
        "<a@x.org>",
        "a@x.org SIZE=1",
        "@x.org",
        "a@",
        "",
        "a" * 300 + "@x.org",
        "a\u2028b@x.org",
        "postmaster",
    ],
)
def test_no_address_says_anything_but_itself(address):
    with Server() as server:
        reply, good = deliver(server, message(1, address), message(2))
    assert (reply.stage, reply.code, reply.enhanced) == (Stage.RCPT, 553, "5.1.3")
    assert good.code == 250
    assert [line for line in server.commands if line.startswith("RCPT")] == ["RCPT TO:<reader@example.org>"]


def test_an_international_address_needs_the_servers_word():
    with Server() as server:
        assert deliver(server, message(1, "åsa@example.org"))[0].code == 250
    with Server(extensions=("PIPELINING",)) as server:
        (reply,) = deliver(server, message(1, "åsa@example.org"))
    assert (reply.code, reply.enhanced, server.ids()) == (553, "5.6.7", [])


def test_a_message_too_big_is_not_begun():
    with Server(extensions=("SIZE 100",)) as server:
        (reply,) = deliver(server, message())
    assert (reply.stage, reply.code, reply.enhanced) == (Stage.MAIL, 552, "5.3.4")
    assert not [line for line in server.commands if line.startswith("MAIL")]


ENDINGS = [b"\n.\n", b"\n.\r\n", b"\r.\r", b"\r.\r\n", b"\r\n.\n", b"\r\n.\r", b"\r\n.\r\n"]
ENDINGS += [b"\n.\r", b"\r\r\n.\r\r\n", b"\r\n\0.\r\n", b"\n\n.\n\n", b"\r.\n"]


@pytest.mark.parametrize("ending", ENDINGS)
def test_no_body_smuggles_a_second_message(ending):
    smuggled = b"MAIL FROM:<evil@example.org>\r\nRCPT TO:<victim@example.org>\r\nDATA\r\nHi\r\n.\r\n"
    with Server() as server:
        replies = deliver(server, message(1, body=b"text" + ending + smuggled), message(2))
    assert [reply.code for reply in replies] == [250, 250]
    assert server.recipients() == ["reader@example.org"] * 2


@pytest.mark.parametrize("ending", ENDINGS)
def test_no_dot_stands_after_what_some_server_takes_for_the_end_of_a_line(ending):
    data = canonical(message(body=b"text" + ending + b"more"))
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)|\r\n\.\r\n", data)


def test_canonical_data_is_left_as_it_is():
    assert canonical(message(body=b"a\r\nb\r\n")).endswith(b"\r\n\r\na\r\nb\r\n")
    assert canonical(message(body=b".a\n.b")).endswith(b"\r\n\r\n..a\r\n..b\r\n")


def test_a_rate_is_kept():
    with Server() as server:
        loop_time = asyncio.run(_timed(server))
    assert loop_time >= 0.4


async def _timed(server):
    pool = Pool(route(server, rate=10.0, connections=4), limits=QUICK)
    began = asyncio.get_running_loop().time()
    await asyncio.gather(*(pool.deliver(message(number), nothing) for number in range(6)))
    took = asyncio.get_running_loop().time() - began
    await pool.close()
    return took


def test_whoever_stops_waiting_for_a_message_harms_no_other():
    async def work():
        held = asyncio.Event()
        pool = Pool(route(server), limits=QUICK)
        one, two, three = (
            asyncio.create_task(pool.deliver(message(number), held.wait if number == 1 else nothing))
            for number in (1, 2, 3)
        )
        while not server.commands or server.commands[-1] != "DATA":  # noqa: ASYNC110 - the server runs in a thread
            await asyncio.sleep(0.01)
        two.cancel()
        one.cancel()
        replies = await asyncio.gather(one, two, three, return_exceptions=True)
        await pool.close()
        return replies

    with Server() as server:
        first, second, third = asyncio.run(work())
    assert isinstance(first, asyncio.CancelledError)
    assert isinstance(second, asyncio.CancelledError)
    assert third.code == 250
    assert server.ids() == ["<3@example.org>"]


def test_a_header_outside_ascii_needs_the_servers_word_too():
    def swedish(number):
        made = message(number)
        return Message(made.envelope, b"Reply-To: <\xc3\xa5sa@example.org>\r\n" + made.data, made.message_id)

    with Server() as server:
        assert deliver(server, swedish(1))[0].code == 250
        assert next(line for line in server.commands if line.startswith("MAIL")).endswith("SMTPUTF8")
    with Server(extensions=("8BITMIME",)) as server:
        (reply,) = deliver(server, swedish(1))
    assert (reply.stage, reply.enhanced, server.ids()) == (Stage.MAIL, "5.6.9", [])


@pytest.mark.parametrize("enough", ["452", "enough"])
@pytest.mark.parametrize("way", WAYS)
def test_a_server_that_takes_so_many_messages_by_one_connection_and_stays_gets_the_rest_by_another(way, enough):
    offered, way = split(way)
    with Server(extensions=offered, each=5, enough=enough) as server:
        replies = deliver(server, *map(message, range(23)), **way)
    assert {reply.code for reply in replies} == {250}
    assert sorted(server.ids()) == sorted(f"<{number}@example.org>" for number in range(23))
    assert server.connections == 5


def test_a_server_that_ends_each_connection_without_a_word_has_soon_one_message_at_a_time():
    messages = [message(number) for number in range(400)]
    with Server(extensions=CHUNKING, each=10, enough="drop") as server:
        replies = deliver(server, *messages, together=True, in_flight=4, connections=2)
    doubtful = [reply for reply in replies if reply.code != 250]
    assert all((reply.stage, reply.code) == (Stage.DOT, 0) for reply in doubtful)
    assert len(doubtful) <= 2 * 2 * 4
    assert len(server.ids()) == len(set(server.ids())) >= 400 - len(doubtful)


def test_a_server_that_says_too_many_messages_to_the_first_of_a_connection_is_not_asked_again():
    with Server(faults=[Fault("mail", "452", times=3)]) as server:
        replies = deliver(server, *map(message, range(3)))
    assert [reply.code for reply in replies] == [452] * 3
    assert server.connections == 1


def test_a_pool_that_is_closed_while_it_connects_leaves_no_connection_open():
    async def work(moment):
        pool = Pool(route(server, connections=4))
        tasks = [asyncio.ensure_future(pool.deliver(message(number), nothing)) for number in range(4)]
        await asyncio.sleep(moment)
        await pool.close()
        for _ in range(2000):
            if server.open:
                await asyncio.sleep(0.005)
        still = server.open
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return still

    with Server() as server:
        assert [asyncio.run(work(step / 2000)) for step in range(1, 25)] == [0] * 24


def test_a_wrong_password_is_tried_by_one_connection_and_not_soon_again(monkeypatch):
    """Many a server locks an account, or shuts an address out, after a handful of guesses."""
    monkeypatch.setattr(pool, "SOON", 0.5)

    def asked(server):
        return sum(line.upper().startswith("AUTH") for line in server.commands)

    async def work(server):
        by = Pool(route(server, connections=10, username="news"), "right", limits=QUICK)
        for _ in range(2):
            ended = (by.deliver(message(number), nothing) for number in range(20))
            replies = await asyncio.gather(*ended, return_exceptions=True)
            assert all(isinstance(reply, RouteError) and "log-in" in reply.what for reply in replies)
        assert asked(server) == 1
        await asyncio.sleep(0.6)
        replies = await asyncio.gather(*(by.deliver(message(number), nothing) for number in range(20)))
        assert {reply.code for reply in replies} == {250}
        assert asked(server) > 2
        await by.close()

    with Server(users={"news": "right"}, faults=[Fault("auth", "550")], delay=0.01) as server:
        asyncio.run(work(server))


def test_a_long_body_that_nobody_takes_any_more_ends_with_its_connection():
    """Not with the minutes that a server may take for it (RFC 5321 section 4.5.3.2.5)."""

    async def work():
        async def meet(reader, writer):
            await asyncio.sleep(0.1)
            writer.transport.abort()

        server = await asyncio.start_server(meet, "127.0.0.1", 0, limit=1024)
        place = server.sockets[0].getsockname()
        transport, _ = await asyncio.get_running_loop().create_connection(asyncio.Protocol, *place)
        wire = Wire(transport)
        transport.set_protocol(wire)
        async with server, asyncio.timeout(20):
            assert not await wire.drain((b"x" * 20_000_000,), 600.0)
            return wire.lost

    assert asyncio.run(work())
