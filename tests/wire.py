"""A route to a server of the tests, messages for it, and the ways in which they are handed over."""

import asyncio

import pytest

from newsletter.config import Route
from newsletter.model import Envelope, Message
from newsletter.send.limits import Limits
from newsletter.send.pool import Pool
from tests.smtpserver import EXTENSIONS

QUICK = Limits(connect=2.0, mail=0.5, rcpt=0.5, data=0.5, body=0.5, dot=0.5, quit=0.3)
#: For what hangs: long enough for a loaded machine, short enough to wait for.
IMPATIENT = Limits(connect=0.3, mail=0.3, rcpt=0.3, data=0.3, body=0.3, dot=0.3, quit=0.2)
BODY = b"line of text\r\n" * 40
CHUNKING = (*EXTENSIONS, "CHUNKING")


def message(number=1, recipient="reader@example.org", body=BODY):
    message_id = f"<{number}@example.org>"
    data = f"Message-ID: {message_id}\r\n\r\n".encode() + body
    return Message(Envelope("bounce@example.org", recipient), data, message_id)


def route(server, **changed):
    fields = {
        "name": "test",
        "host": "127.0.0.1",
        "port": server.port,
        "tls": "none",
        "username": "",
        "password_env": "",
        "connections": 1,
        "rate": None,
    }
    return Route(**{**fields, **changed})


async def nothing():
    pass


def deliver(server, *messages, commit=nothing, limits=QUICK, password="", context=None, **changed):
    """Hand messages over one after the other, or all at once, and return the replies."""
    together = changed.pop("together", False)

    async def work():
        pool = Pool(route(server, **changed), password, limits=limits, context=context)
        try:
            if together:
                return await asyncio.gather(*(pool.deliver(each, commit) for each in messages))
            return [await pool.deliver(each, commit) for each in messages]
        finally:
            await pool.close()

    return asyncio.run(work())


def split(way):
    """Return what the server offers, and how messages are handed over."""
    return way["extensions"], {key: value for key, value in way.items() if key != "extensions"}


WAYS = [
    pytest.param({"extensions": (), "together": False}, id="step by step"),
    pytest.param({"extensions": EXTENSIONS, "together": False}, id="pipelining, one by one"),
    pytest.param({"extensions": EXTENSIONS, "together": True}, id="pipelining"),
    pytest.param({"extensions": CHUNKING, "together": True}, id="chunking"),
    pytest.param({"extensions": CHUNKING, "together": True, "in_flight": 4}, id="chunking, four in flight"),
]
