"""Issues that come again: composed once when they are due, and the editor told once, whatever happens."""

import asyncio
import errno
import json
import os
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from newsletter.cli.compose import recurring
from newsletter.errors import NewsletterError, SettingsError
from newsletter.files import issues, schedules
from newsletter.files.pool.pool import Pool
from newsletter.files.workspace import Workspace
from newsletter.model import Article
from tests import blank, sourceserver
from tests.catcher import running

ADDED = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
DUE = datetime(2026, 12, 3, 5, 0, tzinfo=UTC)  # 06:00 in Stockholm


@pytest.fixture
def workspace(tmp_path):
    made = blank.letter(tmp_path / "letter")
    (made.root / "articles" / "welcome.md").unlink()
    pool(made, "kelp")
    return made


def pool(workspace, *names: str) -> None:
    articles = [
        Article(f"https://park.example.org/{name}", f"All about {name}", f"https://park.example.org/{name}",
                "Words. " * 40, "Some words.", "site", "en", published=ADDED)
        for name in names
    ]  # fmt: skip
    with Pool(workspace.pool) as opened:
        opened.add(articles, ADDED)


@pytest.fixture
def catcher(workspace, tmp_path):
    with running(tmp_path / "caught") as running_:
        route(workspace, running_.smtp_port)
        yield running_


def route(workspace, port: int) -> None:
    settings = workspace.root / "newsletter.toml"
    settings.write_text(settings.read_text("utf-8").replace("port = 2525", f"port = {port}"), "utf-8")


def look(workspace, at: datetime) -> list[str]:
    """What `serve` does at *at*, as a new process would; return what it says."""
    said: list[str] = []
    asyncio.run(recurring.look(Workspace(workspace.root), at, said.append))
    return said


def add(workspace, name="monthly", compose="first thursday 06:00", send="", slug=""):
    return schedules.add(workspace, name, compose, send, slug, ADDED)


def mails(catcher) -> list[str]:
    return [mail.subject for mail in catcher.mailbox][::-1]


def test_a_draft_is_composed_when_it_is_due_and_the_editor_is_told_once(workspace, catcher):
    add(workspace, send="second tuesday 09:00")
    assert look(workspace, DUE - timedelta(seconds=1)) == []
    assert look(workspace, DUE) == ["Composed 2026-12, as scheduled: 1 article picked, 0 left."]
    [one] = issues.load(workspace, "2026-12")
    assert one.send_at == datetime(2026, 12, 8, 8, 0, tzinfo=UTC)
    # As the editor's clock says it.
    assert "send_at: 2026-12-08T09:00+01:00\n" in one.source
    [mail] = catcher.mailbox
    assert mail.recipients == ("editor@example.org",)
    assert mail.subject == "2026-12 waits for your approval"
    source = catcher.mailbox.data(mail.id)
    assert b"\r\nAuto-Submitted: auto-generated\r\n" in source
    assert b"newsletter approve 2026-12" in source
    before = one.source
    pool(workspace, "orbit")
    for later in (0, 1, 60 * 24 * 20):
        assert look(workspace, DUE + timedelta(minutes=later)) == []
    assert len(mails(catcher)) == 1
    assert issues.load(workspace, "2026-12")[0].source == before


def test_after_a_long_time_only_the_last_one_is_made_up_for(workspace, catcher):
    add(workspace)
    assert look(workspace, datetime(2027, 4, 15, tzinfo=UTC)) == [
        "Composed 2027-04, as scheduled: 1 article picked, 0 left."
    ]
    assert issues.slugs(workspace) == ["0001-hello", "2027-04"]
    assert mails(catcher) == ["2027-04 waits for your approval"]


def test_what_was_due_before_it_was_added_is_not(workspace, catcher):
    add(workspace)
    (workspace.root / schedules.NAME).write_text(
        (workspace.root / schedules.NAME).read_text()
        + '\n[[schedule]]\nname = "by-hand"\ncompose = "first thursday 06:00"\nslug = "hand-%Y-%m"\n'
    )
    assert look(workspace, ADDED) == []
    look(workspace, DUE)
    assert issues.slugs(workspace) == ["0001-hello", "2026-12"]
    assert mails(catcher) == ["2026-12 waits for your approval", "Nothing is new for hand-2026-12"]


def test_an_issue_that_exists_is_left_as_it_is(workspace, catcher):
    add(workspace)
    issues.write(workspace.issue("2026-12") / "issue.md", "mine")
    look(workspace, DUE)
    assert (workspace.issue("2026-12") / "issue.md").read_text() == "mine"
    assert mails(catcher) == ["2026-12 was there already"]


def test_nothing_new_and_a_failure_are_told_too(workspace, catcher):
    add(workspace, "weekly", "every monday 07:30")
    pool(workspace)
    look(workspace, DUE + timedelta(days=5))
    assert look(workspace, DUE + timedelta(days=12)) == ["Nothing is new for 2026-12-14; no issue was written."]
    workspace.pool.write_bytes(b"no database at all, but long enough to look like one" * 20)
    for name in ("articles.db-wal", "articles.db-shm"):
        (workspace.root / name).unlink(missing_ok=True)
    [said] = look(workspace, DUE + timedelta(days=19))
    assert said.startswith("2026-12-21 could not be composed: ")
    assert mails(catcher) == [
        "2026-12-07 waits for your approval",
        "Nothing is new for 2026-12-14",
        "2026-12-21 could not be composed",
    ]


FEED = """<rss version="2.0"><channel><title>Quay</title><item><title>The new quay opens</title>
<link>https://quay.example/new</link><pubDate>Wed, 02 Dec 2026 08:00:00 GMT</pubDate>
<description>The new quay opens on Saturday, with songs and a walk for all who live by the harbour.</description>
</item></channel></rss>"""


@pytest.fixture
def site(workspace):
    with sourceserver.serving() as site:
        feed = f'[[source]]\nname = "quay"\nkind = "feed"\nurl = "{site.url}/feed"\nallow_private = true\n\n'
        settings = workspace.root / "newsletter.toml"
        settings.write_text(settings.read_text("utf-8").replace("[[source]]", f"{feed}[[source]]", 1), "utf-8")
        yield site


def test_a_draft_waits_for_a_site_that_cannot_answer_just_then(workspace, catcher, site):
    add(workspace)
    site.says("/feed", status=503)
    with pytest.raises(NewsletterError, match="2026-12 is composed once quay can be read"):
        look(workspace, DUE)
    assert mails(catcher) == []
    site.says("/feed", FEED, kind="application/rss+xml")
    assert look(workspace, DUE + timedelta(minutes=5)) == [
        "Composed 2026-12, as scheduled: 2 articles picked, 0 left."
    ]
    assert "The new quay opens" in (workspace.issue("2026-12") / "issue.md").read_text("utf-8")


@pytest.mark.parametrize(("status", "waits"), [(503, 2), (404, 0)])
def test_a_draft_does_not_wait_for_a_site_that_stays_away(workspace, catcher, site, status, waits):
    add(workspace)
    site.says("/feed", status=status)
    for number in range(waits):
        with pytest.raises(NewsletterError):
            look(workspace, DUE + timedelta(minutes=5 * number))
    said = look(workspace, DUE + timedelta(minutes=5 * waits))
    assert said == ["Composed 2026-12, as scheduled: 1 article picked, 0 left; could not read quay."]


def test_a_route_that_does_not_answer_is_tried_again_until_the_editor_knows(workspace, tmp_path):
    add(workspace)
    with running(tmp_path / "gone") as gone:
        port = gone.smtp_port
    route(workspace, port)
    add(workspace, "second", "first thursday 06:00", slug="second-%Y-%m")
    for _ in range(2):
        with pytest.raises(NewsletterError):
            look(workspace, DUE)
        assert schedules.done(workspace)["second"].result == "nothing"
        assert schedules.done(workspace)["monthly"].told == "no"
    with running(tmp_path / "caught", smtp_port=port) as catcher:
        look(workspace, DUE)
        assert mails(catcher) == ["2026-12 waits for your approval", "Nothing is new for second-2026-12"]


@pytest.mark.parametrize("step", ["claimed", "written", "composed", "trying"])
def test_a_kill_at_any_step_composes_once_and_tells_at_most_once(workspace, catcher, step):
    """What is on the disk when the process dies at a step, and then a new process."""
    add(workspace)
    claimed = schedules.Done(DUE, "2026-12")
    states = {
        "claimed": claimed,
        "written": claimed,
        "composed": replace(claimed, result="composed", why="1 article picked, 0 left"),
        "trying": replace(claimed, result="composed", told="trying"),
    }
    if step != "claimed":
        look(workspace, DUE)
    before = len(mails(catcher))
    schedules.keep(workspace, {"monthly": states[step]})
    look(workspace, DUE + timedelta(hours=1))
    look(workspace, DUE + timedelta(hours=2))
    assert len(mails(catcher)) - before == (0 if step == "trying" else 1)
    assert issues.slugs(workspace) == ["0001-hello", "2026-12"]
    assert schedules.done(workspace)["monthly"].told == ("unsure" if step == "trying" else "sent")


def test_the_file_keeps_what_people_wrote(workspace):
    add(workspace)
    add(workspace, "weekly", "every monday 07:30")
    path = workspace.root / schedules.NAME
    text = path.read_text("utf-8").replace('name = "weekly"', 'name = "weekly"  # for the board')
    path.write_text(text + "\n# the end\n", "utf-8")
    schedules.remove(workspace, "monthly")
    assert "# for the board" in path.read_text("utf-8")
    assert "first thursday" not in path.read_text("utf-8")
    assert [one.name for one in schedules.load(workspace)] == ["weekly"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[schedule]]\nname = "a"\n', "schedule.toml:1: [schedule] has no compose; add a line such as compose"),
        (
            '[[schedule]]\nname = "a"\ncompose = "thursdays"\n',
            "schedule.toml:3: “thursdays” is no time that comes",
        ),
        ('[[schedule]]\nname = "A b"\ncompose = "daily 06:00"\n', "schedule.toml:2: “A b” cannot name it"),
        ('[[schedule]]\nname = "a"\ncompose = "daily 06:00"\nsned = 1\n', "schedule.toml:4: [schedule] has no"),
        ("[[schedule", "schedule.toml:1: not valid TOML"),
        ("schedule = 1\n", "schedule.toml"),
        ("schedule = [1]\n", "schedule.toml:1: schedule can stand several times; write [[schedule]]"),
        (
            2 * '[[schedule]]\nname = "a"\ncompose = "daily 06:00"\n',
            "schedule.toml:5: two [[schedule]] are called",
        ),
        (
            '[schedule]\nname = "a"\n',
            "schedule.toml:1: schedule can stand several times; write [[schedule]] with two brackets",
        ),
    ],
)
def test_a_fault_in_the_file_is_told_with_its_line(workspace, text, said):
    (workspace.root / schedules.NAME).write_text(text)
    with pytest.raises(SettingsError) as error:
        schedules.load(workspace)
    assert said in str(error.value)


@pytest.mark.parametrize("broken", ["", "[]", '{"monthly": 1}', '{"monthly": {"due": "x"}}'])
def test_a_broken_note_of_what_was_done_stops_rather_than_doing_it_twice(workspace, catcher, broken):
    add(workspace)
    (workspace.root / schedules.DONE).write_text(broken)
    with suppress(SettingsError):
        look(workspace, DUE)
        pytest.fail("it went on")
    assert issues.slugs(workspace) == ["0001-hello"]


def test_what_was_done_is_readable(workspace, catcher):
    add(workspace)
    look(workspace, DUE)
    document = json.loads((workspace.root / schedules.DONE).read_text("utf-8"))
    assert document["monthly"]["issue"] == "2026-12"
    assert document["monthly"]["told"] == "sent"


def test_what_the_system_refuses_is_told_in_words_and_not_by_its_number(workspace, monkeypatch):
    said: list[str] = []
    stop = asyncio.Event()

    async def refused(*_) -> None:
        stop.set()
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE), "schedule.toml")

    monkeypatch.setattr(recurring, "look", refused)
    asyncio.run(recurring.keep_composing(workspace, stop, said.append))
    assert len(said) == 1
    assert "nothing is lost: schedule.toml: too many open files; allow" in said[0]
