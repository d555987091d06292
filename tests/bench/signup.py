"""Measure signups, by program and by form, beside a plain Starlette program: how many a second, each durable.

``python -m tests.bench.signup``. Debian's wrk asks, 64 connections at once, each time with a new address from
another network; the limits that would stop such a flood are lifted here. The peer keeps the same in three bare
rows and commits each by itself, as one would write it; it checks nothing, limits nothing and keeps no evidence.
They take turns, so that a busy machine slows both.
"""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

SECONDS = 5
TURNS = 3
CONNECTIONS = 64
SCRIPT = r"""
local number = 0
request = function()
  number = number + 1
  local network = (number % 200 + 1) .. "." .. (math.floor(number / 200) % 250) .. ".3.4"
  local body = 'BODY'
  local headers = {["Content-Type"] = "KIND", ["X-Forwarded-For"] = network}
  return wrk.format("POST", "/subscribe", headers, body)
end
"""
PROGRAM = (
    "application/json",
    """{"email":"reader' .. number .. '@example.org","lists":["monthly"],"language":"sv"}""",
)
FORM = (
    "application/x-www-form-urlencoded",
    "email=reader' .. number .. '%40example.org&name=&website=&list=monthly&language=sv&stamp=STAMP",
)
SERVER = """
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from newsletter.cli.send.foreground import loop
from newsletter.web import app
from newsletter.web.listen import Server, open_socket
from subscribers.store.register import limits
from tests import webserver
limits.OVERALL = limits.NETWORK = (limits.Limit(10**9, timedelta(hours=1)),)
settings = webserver.SETTINGS + webserver.MORE + '[web]\\ntrusted_proxies = ["127.0.0.1"]\\n'
with webserver.standing(Path(sys.argv[1]), settings, settle=0.01, durable=True) as world:
    world.clock[0] = datetime.now(UTC)
    listener = open_socket("127.0.0.1", 0)
    print(listener.getsockname()[1], world.stamp(), flush=True)
    site = replace(world.site, now=lambda: datetime.now(UTC))
    loop(Server(app.make(site)).serve([listener]))
"""
PEER = """
import sqlite3, sys
from pathlib import Path
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route
from newsletter.cli.send.foreground import loop
from newsletter.web.listen import Server, open_socket
base = sqlite3.connect(Path(sys.argv[1]) / "subscribers.db", isolation_level=None)
base.execute("PRAGMA journal_mode = WAL")
base.execute("PRAGMA synchronous = FULL")
base.execute("CREATE TABLE subscribers (id INTEGER PRIMARY KEY, email TEXT UNIQUE)")
base.execute("CREATE TABLE subscriptions (person, list, PRIMARY KEY (person, list)) WITHOUT ROWID")
base.execute("CREATE TABLE mails (id INTEGER PRIMARY KEY, person, kind)")

async def take(request):
    said = await request.json()
    base.execute("BEGIN IMMEDIATE")
    person = base.execute("INSERT INTO subscribers (email) VALUES (?)", [said["email"]]).lastrowid
    base.executemany("INSERT INTO subscriptions VALUES (?, ?)", [(person, each) for each in said["lists"]])
    base.execute("INSERT INTO mails (person, kind) VALUES (?, 'confirm')", [person])
    base.execute("COMMIT")
    return JSONResponse({"message": "a mail is on its way"}, 202)

listener = open_socket("127.0.0.1", 0)
print(listener.getsockname()[1], "-", flush=True)
loop(Server(Starlette(routes=[Route("/subscribe", take, methods=["POST"])])).serve([listener]))
"""


@dataclass
class Turn:
    """What one turn gave: requests a second, 50th and 99th percentile in ms, CPU seconds for 1,000, people."""

    rate: float
    middle: float
    slow: float
    cpu: float
    people: int


def turn(server: str, kind: str, body: str) -> Turn:
    """Let *server* be asked for some seconds by bodies of this *kind*."""
    with (
        tempfile.TemporaryDirectory() as folder,
        subprocess.Popen([sys.executable, "-c", server, folder], stdout=subprocess.PIPE, text=True) as process,
    ):
        try:
            assert process.stdout
            port, stamp = process.stdout.readline().split()
            script = Path(folder) / "signup.lua"
            script.write_text(SCRIPT.replace("KIND", kind).replace("BODY", body).replace("STAMP", stamp))
            began = spent(process.pid)
            said = asked(port, script)
            cpu = spent(process.pid) - began
        finally:
            process.terminate()
            process.wait()
        connection = sqlite3.connect(Path(folder) / "subscribers.db")
        people = connection.execute("SELECT count(*) FROM subscribers").fetchone()[0]
        connection.close()
    if "Non-2xx" in said:
        print(said)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
    assert rate, said
    return Turn(float(rate[1]), within(said, "50%"), within(said, "99%"), cpu / people * 1000, people)


def spent(process: int) -> float:
    """Return the processor seconds of a process until now."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def asked(port: str, script: Path) -> str:
    """Return what wrk says."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "--latency", "-s", str(script)]
    command.append(f"http://127.0.0.1:{port}")
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout


def within(said: str, share: str) -> float:
    """Return a percentile in milliseconds."""
    found = re.search(rf"{share}\s+([\d.]+)(us|ms|s)", said)
    assert found, said
    return float(found[1]) * {"us": 0.001, "ms": 1, "s": 1000}[found[2]]


def main() -> None:
    """Measure, and print a line for each."""
    if not shutil.which("wrk"):
        print("signup: needs Debian's wrk")
        return
    asked_of = {
        "signup by program, durable": (SERVER, *PROGRAM),
        "signup by form, durable": (SERVER, *FORM),
        "Starlette and three bare rows": (PEER, *PROGRAM),
    }
    turns = [[turn(*each) for each in asked_of.values()] for _ in range(TURNS)]
    best = [max(each, key=lambda turn: turn.rate) for each in zip(*turns, strict=True)]
    for what, one in zip(asked_of, best, strict=True):
        print(
            f"{what:<32} {one.rate:>8,.0f}/s   50 % within {one.middle:.0f} ms, 99 % within {one.slow:.0f} ms"
            f"   {one.cpu:.2f} s CPU/1,000"
        )
    print(f"{'':<32} {best[0].rate / best[-1].rate:>8.1f} times as many (best of {TURNS} turns each)")


if __name__ == "__main__":
    main()
