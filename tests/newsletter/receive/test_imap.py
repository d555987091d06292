"""A mailbox over IMAP: read once, hidden by nobody, and a server that lies stops nothing but itself."""

import contextlib
import socket
import socketserver
import threading
from concurrent.futures import Future
from dataclasses import replace

import pytest

from newsletter.cli.back import returning
from newsletter.cli.back.returning import empty
from newsletter.errors import MailboxError
from newsletter.receive import imap
from newsletter.receive.imap import Account, Imap
from newsletter.receive.intake import Taken
from tests import dovecot
from tests.effort import ends


@pytest.mark.dovecot
@pytest.mark.parametrize("tls", ["tls", "starttls"])
def test_an_imap_mailbox_is_read_once_and_a_look_by_somebody_hides_nothing(tls) -> None:
    with dovecot.running() as server:
        (server.maildir / "new" / "1.host").write_bytes(b"Subject: one\r\n\r\nfirst\r\n")
        (server.maildir / "cur" / "2.host:2,S").write_bytes(b"Subject: two\r\n\r\nseen by somebody\r\n")
        port = server.tls if tls == "tls" else server.port
        account = Account("localhost", port, tls, dovecot.USER, dovecot.PASSWORD)
        opened = Imap(account, str(server.authority))
        found = list(opened.arrivals())
        assert sorted(one.raw.splitlines()[-1] for one in found) == [b"first", b"seen by somebody"]
        for one in found:
            opened.done(one.name)
        assert list(opened.arrivals()) == []
        opened.close()
        again = Imap(account, str(server.authority))
        assert list(again.arrivals()) == []
        again.close()


@pytest.mark.dovecot
def test_idle_hears_at_once_and_a_halt_is_soon() -> None:
    with dovecot.running() as server:
        account = Account("localhost", server.tls, "tls", dovecot.USER, dovecot.PASSWORD, delete=True)
        opened = Imap(account, str(server.authority))
        assert list(opened.arrivals()) == []

        looks = 0

        def halted() -> bool:
            nonlocal looks
            looks += 1
            if looks == 2:
                deliver()
            return False

        def deliver() -> None:
            (server.maildir / "tmp" / "9.host").write_bytes(b"Subject: late\r\n\r\nx\r\n")
            (server.maildir / "tmp" / "9.host").rename(server.maildir / "new" / "9.host")

        opened.wait(60, halted)
        assert looks < 60, "it looked until its time was over"
        (one,) = opened.arrivals()
        opened.done(one.name)
        assert list(opened.arrivals()) == []
        with ends(50):
            opened.wait(60, lambda: True)
        opened.close()


def test_an_account_shows_no_password() -> None:
    assert "secret" not in repr(Account("localhost", 993, "tls", "news", "secret"))


@pytest.mark.dovecot
def test_a_wrong_password_or_certificate_is_told_and_nothing_is_said_in_clear() -> None:
    with dovecot.running() as server:
        account = Account("localhost", server.tls, "tls", dovecot.USER, "wrong")
        with pytest.raises(MailboxError, match="refuses this user name and password"):
            Imap(account, str(server.authority))
        for tls, port in (("tls", server.tls), ("starttls", server.port)):
            with pytest.raises(MailboxError, match="certificate verify failed"):
                Imap(Account("localhost", port, tls, dovecot.USER, dovecot.PASSWORD))
        assert "Login: user" not in server.log.read_text(encoding="utf-8")


@pytest.mark.dovecot
def test_what_somebody_else_deletes_is_left_to_them() -> None:
    with dovecot.running() as server:
        (server.maildir / "cur" / "1.host:2,T").write_bytes(b"Subject: mine\r\n\r\nin my trash\r\n")
        (server.maildir / "new" / "2.host").write_bytes(b"Subject: two\r\n\r\nsecond\r\n")
        account = Account("localhost", server.tls, "tls", dovecot.USER, dovecot.PASSWORD, delete=True)
        opened = Imap(account, str(server.authority))
        (one,) = opened.arrivals()
        opened.done(one.name)
        opened.close()
        left = [path.read_bytes() for path in (server.maildir / "cur").iterdir()]
        assert [raw.split()[1] for raw in left] == [b"mine"]


@pytest.mark.dovecot
def test_what_a_person_should_see_stays_unread_and_is_given_once() -> None:
    with dovecot.running() as server:
        (server.maildir / "new" / "1.host").write_bytes(b"Subject: one\r\n\r\nA fine issue.\r\n")
        account = Account("localhost", server.tls, "tls", dovecot.USER, dovecot.PASSWORD, delete=True)
        opened = Imap(account, str(server.authority))
        (one,) = opened.arrivals()
        opened.done(one.name, keep=True)
        assert list(opened.arrivals()) == []
        opened.close()
        (left,) = (server.maildir / "cur").iterdir()
        assert "S" not in left.name.partition(":2,")[2]


#: What a server says that tells the truth, by command; %s stands for the command's tag.
TRUTH = {
    "": b"* OK here\r\n",
    "CAPABILITY": b"* CAPABILITY IMAP4rev1\r\n%s OK done\r\n",
    "LOGIN": b"%s OK done\r\n",
    "SELECT": b"* 1 EXISTS\r\n* OK [PERMANENTFLAGS (\\*)] flags\r\n%s OK done\r\n",
    "UID SEARCH": b"* SEARCH 1\r\n%s OK done\r\n",
    "UID FETCH": b"* 1 FETCH (UID 1 BODY[]<0> {5}\r\nhello)\r\n%s OK done\r\n",
    "LOGOUT": b"* BYE\r\n%s OK done\r\n",
}


class Liar(socketserver.StreamRequestHandler):
    """Answers as `TRUTH` does, but for one command."""

    def handle(self) -> None:
        says = {**TRUTH, **self.server.lies}
        self.wfile.write(says[""])
        with contextlib.suppress(OSError):
            for line in self.rfile:
                tag, command, *rest = line.split()
                name = b" ".join([command, *rest[:1]] if command == b"UID" else [command]).decode()
                said = says.get(
                    b" ".join([name.encode(), *rest[1:2]]).decode(), says.get(name, b"%s BAD what\r\n")
                )
                self.wfile.write(said.replace(b"%s", tag))


@contextlib.contextmanager
def lying(lies):
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Liar) as server:
        server.daemon_threads, server.lies = True, lies
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield Account("127.0.0.1", server.server_address[1], "none", "user", "word")
        server.shutdown()


@pytest.mark.parametrize(
    ("command", "lie"),
    [
        ("", b"220 mail.example ESMTP\r\n"),
        ("", b"\xff\xfe\x00\r\n"),
        ("", b"* OK " + b"a" * 2_000_000 + b"\r\n"),
        ("", b"* BYE\r\n"),
        ("CAPABILITY", b"* CAPABILITY \xff\xfe\r\n%s OK done\r\n"),
        ("SELECT", b"* OK [UIDVALIDITY soon] x\r\n%s OK done\r\n"),
        ("SELECT", b"* OK [PERMANENTFLAGS 5] x\r\n%s OK done\r\n"),
        ("UID SEARCH", b"* SEARCH one two\r\n%s OK done\r\n"),
        ("UID SEARCH", b"* SEARCH ((1)\r\n%s OK done\r\n"),
        ("UID FETCH", b"* 1 FETCH (UID 1 BODY[]<0> (a b))\r\n%s OK done\r\n"),
        ("UID FETCH", b"* 1 FETCH (UID 1 5 6)\r\n%s OK done\r\n"),
        ("UID FETCH", b"* 1 FETCH (UID 1 (a) 6)\r\n%s OK done\r\n"),
        ("UID FETCH", b"* 1 FETCH (UID x BODY[]<0> {5}\r\nhello)\r\n%s OK done\r\n"),
        ("UID FETCH", b"* 1 FETCH (UID 1 X " + b"(" * 100_000 + b")\r\n%s OK done\r\n"),
        ("UID FETCH", b"* 1 FETCH (UID 1 BODY[]<0> {-5}\r\nhello)\r\n%s OK done\r\n"),
        ("UID FETCH", b"other OK done\r\n"),
        ("UID STORE", b"%s NO\r\n"),
    ],
)  # fmt: skip
def test_a_server_that_lies_is_told_as_a_mailbox_that_cannot_be_used(command, lie) -> None:
    with lying({command: lie}) as account, pytest.raises(MailboxError, match=r"127\.0\.0\.1"):
        emptied(account)


def emptied(account: Account) -> None:
    with contextlib.closing(Imap(account)) as opened:
        for one in opened.arrivals():
            opened.done(one.name)


@pytest.mark.parametrize(
    ("command", "lie"),
    [
        ("UID FETCH", b"* 1 FETCH (UID 1 BODY[]<0> {4000000000}\r\n" + b"a" * 1_000_000),
        ("UID FETCH", b"* OK " + b"a" * 9_000 + b"\r\n"),
        ("SELECT", b"* OK [X " + b"a" * 900_000 + b"] x\r\n"),
    ],
)
def test_a_server_that_never_ends_fills_no_memory(monkeypatch, command, lie) -> None:
    monkeypatch.setattr(imap, "MOST", imap.MOST // 8)
    monkeypatch.setattr(imap._Client, "_left", imap.MOST)
    lie = lie if b"FETCH" in lie else lie * (2 * imap.MOST // len(lie))
    with lying({command: lie}) as account, pytest.raises(MailboxError, match="far more than was asked for"):
        emptied(account)


def test_a_server_that_is_not_there_is_told_in_words() -> None:
    with contextlib.closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        account = Account("127.0.0.1", taken.getsockname()[1], "none", "user", "word")
        with pytest.raises(MailboxError) as raised:
            Imap(account)
    assert raised.value.what == "Connection refused"


def test_a_message_that_the_server_does_not_give_is_told_after_the_others() -> None:
    fetched = b"* 2 FETCH (UID 2 BODY[]<0> {5}\r\nhello)\r\n%s OK done\r\n"
    lies = {
        "UID SEARCH": b"* SEARCH 2 1 3\r\n%s OK done\r\n",
        "UID FETCH 1": b"%s NO [SERVERBUG] it is broken\r\n",
        "UID FETCH 2": fetched,
        "UID FETCH 3": fetched.replace(b"2", b"3"),
        "UID STORE": b"%s OK done\r\n",
    }
    found, done = [], []
    with lying(lies) as account, contextlib.closing(Imap(account)) as box:
        box.done = lambda name, keep: done.append(name)
        with pytest.raises(MailboxError, match="it is broken"):
            found.extend(empty(box, completed))
    assert ([one.reason for one in found], done) == (["hello", "hello"], ["2", "3"])


def test_a_message_that_cannot_be_marked_holds_up_no_other(monkeypatch) -> None:
    monkeypatch.setattr(returning, "TOGETHER", 2)
    fetched = b"* 1 FETCH (UID 1 BODY[]<0> {5}\r\nhello)\r\n%s OK done\r\n"
    lies = {f"UID FETCH {number}": fetched.replace(b"1", b"%d" % number) for number in range(1, 6)}
    lies |= {"UID SEARCH": b"* SEARCH 1 2 3 4 5\r\n%s OK done\r\n", "UID STORE": b"%s NO over quota\r\n"}
    found = []
    with lying(lies) as account, contextlib.closing(Imap(account)) as box:
        with pytest.raises(
            MailboxError, match=r"be marked as read: .*over quota.*set flags in the folder “INBOX”"
        ):
            found.extend(empty(box, completed))
        lost = {**lies, "UID STORE": b"* BYE\r\n"}
    assert [one.reason for one in found] == ["hello"] * 5
    with lying(lost) as account, contextlib.closing(Imap(account)) as box:
        with pytest.raises(MailboxError) as raised:
            list(empty(box, completed))
        assert type(raised.value) is MailboxError


def completed(raw) -> Future:
    """Return what says that *raw* was taken in; its text is the reason."""
    future = Future()
    future.set_result(Taken("soft", raw.decode()))
    return future


@pytest.mark.parametrize("said", [b"* BYE too many\r\n", b"%s NO [UNAVAILABLE] later\r\n", b"%s NO [LIMIT] x\r\n"])
def test_a_server_that_is_busy_does_not_call_the_password_wrong(said) -> None:
    with lying({"LOGIN": said}) as account, pytest.raises(MailboxError) as raised:
        Imap(account)
    assert "password" not in str(raised.value)


def test_a_folder_that_is_not_there_is_told_with_those_that_are() -> None:
    listed = b'* LIST () "." INBOX\r\n* LIST () "." INBOX.&AMU-ter\r\n%s OK done\r\n'
    lies = {"SELECT": b"%s NO there is no \xc3\x85ter\r\n", "LIST": listed}
    with lying(lies) as account:
        with pytest.raises(MailboxError, match=r"no folder “Åter”; write one .*: “INBOX”, “INBOX.Åter”"):
            Imap(replace(account, folder="Åter"))
        with pytest.raises(MailboxError, match="select failed"):
            Imap(account)
    shared = TRUTH["SELECT"].replace(b"OK done", b"OK [READ-ONLY] done")
    with lying({"SELECT": shared}) as account, pytest.raises(MailboxError, match="“INBOX” nothing can be marked"):
        Imap(account)


def test_a_server_that_knows_us_already_is_told_no_password() -> None:
    lies = {"": b"* PREAUTH here\r\n", "LOGIN": b"%s BAD what\r\n", "UID STORE": b"%s OK done\r\n"}
    with lying(lies) as account:
        emptied(account)
        with pytest.raises(MailboxError, match="before TLS begins"):
            Imap(replace(account, tls="starttls"))


def test_what_the_server_says_of_a_password_is_told_and_the_password_never() -> None:
    for said, told in ((b"[ALERT] make one for this program", True), (b"no 'word' here", False)):
        with lying({"LOGIN": b"%s NO " + said + b"\r\n"}) as account, pytest.raises(MailboxError) as raised:
            Imap(account)
        assert (said.decode() in str(raised.value)) is told
        assert "b'" not in str(raised.value)
        assert 'b"' not in str(raised.value)


@pytest.mark.dovecot
def test_of_many_messages_some_are_asked_for_at_a_time(monkeypatch) -> None:
    monkeypatch.setattr(imap, "STEP", 2)
    with dovecot.running() as server:
        for number in range(1, 8):
            (server.maildir / "new" / f"{number}.host").write_bytes(b"Subject: %d\r\n\r\nx\r\n" % number)
        account = Account("localhost", server.tls, "tls", dovecot.USER, dovecot.PASSWORD)
        with contextlib.closing(Imap(account, str(server.authority))) as box:
            arrivals = box.arrivals()
            box.done(next(arrivals).name)
            (server.maildir / "cur" / "2.host:2,").unlink(missing_ok=True)
            assert len(list(arrivals)) >= 5
            for one in box.arrivals():
                box.done(one.name)
            assert list(box.arrivals()) == []
