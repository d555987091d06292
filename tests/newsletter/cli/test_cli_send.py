"""Sending as an editor does it: real commands and a real server."""

import json
import re
from datetime import UTC, datetime

import pytest

from newsletter.cli import wiring
from newsletter.send import silence
from subscribers import token
from subscribers.status import DeliveryState
from tests.editor import SLUG, head, parsed
from tests.smtpserver import Server


def test_everybody_gets_their_own_message_in_their_language(editor):
    editor.people(20)
    with Server() as server:
        editor.to(server)
        code, found = editor.json("send", SLUG, "--yes")
    assert code == 0
    (send,) = found["sends"]
    assert (send["send"], send["issue"], send["state"], send["audience"]) == (1, SLUG, "done", 20)
    assert send["states"] == {state.value: 20 if state == "accepted" else 0 for state in DeliveryState}
    assert editor.agrees(server, 20) == {"accepted"}
    ring = wiring.ring(editor.workspace)
    for received in server.accepted:
        message = parsed(received)
        number = int(re.search(r"\d+", received.recipient)[0])
        link = re.match(r"<http://[^/]+/unsubscribe/([\w-]+)>", message["List-Unsubscribe"])[1]
        claim = token.read(ring, token.Purpose.UNSUBSCRIBE, link, datetime.now(UTC))
        assert (claim.subscriber, claim.list) == (number, 1)
        assert message["To"] == f"Reader {number} <{received.recipient}>"
        text, html = (part.get_content() for part in message.iter_parts())
        assert link in text
        assert link in html
        assert "NL" not in re.findall(r"NL[0-9a-f]{12}X", text + html)
        assert received.sender.startswith(f"bounce+{number}-")


def test_an_issue_is_not_sent_twice_and_newcomers_get_it_when_asked(editor):
    editor.people(5)
    with Server() as server:
        editor.to(server)
        assert editor("send", SLUG, "--yes")[0] == 0
        code, found = editor.json("send", SLUG, "--yes")
        assert (code, found["error"]["code"]) == (5, "refused")
        assert "--to-new" in found["error"]["hint"]
        editor.people(3, first=6)
        assert editor("send", SLUG, "--yes")[0] == 5
        assert editor("send", SLUG, "--yes", "--to-new")[0] == 0
        code, _, err = editor("send", SLUG, "--yes", "--to-new")
        assert (code, "whoever confirmed was sent it already" in err) == (5, True)
    assert sorted(server.recipients()) == sorted(f"reader{n}@example.org" for n in range(1, 9))


def test_bounces_go_to_the_domain_that_the_settings_name(editor):
    editor.people(1)
    editor.settings('name = "Letter"', 'name = "Letter"\nbounce_domain = "Bounces.Example.org"')
    with Server() as server:
        editor.to(server)
        assert editor("send", SLUG, "--yes")[0] == 0
    (received,) = server.accepted
    assert re.fullmatch(r"bounce\+1-[0-9a-f]{20}@bounces\.example\.org", received.sender)


def write(editor, name, *fields):
    """Write a twin of the sample issue that has these *fields* besides."""
    folder = editor.root / "issues" / SLUG
    source, path = folder / "issue.md", folder / name
    path.write_text(
        source.read_text("utf-8").replace("---\n", "\n".join(["---", *fields, ""]), 1), encoding="utf-8"
    )


def sent(editor, *words):
    """Send the sample issue; return the messages by language."""
    with Server() as server:
        editor.to(server)
        assert editor("send", SLUG, "--yes", *words)[0] == 0
    return {message["Content-Language"]: message for message in map(parsed, server.accepted)}


def test_an_issue_may_be_from_somebody_else_of_the_same_house(editor):
    editor.people(2)
    write(editor, "issue.sv.md", "from: Anna Berg, vd", "reply_to: svar@example.net")
    write(editor, "issue.md", 'from: "Anna Berg, CEO <Anna@example.org>"')
    found = sent(editor)
    assert (found["en"]["From"], found["en"]["Reply-To"]) == (
        '"Anna Berg, CEO" <Anna@example.org>',
        "Anna@example.org",
    )
    assert (found["sv"]["From"], found["sv"]["Reply-To"]) == (
        '"Anna Berg, vd" <Anna@example.org>',
        "svar@example.net",
    )


def test_an_issue_from_another_name_keeps_the_letters_address(editor):
    editor.people(1)
    write(editor, "issue.md", "from: The press office")
    (message,) = sent(editor).values()
    assert message["From"] == f"The press office <{editor.workspace.settings.letter.sender}>"
    assert message["Reply-To"] == editor.workspace.settings.letter.reply_to


def test_an_issue_has_a_look_of_its_own(editor):
    editor.people(2)
    write(editor, "issue.sv.md")
    editor.json("render", SLUG, "--out", str(editor.root / "before"))
    write(editor, "issue.sv.md", "theme: letter")
    write(editor, "issue.md", "theme: plain")
    editor.json("render", SLUG, "--out", str(editor.root / "after"))
    pages = {
        (when, code): re.sub(
            r"NL\w+|[0-9a-f]{12}", "", (editor.root / when / f"{SLUG}.{code}.html").read_text("utf-8")
        )
        for when in ("before", "after")
        for code in ("en", "sv")
    }
    assert pages["before", "en"] != pages["after", "en"]
    assert pages["before", "sv"] == pages["after", "sv"]


@pytest.mark.parametrize(
    ("field", "told"),
    [
        (
            'from: "Anna <anna@elsewhere.example>"',
            "issue.md:2: error issue-unreadable: “anna@elsewhere.example” is at another domain",
        ),
        ("from: anna@", "issue.md:2: error issue-unreadable: from is no e-mail address"),
        (f"from: {'Anna ' * 200}", "issue.md:2: error issue-unreadable: from has 999 characters; at most 200"),
        ('from: "{{ name }}"', "issue.md:2: error leftover-template: template code is left: {{ name }}"),
        ('from: "[your name]"', "issue.md:2: error leftover-placeholder: a placeholder is left: [your name]"),
        ("reply_to: Anna", "issue.md:2: error issue-unreadable: reply_to is no e-mail address"),
        ("form: Anna", "did you mean from?"),
        (
            "theme: plian",
            "issue.md:2: error issue-unreadable: there is no theme “plian”\n    → did you mean plain?",
        ),
    ],
)
def test_what_an_issue_cannot_be_is_told_with_the_line(editor, field, told):
    write(editor, "issue.md", field)
    code, out, _ = editor("check", SLUG)
    assert code == 3
    assert told in out


def test_the_letter_of_the_year_goes_to_readers_who_want_no_other(editor):
    editor.people(2)
    with wiring.people(editor.workspace) as connection:
        connection.execute("UPDATE subscribers SET frequency = 'yearly' WHERE id = 1")
    path = editor.root / "issues" / SLUG / "issue.md"
    with Server() as server:
        editor.to(server)
        assert editor("send", SLUG, "--yes")[0] == 0
        assert server.recipients() == ["reader2@example.org"]
        assert editor("compose", "2026-12", "--blank")[0] == 0
        written = path.read_text().replace("subject:", "frequency: yearly\nsubject:", 1)
        (editor.root / "issues" / "2026-12" / "issue.md").write_text(written)
        assert editor("send", "2026-12", "--yes", "--force", "the same words")[0] == 0
    assert sorted(server.recipients()) == ["reader1@example.org", "reader2@example.org", "reader2@example.org"]


def test_the_day_on_which_an_issue_was_sent_is_that_of_the_letters_clock(editor):
    editor.people(1)
    with Server() as server:
        editor.to(server)
        assert editor("send", SLUG, "--yes")[0] == 0
    with wiring.people(editor.workspace) as connection:
        connection.execute("UPDATE sends SET started = '2026-06-11T22:30:00.000Z'")
    assert "was sent on 2026-06-12 to 1 reader" in editor("send", SLUG, "--yes")[2]


def test_an_error_of_the_gate_refuses_and_a_reason_overrides(editor):
    editor.people(3)
    path = editor.root / "issues" / SLUG / "issue.md"
    path.write_text(re.sub(r"(?m)^subject:.*\n", "", path.read_text()))
    with Server() as server:
        editor.to(server)
        code, _, err = editor("send", SLUG, "--yes")
        assert code == 5
        assert "subject" in err
        assert server.accepted == []
        assert editor("send", SLUG, "--yes", "--force", "the board wants it now")[0] == 0
    _, found = editor.json("status")
    assert found["sends"][0]["forced"] == "the board wants it now"


def test_nobody_is_asked_where_nobody_can_answer(editor):
    editor.people(2)
    code, _, err = editor("send", SLUG)
    assert code == 2
    assert "--yes" in err
    assert editor.json("status")[1]["sends"] == []


def test_a_dry_run_writes_nothing(editor):
    editor.people(4)
    code, found = editor.json("send", SLUG, "--dry-run")
    assert code == 0
    (send,) = found["sends"]
    assert (send["audience"], sum(send["states"].values())) == (4, 4)
    assert send["domains"] == {"example.org": 4}
    assert "would go to 4 readers" in editor("send", SLUG, "--dry-run")[1]
    assert editor.json("status")[1]["sends"] == []


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("send", "no-such-issue", "--yes"), 4),
        (("send", SLUG, "--list", "weekly", "--yes"), 4),
        (("send", SLUG, "--segment", "nonsense", "--yes"), 4),
        (("send", SLUG, "--segment", "city = ", "--yes"), 2),
        (("send", SLUG, "--at", "yesterday", "--yes"), 2),
        (("send", "../../etc", "--yes"), 2),
        (("status", "99"), 4),
        (("pause",), 4),
        (("resolve",), 2),
        (("test", SLUG, "no address"), 2),
    ],
)
def test_what_makes_no_sense_is_told(editor, words, code):
    editor.people(1)
    found = editor(*words)
    assert found[0] == code
    assert found[2]


def test_a_segment_and_an_exclusion_choose_the_readers(editor):
    editor.people(10)
    with Server() as server:
        editor.to(server)
        words = ("--segment", "language = 'sv'", "--exclude", "email = 'reader3@example.org'")
        assert editor("send", SLUG, "--yes", *words)[0] == 0
    assert sorted(server.recipients()) == [f"reader{n}@example.org" for n in (1, 5, 7, 9)]


def test_a_wrong_password_is_told_and_the_send_can_go_on(editor, monkeypatch):
    editor.people(3)
    editor.settings(r"# username = .*", 'username = "news"')
    editor.settings(r"# password_env = .*", 'password_env = "LETTER_PASSWORD"')
    with Server(users={"news": "right"}) as server:
        editor.to(server)
        code, _, err = editor("send", SLUG, "--yes")
        assert (code, "export LETTER_PASSWORD" in err) == (1, True)
        assert json.loads(editor("status", "--json")[1])["sends"] == [], "nothing is frozen that cannot be sent"
        monkeypatch.setenv("LETTER_PASSWORD", "wrong")
        code, _, err = editor("send", SLUG, "--yes")
        assert (code, "LETTER_PASSWORD" in err, "535" in err) == (1, True, True)
        assert editor.counts()[DeliveryState.QUEUED] == 3
        monkeypatch.setenv("LETTER_PASSWORD", "right")
        assert editor("send", SLUG, "--yes")[0] == 0
    assert editor.agrees(server, 3) == {"accepted"}


def test_an_unfinished_send_is_not_taken_for_one_to_another_list(editor):
    editor.people(2)
    with Server() as server:
        editor.to(server)
        assert editor("send", SLUG, "--at", "+1h", "--yes")[0] == 0
        code, _, err = editor("send", SLUG, "--list", "weekly", "--yes")
    assert (code, "to the list monthly is not finished" in err) == (5, True)


def test_a_test_mail_is_the_real_message_and_its_links_change_nothing(editor):
    editor.people(1)
    with Server() as server:
        editor.to(server)
        code, found = editor.json("test", SLUG, "reader1@example.org", "me@example.net", "--language", "sv")
    assert code == 0
    assert [one["accepted"] for one in found["tests"]] == [True, True]
    first, second = map(parsed, server.accepted)
    assert first["Subject"].startswith("[test] ")
    assert first["To"] == "Reader 1 <reader1@example.org>"
    assert first["Message-ID"] != second["Message-ID"]
    link = re.search(r"/unsubscribe/([\w-]+)>", second["List-Unsubscribe"])[1]
    claim = token.read(wiring.ring(editor.workspace), token.Purpose.UNSUBSCRIBE, link, datetime.now(UTC))
    assert (claim.subscriber, claim.list) == (0, 0)
    assert editor.json("status")[1]["sends"] == []


def test_a_dry_run_of_what_was_sent_says_that_nobody_would_get_it(editor):
    editor.people(2)
    with Server() as server:
        editor.to(server)
        assert editor("send", SLUG, "--yes")[0] == 0
    code, out, err = editor("send", SLUG, "--dry-run")
    assert (code, out) == (5, "")
    assert "to 2 readers (send 1); add --to-new" in err
    editor.people(1, first=3)
    assert "would go to 1 reader " in editor("send", SLUG, "--dry-run", "--to-new")[1]


def test_a_test_mail_says_which_language_it_was_in_and_how_to_get_another(editor):
    folder = editor.workspace.issue(SLUG)
    (folder / "issue.sv.md").write_bytes((folder / "issue.md").read_bytes())
    with Server() as server:
        editor.to(server)
        told = [editor("test", SLUG, "me@example.net", *words)[2] for words in ((), ("--language", "sv"))]
    assert "This was the letter in English; for another, add --language sv or all." in told[0]
    assert "This was the letter in Swedish; for another, add --language en or all." in told[1]


def test_one_test_sends_every_twin_with_both_subjects_of_each(editor):
    folder = editor.workspace.issue(SLUG)
    text = (folder / "issue.md").read_text(encoding="utf-8")
    (folder / "issue.sv.md").write_text(text.replace("subject: ", "subject_b: Den andra\nsubject: ", 1), "utf-8")
    with Server() as server:
        editor.to(server)
        code, found = editor.json("test", SLUG, "me@example.net", "--language", "all")
        assert code == 0
        assert "for another" not in editor("test", SLUG, "me@example.net", "--language", "all")[2]
    marks = [head(one)["Subject"].partition("]")[0] for one in server.accepted]
    assert marks == ["[test", "[test a", "[test b"] * 2
    assert [one["email"] for one in found["tests"]] == ["me@example.net"] * 3
    spoken = [head(one)["Content-Language"] for one in server.accepted[:3]]
    assert spoken == ["en", "sv", "sv"]


def test_a_test_goes_to_the_colleagues_in_the_settings_where_nobody_is_named(editor):
    code, _, err = editor("test", SLUG)
    assert (code, "write your colleagues into newsletter.toml" in err) == (2, True)
    editor.settings(r"\[web\]", '[test]\nto = ["eva@example.net", "jonas@example.net"]\n\n[web]')
    with Server() as server:
        editor.to(server)
        assert editor("test", SLUG)[0] == editor("test", SLUG, "me@example.net")[0] == 0
    to = [head(one)["To"] for one in server.accepted]
    assert to == ["eva@example.net", "jonas@example.net", "me@example.net"]


def test_a_colleague_without_an_address_is_told_with_the_line(editor):
    editor.settings(r"\[web\]", '[test]\nto = ["eva@example.net", "jonas"]\n\n[web]')
    code, _, err = editor("test", SLUG)
    assert (code, "“jonas” is no e-mail address" in err, 'to = ["eva@example.org"]' in err) == (1, True, True)


def test_a_test_says_whom_it_waits_for(editor, monkeypatch):
    monkeypatch.setattr(silence, "TOLD", 0.2)
    with Server(delay=0.7) as server:
        editor.to(server)
        code, _, said = editor("test", SLUG, "me@example.net")
    assert code == 0
    assert "s from catcher (connections: 1 not let in yet; if it wants TLS from the start" in said


def test_a_test_that_nothing_answers_says_how_to_go_on(editor):
    editor.settings("port = 2525", "port = 1")
    code, out, err = editor("test", SLUG, "me@example.net")
    assert (code, "NOT SENT" in out) == (1, True)
    assert "`newsletter doctor`" in err


def test_a_test_mail_comes_with_each_of_two_subjects(editor):
    path = editor.workspace.issue(SLUG) / "issue.md"
    text = path.read_text(encoding="utf-8")
    assert editor("test", SLUG, "me@example.net", "--subject", "b")[0] == 2
    path.write_text(text.replace("subject:", "subject_b: The other one\nsubject:", 1), encoding="utf-8")
    with Server() as server:
        editor.to(server)
        assert len(editor.json("test", SLUG, "me@example.net")[1]["tests"]) == 2
        assert editor("test", SLUG, "me@example.net", "--subject", "b")[0] == 0
    first, *others = (head(one)["Subject"] for one in server.accepted)
    assert first.startswith("[test a] ")
    assert others == ["[test b] The other one"] * 2


def test_nobody_who_confirmed_is_no_reader_who_was_sent_it(editor):
    code, _, err = editor("send", SLUG, "--yes", "--to-new")
    assert (code, "only readers who confirmed get it" in err) == (5, True)
