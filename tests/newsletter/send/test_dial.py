"""Dialling: of a host's addresses that one is used which answers, whichever stands first."""

import asyncio
import errno
import os
import socket
import time
from contextlib import closing, contextmanager

import pytest

from newsletter.errors import RouteError
from newsletter.send import dial
from newsletter.send.limits import Limits
from newsletter.send.login import UnreachableError, log_in
from tests import wire


@contextmanager
def listening(backlog=5):
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(backlog)
        yield listener.getsockname()


@contextmanager
def deaf():
    """Yield an address that answers nobody: as many wait to be let in there as may."""
    with listening(0) as place:
        waiting = [socket.socket() for _ in range(4)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(place)
        try:
            yield place
        finally:
            for each in waiting:
                each.close()


def refusing():
    with listening() as place:
        return place


def first(*places):
    """Return where the connection leads, and after how many seconds."""

    async def work():
        addresses = [(socket.AF_INET, socket.SOCK_STREAM, 0, "", place) for place in places]
        begun = time.monotonic()
        async with asyncio.timeout(20):
            with closing(await dial.first(addresses)) as connection:
                return connection.getpeername(), time.monotonic() - begun

    return asyncio.run(work())


def test_an_address_that_says_nothing_keeps_nobody_from_the_next():
    with deaf() as one, deaf() as other, listening() as place:
        reached, seconds = first(one, other, place)
    assert reached == place
    assert 2 * dial.STAGGER <= seconds < 10


def test_an_address_that_refuses_is_not_waited_for():
    with listening() as place:
        assert first(refusing(), refusing(), place)[0] == place


def test_the_first_of_two_that_answer_is_taken():
    with listening() as one, listening() as other:
        assert first(one, other)[0] == one


def test_if_none_answers_that_is_told():
    with pytest.raises(ConnectionRefusedError):
        first(refusing(), refusing())


def refusal(monkeypatch, *answers):
    """Return what is said of a relay whose addresses fail by the errno in *answers*."""
    codes = iter(answers)

    async def connect(self, sock, place):
        code = next(codes)
        raise OSError(code, f"Connect call failed {place}")

    monkeypatch.setattr(asyncio.SelectorEventLoop, "sock_connect", connect)
    addresses = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", number)) for number, _ in enumerate(answers)
    ]
    return told(monkeypatch, addresses)


def told(monkeypatch, found):
    """Return what is said of a relay whose name stands for *found*: addresses, or an error."""

    async def look_up(self, *args, **more):
        if isinstance(found, Exception):
            raise found
        return found

    class At:
        port = 587

    monkeypatch.setattr(asyncio.SelectorEventLoop, "getaddrinfo", look_up)
    by = wire.route(At, host="smtp.example.org", tls="starttls")
    with pytest.raises(UnreachableError) as caught:
        asyncio.run(log_in(by, "", Limits()))
    return str(caught.value)


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ((errno.ENETUNREACH, errno.ECONNREFUSED), ": none of its 2 addresses can be reached"),
        ((errno.EHOSTUNREACH,), ": No route to host"),
        ((errno.EHOSTUNREACH, errno.EHOSTUNREACH), ": No route to host"),
    ],
)
def test_why_no_address_answers_is_told_in_words(monkeypatch, answers, said):
    assert refusal(monkeypatch, *answers) == f"smtp.example.org:587{said}"


def test_several_addresses_that_refuse_are_told_as_one(monkeypatch):
    assert (
        refusal(monkeypatch, errno.ECONNREFUSED, errno.ECONNREFUSED) == "nothing answers at smtp.example.org:587"
    )


@pytest.mark.parametrize(
    ("code", "said"),
    [(socket.EAI_NONAME, "no such host is known"), (socket.EAI_AGAIN, "no name server answers")],
)
def test_a_name_that_is_unknown_is_told_from_one_that_cannot_be_looked_up(monkeypatch, code, said):
    assert told(monkeypatch, socket.gaierror(code, "words")) == f"smtp.example.org:587: {said}"


def test_who_gives_up_leaves_nothing_open():
    async def work(place):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(dial.dial(*place), 0.6)
        await asyncio.sleep(0)

    with deaf() as place:
        asyncio.run(work(place))


@pytest.mark.parametrize("host", ["smtp..example.org", "x" * 80 + ".example.org"])
def test_a_name_that_no_host_can_have_is_told(host):
    class At:
        port = 587

    by = wire.route(At, host=host, tls="starttls")
    with pytest.raises(RouteError, match="no host can be called that; check host"):
        asyncio.run(log_in(by, "", Limits()))


def test_a_number_that_is_given_anew_behind_the_loops_back_is_told_and_no_crash():
    async def work():
        with listening() as place:
            one = await asyncio.get_running_loop().create_connection(asyncio.Protocol, *place)
            os.close(one[0].get_extra_info("socket").fileno())
            try:
                await dial.first([(socket.AF_INET, socket.SOCK_STREAM, 0, "", place)])
            finally:
                one[0].abort()

    uvloop = pytest.importorskip("uvloop")
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner, pytest.raises(OSError, match="transport"):
        runner.run(work())
