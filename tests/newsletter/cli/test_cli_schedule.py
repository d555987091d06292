"""`newsletter schedule` as an editor runs it, and `serve` doing what is due."""

import json
import re
import subprocess
import sys
import time

import pytest

from newsletter.files import issues, schedules
from tests import blank, killed
from tests.catcher import running
from tests.roll import caller


@pytest.fixture
def workspace(tmp_path):
    return blank.letter(tmp_path / "letter")


@pytest.fixture
def run(workspace, capfd):
    return caller(workspace.root, capfd, "schedule")


def test_what_comes_again_is_added_listed_shown_and_removed(workspace, run):
    assert "Nothing comes again yet" in run("list")
    said = run("add", "monthly", "--compose", "first thursday 06:00", "--send", "second tuesday 09:00")
    assert re.search(r"Added monthly: \d{4}-\d\d is composed at \d{4}-\d\d-\d\d 06:00 CES?T\.", said)
    goes = (
        r"It is meant to go out at \d{4}-\d\d-\d\d 09:00 CES?T: `newsletter send \d{4}-\d\d` waits for that time\."
    )
    assert re.search(goes, said)
    assert "monthly composes" in run("add", "twice", "--compose", "first thursday 06:00")
    run("remove", "twice")
    run("add", "weekly", "--compose", "every monday 07:30", "--slug", "week-%G-%V")
    said = run("list")
    assert "first thursday 06:00" in said
    assert "every monday 07:30" in said
    document = json.loads(run("next", "--count", "12", "--json"))["next"]
    assert len(document) == 12
    assert {one["name"] for one in document} == {"monthly", "weekly"}
    assert [one["compose"] for one in document] == sorted(one["compose"] for one in document)
    monthly = json.loads(run("next", "monthly", "--json"))["next"]
    assert [one["name"] for one in monthly] == ["monthly"] * 5
    assert all(one["send"] > one["compose"] for one in monthly)
    assert re.fullmatch(r"week-\d{4}-\d\d", json.loads(run("next", "weekly", "--json"))["next"][0]["issue"])
    text = (workspace.root / schedules.NAME).read_text("utf-8")
    assert text.startswith("# What `newsletter serve` does on its own.")
    assert 'compose = "first thursday 06:00"\n' in text
    run("remove", "monthly")
    assert [one["name"] for one in json.loads(run("list", "--json"))["schedules"]] == ["weekly"]


def test_what_a_killed_remove_began_is_finished(workspace, run):
    run("add", "monthly", "--compose", "first thursday 06:00")
    schedules.keep(workspace, {"monthly": schedules.Done(schedules.NEVER, "2025-06")})
    killed.before("os.rename", schedules.DONE, "schedule", "remove", "monthly", folder=workspace.root)
    assert not schedules.load(workspace)
    assert run("remove", "monthly") == "Removed monthly; its issues stay.\n"
    assert not schedules.done(workspace)
    run("remove", "monthly", code=4)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("add", "a", "--compose", "sometimes"), 2, '"first thursday 06:00", "last friday 09:00"'),
        (("add", "A b", "--compose", "daily 06:00"), 2, "lower-case letters"),
        (("add", "a", "--compose", "daily 06:00", "--slug", "a/b"), 2, "cannot name an issue"),
        (("add", "weekly", "--compose", "daily 06:00"), 5, "there is a schedule “weekly” already"),
        (("remove", "b"), 4, "there are: weekly"),
        (("next", "b"), 4, "there is no schedule “b”"),
    ],
)
def test_what_cannot_be_is_told(run, words, code, said):
    run("add", "weekly", "--compose", "every monday 07:30")
    assert said in run(*words, code=code)


def test_serve_composes_what_came_due_while_it_was_not_running(workspace, tmp_path):
    (workspace.root / schedules.NAME).write_text(
        '[[schedule]]\nname = "daily"\ncompose = "daily 00:00"\nsince = 2026-01-01T00:00:00Z\n'
    )
    settings = workspace.root / "newsletter.toml"
    with running(tmp_path / "caught") as catcher:
        settings.write_text(settings.read_text("utf-8").replace("port = 2525", f"port = {catcher.smtp_port}"))
        with subprocess.Popen(
            [sys.executable, "-m", "newsletter", "serve", "--port", "0"],
            cwd=workspace.root,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as serve:
            try:
                until = time.monotonic() + 30
                while not catcher.count and time.monotonic() < until:
                    time.sleep(0.05)
            finally:
                serve.terminate()
                assert serve.wait(30) == 0
        [mail] = catcher.mailbox
    assert mail.subject.endswith(" waits for your approval")
    [slug] = [slug for slug in issues.slugs(workspace) if slug != "0001-hello"]
    assert issues.load(workspace, slug)[0].blocks
