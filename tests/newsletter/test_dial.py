"""Dialling: of a host's addresses that one is used which answers, whichever stands first."""

import asyncio
import socket
import time
from contextlib import closing, contextmanager

import pytest

from newsletter.errors import RouteError
from newsletter.send import dial
from newsletter.send.limits import Limits
from newsletter.send.login import log_in
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
