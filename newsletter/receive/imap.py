"""Read a mailbox over IMAP (RFC 9051): TLS, and IDLE (RFC 2177) to hear at once when something comes.

What was read carries a flag of our own, so that somebody who looks into the mailbox with a mail program does not
hide a message from us. Where the server takes no flags of others, \\Seen serves.
"""

import imaplib
import logging
import re
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, cast

from imapclient import IMAPClient
from imapclient.exceptions import (
    IMAPClientAbortError,
    IMAPClientError,
    IMAPClientReadOnlyError,
    LoginError,
    ProtocolError,
)

from newsletter.errors import MailboxError, UnmarkedError, cited
from newsletter.receive.box import LARGEST, Arrival

# It tells on the terminal of every word that a server says in other letters than English ones.
logging.getLogger("imapclient").setLevel(logging.CRITICAL)

#: The flag of what we have read (RFC 9051 section 2.3.2: a keyword of our own begins with no backslash).
FLAG = b"NewsletterRead"

#: How long the server may take to answer, in seconds.
PATIENCE = 60.0

#: How long one IDLE lasts, in seconds: servers log out after 30 minutes (RFC 2177 section 3), networks sooner.
IDLE = 240.0

#: How often to look whether to stop, in seconds.
LOOK = 1.0

#: A server that is there may send half of something once or twice, and not so many times in a second.
EARLY = 10

#: No answer to a command is longer than this, in bytes; servers that say more would fill the memory.
MOST = 2 * LARGEST

#: The library reads no line of more than a megabyte, and a search is answered in one: 11 bytes a message at most.
STEP = 50_000

#: How many folders are named where the one that was asked for is not there.
FOLDERS = 30

#: What the system calls a trouble, before its words.
_NUMBER = re.compile(r"^\[Errno -?\d+\] ")

#: The words of a server as the library cites them.
_BYTES = re.compile(r"""\bb(['"])(.*)\1""", re.DOTALL)

#: How a server refuses somebody for now, whose name and password may be right (RFC 5530).
_BUSY = re.compile(r"\[(?:UNAVAILABLE|INUSE|LIMIT|SERVERBUG|CONTACTADMIN)\b")

#: How the library stumbles over an answer that is none.
_NONSENSE = (ValueError, TypeError, AttributeError, LookupError, RecursionError, MemoryError)


@dataclass(frozen=True, slots=True)
class Account:
    """Where a mailbox is. *tls* is tls, starttls or none; *delete* removes what was read.

    *oauth* names the [[oauth]] that the *password* is a token of; it is "" for a password.
    """

    host: str
    port: int
    tls: str
    username: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    delete: bool = False
    oauth: str = ""


class _Client(IMAPClient):  # type: ignore[misc]
    """Ends a connection whose server says more than `MOST` in answer to a command."""

    _left = MOST

    @property
    def known(self) -> bool:
        """Whether the server knew us when it greeted (PREAUTH, RFC 9051 section 7.1.4)."""
        return bool(self._imap.state == "AUTH")

    def _create_IMAP4(self) -> imaplib.IMAP4:  # noqa: N802 - the library's name
        imap: Any = super()._create_IMAP4()
        read, line, tag = imap.read, imap.readline, imap._new_tag

        def spend(size: int) -> None:
            self._left -= size
            if self._left < 0:
                raise IMAPClientAbortError("the server sends far more than was asked for")

        def read_line() -> bytes:
            found: bytes = line()
            spend(len(found))
            return found

        def read_literal(size: int) -> bytes:
            spend(size)
            return bytes(read(size))

        def new_tag() -> object:
            # A command begins.
            self._left = MOST
            return tag()

        imap.read, imap.readline, imap._new_tag = read_literal, read_line, new_tag
        return cast("imaplib.IMAP4", imap)


class Imap:
    """An open connection to a mailbox. *authority* is a PEM file; "" trusts whom the system trusts.

    *patience* is how long each answer may take, in seconds.
    """

    def __init__(self, account: Account, authority: str = "", patience: float = PATIENCE) -> None:
        self._account = account
        self._where = f"{account.host}:{account.port}"
        with self._talk():
            context = ssl.create_default_context(cafile=authority or None)
            self._client = _Client(
                account.host, account.port, ssl=account.tls == "tls", ssl_context=context, timeout=patience
            )
        try:
            with self._talk():
                if account.tls == "starttls":
                    self._encrypt(context)
                if not self._client.known:
                    self._log_in()
                allowed = self._select().get(b"PERMANENTFLAGS", ())
                self._flag = FLAG if b"\\*" in allowed or FLAG in allowed else b"\\Seen"
                self._idles = self._client.has_capability("IDLE")
                self._expunges = self._client.has_capability("UIDPLUS")
        except MailboxError:
            self.close()
            raise

    def _log_in(self) -> None:
        """Log in by a password, or by a token (XOAUTH2, as Microsoft and Google define it)."""
        account = self._account
        if not account.oauth:
            self._client.login(account.username, account.password)
            return
        if not self._client.has_capability("AUTH=XOAUTH2"):
            what = "the server does not let us log in by [[oauth]] (it offers no AUTH=XOAUTH2)"
            raise MailboxError(what, where=self._where, remedy="use password_env in [mailbox] in place of oauth")
        words = f"user={account.username}\1auth=Bearer {account.password}\1\1"
        # To the reason of a refusal the answer is nothing, and the refusal itself follows.
        self._client.sasl_login("XOAUTH2", lambda said: "" if said else words)

    def _encrypt(self, context: ssl.SSLContext) -> None:
        """Begin TLS. Raise MailboxError if the greeting left no room for it (RFC 9051 section 11.1)."""
        if self._client.known:
            what = "the server lets us in before TLS begins, as somebody would who takes it away"
            raise MailboxError(what, where=self._where, remedy='write tls = "tls" into [mailbox]')
        self._client.starttls(context)

    def _select(self) -> dict[bytes, Any]:
        """Open the folder. Raise MailboxError that names the others if there is none of its name."""
        folder = self._account.folder
        try:
            return cast("dict[bytes, Any]", self._client.select_folder(folder))
        except IMAPClientReadOnlyError:
            what = f"in the folder {cited(folder)} nothing can be marked as read: we may not write there"
            remedy = "give the user of [mailbox] the right to, or name another folder"
            raise MailboxError(what, where=self._where, remedy=remedy) from None
        except IMAPClientError as error:
            if isinstance(error, IMAPClientAbortError | ProtocolError):
                raise
            names = [str(name) for _, _, name in self._client.list_folders()]
            if folder in names:
                raise
            listed = ", ".join(cited(name) for name in names[:FOLDERS])
            what = f"there is no folder {cited(folder)}"
            remedy = (
                f"write one of these into [mailbox] folder: {listed}" if listed else "look at [mailbox] folder"
            )
            raise MailboxError(what, where=self._where, remedy=remedy) from None

    def arrivals(self) -> Iterator[Arrival]:
        """Yield what has not our flag, in the order of the mailbox.

        A message that the server does not give holds up no other: MailboxError comes after them.
        """
        fault: IMAPClientError | None = None
        with self._talk():
            for number in self._unread():
                try:
                    found = self._client.fetch([number], [f"BODY.PEEK[]<0.{LARGEST}>"])
                except IMAPClientError as error:
                    if isinstance(error, IMAPClientAbortError | ProtocolError):
                        raise
                    fault = error
                    continue
                raw = next(
                    (value for key, value in found.get(number, {}).items() if key.startswith(b"BODY[]")), None
                )
                if raw is not None:
                    yield Arrival(str(number), bytes(raw))
            if fault:
                raise fault

    def _unread(self) -> list[int]:
        """Return the messages that have not our flag: of many, those of so many at a time."""
        wanted = ["UNSEEN"] if self._flag == b"\\Seen" else ["UNKEYWORD", FLAG.decode()]
        count = self._select()[b"EXISTS"]
        if count <= STEP:
            return sorted(self._client.search([*wanted, "UNDELETED"]))
        # The last one is open: somebody else may remove messages meanwhile, and then its end is not there.
        spans = [f"{first}:{first + STEP - 1}" for first in range(1, count - STEP + 1, STEP)]
        spans.append(f"{len(spans) * STEP + 1}:*")
        return sorted({each for span in spans for each in self._client.search([span, *wanted, "UNDELETED"])})

    def done(self, name: str, *, keep: bool = False) -> None:
        """Set the flags, or remove the message; with *keep* only the flag of our own, so that people see it."""
        with self._talk():
            try:
                self._mark(int(name), keep)
            except IMAPClientError as error:
                if isinstance(error, IMAPClientAbortError | ProtocolError):
                    raise
                what = f"the server does not let a message be marked as read: {_words(error)[:300]}"
                remedy = f"let the user of [mailbox] set flags in the folder {cited(self._account.folder)}"
                raise UnmarkedError(what, where=self._where, remedy=remedy) from None

    def _mark(self, number: int, keep: bool) -> None:
        self._client.add_flags([number], [self._flag] if keep else [self._flag, b"\\Seen"], silent=True)
        if self._account.delete and not keep:
            self._client.delete_messages([number], silent=True)
            # Where it can be said (RFC 4315), what somebody else marked to be deleted stays.
            self._client.expunge([number] if self._expunges else None)

    def wait(self, seconds: float, halted: Callable[[], bool]) -> None:
        """Let the server tell, if it can; ask at the end in any case."""
        until = time.monotonic() + min(seconds, IDLE)
        with self._talk():
            if not self._idles:
                while time.monotonic() < until and not halted():
                    time.sleep(LOOK)
                self._client.noop()
                return
            self._client.idle()
            early = 0
            while time.monotonic() < until and not halted():
                begun = time.monotonic()
                heard = self._client.idle_check(timeout=LOOK)
                if any(each[-1] in (b"EXISTS", b"RECENT") for each in heard):
                    break
                # It says nothing of a connection that has ended: it only comes back at once, again and again.
                early = early + 1 if not heard and time.monotonic() - begun < LOOK / 2 else 0
                if early >= EARLY:
                    raise IMAPClientAbortError("the connection ended")
                if early:
                    time.sleep(LOOK / EARLY)
            self._client.idle_done()

    def close(self) -> None:
        """Log out, if anybody still listens; the connection ends in any case."""
        with suppress(MailboxError), self._talk():
            self._client.logout()
        with suppress(OSError, IMAPClientError):
            self._client.shutdown()

    @contextmanager
    def _talk(self) -> Iterator[None]:
        """Turn whatever goes wrong between the server and us into a MailboxError.

        The library reads what a server says, and stumbles in many ways over what makes no sense.
        """
        try:
            yield
        except LoginError as error:
            if isinstance(error.__context__, IMAPClientAbortError) or _BUSY.search(str(error)):
                raise self._lost(_words(error)) from None
            said = _words(error).removeprefix("login failed: ")
            what = "the server refuses this user name and password"
            remedy = "look at [mailbox] username and password_env"
            if self._account.oauth:
                what = "the server refuses this user name, or what the application may do"
                remedy = (
                    f"look at [mailbox] username, and whether [[oauth]] {self._account.oauth} may read its mail"
                )
            if said and not (self._account.password and self._account.password in said):
                what = f"{what}: {said[:300]}"
            raise MailboxError(what, where=self._where, remedy=remedy) from None
        except (OSError, IMAPClientError) as error:
            raise self._lost(_NUMBER.sub("", _words(error)) or type(error).__name__) from None
        except _NONSENSE as error:
            raise self._lost(f"what the server says makes no sense ({type(error).__name__})") from None

    def _lost(self, what: str) -> MailboxError:
        remedy = "look whether the server, the network and [mailbox] are right"
        return MailboxError(what, where=self._where, remedy=remedy)


def _words(error: Exception) -> str:
    """Return what an error of the library says; the words of a server stand in it as Python writes bytes."""
    return _BYTES.sub(lambda found: found[2].replace("\\'", "'"), str(error))
