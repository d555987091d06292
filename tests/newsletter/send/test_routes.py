"""Several routes: weights share messages out, a route that fails is left out, rations outlast a restart."""

import asyncio
import re
import socket
from collections import Counter
from datetime import UTC, datetime

import pytest

from newsletter.config import parse
from newsletter.errors import RouteError, SettingsError
from newsletter.model import Envelope, Message, Stage
from newsletter.send import pool
from newsletter.send import routes as routing
from newsletter.send.pool import Pool
from newsletter.send.routes import Routes, dressed, lane
from newsletter.timing.pace import Rate
from subscribers.errors import StoreError
from subscribers.store.file.open import connect
from subscribers.store.file.writer import Writer
from tests.ledger import QUICK
from tests.newsletter.test_config import LETTER
from tests.smtpserver import Fault, Server
from tests.wire import route


def message(number):
    message_id = f"<{number}@example.org>"
    data = f"Message-ID: {message_id}\r\n\r\nHello\r\n".encode()
    return Message(Envelope("bounce+1-a@example.org", f"reader{number}@example.org"), data, message_id)


async def nothing():
    pass


def deliver(routes, count, *, at_once=4, writer=None, said=None, password="", patience=10.0):
    """Send so many messages; return the replies in time."""

    async def work():
        halt = asyncio.Event()
        lanes = [lane(each, Pool(each, password, limits=QUICK, halt=halt)) for each in routes]
        say = (said if said is not None else []).append
        courier = Routes(lanes, halt=halt, now=lambda: datetime.now(UTC), say=say, writer=writer)
        replies, numbers = [], iter(range(count))

        async def worker():
            for number in numbers:
                replies.append(await courier.deliver(message(number), nothing))

        try:
            async with asyncio.timeout(patience):
                await asyncio.gather(*(worker() for _ in range(at_once)))
        except TimeoutError:
            pass
        finally:
            await courier.close()
        return replies

    return asyncio.run(work())


def at(server, name, **changed):
    return route(server, name=name, rate=None, **changed)


def closed():
    """Return a port on which nothing listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def test_messages_are_shared_out_by_weight():
    with Server() as one, Server() as other:
        routes = [at(one, "one", weight=3), at(other, "other", weight=1)]
        replies = deliver(routes, 80, at_once=1)
    assert {reply.code for reply in replies} == {250}
    assert (len(one.accepted), len(other.accepted)) == (60, 20)


def test_weights_hold_while_every_connection_is_busy():
    with Server(delay=0.01) as one, Server() as other:
        routes = [at(one, "one", weight=3, connections=2), at(other, "other", weight=1, connections=2)]
        replies = deliver(routes, 200, at_once=16)
    assert {reply.code for reply in replies} == {250}
    assert 48 <= len(other.accepted) <= 52


def test_a_route_that_stands_still_keeps_its_share_from_nobody_for_long(monkeypatch):
    monkeypatch.setattr(routing, "STILL", 0.5)
    with Server(faults=[Fault("mail", "hang", times=100, skip=5)]) as still, Server() as other:
        routes = [at(still, "still", weight=3, connections=2), at(other, "other", weight=1, connections=2)]
        deliver(routes, 100, at_once=20, patience=5.0)
    assert len(still.accepted) == 5
    assert len(other.accepted) > 80, "what it has already is all that waits for it"


def test_a_slow_route_holds_nobody_up():
    with Server(delay=0.2) as slow, Server() as quick:
        replies = deliver([at(slow, "slow", connections=1), at(quick, "quick", connections=1)], 100)
    assert {reply.code for reply in replies} == {250}
    assert len(quick.accepted) > 80


def test_a_route_that_does_not_answer_is_left_out():
    with Server() as server:
        gone = at(server, "gone")
        routes = [type(gone)(**{**fields(gone), "port": closed()}), at(server, "here")]
        replies = deliver(routes, 20, said=(said := []))
    assert [reply.code for reply in replies] == [250] * 20
    assert said == [f"gone: nothing answers at 127.0.0.1:{routes[0].port}. The other routes go on."]
    assert Counter(server.recipients()).most_common(1)[0][1] == 1


@pytest.mark.parametrize("code", ["421", "451"])
def test_what_a_busy_route_did_not_take_leaves_by_another_that_is_free(code):
    with Server(faults=[Fault("mail", code, times=100)]) as busy, Server() as free:
        replies = deliver([at(busy, "busy", weight=5), at(free, "free", weight=1)], 20, at_once=1)
    assert [reply.code for reply in replies] == [250] * 20
    assert busy.accepted == []
    assert len(free.accepted) == 20


def test_what_no_route_takes_now_ends_with_what_the_last_one_said():
    busy = [Fault("mail", "451", times=100)]
    with Server(faults=busy) as one, Server(faults=busy) as other:
        (reply,) = deliver([at(one, "one"), at(other, "other")], 1)
    assert (reply.stage, reply.code) == (Stage.MAIL, 451)
    for server in (one, other):
        assert [line for line in server.commands if line.startswith("MAIL")]
        assert server.accepted == []


def test_a_server_that_counts_in_what_it_says_is_told_of_once_for_each_reason():
    said = []
    faults = [Fault("mail", "counted", times=3), Fault("mail", "451", times=5)]
    with Server(faults=faults) as server:
        deliver([at(server, "relay 2", connections=1)], 8, at_once=1, said=said, patience=60.0)
    assert [text.split(" / ")[0].partition(";")[0] for text in said] == [
        "relay 2 asks for patience: 451 4.7.1 sender rate 2.0",
        "relay 2 asks for patience: 451 4.3.0 try again later",
    ]


def test_what_a_server_heard_the_reader_of_goes_to_no_other():
    with Server(faults=[Fault("rcpt", "451", times=100)]) as busy, Server() as free:
        replies = deliver([at(busy, "busy", weight=5), at(free, "free", weight=0)], 3, at_once=1)
    assert [(reply.stage, reply.code) for reply in replies] == [(Stage.RCPT, 451)] * 3
    assert free.accepted == []


def test_a_route_without_weight_stands_in_only():
    with Server(faults=[Fault("banner", "421", times=3, skip=1)]) as first, Server() as spare:
        replies = deliver([at(first, "first", connections=1), at(spare, "spare", weight=0)], 30, at_once=1)
        assert {reply.code for reply in replies} == {250}
        assert spare.accepted == []
        replies = deliver([at(first, "first", connections=1), at(spare, "spare", weight=0)], 30, at_once=1)
    assert {reply.code for reply in replies} == {250}
    assert len(spare.accepted) == 30


def test_a_route_without_weight_does_not_stand_in_for_a_ration_that_is_being_written_down(tmp_path):
    with Server() as first, Server() as spare, Writer(tmp_path / "people.db", durable=False) as writer:
        routes = [at(first, "first", rates=(Rate(60, 3600),)), at(spare, "spare", weight=0)]
        replies = deliver(routes, 40, at_once=8, writer=writer)
    assert [reply.code for reply in replies] == [250] * 40
    assert (len(first.accepted), len(spare.accepted)) == (40, 0)


def test_a_wrong_password_stops_one_route_and_is_said_once():
    said = []
    with Server(users={"news": "right"}) as strict, Server() as open_one:
        routes = [at(strict, "strict", username="news"), at(open_one, "open")]
        replies = deliver(routes, 20, said=said, password="wrong")
        assert [reply.code for reply in replies] == [250] * 20
        assert strict.accepted == []
        assert len([text for text in said if "refuses the log-in" in text]) == 1
        with pytest.raises(RouteError, match="refuses the log-in"):
            deliver(routes[:1], 1, password="wrong")


@pytest.mark.parametrize(("rates", "count"), [((), 1), ((Rate(100, 1),), 1), ((), 2)])
def test_a_route_that_was_wrong_is_used_again_once_it_is_right(monkeypatch, rates, count):
    """`serve` sends mails about subscriptions by one courier as long as it lives."""
    monkeypatch.setattr(pool, "SOON", 0.2)

    async def work(server):
        halt = asyncio.Event()
        routes = [at(server, name, username="news", rates=rates) for name in ("one", "two")[:count]]
        lanes = [lane(each, Pool(each, "right", limits=QUICK, halt=halt)) for each in routes]
        courier = Routes(lanes, halt=halt, now=lambda: datetime.now(UTC), say=lambda text: None)
        for number in range(2):
            with pytest.raises(RouteError, match="refuses the log-in"):
                await courier.deliver(message(number), nothing)
        server.users["news"] = "right"
        await asyncio.sleep(0.3)
        reply = await courier.deliver(message(3), nothing)
        await courier.close()
        return reply

    with Server(users={"news": "another"}) as server:
        assert asyncio.run(work(server)).code == 250


def test_when_no_route_answers_the_reply_says_so():
    with Server() as server:
        gone = at(server, "gone")
    replies = deliver([gone, type(gone)(**{**fields(gone), "name": "too", "port": closed()})], 1)
    assert [(reply.stage, reply.code) for reply in replies] == [(Stage.CONNECT, 0)]


def test_a_days_ration_is_remembered_and_shared(tmp_path):
    path = tmp_path / "people.db"
    connect(path, durable=False).close()
    with Server() as server:
        routes = [at(server, "relay", rates=(Rate(15, 86400), Rate(100, 1)))]
        for expected in (10, 15, 15):
            with Writer(path, durable=False) as writer:
                said = []
                deliver(routes, 10, writer=writer, said=said, patience=1.5)
            assert len(server.accepted) == expected
        assert "the rate is used up for 24 hours" in said[0]


def test_a_route_has_its_own_domain_for_bounces_and_its_header_for_the_message_id():
    with Server() as server:
        by = at(server, "relay", sender_domain="relay.example", id_header="X-Message-Key")
        deliver([by], 1)
    (received,) = server.accepted
    assert received.sender == "bounce+1-a@relay.example"
    assert received.data.startswith(b"X-Message-Key: 0@example.org\r\nMessage-ID: <0@example.org>\r\n")
    account = at(server, "account", sender="news@example.org")
    assert dressed(message(1), account).envelope == ("news@example.org", message(1).envelope.recipient)
    plain = at(server, "plain")
    assert dressed(message(1), plain) == message(1)


def fields(by):
    return {name: getattr(by, name) for name in by.__dataclass_fields__}


ROUTE = '\n[[smtp]]\nname = "relay"\nhost = "127.0.0.1"\ntls = "none"\n'


def test_several_rates_hold_together():
    (by,) = parse(LETTER + ROUTE + 'rate = ["14/second", "50000/day"]').routes
    assert by.rates == (Rate(14, 1), Rate(50000, 86400))
    assert by.rate == 14.0


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("weight = -1", "weight cannot be -1"),
        ('id_header = "X Key"', "“X Key” names no header"),
        ('sender_domain = "a b"', "“a b” is no domain"),
        ('sender = "news"', "sender is no e-mail address"),
        ('sender = "a@example.org"\nsender_domain = "example.org"', "take sender_domain out"),
        ('rate = ["5/minute", "6/week"]', "“6/week” is no rate"),
    ],
)
def test_what_a_route_cannot_be_is_told_with_its_line(line, told):
    with pytest.raises(SettingsError) as error:
        parse(LETTER + ROUTE + line)
    assert told in str(error.value)
    assert "newsletter.toml:" in str(error.value)


def test_a_host_is_a_name_alone_and_ipv6_may_stand_in_brackets():
    (by,) = parse(LETTER + ROUTE.replace("127.0.0.1", "[::1]")).routes
    assert (by.host, by.loopback) == ("::1", True)
    for wrong in ("smtp.example.org:587", "https://smtp.example.org", "[::1]:25"):
        with pytest.raises(SettingsError, match="is no host; write the name alone"):
            parse(LETTER + ROUTE.replace("127.0.0.1", wrong))


def test_a_sender_that_is_killed_forgets_nothing_of_a_days_ration(tmp_path):
    path = tmp_path / "people.db"
    connect(path, durable=False).close()

    async def killed(server):
        """Send until the ration is used, and end as a process does that is killed."""
        with Writer(path, durable=False) as writer:
            halt, by = asyncio.Event(), at(server, "relay", rates=(Rate(150, 86400),))
            lanes = [lane(by, Pool(by, limits=QUICK, halt=halt))]
            courier = Routes(lanes, halt=halt, now=lambda: datetime.now(UTC), say=[].append, writer=writer)
            for number in range(40):
                await courier.deliver(message(number), nothing)
            await lanes[0].courier.close()

    with Server() as server:
        for _ in range(3):
            asyncio.run(killed(server))
        assert len(server.accepted) == 120
        with Writer(path, durable=False) as writer:
            deliver([at(server, "relay", rates=(Rate(150, 86400),))], 60, writer=writer, patience=2.0)
    assert 150 - 3 * 3 <= len(server.accepted) <= 150


def test_a_rate_that_is_used_up_is_told_once_and_of_the_route_that_has_it():
    said = []
    with Server() as server, Server() as other:
        gone = type(at(server, "gone"))(**{**fields(at(server, "gone")), "port": closed()})
        routes = [at(server, "relay", rates=(Rate(2, 3600),)), gone, at(other, "spare", weight=0)]
        deliver(routes, 6, said=said, patience=2.5)
    assert len(server.accepted) == 2
    assert other.accepted == [], "no route fails but one, and that has others beside it"
    (told,) = (line for line in said if "used up" in line)
    assert re.fullmatch(r"relay: the rate is used up for \d+ minutes; waiting loses nothing\.", told)


def test_a_ration_that_cannot_be_written_down_is_told_and_not_waited_for(tmp_path):
    async def work(server, writer):
        halt = asyncio.Event()
        relay = at(server, "relay", rates=(Rate(150, 86400),))
        lanes = [lane(relay, Pool(relay, "", limits=QUICK, halt=halt))]
        courier = Routes(lanes, halt=halt, now=lambda: datetime.now(UTC), say=[].append, writer=writer)
        writer.path.rename(tmp_path / "away.db")
        async with asyncio.timeout(20):
            with pytest.raises(StoreError, match="taken away"):
                await courier.deliver(message(1), nothing)
        assert not server.accepted

    with Server() as server, Writer(tmp_path / "people.db", durable=False) as writer:
        asyncio.run(work(server, writer))
