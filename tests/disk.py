"""Disks in trouble: for one program, a folder becomes a disk of its own, and for nobody else."""

import shutil
import subprocess
from pathlib import Path

import pytest

UNSHARE = ["unshare", "--map-root-user", "--mount"]

#: The folder $1 becomes a disk of its own that is closed, or that is full beside what lay in it.
CLOSED = 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1"'
FULL = """cp -a "$1" "$1.kept" && mount -t tmpfs -o size=2m none "$1" && cp -a "$1.kept/." "$1" && rm -r "$1.kept"
dd if=/dev/zero of="$1/rest" bs=4k 2>&1 | grep -q 'No space'"""
#: There is nothing in the folder $1, and little room.
SMALL = 'mount -t tmpfs -o size=2m none "$1"'
#: There is nothing in the folder $1.
BARE = 'mount -t tmpfs none "$1"'


def on_a_disk(
    kind: str, folder: Path | str, *command: str, streams: str = ""
) -> "subprocess.CompletedProcess[str]":
    """Run *command* where *folder* is a disk of that *kind*. *streams* is what a shell does with its streams."""
    if not shutil.which("unshare") or subprocess.run([*UNSHARE, "true"], capture_output=True).returncode:
        pytest.skip("needs unshare, and a system that lets it mount")
    script = f'{kind} && shift && exec "$@" {streams}'
    line = [*UNSHARE, "sh", "-c", script, "sh", str(folder), *command]
    return subprocess.run(line, capture_output=True, text=True, timeout=60)
