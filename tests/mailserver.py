"""A real mail server on loopback, Debian's postfix, that delivers to Maildirs, bounces, and asks no network."""

import contextlib
import grp
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests import ports

MASTER = Path("/usr/lib/postfix/sbin/master")
#: Its programs change users, which only root can.
POSTFIX = MASTER.exists() and os.getuid() == 0

MAIN = """
compatibility_level = 3.6
queue_directory = {root}/queue
data_directory = {root}/data
mail_owner = postfix
setgid_group = postdrop
myhostname = mx.harbour.example
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
maillog_file = {root}/log/mail.log
maillog_file_prefixes = {root}
smtp_dns_support_level = disabled
disable_dns_lookups = yes
alias_maps =
local_recipient_maps =
recipient_delimiter = +
smtpd_recipient_restrictions = permit_mynetworks, reject
# Take everybody, and find out later: that is what makes bounces.
smtpd_reject_unlisted_recipient = no
virtual_mailbox_domains = {domains}
virtual_mailbox_base = {root}/mail
virtual_mailbox_maps = texthash:{root}/conf/mailboxes
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_minimum_uid = 1
transport_maps = texthash:{root}/conf/transport
bounce_queue_lifetime = 1h
"""
SERVICES = """
127.0.0.1:{port} inet n - n - - smtpd
postlog unix-dgram n - n - 1 postlogd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
local unix - n n - - local
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
"""


@dataclass(frozen=True)
class Mail:
    """A server that runs. Whoever has a mailbox has the Maildir ``mail/ADDRESS``."""

    port: int
    root: Path

    def maildir(self, address: str) -> Path:
        return self.root / "mail" / address

    def letters(self, address: str) -> list[Path]:
        return [path for path in (self.maildir(address) / "new").glob("*") if path.is_file()]

    def idle(self, patience: float = 30.0) -> None:
        """Wait until nothing is queued."""
        until = time.monotonic() + patience
        while time.monotonic() < until:
            queued = [
                path
                for name in ("incoming", "active", "maildrop")
                for path in (self.root / "queue" / name).rglob("*")
            ]
            if not any(path.is_file() for path in queued):
                return
            time.sleep(0.1)
        raise AssertionError(f"postfix is busy: {(self.root / 'log' / 'mail.log').read_text()[-3000:]}")


@contextlib.contextmanager
def running(mailboxes: Sequence[str], errors: Mapping[str, str]) -> Iterator[Mail]:
    """Run a server for these *mailboxes*; mail to the addresses of *errors* fails with what they say."""
    with tempfile.TemporaryDirectory(prefix="mx-") as made:
        yield from _run(Path(made), mailboxes, errors)


def _run(root: Path, mailboxes: Sequence[str], errors: Mapping[str, str]) -> Iterator[Mail]:
    root.chmod(0o755)
    for name in ("conf", "queue", "data", "mail", "log"):
        (root / name).mkdir()
    owner, nobody = pwd.getpwnam("postfix"), pwd.getpwnam("nobody")
    os.chown(root / "data", owner.pw_uid, grp.getgrnam("postfix").gr_gid)
    os.chown(root / "mail", nobody.pw_uid, nobody.pw_gid)
    addresses = [*mailboxes, *errors]
    domains = sorted({each.partition("@")[2] for each in addresses})
    (port,) = ports.free(1)
    files = {
        "main.cf": MAIN.format(root=root, domains=", ".join(domains), uid=nobody.pw_uid, gid=nobody.pw_gid),
        "master.cf": SERVICES.format(port=port),
        "mailboxes": "".join(f"{each} {each}/\n" for each in mailboxes),
        "transport": "".join(f"{each} error:{why}\n" for each, why in errors.items()),
    }
    for name, text in files.items():
        (root / "conf" / name).write_text(text, encoding="utf-8")
    for name in ("dynamicmaps.cf", "postfix-files"):
        # Not every release has both.
        with contextlib.suppress(FileNotFoundError):
            shutil.copy(f"/etc/postfix/{name}", root / "conf")
    subprocess.run(["/usr/sbin/postfix", "-c", str(root / "conf"), "check"], check=True, capture_output=True)
    server = subprocess.Popen(
        [str(MASTER), "-c", str(root / "conf"), "-d"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    mail = Mail(port, root)
    try:
        _wait(port, server, root)
        yield mail
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)


def _wait(port: int, server: "subprocess.Popen[bytes]", root: Path) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until and server.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 2) as one:
            if one.recv(20).startswith(b"220"):
                return
        time.sleep(0.1)
    log = root / "log" / "mail.log"
    raise AssertionError(f"postfix does not run: {log.read_text() if log.exists() else 'and says nothing'}")
