"""A real Postfix of our own: in a temporary folder, on loopback, asking no network. Needs root.

It discards what it takes (`running`), or delivers it to Maildirs and bounces the rest (`delivering`). Its log is
the oracle: what its queue manager took stands there under its Message-ID.
"""

import os
import pwd
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests import ports

SBIN = "/usr/sbin:/usr/local/sbin"

MAIN = """
compatibility_level = 3.6
queue_directory = {root}/queue
data_directory = {root}/data
command_directory = {command}
daemon_directory = {daemon}
maillog_file = {root}/mail.log
maillog_file_prefixes = {root}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.example.org
mydestination =
default_transport = discard
local_transport = discard
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_client_connection_count_limit = 0
smtpd_client_connection_rate_limit = 0
smtpd_peername_lookup = no
message_size_limit = 50000000
alias_maps =
alias_database =
default_process_limit = 100
{more}
"""

DELIVERING = """
virtual_mailbox_domains = {domains}
virtual_mailbox_base = $config_directory/../mail
virtual_mailbox_maps = texthash:$config_directory/mailboxes
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_minimum_uid = 1
transport_maps = texthash:$config_directory/transport
recipient_delimiter = +
# Take everybody, and find out later: that is what makes bounces.
smtpd_reject_unlisted_recipient = no
"""

MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
discard unix - - n - - discard
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


@dataclass(frozen=True)
class Postfix:
    """One that runs. Whoever has a mailbox has the Maildir ``mail/ADDRESS`` in *root*."""

    port: int
    root: Path

    @property
    def log(self) -> Path:
        return self.root / "mail.log"

    def maildir(self, address: str) -> Path:
        return self.root / "mail" / address

    def letters(self, address: str) -> list[Path]:
        return [path for path in (self.maildir(address) / "new").glob("*") if path.is_file()]

    def idle(self) -> None:
        """Wait until nothing is queued."""
        until = time.monotonic() + 30
        queues = [self.root / "queue" / name for name in ("incoming", "active", "maildrop")]
        while any(path.is_file() for queue in queues for path in queue.rglob("*")):
            assert time.monotonic() < until, f"Postfix is busy: {self.log.read_text()[-3000:]}"
            time.sleep(0.1)

    def taken(self) -> list[str]:
        """Return the Message-IDs that its queue took, in order, each as often as it took it."""
        named: dict[str, str] = {}
        found = []
        for line in self.log.read_text(errors="replace").splitlines():
            if name := re.search(r"/cleanup\[\d+\]: (\w+): message-id=(\S+)", line):
                named[name[1]] = name[2]
            elif queued := re.search(r"/qmgr\[\d+\]: (\w+): from=.*queue active", line):
                found.append(named.pop(queued[1], ""))
        return [one for one in found if one]

    def settled(self, count: int) -> list[str]:
        """Return what its queue took, once its log has caught up with *count* messages."""
        until = time.monotonic() + 10
        while len(taken := self.taken()) < count and time.monotonic() < until:
            time.sleep(0.05)
        return taken


def found() -> bool:
    """Whether one can be run here."""
    return os.getuid() == 0 and shutil.which("postfix", path=SBIN) is not None


@contextmanager
def delivering(mailboxes: Sequence[str], errors: Mapping[str, str]) -> Iterator[Postfix]:
    """Run one for these *mailboxes*; mail to the addresses of *errors* fails with what they say."""
    nobody = pwd.getpwnam("nobody")
    domains = sorted({each.partition("@")[2] for each in [*mailboxes, *errors]})
    files = {
        "mailboxes": "".join(f"{each} {each}/\n" for each in mailboxes),
        "transport": "".join(f"{each} error:{why}\n" for each, why in errors.items()),
    }
    more = DELIVERING.format(domains=", ".join(domains), uid=nobody.pw_uid, gid=nobody.pw_gid)
    with running(more, files) as made:
        yield made


@contextmanager
def running(more: str = "", files: Mapping[str, str] | None = None) -> Iterator[Postfix]:
    """Run one; *more* are lines of main.cf, *files* lie beside it. At the end it is gone, and its folder too."""
    root = Path(tempfile.mkdtemp(prefix="postfix-"))
    root.chmod(0o755)
    daemon = subprocess.run(
        [shutil.which("postconf", path=SBIN) or "postconf", "-dh", "daemon_directory"],
        capture_output=True, text=True, check=True,
    ).stdout.strip()  # fmt: skip
    (port,) = ports.free(1)
    for name in ("conf", "queue", "data", "mail"):
        (root / name).mkdir()
    shutil.chown(root / "data", "postfix")
    shutil.chown(root / "mail", "nobody")
    for name, text in (files or {}).items():
        (root / "conf" / name).write_text(text)
    # Of a setting that stands twice every process warns, until so many wait for the log that none goes on.
    own = {line.partition("=")[0].strip() for line in more.splitlines()}
    kept = "\n".join(line for line in MAIN.splitlines() if line.partition("=")[0].strip() not in own)
    main = kept.format(root=root, command="/usr/sbin", daemon=daemon, more=more)
    (root / "conf" / "main.cf").write_text(main)
    (root / "conf" / "master.cf").write_text(MASTER.format(port=port))
    command = [shutil.which("postfix", path=SBIN) or "postfix", "-c", str(root / "conf")]
    try:
        started = subprocess.run([*command, "start"], check=False, capture_output=True, text=True, timeout=30)
        made = Postfix(port, root)
        assert started.returncode == 0, started.stderr + (made.log.read_text() if made.log.exists() else "")
        _wait(port)
        yield made
    finally:
        subprocess.run([*command, "stop"], check=False, capture_output=True, timeout=30)
        shutil.rmtree(root, ignore_errors=True)


def _wait(port: int) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1) as one:
            one.settimeout(5)
            if one.recv(100).startswith(b"220"):
                return
        time.sleep(0.05)
    raise AssertionError("Postfix does not answer")
