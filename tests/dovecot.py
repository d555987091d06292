"""A real IMAP server on loopback, Debian's dovecot-imapd, with a folder, a user and a certificate of its own."""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import socketserver
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests import ports

DOVECOT = shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin:/usr/bin")
USER, PASSWORD = "bounce", "a-long-secret"

#: What version 2.4 and later call what was called otherwise before, and that.
NEW = """
dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
ssl_server_cert_file = {root}/cert.pem
ssl_server_key_file = {root}/key.pem
auth_allow_cleartext = yes
mail_driver = maildir
mail_path = {root}/Maildir
{oauth}
passdb static {{
  password = {password}
}}
userdb static {{
  fields {{
    uid = {uid}
    gid = {gid}
    home = {root}
  }}
}}
"""
OLD = """
ssl_cert = <{root}/cert.pem
ssl_key = <{root}/key.pem
disable_plaintext_auth = no
mail_location = maildir:{root}/Maildir
mail_access_groups =
{oauth}
passdb {{
  driver = static
  args = password={password}
  mechanisms = plain login
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={root}
}}
"""
#: By whom a token is said to be good (RFC 7662), and how other servers ask whether a log-in is.
NEW_OAUTH = """
auth_mechanisms = plain login xoauth2
auth_failure_delay = 0
passdb oauth2 {{
  mechanisms_filter = xoauth2
  introspection_url = {url}
  introspection_mode = post
  username_attribute = username
}}
"""
OLD_OAUTH = """
auth_mechanisms = plain login xoauth2
auth_failure_delay = 0
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {root}/oauth.conf
}}
"""
OAUTH = """
introspection_url = {url}
introspection_mode = post
username_attribute = username
active_attribute = active
active_value = true
"""
CONFIG = """
protocols = imap
base_dir = {root}/run
state_dir = {root}/state
log_path = {root}/log
ssl = yes
first_valid_uid = {uid}
first_valid_gid = {gid}
default_internal_user = {internal}
default_internal_group = {internal_group}
default_login_user = {login}
service imap-login {{
  chroot =
  inet_listener imap {{
    {address} = 127.0.0.1
    port = {port}
  }}
  inet_listener imaps {{
    {address} = 127.0.0.1
    port = {tls}
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service auth {{
  inet_listener sasl {{
    {address} = 127.0.0.1
    port = {sasl}
  }}
}}
"""


@dataclass(frozen=True)
class Imap:
    """A server that runs. *maildir* is its user's mailbox; at *sasl* Postfix asks it who may log in."""

    port: int
    tls: int
    sasl: int
    maildir: Path
    authority: Path
    log: Path


@contextlib.contextmanager
def running(introspection: str = "") -> Iterator[Imap]:
    """Run a server, and end it. Its folder is one that its mail user can get into, which pytest's is not.

    *introspection* is whom to ask whether a token is good, "" where none is taken.
    """
    with tempfile.TemporaryDirectory(prefix="imap-") as root:
        yield from _run(Path(root), introspection)


def _run(root: Path, introspection: str) -> Iterator[Imap]:
    root.chmod(0o755)
    for folder in ("new", "cur", "tmp"):
        (root / "Maildir" / folder).mkdir(parents=True)
    _certificate(root)
    me = _user()
    for path in (root, *root.rglob("*")):
        os.chown(path, me.pw_uid, me.pw_gid)
    port, tls, sasl = ports.free(3)
    internal = pwd.getpwnam("dovecot") if os.getuid() == 0 else me
    login = pwd.getpwnam("dovenull") if os.getuid() == 0 else me
    new = _version() >= (2, 4)
    oauth = (NEW_OAUTH if new else OLD_OAUTH).format(url=introspection, root=root) if introspection else ""
    (root / "oauth.conf").write_text(OAUTH.format(url=introspection), encoding="utf-8")
    text = ((NEW if new else OLD) + CONFIG).format(
        oauth=oauth, sasl=sasl,
        address="listen" if new else "address",
        root=root, uid=me.pw_uid, gid=me.pw_gid, password=PASSWORD, port=port, tls=tls,
        internal=internal.pw_name, internal_group=_group(internal.pw_gid), login=login.pw_name,
    )  # fmt: skip
    (root / "dovecot.conf").write_text(text, encoding="utf-8")
    server = subprocess.Popen(
        [str(DOVECOT), "-F", "-c", str(root / "dovecot.conf")], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    try:
        _wait(port, server, root)
        yield Imap(port, tls, sasl, root / "Maildir", root / "cert.pem", root / "log")
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)
        assert server.stderr
        server.stderr.close()


def _user() -> pwd.struct_passwd:
    """Return whose mail it is: dovecot gives mail to nobody who may do anything."""
    return pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())


def _version() -> tuple[int, ...]:
    said = subprocess.run([str(DOVECOT), "--version"], check=True, capture_output=True, text=True).stdout
    return tuple(int(part) for part in said.split()[0].split(".")[:2])


def _group(number: int) -> str:
    import grp

    return grp.getgrgid(number).gr_name


def _certificate(root: Path) -> None:
    subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
            "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
            "-keyout", str(root / "key.pem"), "-out", str(root / "cert.pem"),
        ],
        check=True,
        capture_output=True,
    )  # fmt: skip


def _wait(port: int, server: "subprocess.Popen[bytes]", root: Path) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if server.poll() is not None:
            break
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1) as one:
            if one.recv(20).startswith(b"* OK"):
                return
        time.sleep(0.1)
    log = root / "log"
    raise AssertionError(f"dovecot does not run: {log.read_text() if log.exists() else server.stderr.read()}")


@contextlib.contextmanager
def line(port):
    """A line to a port of this machine that can be cut: yields its own port, and what cuts it."""
    begun = []

    class Line(socketserver.BaseRequestHandler):
        def handle(self):
            with socket.create_connection(("127.0.0.1", port)) as other:
                begun[:] = [self.request, other]
                back = threading.Thread(target=self.copy, args=(other, self.request), daemon=True)
                back.start()
                self.copy(self.request, other)

        def copy(self, one, other):
            with contextlib.suppress(OSError):
                while heard := one.recv(65536):
                    other.sendall(heard)

    def cut():
        for each in begun:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Line) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1], cut
        cut()
        server.shutdown()
