"""What systemd hands to a service, and waits for. Does nothing where no systemd started us."""

import os
import socket
from contextlib import suppress

from newsletter.errors import SettingsError

#: The first descriptor that systemd hands over (sd_listen_fds(3), SD_LISTEN_FDS_START).
FIRST = 3


def listener() -> socket.socket | None:
    """Return the socket that a systemd.socket(5) unit holds for us, None where there is none.

    It stays open while `serve` is started anew, so that readers who come meanwhile wait and are not turned away.
    Raise SettingsError if it is more than one, or none that web pages can be served at.
    """
    for_us = os.environ.pop("LISTEN_PID", "") == str(os.getpid())
    count = os.environ.pop("LISTEN_FDS", "0")
    if not for_us:
        return None
    held = socket.socket(fileno=FIRST) if count == "1" else None
    if not (held and held.type == socket.SOCK_STREAM and held.family in (socket.AF_INET, socket.AF_INET6)):
        what = f"systemd hands over {'what is no port' if held else f'{count} sockets'}"
        raise SettingsError(what, remedy="give the socket's unit one ListenStream=, such as 127.0.0.1:8000")
    os.set_inheritable(FIRST, False)
    held.setblocking(False)
    return held


def ready() -> None:
    """Say that readers can be served to the systemd that waits for it (sd_notify(3))."""
    if place := os.environ.get("NOTIFY_SOCKET"):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd, suppress(OSError):
            # What begins with @ is a name and no file (unix(7)).
            systemd.sendto(b"READY=1", f"\0{place[1:]}" if place.startswith("@") else place)
