"""`serve` is killed while people sign up: who was answered is in the file, and nobody is there by half."""

import concurrent.futures
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest

from subscribers.store.file.open import connect
from subscribers.store.register.consents import verify
from tests import blank, ports


def workspace(folder: Path) -> None:
    settings = blank.letter(folder).root / "newsletter.toml"
    # Each post comes from a network of its own, as from a proxy.
    text = settings.read_text(encoding="utf-8")
    trusting = re.sub(r"^#? ?\[web\]$", '[web]\ntrusted_proxies = ["127.0.0.1"]', text, flags=re.MULTILINE)
    assert trusting != text
    settings.write_text(trusting, encoding="utf-8")


@contextmanager
def served(folder: Path, port: int) -> Iterator[subprocess.Popen]:
    command = [sys.executable, "-m", "newsletter", "serve", "--port", str(port)]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        try:
            until = time.monotonic() + 30
            while process.poll() is None and time.monotonic() < until:
                with suppress(httpx.TransportError):
                    httpx.get(f"http://127.0.0.1:{port}/health")
                    break
                time.sleep(0.05)
            assert process.poll() is None, process.stderr.read()
            yield process
        finally:
            process.kill()


def post(client: httpx.Client, number: int) -> int | None:
    """Sign somebody up; return their number if that was answered."""
    headers = {"X-Forwarded-For": f"10.{number // 250}.{number % 250}.1"}
    document = {"email": f"r{number}@example.org", "lists": ["monthly"]}
    try:
        answer = client.post("/subscribe", json=document, headers=headers)
    except httpx.TransportError:
        return None
    assert answer.status_code == 202
    return number


@pytest.mark.parametrize("delay", [0.4, 1.2])
def test_whoever_was_answered_is_written_down_wholly(tmp_path: Path, delay: float) -> None:
    folder = tmp_path / "letter"
    workspace(folder)
    (port,) = ports.free(1)
    with (
        served(folder, port) as process,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=10) as client,
        concurrent.futures.ThreadPoolExecutor(12) as pool,
    ):
        asked = [pool.submit(post, client, number) for number in range(1_500)]
        time.sleep(delay)
        os.kill(process.pid, signal.SIGKILL)
        answered = {found for one in asked if (found := one.result()) is not None}
    assert answered
    assert len(answered) < 1_500
    connection = connect(folder / "subscribers" / "subscribers.db")
    assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    assert people(connection, "subscribers WHERE 1") >= {f"r{number}@example.org" for number in answered}
    # A person, their subscription, its evidence and the mail are one.
    for table in ("subscriptions", "consents", "mails"):
        whole = people(connection, f"subscribers s JOIN {table} t ON t.subscriber_id = s.id")
        assert whole == people(connection, "subscribers WHERE 1")
    assert verify(connection).lines == len(people(connection, "subscribers WHERE 1"))
    connection.close()


def people(connection: sqlite3.Connection, what: str) -> set[str]:
    return {row[0] for row in connection.execute(f"SELECT email FROM {what}")}
