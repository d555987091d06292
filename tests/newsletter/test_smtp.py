"""The wire: whatever a server does, each fault is known to be before or after the dot."""

import asyncio
import contextlib
import itertools
import socket
import ssl
import subprocess

import pytest

from newsletter.config import Route
from newsletter.errors import RouteError
from newsletter.model import Envelope, Message, Stage
from newsletter.send.answer import KEPT
from newsletter.send.envelope import canonical
from newsletter.send.limits import Limits
from newsletter.send.notes import UnwantedError
from newsletter.send.pool import Pool
from tests.effort import ends
from tests.smtpserver import EXTENSIONS, Fault, Server

QUICK = Limits(connect=0.5, mail=0.5, rcpt=0.5, data=0.5, body=0.5, dot=0.5, quit=0.3)
#: For what hangs: long enough for a loaded machine, short enough to wait for.
IMPATIENT = Limits(connect=0.3, mail=0.3, rcpt=0.3, data=0.3, body=0.3, dot=0.3, quit=0.2)
BODY = b"line of text\r\n" * 40
CHUNKING = (*EXTENSIONS, "CHUNKING")
BEFORE = (Stage.CONNECT, Stage.MAIL, Stage.RCPT, Stage.DATA, Stage.BODY)


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


def test_a_message_arrives_as_it_is():
    with Server() as server:
        (reply,) = deliver(server, message(body=b"one\r\n.two\r\n..\r\n.\r\nend\r\n"))
    assert (reply.stage, reply.code, reply.enhanced) == (Stage.DOT, 250, "2.0.0")
    assert reply.text == "queued as 1"
    assert server.accepted[0].data.endswith(b"\r\n\r\none\r\n.two\r\n..\r\n.\r\nend\r\n")
    assert server.recipients() == ["reader@example.org"]


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


@pytest.mark.parametrize("way", WAYS)
def test_one_connection_carries_many_messages(way):
    extensions, changed = split(way)
    with Server(extensions=extensions) as server:
        replies = deliver(server, *map(message, range(20)), **changed)
    assert [reply.code for reply in replies] == [250] * 20
    assert (server.connections, len(set(server.ids()))) == (1, 20)
    assert server.commands[-1] == "QUIT"


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


def test_a_connection_is_replaced_after_so_many_messages():
    with Server() as server:
        replies = deliver(server, *map(message, range(10)), together=True, messages=4)
    assert [reply.code for reply in replies] == [250] * 10
    assert server.connections == 3


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
        pool = Pool(route(server, connections=4), limits=QUICK)
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


def test_an_old_connection_that_the_server_ended_is_replaced():
    with Server(faults=[Fault("mail", "421", skip=1), Fault("mail", "drop", skip=2)]) as server:
        replies = deliver(server, *map(message, range(4)))
    assert [reply.code for reply in replies] == [250] * 4
    assert len(set(server.ids())) == 4


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


def test_nothing_answers_is_a_reply_and_not_a_crash():
    with Server() as server:
        port = server.port
    (reply,) = deliver(server, message(), port=port)
    assert (reply.stage, reply.code) == (Stage.CONNECT, 0)
    assert reply.text == f"nothing answers at 127.0.0.1:{port}"


AUTHORITY = """
[ca]
default_ca = own
[own]
database = {0}/index
new_certs_dir = {0}
rand_serial = yes
unique_subject = no
default_md = sha256
policy = any
copy_extensions = copy
[any]
commonName = supplied
"""


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


@pytest.fixture(scope="session")
def certificates(tmp_path_factory):
    """A certificate for localhost, one for another host, one that has expired; each signed by itself."""
    folder = tmp_path_factory.mktemp("tls")
    (folder / "authority").write_text(AUTHORITY.format(folder))
    (folder / "index").write_text("")
    for name, host, begin, end in (
        ("good", "localhost", "20200101000000Z", "20490101000000Z"),
        ("other", "other.example", "20200101000000Z", "20490101000000Z"),
        ("old", "localhost", "20200101000000Z", "20200102000000Z"),
    ):
        key, request = folder / f"{name}.key", folder / f"{name}.csr"
        openssl(
            *(
                "req",
                "-new",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-keyout",
                key,
            ),
            *("-out", request, "-subj", f"/CN={host}", "-addext", f"subjectAltName=DNS:{host}"),
        )
        openssl(
            *("ca", "-batch", "-selfsign", "-notext", "-config", folder / "authority", "-keyfile", key),
            *("-in", request, "-out", folder / f"{name}.pem", "-startdate", begin, "-enddate", end),
        )
    return folder


def contexts(certificates, name="good"):
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificates / f"{name}.pem", certificates / f"{name}.key")
    client = ssl.create_default_context(cafile=str(certificates / f"{name}.pem"))
    return server, client


def nothing_in_clear(server):
    return not any(line.upper().startswith(("AUTH", "MAIL", "RCPT")) for line in server.commands)


@pytest.mark.parametrize(("tls", "implicit"), [("starttls", False), ("tls", True)])
def test_mail_travels_encrypted_and_logged_in(certificates, tls, implicit):
    for_server, for_client = contexts(certificates)
    with Server(tls=for_server, implicit=implicit, starttls=not implicit, users={"news": "sésame"}) as server:
        (reply,) = deliver(
            server, message(), context=for_client, host="localhost", tls=tls, username="news", password="sésame"
        )
    assert reply.code == 250
    assert (server.accepted[0].tls, server.accepted[0].user) == (True, "news")


def test_a_certificate_shows_who_we_are(certificates):
    for_server, _ = contexts(certificates)
    for_server.load_verify_locations(certificates / "good.pem")
    for_server.verify_mode = ssl.CERT_REQUIRED
    files = {"authority": str(certificates / "good.pem")}
    shown = {"certificate": str(certificates / "good.pem"), "key": str(certificates / "good.key")}
    with Server(tls=for_server, implicit=True) as server:
        (reply,) = deliver(server, message(), host="localhost", tls="tls", **files, **shown)
        assert (reply.code, server.accepted[0].tls) == (250, True)
        with contextlib.suppress(RouteError):
            (reply,) = deliver(server, message(2), host="localhost", tls="tls", **files)
            assert reply.code == 0
        assert server.ids() == ["<1@example.org>"]


def test_a_file_that_is_no_certificate_is_told(tmp_path):
    for changed in ({"authority": "none.pem"}, {"certificate": __file__, "key": __file__}):
        with Server() as server, pytest.raises(RouteError, match="cannot be used: "):
            deliver(server, message(), host="localhost", tls="tls", **changed)


@pytest.mark.parametrize("trouble", ["not offered", "refused", "other", "unknown", "old"])
def test_without_sound_tls_nothing_is_said_in_clear(certificates, trouble):
    name = trouble if trouble in ("other", "old") else "good"
    for_server, for_client = contexts(certificates, name)
    faults = [Fault("starttls", "550", 9)] if trouble == "refused" else []
    context = None if trouble == "unknown" else for_client
    offered = trouble != "not offered"
    with Server(tls=for_server, starttls=offered, faults=faults, users={"news": "x"}) as server:
        with pytest.raises(RouteError) as told:
            deliver(
                server, message(), context=context, host="localhost", tls="starttls", username="news", password="x"
            )
        assert nothing_in_clear(server)
        assert not server.accepted
    assert told.value.remedy
    assert "localhost" in str(told.value)


def test_tls_that_is_not_ready_yet_is_waited_for_and_nothing_is_said_in_clear(certificates):
    for_server, for_client = contexts(certificates, "good")
    users = {"news": "x"}
    with Server(tls=for_server, starttls=True, faults=[Fault("starttls", "451", 1)], users=users) as server:
        way = {"host": "localhost", "tls": "starttls", "username": "news", "password": "x", "context": for_client}
        (reply,) = deliver(server, message(), **way)
        assert (reply.stage, reply.code) == (Stage.CONNECT, 451)
        assert nothing_in_clear(server)
        (reply,) = deliver(server, message(), **way)
    assert (reply.stage, reply.code) == (Stage.DOT, 250)


def test_a_wrong_password_is_told_with_its_variable():
    with Server(users={"news": "right"}) as server:
        with pytest.raises(RouteError, match=r"535 .*SMTP_PASSWORD"):
            deliver(server, message(), username="news", password="wrong", password_env="SMTP_PASSWORD")
        assert not server.accepted


def test_plain_text_leaves_this_machine_never():
    with Server() as server, pytest.raises(RouteError, match="readable by everybody"):
        deliver(server, message(), host="smtp.example.org")


def test_what_is_injected_behind_the_word_to_encrypt_is_never_an_answer(certificates):
    """CVE-2011-0411 turned round: plain text behind 220 must not count as said under TLS."""
    for_server, for_client = contexts(certificates)
    with Server(tls=for_server, starttls=True, faults=[Fault("starttls", "injected", 9)]) as server:
        told = ""
        try:
            (reply,) = deliver(server, message(), context=for_client, host="localhost", tls="starttls")
        except RouteError as error:
            told = str(error)
        else:
            assert reply.stage is Stage.CONNECT or server.accepted[0].tls, reply
            told = reply.text
        assert nothing_in_clear(server) or server.accepted[0].tls
        assert "injected" not in told


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
