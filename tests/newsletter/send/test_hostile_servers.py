"""Servers that are odd, old, broken or hostile: what each is taken for, and what the operator reads of it."""

import asyncio
import contextlib

import pytest

from newsletter.errors import RouteError
from newsletter.model import Envelope, Message, Stage
from newsletter.send.answer import KEPT
from newsletter.send.limits import Limits
from newsletter.send.pool import Pool
from tests.wire import route

LIMITS = Limits(connect=1.5, mail=0.6, rcpt=0.6, data=0.6, body=0.6, dot=0.6, quit=0.2)
EHLO = "250-odd\r\n250-PIPELINING\r\n250 8BITMIME\r\n"


class _Aborted:
    """A connection that is dropped at the end."""

    def __init__(self, writer):
        self.close = writer.transport.abort


class Odd:
    """Speaks by a script: what it says to each verb, None to hang up; *drip* between bytes of what is *slow*."""

    def __init__(self, drip=0.0, slow="", banner="220 odd\r\n", **said):
        self.drip = drip
        self.slow = slow
        self.banner = banner
        self.said = {"EHLO": EHLO, "DATA": "354 go on\r\n", "QUIT": "221 bye\r\n", **said}

    async def __call__(self, reader, writer):
        async def say(text, verb=""):
            whole = text if isinstance(text, bytes) else text.encode()
            drip = self.drip if self.slow in ("", verb) else 0.0
            for piece in [whole[at : at + 1] for at in range(len(whole))] if drip else [whole]:
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(drip)

        ends = (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, asyncio.CancelledError)
        with contextlib.suppress(*ends), contextlib.closing(_Aborted(writer)):
            await say(self.banner)
            while line := await reader.readuntil(b"\n"):
                verb = line.split()[0].decode().upper()
                answer = self.said.get(verb, "250 ok\r\n")
                if answer is None:
                    break
                if verb == "BDAT":
                    await reader.readexactly(int(line.split()[1]))
                await say(answer, verb)
                if verb == "DATA" and answer.startswith("354"):
                    await reader.readuntil(b"\r\n.\r\n")
                    await say(self.said.get("DOT", "250 2.0.0 ok\r\n"), "DOT")
                if verb == "QUIT":
                    break
            writer.write_eof()
            await asyncio.sleep(0.05)


def deliver(odd, recipient="reader@example.org", sender="bounce@example.org", body="Hello\r\n", **changed):
    """Hand two messages over, and return the last reply."""

    async def work():
        server = await asyncio.start_server(odd, "127.0.0.1", 0, limit=2**20)

        class At:
            """What a route asks for."""

            port = server.sockets[0].getsockname()[1]

        pool = Pool(route(At, **changed), "secret", limits=LIMITS)

        async def commit():
            pass

        try:
            for number in range(2):
                message_id = f"<{number}@example.org>"
                data = f"Message-ID: {message_id}\r\n\r\n{body}".encode()
                reply = await pool.deliver(Message(Envelope(sender, recipient), data, message_id), commit)
            return reply
        finally:
            await pool.close()
            server.close()

    return asyncio.run(work())


@pytest.mark.parametrize(
    "odd",
    [
        Odd(drip=0.0005),
        Odd(banner="220\r\n", EHLO="250\r\n", MAIL="250\r\n", RCPT="250\r\n", DATA="354\r\n", DOT="250\r\n"),
        Odd(
            banner="220 odd\n", EHLO="250-odd\n250 PIPELINING\n", MAIL="250 ok\n", RCPT="250 ok\n", DOT="250 ok\n"
        ),
        Odd(banner="220-one\r\n220-two\r\n220 three\r\n"),
        Odd(EHLO="250-odd\r\n250-pipelining\r\n250 size\r\n"),
        Odd(EHLO="250-odd\r\n250 SIZE lots\r\n"),
        Odd(EHLO="250-odd\r\n250 SIZE 0\r\n"),
        Odd(EHLO="500 what?\r\n"),
        Odd(EHLO="502 5.5.1 what?\r\n"),
        Odd(EHLO="550 not that\r\n"),
        Odd(EHLO="".join(f"250-X{number}\r\n" for number in range(1000)) + "250 PIPELINING\r\n"),
        Odd(RCPT="251 will forward\r\n"),
        Odd(RCPT="252 cannot verify\r\n"),
        Odd(RCPT=b"250 \0\x07ok\r\n"),
        Odd(DOT="250 5.1.1 ok, whatever that means\r\n"),
        Odd(DOT="250-2.0.0 ok\r\n250-2.0.0 really\r\n250 2.0.0 yes\r\n"),
        Odd(EHLO="250-odd\r\n250-PIPELINING\r\n250 CHUNKING\r\n"),
        Odd(EHLO="250-odd\r\n250-PIPELINING\r\n250 CHUNKING\r\n", BDAT="502 5.5.1 no\r\n"),
    ],
    ids=lambda odd: "",
)
def test_odd_is_not_wrong(odd):
    reply = deliver(odd)
    assert (reply.stage, reply.code) == (Stage.DOT, 250)


@pytest.mark.parametrize(
    ("odd", "stage", "code", "text"),
    [
        (Odd(RCPT="334 hm\r\n"), Stage.RCPT, 0, "makes no sense: 334 hm"),
        (Odd(RCPT="150 hm\r\n"), Stage.RCPT, 0, "is no SMTP"),
        (Odd(RCPT="650 hm\r\n"), Stage.RCPT, 0, "is no SMTP"),
        (Odd(RCPT=b"550 5.1.1 anv\xe4ndare\r\n"), Stage.RCPT, 550, "anv\ufffdndare"),
        (Odd(RCPT="550 <Reader@example.org>: no\r\n"), Stage.RCPT, 550, "<…>: no"),
        (Odd(RCPT=None), Stage.RCPT, 0, "closed the connection"),
        (Odd(RCPT="550-5.1.1 one\r\n550-5.1.1  two\r\n550 5.1.1 three\r\n"), Stage.RCPT, 550, "one two three"),
        (Odd(DOT="250-ok\r\n550 no\r\n"), Stage.DOT, 0, "changes its code"),
        (Odd(DOT="354 more\r\n"), Stage.DOT, 0, "makes no sense"),
        (Odd(EHLO="250-odd\r\n250 SIZE 10\r\n"), Stage.MAIL, 552, "38 bytes are more than the server takes (10)"),
        (Odd(banner="421 busy\r\n"), Stage.CONNECT, 421, "421 busy"),
        (Odd(banner=""), Stage.CONNECT, 0, "says nothing in time"),
        (Odd(EHLO="250-X\r\n" * 100_000), Stage.CONNECT, 0, "answer as a mail server does: Response too long"),
        (Odd(EHLO="250-" + "x" * 2_000_000), Stage.CONNECT, 0, "answer as a mail server does: Response too long"),
        (Odd(EHLO="421 not now\r\n"), Stage.CONNECT, 421, "421 not now"),
    ],
    ids=lambda value: "" if isinstance(value, Odd) else None,
)
def test_what_makes_no_sense_is_told_and_nobody_is_blamed(odd, stage, code, text):
    reply = deliver(odd)
    assert (reply.stage, reply.code) == (stage, code)
    assert text in reply.text
    assert "-1" not in reply.text


def test_of_a_reply_that_is_long_only_the_beginning_is_kept():
    assert deliver(Odd(RCPT=f"550 5.1.1 {'x' * 4000}\r\n")).text == "x" * KEPT


@pytest.mark.parametrize(("body", "stage"), [("Hello\r\n", Stage.BODY), ("Hello\r\n" * 50_000, Stage.DOT)])
def test_an_acceptance_before_the_end_leaves_doubt_once_some_of_the_message_is_on_its_way(body, stage):
    reply = deliver(Odd(DATA="354 go on\r\n250 2.0.0 taken\r\n"), body=body)
    assert (reply.stage, reply.code) == (stage, 0)
    assert "answered before the end" in reply.text


def test_a_server_that_wants_the_message_of_a_reader_whom_it_refused_gets_nothing_of_it():
    heard = []

    async def wanting(reader, writer):
        writer.write(b"220 odd\r\n")
        await reader.readline()
        writer.write(EHLO.encode())
        await reader.readuntil(b"DATA\r\n")
        writer.write(b"250 ok\r\n550 5.1.1 no\r\n354 go on\r\n")
        with contextlib.closing(_Aborted(writer)), contextlib.suppress(ConnectionError, asyncio.CancelledError):
            heard.append(await reader.read())

    reply = deliver(wanting)
    assert (reply.stage, reply.code) == (Stage.RCPT, 550)
    assert heard[0] == b""


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DOT"])
@pytest.mark.parametrize("answer", ["250 " + "x" * 200 + "\r\n", "250-on\r\n" * 60])
def test_a_reply_in_small_pieces_has_no_more_time_than_another(verb, answer):
    """One byte after the other, or one line: each comes within the limit, and the whole never does."""
    reply = deliver(Odd(drip=0.03, slow=verb, **{verb: answer}))
    assert reply.code == 0
    assert "no reply within" in reply.text


def test_only_the_reader_with_an_address_outside_ascii_is_refused_where_the_server_knows_none():
    reply = deliver(Odd(), recipient="åsa@example.org")
    assert (reply.stage, reply.code, reply.enhanced) == (Stage.RCPT, 553, "5.6.7")
    reply = deliver(Odd(), sender="åsa@example.org")
    assert (reply.stage, reply.code, reply.enhanced) == (Stage.MAIL, 553, "5.6.7")


AUTH = "250-odd\r\n250 AUTH {}\r\n"


@pytest.mark.parametrize(
    ("odd", "changed", "told"),
    [
        (Odd(banner="554 no service\r\n"), {}, "turns us away: 554 no service"),
        (Odd(EHLO="550 no\r\n", HELO="501 not so either\r\n"), {}, "turns us away: 550 no"),
        (Odd(EHLO="550 no\r\n", HELO=None), {}, "turns us away: 550 no"),
        (Odd(), {"username": "me"}, r"offers no log-in \(AUTH\)"),
        (Odd(EHLO=AUTH.format("XOAUTH2 NTLM")), {"username": "me"}, "offers no log-in that we know"),
        (Odd(EHLO=AUTH.format("PLAIN"), AUTH="535 5.7.8 bad\r\n"), {"username": "me"}, "log-in: 535 5.7.8 bad"),
        (
            Odd(EHLO=AUTH.format("PLAIN"), AUTH="534-5.7.9 Use another\r\n534 5.7.9 password.\r\n"),
            {"username": "me"},
            "534 5.7.9 Use another password; check username",
        ),
        (
            Odd(EHLO=AUTH.format("PLAIN"), AUTH=b"535 5.7.8 n\xe4\r\n"),
            {"username": "me"},
            "535 5.7.8 n\ufffd; check",
        ),
        (Odd(), {"tls": "starttls"}, "offers no STARTTLS, so nothing was said to it in clear"),
        (Odd(EHLO="250-odd\r\n250 STARTTLS\r\n", STARTTLS="502 no\r\n"), {"tls": "starttls"}, "STARTTLS: 502 no"),
        (Odd(), {"tls": "tls"}, 'does not begin with TLS; use tls = "starttls"'),
        (Odd(banner="SSH-2.0-Example\r\n"), {}, "speaks SSH and not SMTP: SSH-2.0-Example; check host and port"),
        (Odd(banner="* OK [CAPABILITY IMAP4rev1] Ready.\r\n"), {}, r"speaks IMAP and not SMTP: \* OK"),
        (Odd(banner="+OK Ready.\r\n"), {}, r"speaks POP3 and not SMTP: \+OK Ready; check"),
        (Odd(banner="HTTP/1.1 408 Request Timeout\r\n"), {}, "speaks HTTP and not SMTP"),
        (Odd(EHLO="500 5.5.1 what\r\n", HELO="500 5.5.1 what\r\n"), {}, "neither EHLO nor HELO: 500 5.5.1 what"),
    ],
    ids=lambda value: "" if isinstance(value, Odd) else None,
)
def test_what_will_not_pass_by_itself_is_an_error_of_the_route(odd, changed, told):
    with pytest.raises(RouteError, match=told):
        deliver(odd, **changed)


@pytest.mark.parametrize(
    ("odd", "changed", "told"),
    [
        (Odd(EHLO=AUTH.format("PLAIN"), AUTH="454 4.7.0 later\r\n"), {"username": "me"}, "454 4.7.0 later"),
        (Odd(EHLO=AUTH.format("PLAIN"), AUTH="250 ok\r\n"), {"username": "me"}, "as a mail server does: 250 ok"),
        (Odd(EHLO="250-odd\r\n250 STARTTLS\r\n", STARTTLS="454 later\r\n"), {"tls": "starttls"}, "454 later"),
    ],
    ids=lambda value: "" if isinstance(value, Odd) else None,
)
def test_what_may_pass_by_itself_is_tried_again(odd, changed, told):
    reply = deliver(odd, **changed)
    assert reply.stage is Stage.CONNECT
    assert told in reply.text
