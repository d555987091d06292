"""A part of the readers tries two subjects, and the rest gets the one that won: as an editor sees it."""

import json
import re
import shutil
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from newsletter.cli.send import foreground
from subscribers.status import DeliveryState
from subscribers.store.ledger import census, decisions
from tests.editor import Editor, head, parsed
from tests.smtpserver import Fault, Server
from tests.trial import FIRST, ISSUE, OTHER, SLUG, clicked, ledger, passed, rows, subjects, write


@pytest.fixture
def begun(editor: Editor):
    """A send to 200 readers, of whom a part has its letters."""
    editor.people(200)
    write(editor)
    with Server() as server:
        editor.to(server)
        assert editor("send", SLUG, "--yes")[0] == 6
        yield server


def test_a_part_tries_both_and_the_rest_gets_the_one_that_is_clicked_more(editor: Editor, begun: Server) -> None:
    part = subjects(begun)
    assert 35 <= len(begun.accepted) <= 85
    assert min(len(part[FIRST]), len(part[OTHER])) >= 12
    # Whoever asks again before the time has come is told when that is.
    code, _, said = editor("send", SLUG, "--yes")
    assert code == 6
    assert f"then the other {200 - len(begun.accepted)} get the better one (so far A 0 clicks" in said
    clicked(editor, first=2, other=30)
    passed(editor)
    code, out, said = editor("send", SLUG, "--yes")
    assert (code, out) == (0, f"{SLUG}: 200 accepted of 200 readers.\n")
    assert "B won beyond chance: 30 clicks of" in said
    assert f"“{OTHER}” goes to {200 - len(part[FIRST]) - len(part[OTHER])} other readers." in said
    assert subjects(begun)[FIRST] == part[FIRST]
    assert editor.agrees(begun, 200) == {"accepted"}
    ids = [head(one)["Message-ID"] for one in begun.accepted]
    assert len(set(ids)) == 200


def test_status_and_report_tell_who_tries_when_it_is_decided_and_what_came_of_it(
    editor: Editor, begun: Server
) -> None:
    clicked(editor, first=3, other=4)
    _, found = editor.json("status", "1")
    told = found["sends"][0]["decision"]
    assert (told["winner"], told["taken"], told["wait"]) == (None, None, 14_400)
    assert told["rest"] == 200 - len(begun.accepted)
    assert [(arm["arm"], arm["subject"], arm["clicks"]) for arm in told["arms"]] == [
        ("A", FIRST, 3),
        ("B", OTHER, 4),
    ]
    assert "Two subjects are tried until" in editor("status", "1")[2]
    assert "Two subjects are tried until" in editor("status")[2]
    assert told["due"]
    _, out, _ = editor("report", SLUG)
    assert "Two subjects tried by a part of the readers" in out
    # In a file a line is a line, as long as it may be.
    assert re.search(rf"^  A  {re.escape(FIRST)}: 3 clicks of \d+ arrived: .* and .* %$", out, re.MULTILINE)
    assert "The rest gets the better one, which is chosen at" in out
    assert editor("status", "1", "--show", "queued")[0] == 0
    passed(editor)
    assert "Two subjects were tried until 2025-06-12 09:00 CEST; the other" in editor("status", "1")[2]
    assert editor("send", SLUG, "--yes")[0] == 0
    before = editor.json("status", "1")[1]["sends"][0]["decision"]
    assert (before["winner"], before["sure"], before["chosen"], before["rest"]) == ("B", False, False, 0)
    assert "It is no clear win." in editor("status", "1")[1]
    # What the rest clicks later is no part of the trial.
    clicked(editor, first=0, other=90)
    assert editor.json("status", "1")[1]["sends"][0]["decision"] == before
    _, report = editor.json("report", SLUG)
    assert report["choice"]["winner"] == "B"
    assert [arm["clicks"] for arm in report["arms"]] == [3, 4]
    assert report["subject"] == OTHER
    page = editor.root / "report.html"
    assert editor("report", SLUG, "--html", str(page))[0] == 0
    assert "The rest got B, chosen on" in page.read_text()
    assert "It is no clear win." in page.read_text()


def test_without_a_click_the_first_is_sent_and_that_is_said(editor: Editor, begun: Server) -> None:
    passed(editor)
    _, _, said = editor("send", SLUG, "--yes")
    assert "Nobody clicked, so nothing tells them apart; A is the first one." in said
    assert rows(editor, "variant")[("en@b",)] + rows(editor, "variant")[("sv@b",)] < 60


def test_without_clicks_that_are_counted_the_first_is_sent_to_who_insists(editor: Editor) -> None:
    editor.people(60)
    write(editor, clicks=False)
    page = editor.root / "report.html"
    with Server() as server:
        editor.to(server)
        assert editor("send", SLUG, "--yes")[0] == 5
        assert editor("send", SLUG, "--yes", "--force", "only to see")[0] == 6
        passed(editor)
        assert editor("send", SLUG, "--yes")[0] == 0
    assert editor("report", SLUG, "--html", str(page))[0] == 0
    assert "nothing tells them apart; A is the first one.</b> The rest got A" in page.read_text()


def test_serve_decides_and_goes_on_by_itself(editor: Editor, begun: Server) -> None:
    clicked(editor, first=0, other=20)
    waiting = editor.serve(lambda: True)
    assert waiting == []
    passed(editor)
    said = editor.serve(lambda: editor.counts()[DeliveryState.ACCEPTED] == 200)
    assert "B won beyond chance" in said[0]
    assert f"Send 1: {SLUG} is done: 200 accepted." in said


def test_the_mail_that_a_send_is_done_tells_what_was_decided_and_why(editor: Editor, begun: Server) -> None:
    editor.settings(r"\Z", '\n[feedback]\nnotify = "editor@example.org"\n')
    clicked(editor, first=0, other=20)
    passed(editor)
    assert editor("send", SLUG, "--yes")[0] == 0
    (mail,) = (parsed(one) for one in begun.accepted if one.recipient == "editor@example.org")
    text = mail.get_body(("plain",)).get_content()
    assert "B won beyond chance: 20 clicks of " in text
    assert f"All others got “{OTHER}”." in text


def test_serve_begins_the_wait_of_a_part_whose_sender_was_killed_in_time(editor: Editor, begun: Server) -> None:
    with ledger(editor) as connection:
        connection.execute("UPDATE decisions SET due = NULL")

    def timed() -> bool:
        with ledger(editor) as connection:
            found = decisions.of(connection, 1)
            return found is not None and found.due is not None

    said = editor.serve(timed)
    assert editor.counts()[DeliveryState.QUEUED] == 200 - len(begun.accepted)
    assert not any("goes to" in words for words in said)


def test_a_pause_holds_the_decision_and_resume_goes_on(editor: Editor, begun: Server) -> None:
    part = len(begun.accepted)
    assert editor("pause")[0] == 0
    passed(editor)
    assert editor.serve(lambda: True) == []
    assert len(begun.accepted) == part
    assert editor("resume")[0] == 0
    assert len(begun.accepted) == 200


def test_an_editor_may_decide(editor: Editor, begun: Server) -> None:
    clicked(editor, first=20, other=0)
    code, _, said = editor("resume", "--subject", "b")
    assert code == 0
    assert "B was chosen by hand: 0 clicks of" in said
    assert len(subjects(begun)[OTHER]) > 140
    for words in (("resume", "1", "--subject", "a"), ("resume", SLUG, "--subject", "b")):
        code, _, said = editor(*words)
        assert code == 5
        assert f"the subject of send 1 of {SLUG} is decided" in said
    assert "The rest got B, chosen" in " ".join(editor("report", SLUG)[1].split())


def test_of_a_send_that_was_cancelled_nothing_is_chosen_any_more(editor: Editor, begun: Server) -> None:
    assert editor("cancel", "1", "--yes")[0] == 0
    _, report = editor.json("report", SLUG)
    assert report["choice"] is None
    arrived = {arm["subject"]: arm["arrived"] for arm in report["arms"]}
    assert arrived == {subject: len(part) for subject, part in subjects(begun).items()}
    assert "Two subjects compared" in editor("report", SLUG)[1]


def test_nobody_decides_where_nothing_is_to_be_decided(editor: Editor, begun: Server) -> None:
    assert editor("cancel", "--yes")[0] == 0
    code, _, said = editor("resume", "--subject", "a")
    assert code == 5
    assert f"send 1 of {SLUG} is cancelled" in said
    passed(editor)
    assert editor.serve(lambda: True) == []
    counts = editor.counts()
    assert counts[DeliveryState.CANCELLED] == 200 - len(begun.accepted)
    # Of those who did not get it nobody is one who tries: they wait for nothing.
    _, found = editor.json("send", SLUG, "--to-new", "--dry-run")
    assert "decision" not in found["sends"][0]
    assert editor("send", SLUG, "--to-new", "--yes")[0] == 0
    assert len(begun.accepted) == 200


def test_who_leaves_while_it_is_tried_gets_nothing(editor: Editor, begun: Server) -> None:
    got = set(begun.recipients())
    leaving = [f"reader{n}@example.org" for n in range(1, 201) if f"reader{n}@example.org" not in got][:3]
    assert editor("subscribers", "unsubscribe", leaving[0])[0] == 0
    assert editor("subscribers", "suppress", leaving[1], "--reason", "complaint")[0] == 0
    assert editor("subscribers", "erase", leaving[2], "--yes")[0] == 0
    passed(editor)
    assert editor("send", SLUG, "--yes")[0] == 0
    assert not set(leaving) & set(begun.recipients())
    assert editor.counts()[DeliveryState.SUPPRESSED] == 3


def test_who_joins_later_gets_the_subject_that_won(editor: Editor, begun: Server) -> None:
    clicked(editor, first=0, other=20)
    passed(editor)
    assert editor("send", SLUG, "--yes")[0] == 0
    editor.people(30, first=301)
    before = len(begun.accepted)
    assert editor("send", SLUG, "--to-new", "--yes")[0] == 0
    assert {str(head(one)["Subject"]) for one in begun.accepted[before:]} == {OTHER}
    assert len(begun.accepted) == before + 30


def test_who_was_refused_is_tried_again_with_the_subject_of_their_side(editor: Editor) -> None:
    editor.people(100)
    write(editor)
    with Server(faults=[Fault("rcpt", "554", times=1, skip=3)]) as server:
        editor.to(server)
        assert editor("send", SLUG, "--yes")[0] == 6
        with ledger(editor) as connection:
            refused = connection.execute("SELECT variant FROM deliveries WHERE state = 'refused'").fetchone()[0]
        # The rest gets the other one.
        assert editor("resume", "--subject", "a" if refused.endswith("@b") else "b")[0] == 6
        assert editor("send", SLUG, "--to-failed", "--yes")[0] == 0
        assert str(head(server.accepted[-1])["Subject"]) == (OTHER if refused.endswith("@b") else FIRST)
        assert len(server.accepted) == 100


def test_a_reader_who_is_put_off_holds_no_decision_up(editor: Editor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(foreground, "PATIENCE", 0.0)
    editor.people(100)
    write(editor)
    with Server(faults=[Fault("rcpt", "450", times=1, skip=3)]) as server:
        editor.to(server)
        assert editor("send", SLUG, "--yes")[0] == 6
        assert editor.counts()[DeliveryState.DEFERRED] == 1
        passed(editor)
        assert editor("send", SLUG, "--yes")[0] == 6
        counts = editor.counts()
    assert (counts[DeliveryState.ACCEPTED], counts[DeliveryState.DEFERRED]) == (99, 1)


def test_nothing_is_decided_while_the_part_has_not_got_its_letters(editor: Editor) -> None:
    editor.people(60)
    write(editor)
    path = editor.root / "newsletter.toml"
    path.write_text(f"{path.read_text()}\n[hours]\ndaily_cap = 5\n")
    editor.workspace = type(editor.workspace)(editor.root)
    with Server() as server:
        editor.to(server)
        code, _, said = editor("send", SLUG, "--yes")
        assert code == 6
        assert "4 h after they were sent it, the other" in said
        assert len(server.accepted) == 5
        assert editor.json("status", "1")[1]["sends"][0]["decision"]["due"] is None
        assert "once these have had theirs for a while" in " ".join(editor("report", SLUG)[1].split())


def test_a_rest_without_anybody_who_tries_waits_for_nothing(editor: Editor) -> None:
    editor.people(3)
    write(editor, ISSUE.replace("try: 30", "try: 1"))
    with Server() as server:
        editor.to(server)
        assert editor("send", SLUG, "--yes")[0] == 0
        assert {str(head(one)["Subject"]) for one in server.accepted} == {FIRST}
    assert editor.json("status", "1")[1]["sends"][0]["decision"] is None


def test_a_scheduled_send_tries_when_it_starts(editor: Editor) -> None:
    editor.people(60)
    write(editor)
    with Server() as server:
        editor.to(server)
        assert editor("send", SLUG, "--at", "+1h", "--yes")[0] == 0
        with ledger(editor) as connection:
            connection.execute("UPDATE sends SET due = '2025-06-12T07:00:00.000Z'")
        said: list[str] = []
        editor.serve(lambda: any("Two subjects are tried until" in words for words in said), said=said)
        part = len(server.accepted)
        assert 0 < part < 60
        passed(editor)
        editor.serve(lambda: len(server.accepted) == 60)


def test_on_each_readers_own_clock_nobody_of_the_rest_gets_it_before_their_hour(editor: Editor) -> None:
    editor.people(80)
    now = datetime.now(tz=UTC)
    with ledger(editor) as connection:
        there = "json_set(attributes, '$.timezone', 'Pacific/Honolulu')"
        connection.execute(f"UPDATE subscribers SET attributes = {there} WHERE id > 40")
    # Without its seconds it is still a minute ahead.
    local = now.astimezone(ZoneInfo("Europe/Stockholm")) + timedelta(minutes=2)
    write(editor, ISSUE.replace("list: monthly", f"list: monthly\nsend_at: {local:%Y-%m-%dT%H:%M}"))
    with Server() as server:
        editor.to(server)
        assert editor("send", SLUG, "--yes")[0] == 0
        with ledger(editor) as connection:
            connection.execute("UPDATE sends SET due = '2025-06-12T07:00:00.000Z'")
            rule = json.loads(connection.execute("SELECT rule FROM sends").fetchone()[0])
            rule["local"] = f"{local - timedelta(hours=1):%Y-%m-%dT%H:%M:%S}"
            connection.execute("UPDATE sends SET rule = ?", (json.dumps(rule),))
        editor.serve(lambda: len(server.accepted) > 0 and editor.counts()[DeliveryState.CLAIMED] == 0)
        # In Honolulu somebody of the part has still to come: nothing is decided.
        assert editor.json("status", "1")[1]["sends"][0]["decision"]["due"] is None
        # An editor may decide all the same; whose hour is to come waits for it.
        assert editor("resume", "1", "--subject", "a")[0] == 6
        got = {int(one.removeprefix("reader").partition("@")[0]) for one in server.recipients()}
        assert got == set(range(1, 41))
        with ledger(editor) as connection:
            wakes = census.wakes(connection, 1)
        assert wakes is not None
        assert timedelta(hours=7) < wakes - now < timedelta(hours=13)


@pytest.mark.parametrize(
    ("clicks", "issue", "code", "found"),
    [
        (False, ISSUE, 3, ("error", "try-uncounted", "no clicks are counted")),
        (True, ISSUE.replace("https://bay.example.org/bridge", "#top"), 3, ("error", "try-uncounted", "no link")),
        (True, ISSUE, 0, ("warning", "try-small", "readers try two subjects: with 5 clicks in 100 letters, only")),
    ],
    ids=["no clicks", "no links", "small"],
)
def test_check_tells_where_nothing_or_little_can_decide(
    editor: Editor, clicks: bool, issue: str, code: int, found: tuple[str, str, str]
) -> None:
    editor.people(100)
    write(editor, issue, clicks)
    _, told = editor.json("check", SLUG, "--offline", "--no-spam")
    level, code_, words = found
    one = next(one for one in told["findings"] if one["id"].startswith("try-"))
    assert (one["level"], one["id"]) == (level, code_)
    assert words in one["message"]
    assert one["place"] == f"issues/{SLUG}/issue.md:4"


def test_a_large_part_is_no_finding(editor: Editor) -> None:
    editor.people(1_400)
    write(editor, ISSUE.replace("try: 30", "try: 80"))
    _, told = editor.json("check", SLUG, "--offline", "--no-spam")
    assert not [one for one in told["findings"] if one["id"].startswith("try-")]
    (editor.root / "issues" / SLUG / "issue.md").write_text(ISSUE)
    _, told = editor.json("check", SLUG, "--offline", "--no-spam")
    assert next(one for one in told["findings"] if one["id"] == "try-small")["remedy"].startswith("write try: 65")


def test_a_dry_run_tells_who_tries_and_when_the_rest_gets_it(editor: Editor) -> None:
    editor.people(200)
    write(editor)
    _, found = editor.json("send", SLUG, "--dry-run")
    one = found["sends"][0]
    rest = sum(count for name, count in one["variants"].items() if name.endswith("@rest"))
    assert one["decision"] == {"wait": 14_400, "rest": rest}
    decides, starts, ends = (datetime.fromisoformat(one["plan"][key]) for key in ("decides", "starts", "ends"))
    assert timedelta(hours=4) <= decides - starts < timedelta(hours=4, minutes=5)
    assert ends > decides
    assert sum(hour["count"] for hour in one["plan"]["hours"]) == 200
    assert one["languages"] == {"en": 100, "sv": 100}
    _, out, _ = editor("send", SLUG, "--dry-run")
    assert f"{200 - rest} of them get one of two subjects first; 4 h later the other {rest} the better one." in out
    assert "The subject of the rest is chosen about" in out


def test_an_approval_binds_how_many_try(editor: Editor) -> None:
    editor.people(40)
    write(editor)
    editor.settings(r"(?m)^\[letter\]$", "[letter]\napproval = true")
    assert editor("approve", SLUG, "--yes")[0] == 0
    _, found = editor.json("approve", SLUG, "--show")
    assert found["approval"]["holds"]
    path = editor.root / "issues" / SLUG / "issue.md"
    path.write_text(ISSUE.replace("try: 30", "try: 40"))
    assert any("tried" in each for each in editor.json("approve", SLUG, "--show")[1]["approval"]["changed"])


def test_who_joins_later_gets_by_the_same_approval_what_won(editor: Editor) -> None:
    editor.people(60)
    write(editor)
    editor.settings(r"(?m)^\[letter\]$", "[letter]\napproval = true")
    assert editor("approve", SLUG, "--yes")[0] == 0
    with Server() as server:
        editor.to(server)
        assert editor("send", SLUG, "--yes")[0] == 6
        clicked(editor, first=0, other=30)
        passed(editor)
        assert editor("send", SLUG, "--yes")[0] == 0
        editor.people(3, first=61)
        assert editor("send", SLUG, "--yes", "--to-new")[0] == 0
        assert [str(head(one)["Subject"]) for one in server.accepted[60:]] == [OTHER] * 3


def test_the_archive_shows_the_subject_that_most_readers_got(editor: Editor, begun: Server) -> None:
    def shown(folder: str) -> str:
        assert editor("archive", str(editor.root / folder))[0] == 0
        return "".join(path.read_text() for path in (editor.root / folder).rglob("*.html"))

    assert FIRST in shown("before")
    assert editor("resume", "--subject", "b")[0] == 0
    assert OTHER in (after := shown("after"))
    assert FIRST not in after


@pytest.fixture
def half(editor: Editor):
    """A send of which no more leaves today, decided; and copies from before that, and after it."""
    editor.people(200)
    write(editor)
    path = editor.root / "newsletter.toml"
    path.write_text(f"{path.read_text()}\n[hours]\ndaily_cap = 100\n")
    with Server() as server:
        editor.to(server)
        assert editor("send", SLUG, "--yes")[0] == 6
        assert editor("backup", str(editor.root / "before.db"))[0] == 0
        clicked(editor, first=0, other=30)
        passed(editor)
        assert editor("send", SLUG, "--yes")[0] == 6
        assert editor("backup", str(editor.root / "after.db"))[0] == 0
        assert len(server.accepted) == 100
        yield server


@pytest.mark.parametrize("replaced", ["after.db", "before.db"])
@pytest.mark.parametrize("copy", ["after.db", "before.db"])
def test_a_copy_that_is_put_back_knows_the_decision_if_one_of_the_files_does(
    editor: Editor, half: Server, replaced: str, copy: str
) -> None:
    first = subjects(half)[FIRST]
    shutil.copy(editor.root / replaced, editor.workspace.people)
    for side in ("-wal", "-shm"):
        editor.workspace.people.with_name(editor.workspace.people.name + side).unlink(missing_ok=True)
    assert editor("restore", str(editor.root / copy), "--yes")[0] == 0
    decided = editor.json("status", "1")[1]["sends"][0]["decision"]
    if {replaced, copy} == {"before.db"}:
        # Neither knows what was sent since: it is refused to go on by them, as ever.
        assert decided["winner"] is None
        assert editor("send", SLUG, "--yes")[0] == 5
        return
    assert decided["winner"] == "B"
    assert not any(variant.endswith("@rest") for (variant,) in rows(editor, "variant"))
    editor.settings("daily_cap = 100", "daily_cap = 1000")
    assert editor("send", SLUG, "--yes")[0] == 0
    assert editor.agrees(half, 200) == {"accepted"}
    assert subjects(half)[FIRST] == first
