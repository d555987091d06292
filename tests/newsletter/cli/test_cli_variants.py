"""One send, many variants: two subjects, a missing twin, words for some, pictures inside, as readers get them."""

import shutil

from newsletter.cli import wiring
from subscribers.store.ledger import census
from tests.editor import Editor, parsed
from tests.samples import ROOT
from tests.smtpserver import Server

ISSUE = """---
subject: A bridge, and tomatoes in November
subject_b: What grows in November?
share: 30
preheader: A way across the bay at last, and tomatoes from the warmth of a data hall
images: inline
list: monthly
---
{% if name == "Reader 7" %}Dear seventh{% else %}Dear others{% endif %},

::: lead
## A bridge
![A footbridge over a calm bay](assets/bridge.jpg)
It is open.
:::
"""


def test_one_send_gives_each_reader_their_own_letter(editor: Editor) -> None:
    editor.people(40)
    folder = editor.root / "issues" / "2025-11"
    (folder / "assets").mkdir(parents=True)
    (folder / "issue.md").write_text(ISSUE, encoding="utf-8")
    shutil.copy(ROOT / "issues" / "0002-everything" / "assets" / "bridge.jpg", folder / "assets")
    with Server() as server:
        editor.to(server)
        code, out, err = editor("send", "2025-11", "--yes")
        assert code == 0, out + err
    subjects: dict[str, set[str]] = {}
    for received in server.accepted:
        message = parsed(received)
        number = int(received.recipient.removeprefix("reader").partition("@")[0])
        subjects.setdefault(message["Subject"], set()).add(received.recipient)
        assert message["Content-Language"] == "en"
        html = message.get_body(("html",)).get_content()
        text = message.get_body(("plain",)).get_content()
        greeting = "Dear seventh," if number == 7 else "Dear others,"
        swedish = number % 2 == 1
        for part in (html, text):
            assert greeting in part
            assert ("Avsluta prenumerationen" in part) == swedish
            assert ("Den här gången finns brevet bara på engelska." in part) == swedish
            assert ("Unsubscribe" in part) != swedish
        picture = next(part for part in message.walk() if part.get_content_type() == "image/jpeg")
        assert f'src="cid:{picture["Content-ID"].strip("<>")}"' in html
        assert picture.get_content() == (folder / "assets" / "bridge.jpg").read_bytes()
    assert set(subjects) == {"A bridge, and tomatoes in November", "What grows in November?"}
    assert 3 <= len(subjects["What grows in November?"]) <= 22
    connection = wiring.opened(editor.workspace)
    rows = connection.execute(
        "SELECT s.email, d.variant FROM deliveries d JOIN subscribers s ON s.id = d.subscriber_id"
    ).fetchall()
    total = sum(census.counts(connection, 1).values())
    connection.close()
    assert {row["email"] for row in rows if row["variant"].endswith("@b")} == subjects["What grows in November?"]
    assert {row["variant"] for row in rows} == {"en", "sv", "en@b", "sv@b"}
    assert total == 40


def test_render_writes_what_readers_without_a_twin_get(editor: Editor) -> None:
    (editor.root / "issues" / "2025-11").mkdir()
    (editor.root / "issues" / "2025-11" / "issue.md").write_text(ISSUE, encoding="utf-8")
    _, found = editor.json("render", "2025-11", "--out", str(editor.root / "out"))
    assert [file["language"] for file in found["files"]] == ["en", "en", "sv"]
    assert [file["subject"] for file in found["files"]][1] == "What grows in November?"
    assert 'lang="en"' in (editor.root / "out" / "2025-11.sv.html").read_text(encoding="utf-8")
    assert len({file["html"] for file in found["files"]}) == 3
