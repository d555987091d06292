"""Laws of asking wrongly: what was meant is told in plain words, with a code for scripts, and nothing happens."""

import os
import shlex
import signal
import socket
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest

from tests import disk
from tests.editor import SLUG

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        ("issues nope", 2, "extra argument (nope); quote what has spaces, or see `newsletter issues --help`"),
        ("lists nope", 2, "no such command “nope”"),
        ("lists count nope", 4, "there is no list “nope”; known lists: monthly"),
        ("lists add Weekly --title Week", 2, "“Weekly” is no slug; use lower-case letters, digits and hyphens"),
        ("lists add monthly --title Month", 5, "there is a list “monthly”; change it there"),
        (f"check issues/{SLUG}/issue.md", 2, f"cannot name an issue; did you mean {SLUG}?"),
        ("send", 2, f"name an issue, such as 2025-06; there are: {SLUG}"),
        ("subscribers add a@example.org", 2, "missing option “--list”; there are: monthly; see"),
        (f"render {SLUG}", 2, "missing option “--out”; see"),
        ("backup nowhere/copy.db", 1, "nowhere: there is no such folder; make it, or name another one"),
        ("completion", 2, "“{bash|fish|zsh}”. Choose from: bash, fish, zsh; see"),
        ("preview --port 99999", 2, "99999 is not between 0 and 65535; see"),
        ("articles list --limit x", 2, "“x” is no whole number; see"),
        ("restore nowhere.db", 4, "nowhere.db: there is no such file; name a file that `backup` wrote"),
        ("articles list --limit 0", 2, "0 is not 1 or more; see"),
        ("check --offlin", 2, "no such option “--offlin”; did you mean “--offline”?"),
        ("compose x --since June", 2, "“June” is no date; write it as 2025-06-12"),
        ("compose x --since 2025-05-02 --until 2025-05-01", 2, "let --since name the earlier day"),
        ("articles list --since 2025-05-02 --until 2025-05-01", 2, "let --since name the earlier day"),
        (f"test {SLUG} a@example.org --language fr", 4, "the letter has no language “fr”; known here: en, sv"),
        (f"test {SLUG} a@example.org --segment nope", 4, "there is no segment “nope”; known segments: business"),
        ("explain anna", 2, "“anna”: there is no @ in it; write it as name@example.org"),
        ("themes copy letter --as letter", 2, "“letter” would be like itself; choose another name"),
        ("themes copy plain --as letter", 2, "“letter” would be like itself; choose another name"),
        ("demo --kills 3", 2, "--kills is for the proof; add --faults"),
        ("demo --faults --keep here", 2, "leave out --keep"),
        ("form --list nope", 4, "there is no list “nope”; known here: monthly"),
        ("form --language fr", 4, "the letter has no language “fr”"),
        ("segments show city=1", 2, "an expression has no name to look up; add --explain"),
        ("schedule remove nope", 4, "there is no schedule “nope”; `newsletter schedule add` makes one"),
        (
            f"send {SLUG} --to-new",
            5,
            "nobody is in the audience; only readers who confirmed get it; `newsletter lists` counts",
        ),
    ],
)
def test_what_was_meant_is_told_and_nothing_happens(editor, words, code, told):
    ended, out, err = editor(*words.split())
    assert (ended, out) == (code, "")
    assert told in " ".join(err.split())
    assert not (editor.root / "templates" / "letter").exists()


def test_an_archive_is_never_written_where_the_readers_lie(editor):
    code, out, err = editor("archive", str(editor.root))
    assert (code, out, "name a folder for its pages alone" in err) == (2, "", True)
    assert not (editor.root / "index.html").exists()


def test_a_preview_whose_port_is_taken_names_its_own_flag(editor):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code, out, err = editor("preview", SLUG, "--no-open", "--port", str(taken.getsockname()[1]))
    assert (code, out) == (1, "")
    assert " ".join(err.split()).endswith("end it, or choose another with --port")


@pytest.mark.parametrize(
    ("before", "option"),
    [
        *((f"send {SLUG} --yes", option) for option in ("--at", "--deadline", "--segment", "--list", "--force")),
        ("subscribers export", "--list"),
        ("subscribers count", "--segment"),
    ],
)
def test_an_option_that_a_script_left_empty_means_not_everybody_and_not_now(editor, before, option):
    code, out, err = editor(*before.split(), option, "")
    assert (code, out) == (2, "")
    assert f"{option} is empty; say what it is to be, or leave it out" in err
    assert "Nothing was sent yet" in editor("status")[2]


def test_a_workspace_that_a_script_left_empty_is_not_the_one_around(editor):
    code, out, err = editor("--workspace", "", "issues")
    assert (code, out) == (2, "")
    assert "--workspace is empty" in err


@pytest.mark.parametrize(
    "words",
    [
        "subscribers export --out",
        "report --html",
        f"render {SLUG} --out",
        "archive",
        "backup",
        "init",
        "demo --keep",
    ],
)
def test_a_place_that_a_script_left_empty_is_not_where_it_stands(editor, words):
    before = sorted(editor.root.rglob("*"))
    code, out, err = editor(*words.split(), "")
    assert (code, out) == (2, "")
    assert "its name is empty; name a f" in err
    assert sorted(editor.root.rglob("*")) == before


@pytest.mark.parametrize(
    "words",
    ["subscribers export --out", "report --html", "backup", "subscribers import x --list monthly --rejects"],
)
def test_a_pipe_is_never_replaced_by_a_file(editor, words):
    pipe = editor.root / "pipe"
    os.mkfifo(pipe)
    code, out, err = editor(*words.split(), str(pipe))
    assert (code, out) == (2, "")
    assert "is a device or a pipe; name a file" in " ".join(err.split())
    assert pipe.is_fifo()
    assert editor(*words.split(), "-")[0] == 2
    assert not (editor.root / "-").exists()


#: As Python reads an argument, or the name of a file, in an older encoding: one of Latin-1 (PEP 383).
OLD = "l\udce4sare"


@pytest.mark.parametrize("words", ["articles show", "articles list --tag", "status", "report", "backup"])
def test_a_word_of_an_older_encoding_is_told_and_nothing_happens(editor, words):
    before = sorted(editor.root.iterdir())
    ended, out, err = editor(*words.split(), OLD if words != "backup" else f"{editor.root}/{OLD}.db")
    assert (ended, out) == (2, "")
    assert "is not written in UTF-8; let the terminal speak UTF-8, or give the file another name" in err
    assert {*sorted(editor.root.iterdir())} - {*before} <= {editor.root / "articles.db"}


def test_files_whose_names_are_of_an_older_encoding_are_read_as_others(editor):
    for name, text in ((f"{OLD}.txt", "The eels\n\nThey came back.\n"), (f"{OLD}.csv", "email\na@example.org\n")):
        (editor.root / name).write_text(text)
    (editor.root / "articles").mkdir(exist_ok=True)
    (editor.root / "articles" / f"{OLD}.md").write_text("# The herons\n\nThey came back, too.\n")
    assert editor("articles", "add", f"{editor.root}/{OLD}.txt")[0] == 0
    assert editor("fetch")[0] == 0
    assert {"The eels", "The herons"} <= {one["title"] for one in editor.json("articles", "list")[1]["articles"]}
    assert (
        editor("subscribers", "import", f"{editor.root}/{OLD}.csv", "--list", "monthly", "--consent", "me")[0] == 0
    )
    assert "l?sare.csv" in editor("subscribers", "show", "a@example.org", "--json")[1]


def test_an_address_that_is_broken_is_no_web_address(editor):
    for address in ("http://[x", "http://[::1]:x/", "http://exa\u2100mple.com/"):
        ended, _, err = editor("articles", "add", address)
        assert (ended, "this is no web address; write it as https://" in err) == (1, True)


def test_no_password_is_taken_with_an_address(editor):
    ended, _, err = editor("articles", "add", "https://eva:hush@127.0.0.1:1/a")
    assert (ended, "127.0.0.1: a user or a password stands in the address" in err, "hush" in err) == (
        1,
        True,
        False,
    )


def test_a_backup_never_replaces_a_file(editor):
    kept = editor.root / "newsletter.toml"
    before = kept.read_bytes()
    assert editor("backup", str(kept))[0] == 5
    assert kept.read_bytes() == before


def test_a_strict_check_does_not_call_ready_what_it_refuses(editor):
    code, out, _ = editor("check", SLUG, "--offline", "--no-spam", "--strict")
    assert (code, out.splitlines()[-1]) == (3, "0 errors, 1 warning: not ready, as --strict asks for none.")
    code, out, _ = editor("check", SLUG, "--offline", "--no-spam")
    assert (code, out.splitlines()[-1]) == (0, "0 errors, 1 warning: ready to send.")


def test_the_first_steps_that_help_names_lead_to_an_issue(editor):
    code, out, _ = editor("--help")
    steps = " ".join(out.partition("A first letter:")[2].split()).split(", ")
    assert (code, steps[0]) == (0, "newsletter init my-letter")
    for step in steps[2:]:
        assert editor(*step.split()[1:])[0] == 0


def test_what_comes_next_says_how_to_begin_where_nothing_comes_again(editor):
    code, out, err = editor("schedule", "next")
    assert (code, out) == (0, "")
    assert "newsletter schedule add monthly" in err


@pytest.mark.parametrize("words", [("send",), ("subscribers", "add"), ()])
def test_help_is_a_word_too(editor, words):
    assert editor("help", *words) == editor(*words, "--help")
    assert editor("help", *words)[0] == 0


@pytest.mark.parametrize(
    ("words", "streams", "code", "told"),
    [
        ("lists", ">&-", 0, ""),
        ("lists", ">&- 2>&- <&-", 0, ""),
        ("nope", "2>&-", 2, ""),
        ("approve 0001-hello", "<&-", 2, "nobody is here to ask; add --yes"),
        ("lists", ">/dev/full", 1, "no space left on device"),
        ("lists --json", ">/dev/full", 1, "no space left on device"),
        ("lists", ">/dev/full 2>&1", 1, ""),
        ("fetch", "2>/dev/full", 0, ""),
        ("nope", "2>/dev/full", 2, ""),
        ("feedback", "2>/dev/full", 2, ""),
    ],
)
def test_a_stream_that_takes_or_gives_nothing_is_no_fault_of_ours(editor, words, streams, code, told):
    program = f"exec {shlex.quote(sys.executable)} -m newsletter {words} {streams}"
    done = subprocess.run(["sh", "-c", program], cwd=editor.root, stderr=subprocess.PIPE, text=True, timeout=60)
    assert done.returncode == code
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr


@pytest.mark.parametrize(
    ("streams", "code", "told"), [("", 0, ""), ("<&-", 1, "Error: /dev/null: no such file"), (">&- 2>&-", 1, "")]
)
def test_what_closed_streams_become_is_missed_only_where_one_is_closed(editor, streams, code, told):
    command = [sys.executable, "-m", "newsletter", "--workspace", str(editor.root), "lists"]
    done = disk.on_a_disk(disk.BARE, "/dev", *command, streams=streams)
    assert done.returncode == code
    assert done.stderr.startswith(told)
    assert "Traceback" not in done.stderr


def test_a_send_on_a_full_disk_says_so_at_once_and_what_only_reads_goes_on(editor):
    command = [sys.executable, "-m", "newsletter", "--workspace", str(editor.root)]
    # The file knows the lists by then, so that to open it writes nothing.
    subprocess.run([*command, "lists"], check=True, capture_output=True)
    begun = time.monotonic()
    sent = disk.on_a_disk(disk.FULL, editor.root, *command, "send", SLUG, "--list", "monthly", "--yes")
    assert time.monotonic() - begun < 30
    assert sent.returncode == 1
    assert "the disk is full; make room" in sent.stderr
    assert "locked" not in sent.stderr
    assert disk.on_a_disk(disk.FULL, editor.root, *command, "status").returncode == 0


@pytest.mark.parametrize(
    ("words", "file"),
    [
        (("render", SLUG, "--out", "out"), "out/0001-hello.en.html: "),
        (("dkim", "init"), "/subscribers/dkim-news.key: "),
        (("schedule", "add", "monthly", "--compose", "first thursday 06:00"), "/schedule.toml: "),
    ],
)
def test_a_disk_without_room_is_told_with_the_file(editor, words, file, monkeypatch):
    monkeypatch.chdir(editor.root)
    process = editor.start(*words, room=20)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 1
    assert file in told


def test_a_fault_of_one_of_several_sources_is_told_as_if_it_were_alone(editor):
    assert editor("fetch")[0] == 0
    editor.workspace.people.write_bytes(b"no people" * 1000)
    (editor.root / "articles" / "new.md").write_text("# News\n\nThe quay opens.\n")
    code, _, err = editor("fetch")
    assert code == 1
    assert "put back a copy: newsletter restore FILE" in " ".join(err.split())


def test_refused_lines_that_have_no_room_are_told_with_their_file_and_where_none_are_no_room_is_needed(editor):
    full = editor.root / "full"
    full.mkdir()
    words = ("subscribers", "import", "readers.csv", "--list", "monthly", "--rejects", "full/refused.csv")
    command = [sys.executable, "-m", "newsletter", "--workspace", str(editor.root), *words]
    for text, code in (("email\nanna@example.org\n", 0), ("email\nbo@example.org\nnobody\n", 1)):
        (editor.root / "readers.csv").write_text(text)
        done = disk.on_a_disk(f'cd "$1/.." && {disk.FULL}', full, *command)
        assert done.returncode == code, done.stderr
        assert ("full/refused.csv: no space left on device" in done.stderr) == bool(code)


def test_a_segment_that_has_no_room_leaves_the_others_as_they_were(editor):
    editor("segments", "list")
    path = editor.workspace.segments
    path.write_bytes(b"# ours\r\nyoung = \"language = 'sv'\"\r\n" + b"# " + 300_000 * b"x" + b"\r\n")
    before = path.read_bytes()
    process = editor.start("segments", "add", "old", "language = 'en'", room=len(before) + 5)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "subscribers/segments.toml: " in told
    assert path.read_bytes() == before
    assert editor("segments", "add", "old", "language = 'en'")[0] == 0
    assert path.read_bytes() == before + b"old = \"language = 'en'\"\n"


#: Ctrl-C as the command writes, and once more as it says that it was interrupted.
IMPATIENT = """
import io, os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from newsletter.__main__ import main

class Terminal(io.StringIO):
    def write(self, text):
        os.kill(os.getpid(), signal.SIGINT)
        return len(text)

sys.argv[1:] = ["docs"]
sys.stdout, sys.stderr = Terminal(), Terminal()
main()
"""


def test_who_presses_ctrl_c_twice_sees_no_traceback():
    done = subprocess.run([sys.executable, "-c", IMPATIENT], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (130, "")


#: Ctrl-C as the module named first is loaded, while the command after it starts.
HASTY = """
import os, signal, sys
LOADED = sys.argv.pop(1)

class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == LOADED:
            os.kill(os.getpid(), signal.SIGINT)

signal.signal(signal.SIGINT, signal.default_int_handler)
sys.meta_path.insert(0, Finder())
from newsletter.__main__ import main
main()
"""


@pytest.mark.parametrize("loaded", ["click", "newsletter.cli.docs"])
def test_ctrl_c_is_no_traceback_however_early(loaded):
    command = [sys.executable, "-c", HASTY, loaded, "docs"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, "", "")


def test_who_ignores_ctrl_c_goes_on_ignoring_it():
    text = HASTY.replace("signal.default_int_handler", "signal.SIG_IGN")
    command = [sys.executable, "-c", text, "newsletter.cli.docs", "docs"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_command_that_is_installed_is_guarded_too():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert settings["project"]["scripts"] == {"newsletter": "newsletter.__main__:main"}
