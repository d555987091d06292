"""Measure the signup page: how many a second, each durably written, and how long the slowest wait.

``python -m tests.bench.signup``. Debian's wrk asks, 40 connections at once, each time with a new address from
another network; the limits that would stop such a flood are lifted here. Beside it stands what one bare INSERT
with its own durable commit costs on the same disk.
"""

import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SECONDS = 8
SCRIPT = r"""
local number = 0
function setup(thread) end
request = function()
  number = number + 1
  local network = (number % 200 + 1) .. "." .. (math.floor(number / 200) % 250) .. ".3.4"
  local body = '{"email":"reader' .. number .. '@example.org","lists":["monthly"],"language":"sv"}'
  local headers = {["Content-Type"] = "application/json", ["X-Forwarded-For"] = network}
  return wrk.format("POST", "/subscribe", headers, body)
end
"""
SERVER = """
import sys, tempfile
from datetime import timedelta
from pathlib import Path
from functools import partial
from newsletter.cli.foreground import loop
from newsletter.web import app
from newsletter.web.listen import Server, open_socket
from subscribers.store import limits
from tests import webserver
limits.OVERALL = limits.NETWORK = (limits.Limit(10**9, timedelta(hours=1)),)
settings = webserver.SETTINGS + webserver.MORE + '[web]\\ntrusted_proxies = ["127.0.0.1"]\\n'
with webserver.standing(Path(sys.argv[1]), settings, settle=0.02, durable=True) as world:
    listener = open_socket("127.0.0.1", 0)
    print(listener.getsockname()[1], flush=True)
    loop(Server(app.make(world.site)).serve([listener]))
"""


def bare(folder: Path) -> float:
    """Return how many bare rows a second this disk takes, each with a durable commit of its own."""
    connection = sqlite3.connect(folder / "bare.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT UNIQUE)")
    start = time.perf_counter()
    for number in range(2_000):
        connection.execute("INSERT INTO people (email) VALUES (?)", [f"reader{number}@example.org"])
    took = time.perf_counter() - start
    connection.close()
    return 2_000 / took


def asked(port: int, script: Path) -> tuple[float, float, str]:
    """Return requests a second, the 99th percentile in milliseconds, and what wrk said."""
    command = ["wrk", "-t1", "-c40", f"-d{SECONDS}s", "--latency", "-s", script, f"http://127.0.0.1:{port}"]
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
    slow = re.search(r"99%\s+([\d.]+)(us|ms|s)", said)
    assert slow
    scale = {"us": 0.001, "ms": 1, "s": 1000}[slow[2]]
    return float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1]), float(slow[1]) * scale, said


def main() -> None:
    """Measure, and print three lines."""
    if not shutil.which("wrk"):
        print("signup: needs Debian's wrk")
        return
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        script = folder / "signup.lua"
        script.write_text(SCRIPT)
        rate = bare(folder)
        with subprocess.Popen([sys.executable, "-c", SERVER, made], stdout=subprocess.PIPE, text=True) as server:
            try:
                requests, slowest, said = asked(int(server.stdout.readline()), script)
            finally:
                server.terminate()
        connection = sqlite3.connect(folder / "subscribers.db")
        people = connection.execute("SELECT count(*) FROM subscribers").fetchone()[0]
        connection.close()
    print(
        f"{'signup, durable':<32} {requests:>8,.0f}/s   99 % within {slowest:.0f} ms   {people:,} people written"
    )
    print(f"{'one bare row, durable':<32} {rate:>8,.0f}/s   a signup is {requests / rate:.2f} of it")
    if "Non-2xx" in said:
        print(said)


if __name__ == "__main__":
    main()
