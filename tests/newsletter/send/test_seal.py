"""Signing in threads: each message is handed on once, signed, and what cannot be signed harms only itself."""

import asyncio

import pytest

from newsletter.model import Envelope, Message, Reply, Stage
from newsletter.send.parcel import Parcel
from newsletter.send.seal import Sealed

TAKEN = Reply(Stage.DOT, 250)


class Mailbox:
    """Takes everything, in the order in which it comes."""

    def __init__(self):
        self.taken = []
        self.closed = False

    def post(self, parcel):
        assert not self.closed
        self.taken.append(parcel.message.data)
        asyncio.get_running_loop().call_soon(parcel.ended, TAKEN)

    async def close(self):
        self.closed = True


def sign(data):
    if data == b"13":
        raise ValueError("no luck")
    return b"signed " + data


def letter(number):
    return Message(Envelope("a@example.org", "b@example.org"), b"%d" % number, f"<{number}@example.org>")


async def nothing():
    pass


def test_all_that_is_posted_is_handed_on_once_and_signed():
    async def send():
        mailbox, ended = Mailbox(), []
        sealed = Sealed(mailbox, sign)
        for number in range(100):
            sealed.post(Parcel(letter(number), lambda heard: heard(None), ended.append))
        await sealed.close()
        return mailbox, ended

    mailbox, ended = asyncio.run(send())
    assert sorted(mailbox.taken) == sorted(b"signed %d" % number for number in range(100) if number != 13)
    assert [str(each) for each in ended if each is not TAKEN] == ["no luck"]
    assert mailbox.closed


def test_who_waits_for_one_message_hears_of_it():
    async def send():
        sealed = Sealed(Mailbox(), sign)
        assert await sealed.deliver(letter(1), nothing) is TAKEN
        with pytest.raises(ValueError, match="no luck"):
            await sealed.deliver(letter(13), nothing)
        assert await sealed.deliver(letter(2), nothing) is TAKEN
        await sealed.close()

    asyncio.run(send())


def test_nothing_is_started_for_nothing():
    async def send():
        mailbox = Mailbox()
        await Sealed(mailbox, sign).close()
        return mailbox.closed

    assert asyncio.run(send())
