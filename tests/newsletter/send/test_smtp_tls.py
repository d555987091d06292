"""Certificates, passwords and what is said in clear: nothing, where it must be encrypted."""

import asyncio
import contextlib
import gc
import socket
import ssl
import subprocess
import threading
import time
import warnings
from dataclasses import replace

import pytest
import uvloop

from newsletter.errors import RouteError
from newsletter.model import Stage
from newsletter.send.pool import Pool
from tests.smtpserver import EXTENSIONS, Fault, Server
from tests.wire import IMPATIENT, QUICK, deliver, message, nothing, route

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


def test_a_server_that_asks_for_a_certificate_is_not_waited_for():
    """Postfix with smtpd_tls_req_ccert says 421, as if it passed."""
    with Server(faults=[Fault("ehlo", "unshown", 9)]) as server, pytest.raises(RouteError) as told:
        deliver(server, message())
    assert "No client certificate presented" in told.value.what
    assert told.value.remedy == "check certificate and key"
    assert server.connections == 1


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


@pytest.mark.parametrize(
    ("name", "host", "authority", "helps"),
    [
        ("good", "localhost", "", "authority = "),
        ("good", "localhost", "other", "check authority"),
        ("other", "localhost", "other", "name the host"),
        ("good", "127.0.0.1", "good", "name the host"),
        ("old", "localhost", "old", "the clock of this machine"),
    ],
)
def test_what_helps_against_a_certificate_is_told_by_what_is_wrong_with_it(
    certificates, name, host, authority, helps
):
    for_server, _ = contexts(certificates, name)
    file = str(certificates / f"{authority}.pem") if authority else ""
    with Server(tls=for_server, implicit=True) as server, pytest.raises(RouteError) as told:
        deliver(server, message(), host=host, tls="tls", authority=file)
    assert helps in told.value.remedy
    assert not told.value.what.endswith(".")


@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_a_server_that_hangs_up_when_tls_begins_is_told_so(certificates, tls):
    for_server, for_client = contexts(certificates)
    for_server.maximum_version = ssl.TLSVersion.TLSv1_2
    for_client.minimum_version = ssl.TLSVersion.TLSv1_3
    with Server(tls=for_server, implicit=tls == "tls", starttls=tls == "starttls") as server:
        (reply,) = deliver(server, message(), host="localhost", tls=tls, context=for_client)
    assert reply.text.endswith("closed the connection when TLS was to begin")


@pytest.mark.parametrize("tls", ["starttls", "none"])
def test_a_port_for_tls_from_the_start_is_told_whoever_waits_for_its_greeting(certificates, tls):
    for_server, for_client = contexts(certificates)
    with Server(tls=for_server, implicit=True) as server:
        (reply,) = deliver(server, message(), host="localhost", tls=tls, context=for_client, limits=IMPATIENT)
    assert "says nothing in time; if it wants TLS from the start" in reply.text
    assert 'tls = "tls"' in reply.text


@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_a_log_in_that_hangs_under_tls_leaves_no_connection_behind(certificates, tls):
    """A polite end would wait for the server's, and outlive who asked for it."""
    for_server, for_client = contexts(certificates)
    way = {
        "implicit": tls == "tls",
        "starttls": tls == "starttls",
        "faults": [Fault("ehlo", "hang", 9, skip=tls == "starttls")],
    }
    with Server(tls=for_server, **way) as server, warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        (reply,) = deliver(server, message(), host="localhost", tls=tls, context=for_client)
        gc.collect()
    assert (reply.stage, reply.code) == (Stage.CONNECT, 0)
    assert not [str(each.message) for each in told if each.category is ResourceWarning]


class Lingering:
    """Takes mail under TLS, says goodbye, and closes long after that. *ends* are how connections were ended."""

    def __init__(self, context):
        self.context = context
        self.ends = []
        self._listener = socket.create_server(("localhost", 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()

    def _serve(self):
        with contextlib.suppress(OSError):
            while True:
                raw, _ = self._listener.accept()
                raw.settimeout(5)
                with self.context.wrap_socket(raw, server_side=True, suppress_ragged_eofs=False) as connection:
                    self._talk(connection)

    def _talk(self, connection):
        rest, body = b"", False
        connection.sendall(b"220 localhost\r\n")
        try:
            while more := connection.recv(65536):
                *lines, rest = (rest + more).split(b"\r\n")
                for line in lines:
                    if body and line != b".":
                        continue
                    word, body = line[:4], line[:4] == b"DATA"
                    says = {
                        b"EHLO": b"250-localhost\r\n250 PIPELINING",
                        b"DATA": b"354 go on",
                        b"QUIT": b"221 bye",
                    }
                    connection.sendall(says.get(word, b"250 ok") + b"\r\n")
                    time.sleep(0.5 if word == b"QUIT" else 0)
        except OSError as error:
            self.ends.append(type(error).__name__)
        else:
            self.ends.append(f"told, after {line.decode()}")


@pytest.mark.parametrize("loop", [asyncio.new_event_loop, uvloop.new_event_loop])
def test_a_server_that_lingers_under_tls_is_told_the_end_and_not_waited_for(certificates, loop):
    """One connection ends after its message, the other with the send."""
    for_server, for_client = contexts(certificates)

    async def work():
        pool = Pool(route(server, host="localhost", tls="tls", messages=1), limits=QUICK, context=for_client)
        first = await pool.deliver(message(1), nothing)
        pool.route = replace(pool.route, messages=9)
        second = await pool.deliver(message(2), nothing)
        await pool.close()
        return first.code, second.code

    with Lingering(for_server) as server, warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        with asyncio.Runner(loop_factory=loop) as runner:
            assert runner.run(work()) == (250, 250)
        gc.collect()
    assert server.ends == ["told, after QUIT"] * 2
    assert not [str(each.message) for each in told if each.category is ResourceWarning]


@pytest.mark.parametrize(
    ("offers", "told"),
    [
        ((), "offers no log-in (AUTH); leave username out"),
        (("AUTH XOAUTH2 SCRAM-SHA-256",), "CRAM-MD5) but XOAUTH2, SCRAM-SHA-256; log in by [[oauth]]"),
    ],
)
def test_a_log_in_that_is_not_to_be_had_is_told(offers, told):
    with Server(extensions=(*EXTENSIONS, *offers)) as server, pytest.raises(RouteError) as error:
        deliver(server, message(), username="news", password="x")
    assert told in str(error.value)
    assert nothing_in_clear(server)


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
