"""A real Postfix of our own: in a temporary folder, on loopback, discarding what it takes. Needs root.

Its log is the oracle: what its queue manager took stands there under its Message-ID.
"""

import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
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
discard unix - - n - - discard
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


@dataclass(frozen=True)
class Postfix:
    """One that runs. *log* is its log."""

    port: int
    log: Path

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
def running(more: str = "") -> Iterator[Postfix]:
    """Run one; *more* are lines of main.cf. It is ended, and its folder removed, at the end."""
    root = Path(tempfile.mkdtemp(prefix="postfix-"))
    root.chmod(0o755)
    daemon = subprocess.run(
        [shutil.which("postconf", path=SBIN) or "postconf", "-dh", "daemon_directory"],
        capture_output=True, text=True, check=True,
    ).stdout.strip()  # fmt: skip
    (port,) = ports.free(1)
    for name in ("conf", "queue", "data"):
        (root / name).mkdir()
    shutil.chown(root / "data", "postfix")
    main = MAIN.format(root=root, command="/usr/sbin", daemon=daemon, more=more)
    (root / "conf" / "main.cf").write_text(main)
    (root / "conf" / "master.cf").write_text(MASTER.format(port=port))
    command = [shutil.which("postfix", path=SBIN) or "postfix", "-c", str(root / "conf")]
    try:
        started = subprocess.run([*command, "start"], check=False, capture_output=True, text=True, timeout=30)
        log = root / "mail.log"
        assert started.returncode == 0, started.stderr + (log.read_text() if log.exists() else "")
        _wait(port)
        yield Postfix(port, log)
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
