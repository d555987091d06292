"""What a program costs, from its start to its end."""

import os
import subprocess
import time
from pathlib import Path


def run(*command: str | Path) -> tuple[float, float, int]:
    """Return seconds, processor seconds, and the highest resident memory in MB of a program that ends well."""
    began = time.monotonic()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    took = time.monotonic() - began
    child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode == 0, (command, child.returncode)
    return took, usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024
