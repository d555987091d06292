"""Messages that came back, written for this project, each with what it means: `tests/data/bounces`.

``phrases-*.txt`` holds what servers say, a line each, which is put into a report as Postfix writes it;
``messages-*.txt`` holds whole messages in the forms of many servers. The sets *b* and *c* were written before the
rules could know them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "data" / "bounces"
WHOM = "agnes@quay.example"
LETTER = f"""Received: from out.example.org by mx.quay.example for <{WHOM}>; Thu, 12 Jun 2025 10:00:00 +0200
From: The Quay <news@example.org>
To: {WHOM}
Subject: June on the quay
Message-ID: <7.aaaa@example.org>

Forty boats came.
"""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A message, what *kind* it is of, and whom it is about ("" if nobody can tell)."""

    name: str
    kind: str
    recipient: str
    raw: bytes


def read(name: str) -> list[Labelled]:
    """Return the set *name*: a, b or c."""
    return [*_phrases(FOLDER / f"phrases-{name}.txt"), *_messages(FOLDER / f"messages-{name}.txt")]


def _phrases(path: Path) -> Iterator[Labelled]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            kind, status, command, said = line.split(" | ")
            yield Labelled(said, kind, WHOM, _report(said.replace("{a}", WHOM), status, command))


def _messages(path: Path) -> Iterator[Labelled]:
    for each in path.read_text(encoding="utf-8").split("##### ")[1:]:
        head, _, text = each.partition("\n")
        kind, recipient, name = head.split(" | ")
        yield Labelled(name, kind, recipient.strip("-"), text.replace("{letter}", LETTER).encode())


def _report(said: str, status: str, command: str) -> bytes:
    """Return what Postfix writes about a reply to *command*, or about what it found out itself (``-``)."""
    commands = {"RCPT": "RCPT TO", "MAIL": "MAIL FROM", "DATA": "end of DATA"}
    server = "host mx.quay.example[192.0.2.4]"
    if command == "-":
        notice = f"<{WHOM}>: {said}"
    elif command == "CONN":
        notice = f"<{WHOM}>: {server} refused to talk to me: {said}"
    else:
        notice = f"<{WHOM}>: {server} said: {said} (in reply to {commands[command]} command)"
    kind = "x-postfix" if command == "-" else "smtp"
    action = "delayed" if status.startswith("4.") and command == "CONN" else "failed"
    return f"""From: MAILER-DAEMON@out.example.org (Mail Delivery System)
To: bounce@example.org
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="1F/out"

--1F/out
Content-Type: text/plain; charset=utf-8

This is the mail system at host out.example.org.

{notice}

--1F/out
Content-Type: message/delivery-status

Reporting-MTA: dns; out.example.org

Final-Recipient: rfc822; {WHOM}
Action: {action}
Status: {status}
Diagnostic-Code: {kind}; {said}

--1F/out
Content-Type: message/rfc822

{LETTER}
--1F/out--
""".encode()
