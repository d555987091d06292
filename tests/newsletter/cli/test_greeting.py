"""The mail of welcome in an editor's own words, which are an issue's, and From in each reader's language."""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import pytest

from newsletter.cli import wiring
from newsletter.cli.send.mailing import Mailer
from newsletter.errors import IssueError
from subscribers.model import Follow, Mail, MailState
from subscribers.store.file.open import transaction
from subscribers.store.ledger import mails
from tests.editor import SLUG, head
from tests.smtpserver import Server

NOW = datetime(2026, 6, 1, tzinfo=UTC)
LINKS = ("/unsubscribe/", "/preferences/")


def write(editor, name, subject, words):
    folder = editor.root / "issues" / "hello"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"---\nsubject: {subject}\n---\n{words}\n", encoding="utf-8")


def welcomed(editor, number, slug="monthly"):
    """Return the mail that welcomes reader *number*: those with odd ones read Swedish."""
    language, address = ("en", "sv")[number % 2], f"reader{number}@example.org"
    mail = Mail(1, "welcome", number, slug, address, f"Reader {number}", language, 0, NOW)
    with wiring.people(editor.workspace) as connection:
        return message_from_bytes(Mailer(editor.workspace, connection)(mail).data, policy=policy.default)


@pytest.fixture
def greeting(editor):
    editor.people(2)
    editor.settings('opt_in = "double"', 'opt_in = "double"\nwelcome = "hello"')
    write(editor, "issue.md", "Good to have you", 'Hello {{ first_name or "you" }}, we are **four** by the canal.')
    write(editor, "issue.sv.md", "Roligt att du är här", 'Hej {{ name or "du" }}, vi är **fyra** vid kanalen.')
    return editor


def test_a_welcome_is_from_whom_its_issue_says(greeting):
    words = 'from: "Eva Lind <eva@example.org>"\n---\nHello {{ first_name or "you" }}.'
    (greeting.root / "issues" / "hello" / "issue.md").write_text(
        f"---\nsubject: Hello\n{words}\n", encoding="utf-8"
    )
    for number in (1, 2):
        made = welcomed(greeting, number)
        assert (made["From"], made["Reply-To"]) == ("Eva Lind <eva@example.org>", None)


def test_a_list_welcomes_with_an_issue_in_the_readers_language(greeting):
    for number, subject, words in (
        (1, "Roligt att du är här", ("Hej Reader 1, vi är ", "fyra", " vid kanalen.")),
        (2, "Good to have you", ("Hello Reader, we are ", "four", " by the canal.")),
    ):
        made = welcomed(greeting, number)
        html, text = (made.get_body((kind,)).get_content() for kind in ("html", "plain"))
        assert (made["Subject"], made["Content-Language"]) == (subject, ("en", "sv")[number % 2])
        assert f"{words[0]}<strong>{words[1]}</strong>{words[2]}" in html
        assert "".join(words) in text
        assert made["List-Unsubscribe"].strip("<>") in html
        for part in (html, text):
            assert all(f"{greeting.workspace.settings.letter.base_url}{link}" in part for link in LINKS)
            assert "/archive/" not in part
    greeting("render", "hello", "--out", str(greeting.root / "out"))
    shown = [one.read_text("utf-8") for one in (greeting.root / "out").glob("hello.*")]
    assert ["/archive/" in one for one in shown] == [False] * 4
    told = {one["issue"]: one["welcomes"] for one in greeting.json("issues")[1]["issues"]}
    assert told == {SLUG: [], "hello": ["monthly"]}
    assert "  welcome" in greeting("issues")[1]


def following(editor, language):
    """Return the letter of the series that reader 1 gets."""
    mail = Mail(1, "series", 1, "monthly", "reader1@example.org", "Reader 1", language, 0, NOW, issue="hello")
    with wiring.people(editor.workspace) as connection:
        return message_from_bytes(Mailer(editor.workspace, connection)(mail).data, policy=policy.default)


def test_a_letter_that_follows_is_an_issue_too_and_one_that_was_taken_out_goes_to_nobody(greeting):
    greeting.settings('welcome = "hello"', "welcome = false\nseries = {hello = 7}")
    made = following(greeting, "sv")
    assert made["Subject"] == "Roligt att du är här"
    assert all(link in made.get_body(("html",)).get_content() for link in LINKS)
    assert made["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    with wiring.people(greeting.workspace) as connection, transaction(connection):
        mails.follow(connection, 1, "monthly", "sv", NOW, [Follow("hello", timedelta(days=7))])
        one = mails.latest(connection, 1, "series")
        mails.commit(connection, one.id, NOW)
        mails.settle(connection, one.id, MailState.ACCEPTED, "250 ok")
    (told,) = [one for one in greeting.json("issues")[1]["issues"] if one["issue"] == "hello"]
    assert (told["welcomes"], told["readers"]) == (["monthly"], 1)
    write(greeting, "issue.md", "Hello", ASKED)
    with pytest.raises(IssueError, match="cannot ask anything"):
        following(greeting, "en")
    greeting.settings("series = {hello = 7}", "series = {}")
    with pytest.raises(ValueError, match="in no series any more"):
        following(greeting, "en")


ASKED = "::: question\nAre you new?\n\n- Yes\n- No\n:::"


@pytest.mark.parametrize(
    ("name", "subject", "words", "place", "number", "instead"),
    [
        ("issue.sv.md", "x: y", "Hej", "issue.sv.md:2", 1, "Välkommen till Månadsbrevet"),
        ("issue.md", "Hello", ASKED, "issue.md", 2, "Welcome to The monthly letter"),
    ],
)
def test_words_that_cannot_go_out_hold_nobody_up_and_doctor_tells(
    greeting, name, subject, words, place, number, instead
):
    write(greeting, name, subject, words)
    assert welcomed(greeting, number)["Subject"] == instead
    (told,) = [one for one in greeting.json("doctor")[1]["checks"] if one["name"] == "templates"]
    assert (told["state"], told["message"].partition(": ")[0]) == ("error", f"issues/hello/{place}")


def test_who_joined_several_lists_gets_the_words_that_all_of_them_name(greeting):
    assert welcomed(greeting, 2, "")["Subject"] == "Good to have you"
    greeting.settings(r"\Z", '\n[[list]]\nslug = "weekly"\ntitle = "Weekly"\n')
    assert welcomed(greeting, 2, "")["Subject"].startswith("Welcome to ")


def test_each_reader_gets_it_from_the_name_in_their_language(editor):
    editor.settings('from = "Letter <', 'from = {sv = "Brevet <news@example.org>", en = "The Letter <')
    editor.settings('(en = "The Letter.*")', r"\1}")
    editor.people(2)
    with Server() as server:
        editor.to(server)
        assert editor("send", SLUG, "--yes")[0] == 0
    names = {one.recipient: head(one)["From"] for one in server.accepted}
    assert names == {
        "reader1@example.org": "Brevet <news@example.org>",
        "reader2@example.org": "The Letter <news@example.org>",
    }
    assert welcomed(editor, 1)["From"] == "Brevet <news@example.org>"
