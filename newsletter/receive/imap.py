"""Read a mailbox over IMAP (RFC 9051): TLS, and IDLE (RFC 2177) to hear at once when something comes.

What was read carries a flag of our own, so that somebody who looks into the mailbox with a mail program does not
hide a message from us. Where the server takes no flags of others, \\Seen serves.
"""

import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, LoginError

from newsletter.errors import MailboxError
from newsletter.receive.box import LARGEST, Arrival

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

#: How the library stumbles over an answer that is none.
_NONSENSE = (ValueError, TypeError, AttributeError, LookupError, RecursionError, MemoryError)


@dataclass(frozen=True, slots=True)
class Account:
    """Where a mailbox is. *tls* is tls, starttls or none; *delete* removes what was read."""

    host: str
    port: int
    tls: str
    username: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    delete: bool = False


class Imap:
    """An open connection to a mailbox. *authority* is a PEM file; "" trusts whom the system trusts."""

    def __init__(self, account: Account, authority: str = "") -> None:
        self._account = account
        self._where = f"{account.host}:{account.port}"
        with self._talk():
            context = ssl.create_default_context(cafile=authority or None)
            self._client = IMAPClient(
                account.host, account.port, ssl=account.tls == "tls", ssl_context=context, timeout=PATIENCE
            )
        try:
            with self._talk():
                if account.tls == "starttls":
                    self._client.starttls(context)
                self._client.login(account.username, account.password)
                allowed = self._client.select_folder(account.folder).get(b"PERMANENTFLAGS", ())
                self._flag = FLAG if b"\\*" in allowed or FLAG in allowed else b"\\Seen"
                self._idles = self._client.has_capability("IDLE")
                self._expunges = self._client.has_capability("UIDPLUS")
        except MailboxError:
            self.close()
            raise

    def arrivals(self) -> Iterator[Arrival]:
        """Yield what has not our flag, in the order of the mailbox."""
        with self._talk():
            wanted = ["UNSEEN"] if self._flag == b"\\Seen" else ["UNKEYWORD", FLAG.decode()]
            for number in self._client.search([*wanted, "UNDELETED"]):
                found = self._client.fetch([number], [f"BODY.PEEK[]<0.{LARGEST}>"])
                raw = next(
                    (value for key, value in found.get(number, {}).items() if key.startswith(b"BODY[]")), None
                )
                if raw is not None:
                    yield Arrival(str(number), bytes(raw))

    def done(self, name: str) -> None:
        """Set the flag, or remove the message."""
        with self._talk():
            self._client.add_flags([int(name)], [self._flag, b"\\Seen"], silent=True)
            if self._account.delete:
                self._client.delete_messages([int(name)], silent=True)
                # Where it can be said (RFC 4315), what somebody else marked to be deleted stays.
                self._client.expunge([int(name)] if self._expunges else None)

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
        except LoginError:
            what = "the server refuses this user name and password"
            raise MailboxError(
                what, where=self._where, remedy="look at [mailbox] username and password_env"
            ) from None
        except (OSError, IMAPClientError) as error:
            raise self._lost(str(error) or type(error).__name__) from None
        except _NONSENSE as error:
            raise self._lost(f"what the server says makes no sense ({type(error).__name__})") from None

    def _lost(self, what: str) -> MailboxError:
        remedy = "look whether the server, the network and [mailbox] are right"
        return MailboxError(what, where=self._where, remedy=remedy)
