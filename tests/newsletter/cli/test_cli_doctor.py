"""`newsletter doctor`: each thing that is broken is named, with what to do."""

import json
import socket
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from newsletter.cli import wiring
from newsletter.cli.run import examining
from newsletter.cli.send import alone
from newsletter.errors import RefusedError
from newsletter.files.workspace import Workspace
from subscribers.store.file.open import transaction
from subscribers.store.ledger import sends
from tests.shell import Shell

JUNE = datetime(2025, 6, 12, 9, tzinfo=UTC)


def found(run: Shell, name: str) -> dict[str, object]:
    """Return what the doctor says of *name*."""
    code = run("doctor", "--json")
    document = json.loads(run.out)
    [check] = [one for one in document["checks"] if one["name"] == name]
    assert (code == 3) is any(one["state"] == "error" for one in document["checks"])
    return check


def test_a_pool_that_is_none_is_told_before_an_issue_is_due(run: Shell) -> None:
    pool = run.folder / "articles.db"
    assert found(run, "pool")["state"] == "ok"
    assert run("fetch") == 0
    assert found(run, "pool")["message"] == "1 article collected"
    pool.write_bytes(b"no pool at all" * 999)
    broken = found(run, "pool")
    assert broken["state"] == "error"
    assert f"{pool}: this is no pool of articles; delete it; `newsletter fetch` makes it again" in str(
        broken["message"]
    )


def test_a_damaged_file_of_people_is_told_with_the_command_that_puts_a_copy_back(run: Shell) -> None:
    (run.folder / "subscribers" / "subscribers.db").write_bytes(b"no database" * 999)
    broken = found(run, "database")
    assert broken["state"] == "error"
    assert "newsletter restore FILE" in str(broken["message"])


def test_a_bit_that_changed_in_an_address_is_told(run: Shell) -> None:
    for address in ("anna@example.org", "Bo.Ek@Example.org", "åsa@bücher.example"):
        assert run("subscribers", "add", address, "--list", "monthly") == 0
    assert run("doctor") == 0, run.out
    file = run.folder / "subscribers" / "subscribers.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    whole = file.read_bytes()
    # The first of the two is the one that mail goes to.
    assert b"anna@example.organna@example.org" in whole
    file.write_bytes(whole.replace(b"anna@example.organna@", b"anna@ezample.organna@"))
    assert run("doctor") == 3
    assert "1 reader's address is not as written, and letters would go elsewhere" in run.out
    assert "ezample" not in run.out + run.err


@pytest.mark.parametrize("empty", [False, True])
def test_people_who_are_lost_are_missed_and_nobody_is_put_in_their_place(run: Shell, empty: bool) -> None:
    workspace = Workspace(run.folder)
    assert run("subscribers", "add", "anna@example.org", "--list", "monthly", "--consent", "by hand") == 0
    assert run("backup", str(run.folder / "copy.db")) == 0
    with alone.serving(workspace):
        pass
    workspace.people.unlink()
    if empty:
        workspace.people.touch()
    for command in (["serve", "--port", "0"], ["send", "2025-06", "--yes"], ["subscribers", "list"], ["status"]):
        assert run(*command) == 5, command
        assert f"the file of people is {'empty' if empty else 'missing'}; put back a copy" in run.err
    lost = found(run, "database")
    assert lost["state"] == "error"
    assert "newsletter restore FILE" in str(lost["message"])
    assert workspace.people.exists() is empty
    assert run("restore", str(run.folder / "copy.db"), "--yes") == 0
    assert f"(it is {'empty' if empty else 'missing'}): who left since the copy was made is in it again" in run.err
    assert [one["email"] for one in run.json("subscribers", "list")["subscribers"]] == ["anna@example.org"]
    workspace.people.unlink()
    assert run("subscribers", "list") == 5
    assert "to begin anew with nobody, delete subscribers/sender.lock, subscribers/serve.lock" in run.err
    workspace.lock.unlink()
    workspace.serving.unlink()
    assert run.json("subscribers", "list")["subscribers"] == []


def test_a_clock_that_stands_before_this_program_was_written_is_refused() -> None:
    alone.refuse_clock(alone.EARLIEST)
    with pytest.raises(RefusedError, match="the clock says 2025-12-31; set it"):
        alone.refuse_clock(alone.EARLIEST - timedelta(seconds=1))


def test_a_backup_tells_a_program_what_it_wrote(run: Shell) -> None:
    file = run.folder / "copy.db"
    assert run.json("backup", str(file)) == {"file": str(file), "bytes": file.stat().st_size}


def settings(run: Shell, text: str) -> None:
    with (run.folder / "newsletter.toml").open("a", encoding="utf-8") as file:
        file.write(f"\n{text}\n")


IMAP = '[mailbox]\nkind = "imap"\nhost = "127.0.0.1"\nport = 1\nusername = "u"\npassword_env = "NO_SUCH_WORD"\n'


@pytest.mark.parametrize(
    ("text", "name", "told"),
    [
        ('[mailbox]\nkind = "maildir"\npath = "nowhere"', "returns", "this is no Maildir; set [mailbox] path"),
        (IMAP, "returns", "the variable NO_SUCH_WORD with the password is not set"),
        (IMAP.replace("NO_SUCH_WORD", "PATH"), "returns", "127.0.0.1:1: Connection refused"),
        ('[[hook]]\nkind = "mailgun"\nsecret_env = "NO_SUCH_WORD"', "services", "[[hook]] mailgun: the variable"),
        ('[feedback]\nexec = "/no/such/program --now"', "services", "there is no such program"),
    ],
)
def test_what_comes_back_is_looked_at_before_the_first_send(run: Shell, text: str, name: str, told: str) -> None:
    assert found(run, name)["state"] == "ok"
    settings(run, text)
    broken = found(run, name)
    assert broken["state"] == "error"
    assert told in str(broken["message"])


@pytest.mark.parametrize(
    ("file", "text", "name", "told"),
    [
        ("templates/pages/signup.html", "<p>{{ oops</p>", "templates", "templates/pages/signup.html:1: "),
        ("templates/mail/confirm.txt", "{% if name %}Dear", "templates", "templates/mail/confirm.txt:1: "),
        ("templates/letter/footer.mjml", "{% endif %}", "templates", "templates/letter/footer.mjml:1: "),
        ("subscribers/segments.toml", "[[near", "segments", "subscribers/segments.toml:1: not valid TOML"),
        ("schedule.toml", "[[schedule", "schedule", "schedule.toml:1: not valid TOML"),
    ],
)
def test_a_file_that_would_fail_when_it_is_needed_is_told(
    run: Shell, file: str, text: str, name: str, told: str
) -> None:
    assert found(run, name)["state"] == "ok"
    path = run.folder / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    broken = found(run, name)
    assert broken["state"] == "error"
    assert told in str(broken["message"])


def test_a_segment_that_asks_for_what_nobody_has_yet_is_told(run: Shell) -> None:
    (run.folder / "subscribers" / "segments.toml").write_text("near = \"country = 'NO'\"\n", encoding="utf-8")
    told = found(run, "segments")
    assert told["state"] == "warning"
    assert "subscribers/segments.toml:1: nobody has an attribute “country”" in str(told["message"])


def test_templates_of_a_theme_that_is_not_in_use_hold_up_nobody(run: Shell) -> None:
    theme = run.folder / "templates" / "draft"
    theme.mkdir()
    (theme / "theme.toml").write_text('like = "letter"\n', encoding="utf-8")
    (theme / "footer.mjml").write_text("{% if", encoding="utf-8")
    assert found(run, "templates")["state"] == "ok"


def test_a_folder_of_people_that_others_can_write_to_is_told(run: Shell) -> None:
    (run.folder / "subscribers").chmod(0o777)
    told = found(run, "key")
    assert told["state"] == "warning"
    assert f"run: chmod 700 {run.folder}/subscribers" in str(told["message"])


def test_a_translation_of_words_that_nothing_says_is_told_with_what_it_may_mean(run: Shell) -> None:
    settings, templates = run.folder / "newsletter.toml", run.folder / "templates"
    text = settings.read_text("utf-8")
    settings.write_text(f'{text}\n[[section]]\nname = "From the quay"\nblock = "story"\n', "utf-8")
    (templates / "words").mkdir(parents=True)
    words = templates / "words" / "sv.po"
    good = ['msgid "Read on"\nmsgstr "Hela artikeln"', 'msgid "From the quay"\nmsgstr "Från kajen"']
    good += ['msgid "Our boats"\nmsgstr "Våra båtar"', 'msgid "Not yet"\nmsgstr ""']
    (templates / "pages").mkdir()
    (templates / "pages" / "ours.html").write_text('<p>{{ _("Our boats") }}</p>', "utf-8")
    words.write_text("\n\n".join(good), "utf-8")
    assert found(run, "templates")["state"] == "ok"
    wrong = ['msgid "Read onn"\nmsgstr "Läs"', 'msgid "Zzz"\nmsgstr "X"']
    words.write_text("\n\n".join([*good, *wrong]), "utf-8")
    told = found(run, "templates")
    assert told["state"] == "warning"
    said = "templates/words/sv.po:13 translates “Read onn”, which no template or section says; 1 more like it; "
    assert told["message"] == f"{said}did you mean “Read on”?"


def test_a_mailbox_that_says_nothing_holds_up_nobody_for_long(run: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examining, "PATIENCE", 0.3)
    monkeypatch.setenv("PASSWORD", "secret")
    settings = run.folder / "newsletter.toml"
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        account = f'host = "127.0.0.1"\nport = {port}\ntls = "none"\nusername = "box"\npassword_env = "PASSWORD"'
        settings.write_text(f'{settings.read_text()}\n[mailbox]\nkind = "imap"\n{account}\n')
        began = time.monotonic()
        said = found(run, "returns")
    assert time.monotonic() - began < 20
    assert said["state"] == "error"
    assert f"127.0.0.1:{port}: timed out" in str(said["message"])


def test_it_says_how_many_who_left_are_due_to_be_erased(run: Shell) -> None:
    assert found(run, "retention")["message"] == "who left every list is kept until you erase them"
    assert run("subscribers", "add", "anna@example.org", "--list", "monthly", "--consent", "form") == 0
    assert run("subscribers", "unsubscribe", "anna@example.org") == 0
    with closing(sqlite3.connect(run.folder / "subscribers" / "subscribers.db")) as people, people:
        people.execute("UPDATE subscriptions SET since = '2020-01-31T09:00:00.000Z'")
    with (run.folder / "newsletter.toml").open("a") as settings:
        settings.write("\n[retention]\nleft_months = 24\n")
    told = "who left every list is kept for 24 months: 1 of them due, whom `serve` erases within the hour"
    assert found(run, "retention")["message"] == told


def test_a_key_that_is_not_the_one_that_letters_went_out_with_is_told(run: Shell) -> None:
    with wiring.people(Workspace(run.folder)) as people, transaction(people):
        sends.create(
            people, issue="2025-06", list="monthly", rule="{}", content="", variants={}, now=JUNE, due=JUNE
        )
    (run.folder / "subscribers" / "secret.key").write_text("cd" * 32 + " 2026-05-01\n")
    said = found(run, "database")
    assert (said["state"], "their links to leave do not work" in str(said["message"])) == ("warning", True)
    (run.folder / "subscribers" / "secret.key").write_text("ab" * 32 + " 2025-05-01\n")
    assert found(run, "database")["state"] == "ok"
