"""Sending to a server that is not ours: Postfix's smtp-sink, which keeps each message in a file of its own."""

import email
import email.policy
import os
import shutil
import tempfile
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.bench.send import listening
from tests.editor import SLUG, Editor

ONCE = (
    "From", "To", "Subject", "Date", "Message-ID", "Reply-To", "MIME-Version", "Content-Type", "Content-Language",
    "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "List-Help", "Feedback-ID",
)  # fmt: skip


@pytest.fixture
def box():
    """A folder that whoever smtp-sink runs as may write to."""
    folder = Path(tempfile.mkdtemp(prefix="sink"))
    folder.chmod(0o777)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.sink
def test_each_reader_has_one_sound_message_in_postfixs_sink(tmp_path, capfd, box):
    editor = Editor(tmp_path, capfd)
    editor.people(300)
    with listening("-d", f"{box}/%M.") as port:
        editor.settings(r"port = \d+\ntls", f"port = {port}\ntls")
        assert editor("send", SLUG, "--yes")[0] == 0
        until = time.monotonic() + 10
        while len(os.listdir(box)) < 300 and time.monotonic() < until:
            time.sleep(0.02)
    seen = Counter()
    for path in box.iterdir():
        data = path.read_bytes()
        message = email.message_from_bytes(data, policy=email.policy.default)
        seen[message["To"].addresses[0].addr_spec] += 1
        assert {name: len(message.get_all(name, [])) for name in ONCE} == dict.fromkeys(ONCE, 1)
        assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
        assert not any(part.defects for part in message.walk())
        assert max(map(len, data.splitlines())) <= 998
    assert seen == {f"reader{number}@example.org": 1 for number in range(1, 301)}
