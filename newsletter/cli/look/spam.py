"""Ask SpamAssassin, where it is installed, what it thinks of a letter. It learns nothing and asks no network."""

import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass

#: How long it may take, in seconds: it starts in about one.
PATIENCE = 30
#: Tells which message an answer is about.
NUMBER = b"X-Newsletter-Number"


@dataclass(frozen=True, slots=True)
class Score:
    """The points of one message, and the rules that gave them."""

    points: float
    rules: str


def scores(messages: Mapping[str, bytes]) -> Mapping[str, Score]:
    """Return the score of each message by its name; nothing where SpamAssassin is not, or does not answer."""
    program = shutil.which("spamassassin")
    if not program or not messages:
        return {}
    try:
        # One start for all: most of the time it takes is its rules.
        done = subprocess.run(
            [program, "-L", "-t", "--mbox"],
            input=_mailbox(messages),
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return {}
    # They come back in any order, so each has its number.
    read: dict[int, Score] = {}
    for part in re.split(rb"^(?=From news@localhost )", done.stdout, flags=re.MULTILINE):
        status = re.search(rb"^X-Spam-Status:.*(?:\n[ \t].*)*", part, re.MULTILINE)
        number = re.search(rb"^" + NUMBER + rb": (\d+)", part, re.MULTILINE)
        if status and number:
            read[int(number[1])] = _read(status[0])
    return {name: read[number] for number, name in enumerate(messages) if number in read}


def _mailbox(messages: Mapping[str, bytes]) -> bytes:
    """Return the messages as one mailbox (RFC 4155): a line that begins with From is quoted."""
    return b"".join(
        b"From news@localhost Thu Jan  1 00:00:00 2026\n"
        + NUMBER
        + f": {number}\n".encode("ascii")
        + re.sub(rb"(?m)^From ", b">From ", data.replace(b"\r\n", b"\n"))
        + b"\n"
        for number, data in enumerate(messages.values())
    )


def _read(status: bytes) -> Score:
    text = " ".join(status.decode("ascii", "replace").split())
    points = re.search(r"score=(-?[\d.]+)", text)
    rules = re.search(r"tests=(.*?) (?:autolearn|version)=", text)
    named = (rules[1] if rules else "").replace(" ", "").strip(",").replace(",", ", ")
    return Score(float(points[1]) if points else 0.0, named)
