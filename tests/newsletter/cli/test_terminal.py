"""Laws of what stands on a terminal: it is never wider than that, and a figure stands beside its name."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios

import pytest

from newsletter.cli import terminal, wiring
from tests.editor import SLUG
from tests.smtpserver import Server


@pytest.mark.parametrize(
    ("rate", "words"),
    [(1200.0, "1,200 a second"), (1.0, "1 a second"), (0.5, "30 a minute"), (1 / 60, "1 a minute"),
     (0.01, "36 an hour"), (0.0, "0 a second")],
)  # fmt: skip
def test_a_speed_is_told_by_a_time_in_which_something_happens(rate, words):
    assert terminal.speed(rate) == words


def test_what_a_stranger_wrote_moves_nothing_on_a_terminal(capsys):
    hostile = "\x1b[2J \x9b31m \u202e\u2066 \x00\x07\r end"
    terminal.say(hostile)
    terminal.show(hostile)
    told = capsys.readouterr()
    for words in (told.out, told.err):
        assert words.endswith("end\n")
        assert words.rstrip("\n").isprintable()


#: Runs commands one after the other: each in a program of its own would take long to begin.
EACH = """import shlex, sys
from newsletter.cli.main import main
for words in sys.argv[2:]:
    try:
        main(["--workspace", sys.argv[1], *shlex.split(words)])
    except SystemExit as left:
        if left.code:
            raise"""


def shown(editor, width, *commands, answer="", code=0):
    """Return the lines that *commands* print to a terminal of *width* columns, as one sees them.

    *answer* is what is typed there, *code* what the last command must end with.
    """
    ours, theirs = pty.openpty()
    os.write(ours, answer.encode())
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
    command = [sys.executable, "-c", EACH, str(editor.root), *commands]
    # Told outright, for readline tells LINES and COLUMNS to whatever the tests start.
    known = {name: value for name, value in os.environ.items() if name not in {"LINES", "COLUMNS"}}
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=known) as process:
        os.close(theirs)
        said = b""
        try:
            while part := os.read(ours, 65536):
                said += part
        except OSError:  # EIO: nobody holds the other end any more
            pass
        os.close(ours)
    assert process.returncode == code, said
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", said.decode()).splitlines()


def test_an_export_to_a_file_shows_on_a_terminal_how_far_it_is_and_none_among_the_people(editor):
    editor.people(3)
    lines = shown(editor, 80, f"subscribers export --out {editor.root / 'e.csv'}")
    assert any("Exporting" in line and "100 %" in line for line in lines)
    assert not any("Exporting" in line for line in shown(editor, 80, "subscribers export"))


def test_a_send_to_a_part_of_a_list_asks_with_the_part(editor):
    editor.people(3)
    words = f"send {SLUG} --segment \"language = 'en'\""
    asked = "".join(shown(editor, 200, words, answer="n\n", code=5))
    assert f"Send {SLUG} to the list monthly (only language = 'en') to " in asked


@pytest.fixture
def sent(editor):
    editor.people(3)
    with Server() as server:
        editor.to(server)
        assert editor("send", "0001-hello", "--yes")[0] == 0
    return editor


@pytest.mark.parametrize("width", [30, 40, 60, 80])
def test_no_table_is_wider_than_the_terminal(sent, width):
    lines = shown(sent, width, "status", "lists", "segments list", "subscribers list")
    assert {"0001-hello", "monthly", "business", "reader1@example.org"} <= set(" ".join(lines).split())
    assert max(map(len, lines)) <= width, lines


def test_figures_stand_under_each_other_though_some_are_missing(capsys):
    terminal.table(
        ("issue", "readers", "arrived"), [("06", "1,204", "98.5 %"), ("07", "", "-"), ("08", "5", "100.0 %")]
    )
    assert capsys.readouterr().out.splitlines()[1:] == [
        "   06    1,204   98.5 %",
        "   07                 -",
        "   08        5  100.0 %",
    ]


def test_what_has_no_room_beside_each_other_stands_below_each_other(sent):
    lines = [" ".join(line.split()) for line in shown(sent, 40, "status")]
    assert lines[:5] == ["send 1", "issue 0001-hello", "state done", "readers 3", "accepted 3"]
    assert " ".join(shown(sent, 80, "status")[0].split()).startswith("send issue state readers accepted")


@pytest.mark.parametrize("width", [50, 80])
def test_a_plan_has_a_line_for_each_hour_and_no_bar_is_broken(editor, width):
    editor.people(40)
    with wiring.people(editor.workspace) as connection:
        town = "@the-municipality-of-a-small-town-by-the-sea.example.org"
        connection.execute("UPDATE subscribers SET canonical = 'reader' || id || ? WHERE id <= 30", (town,))
    settings = editor.root / "newsletter.toml"
    settings.write_text(f"{settings.read_text(encoding='utf-8')}\n[hours]\nwarm_up = [10, 20]\n", encoding="utf-8")
    lines = shown(editor, width, "send 0001-hello --dry-run --at 2099-06-12T09:00")
    head = next(number for number, line in enumerate(lines) if line.startswith("hour "))
    drawn = lines[head + 1 : lines.index("", head)]
    assert len(drawn) == 3
    assert all(re.fullmatch(r"\w{3} [\d-]+ \d\d:\d\d  █+\S? *\d+  \S+… \d+", line) for line in drawn), drawn
    assert max(map(len, lines)) <= width


def test_a_dumb_terminal_is_as_narrow_as_it_is(editor, monkeypatch):
    monkeypatch.setenv("TERM", "dumb")
    editor("fetch")
    lines = shown(editor, 50, "compose 2026-12 --explain")
    assert max(map(len, lines)) <= 50


@pytest.mark.parametrize("count", [0, 1, 3])
def test_many_documents_are_printed_as_one_document(capsys, count):
    documents = [{"name": "Åsa", "tags": ["a", "b"]}] * count
    terminal.emit_each("people", iter(documents), lambda shown: {"count": shown, "more": {}})
    printed = capsys.readouterr().out
    terminal.emit({"people": documents, "count": count, "more": {}})
    assert printed == capsys.readouterr().out


def test_many_documents_are_never_held_all_at_once(capsys):
    def documents():
        yield {"first": 1}
        assert '"first": 1' in capsys.readouterr().out
        yield {"second": 2}

    terminal.emit_each("people", documents(), lambda shown: {"count": shown})
    assert '"second": 2' in capsys.readouterr().out
