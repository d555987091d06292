"""The tables [mailbox] and [feedback]: where what comes back is read, and what follows from it."""

from collections.abc import Collection
from dataclasses import dataclass, field

from newsletter.settings import oauth, value
from newsletter.toml import Table
from subscribers.event import Rule


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Where bounces and complaints arrive. *kind* is maildir or imap; *after* is keep or delete.

    *oauth* names the [[oauth]] to log in by in place of a password, "" for none.
    *authority* is a file with whose signature the server's certificate must be, "" for what the system trusts.
    """

    kind: str
    path: str
    host: str
    port: int
    tls: str
    username: str
    password_env: str
    folder: str
    after: str
    authority: str
    oauth: str = ""


@dataclass(frozen=True, slots=True)
class Returns:
    """What follows. *rule* says when soft bounces end an address.

    *notify* is an address of the editor's that hears of sends that end or need somebody; *webhook* a web address
    and *command* a program that hear the same. Each is "" for nobody.
    """

    rule: Rule = field(default_factory=Rule)
    notify: str = ""
    webhook: str = ""
    command: str = ""


def read(table: Table, oauths: Collection[str] = ()) -> Mailbox:
    """Return what [mailbox] says. *oauths* are the names of every [[oauth]]. Raise SettingsError."""
    kind = table.text("kind", None, ("maildir", "imap"))
    tls = table.text("tls", "tls", ("tls", "starttls", "none"))
    mailbox = Mailbox(
        kind=kind,
        path=table.text("path", ""),
        host=value.host(table, ""),
        port=table.whole("port", 993 if tls == "tls" else 143, 1, 65535),
        tls=tls,
        username=table.text("username", ""),
        password_env=table.variable("password_env"),
        folder=table.text("folder", "INBOX"),
        after=table.text("after", "keep", ("keep", "delete")),
        authority=table.text("authority", ""),
        oauth=oauth.named(table, oauths),
    )
    if kind == "maildir" and not mailbox.path:
        raise table.fail("", "a Maildir needs its path", 'write it as path = "/var/mail/bounces/Maildir"')
    if mailbox.oauth and mailbox.password_env:
        raise table.fail("oauth", "who logs in by [[oauth]] has no password", "take password_env out")
    if kind == "imap" and not (mailbox.host and mailbox.username and (mailbox.password_env or mailbox.oauth)):
        remedy = "add host, username and password_env, the environment variable that holds the password"
        raise table.fail("", "an IMAP mailbox needs a host, a user name and a password", remedy)
    if kind == "imap" and tls == "none" and not value.loopback(mailbox.host):
        raise table.fail("tls", "the password would travel readable by everybody", 'use tls = "tls" or "starttls"')
    return mailbox


def read_returns(table: Table) -> Returns:
    """Return what [feedback] says. Raise SettingsError."""
    notify = table.text("notify", "")
    return Returns(
        rule=Rule(table.whole("soft", 3, 1, 100), table.whole("days", 14, 0, 365)),
        notify=value.mailbox(table, "notify", notify)[1] if notify else "",
        webhook=value.maybe(value.url, table, "webhook"),
        command=table.text("exec", ""),
    )
