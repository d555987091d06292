"""`subscribers import` as an editor runs it: every line is told of, and nothing is guessed."""

import csv
import io
import json
import os
import re
import signal
import stat
import subprocess
import sys
import time
from zipfile import ZipFile

import pytest

from tests import blank
from tests.roll import caller, dump, imported, quay


@pytest.fixture
def workspace(tmp_path):
    return quay(tmp_path)


@pytest.fixture
def run(workspace, capfd):
    return caller(workspace.root, capfd)


@pytest.fixture
def readers(run, tmp_path):
    imported(run, tmp_path)


def test_an_import_tells_what_came_of_every_line(run, tmp_path) -> None:
    file = str(tmp_path / "readers.csv")
    words = ("subscribers", "import", file, "--list", "monthly", "--consent", "spring fair 2025")
    tried = json.loads(run(*words, "--dry-run", "--json"))
    assert json.loads(run("subscribers", "count", "--json"))["count"] == 0
    done = json.loads(run(*words, "--json"))
    assert {**tried, "dry_run": False} == done
    assert (done["read"], done["added"], done["updated"], done["unchanged"]) == (5, 3, 0, 0)
    assert done["rejected"] == [
        {"line": 4, "reason": "“no-address” is no address: there is no @ in it"},
        {"line": 5, "reason": "anna@example.org stands in line 2 already"},
    ]
    assert "0 added, 0 updated, 3 unchanged, 2 refused" in run(*words)


def test_without_evidence_people_are_pending_and_the_editor_is_told_why(run, tmp_path) -> None:
    told = run("subscribers", "import", str(tmp_path / "readers.csv"), "--list", "monthly")
    assert "Without --consent new people are pending" in told
    assert "/subscribe" in told
    assert run("subscribers", "count", "--list", "monthly") == "0\n"
    found = json.loads(run("subscribers", "list", "--json"))["subscribers"]
    assert {each["status"] for each in found} == {"pending"}


def test_an_export_can_be_imported_again_and_changes_nothing(run, readers, tmp_path, workspace) -> None:
    run(
        "subscribers", "add", "=cmd@example.org", "--list", "monthly", "--set", "Fax=+46 8 1", "--consent", "phone"
    )
    for email, consent in (("barred@example.org", ["--consent", "phone"]), ("waits@example.org", [])):
        run("subscribers", "add", email, "--list", "monthly", *consent)
        run("subscribers", "suppress", email, "--reason", "phone")
    file = tmp_path / "export.csv"
    run("subscribers", "export", "--out", str(file))
    assert stat.S_IMODE(os.stat(file).st_mode) == 0o600
    written = file.read_bytes().decode()
    cells = [cell for row in csv.reader(io.StringIO(written, newline="")) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    before = dump(workspace)
    done = json.loads(run("subscribers", "import", str(file), "--list", "monthly", "--consent", "again", "--json"))
    assert (done["read"], done["unchanged"], done["rejected"]) == (6, 6, [])
    assert dump(workspace) == before
    assert run("subscribers", "export", "--list", "monthly") == written


def test_an_export_of_several_lists_brings_nobody_into_a_list_of_the_others(run, tmp_path, workspace) -> None:
    settings = workspace.root / "newsletter.toml"
    settings.write_text(settings.read_text() + '\n[[list]]\nslug = "board"\ntitle = "The board"\n')
    for name, list_ in (("a", "monthly"), ("b", "board"), ("c", "monthly"), ("c", "board")):
        run("subscribers", "add", f"{name}@example.org", "--list", list_, "--consent", "phone")
    file = tmp_path / "export.csv"
    run("subscribers", "export", "--out", str(file))
    other = blank.letter(tmp_path / "other").root
    (other / "newsletter.toml").write_text(settings.read_text())
    for there in (workspace.root, other):
        for list_, refused in (("monthly", "line 3: not in monthly"), ("board", "line 2: not in board")):
            words = ("subscribers", "import", str(file), "--list", list_, "--consent", "moved")
            told = run("--workspace", str(there), *words)
            assert f"{refused}, as the file says" in told
            assert "1 in other lists" in told
        exported = run("--workspace", str(there), "subscribers", "export")
        assert sorted(exported.splitlines()) == sorted(file.read_text().splitlines())
    # A list of another name there says nothing of this one.
    file.write_text(file.read_text().replace("monthly:", "letter:").replace("board:", "members:"))
    assert "1 updated, 2 unchanged, 0 refused" in run(
        "subscribers", "import", str(file), "--list", "monthly", "--consent", "x"
    )


@pytest.mark.parametrize("name", ["/dev/zero", "pipe", "book.xlsx"])
def test_what_can_be_no_csv_file_is_refused_at_once(run, tmp_path, name) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "book.xlsx").write_bytes(b"PK\x03\x04" + bytes(26) + b"[Content_Types].xml and so on")
    told = run("subscribers", "import", str(tmp_path / name), "--list", "monthly", code=2)
    assert "save" in told


def test_a_table_without_an_address_and_a_text_of_word_are_told_as_such(run, tmp_path) -> None:
    (tmp_path / "people.csv").write_text("Namn;Telefon\nKarin;070\n")
    told = run("subscribers", "import", str(tmp_path / "people.csv"), "--list", "monthly", code=1)
    assert "there is no address in its first lines" in told
    for name, part, words in (
        ("a.docx", "word/document.xml", ""),
        ("a.odt", "mimetype", "application/vnd.oasis.opendocument.text"),
    ):
        with ZipFile(tmp_path / name, "w") as packed:
            for each in sorted({"[Content_Types].xml", part}, reverse=part == "mimetype"):
                packed.writestr(each, words)
        told = run("subscribers", "import", str(tmp_path / name), "--list", "monthly", code=2)
        assert f"{name}: this is a text document" in told


@pytest.mark.parametrize(
    ("begin", "what"),
    [
        ("[\n {", "JSON"),
        ('{"email": "a@example.org"}', "JSON"),
        ("\ufeff<html><table>", "a web page"),
        ("PK\x03\x04 members_export.csv", "a packed file"),
        ("%PDF-1.7", "a PDF"),
        ("PK\x03\x04 Index/Document.iwa", "a spreadsheet"),
        ("dn: cn=Anna,mail=a@example.org\ncn: Anna\n", "an address book in LDIF"),
        ("INSERT INTO readers VALUES ('a@example.org');", "a dump of a database"),
        ("From a@example.org Thu Jun 12 10:00:00 2025\nFrom: a@example.org\n\nHello", "mail"),
        ("Return-Path: <a@example.org>\nReceived: from quay.example\n by mx\n", "mail"),
        ("From: Anna <a@example.org>\nTo: b@example.org\n\nHello", "mail"),
        ("From: Anna <a@example.org>", ""),
        ("<a@example.org>\n<b@example.org>\n", ""),
    ],
)
def test_a_file_of_another_kind_is_told_by_its_name(run, tmp_path, begin, what) -> None:
    (tmp_path / "people").write_text(begin, encoding="utf-8")
    told = run("subscribers", "import", str(tmp_path / "people"), "--list", "monthly", code=2 if what else 0)
    assert not what or f"people: this is {what}" in told.replace("a file of ", "")


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("subscribed_email_audience_export_1a2b.csv", "confirmed"),
        ("nonsubscribed_email_audience_export_1a2b.csv", "unsubscribed"),
        ("archived_email_audience_export_1a2b.csv", "unsubscribed"),
        ("cleaned_email_audience_export_1a2b.csv", "suppressed"),
        ("nonsubscribed (1).csv", "unsubscribed"),
        ("my cleaned list.csv", "confirmed"),
    ],
)
def test_the_name_of_a_file_says_who_is_in_it(run, tmp_path, name, status) -> None:
    (tmp_path / name).write_text("Email Address,OPTIN_TIME,LEID,EUID\na@example.org,2024-01-02 10:00:00,1,2\n")
    run("subscribers", "import", str(tmp_path / name), "--list", "monthly", "--consent", "their form")
    assert json.loads(run("subscribers", "list", "--json"))["subscribers"][0]["status"] == status


@pytest.mark.parametrize(
    ("name", "header", "status"),
    [
        ("suppression_bounces.csv", "email,created", "pending"),
        ("Unsubscribed contacts.csv", "email,created", "pending"),
        ("avregistrerade-2024.csv", "email,created", "pending"),
        ("unsubscribed.csv", "email,status", "confirmed"),
        ("suppression_blocks.csv", "email,reason", "pending"),
        ("avmeldte.csv", "email,created", "pending"),
        ("readers without unsubscribed.csv", "email,created", "confirmed"),
        ("readers.csv", "email,created", "confirmed"),
    ],
)
def test_of_a_file_called_after_those_who_left_no_consent_is_made(run, tmp_path, name, header, status) -> None:
    (tmp_path / name).write_text(f"{header}\na@example.org,{'active' if 'status' in header else '12'}\n")
    told = run("subscribers", "import", str(tmp_path / name), "--list", "monthly", "--consent", "their form")
    assert json.loads(run("subscribers", "list", "--json"))["subscribers"][0]["status"] == status
    assert (f"The name {name} says" in told) is (status == "pending")


def test_what_a_table_tells_of_consent_stands_in_the_ledger(run, tmp_path) -> None:
    rows = (
        "E-post,Samtycke,Consent date,Consent source,Consent IP\na@example.org,Ja,2024-03-04,web form,192.0.2.1\n"
    )
    (tmp_path / "people.csv").write_text(rows + "b@example.org,Ja,,,\nc@example.org,Nej,2024-03-04,phone,\n")
    words = ("subscribers", "import", str(tmp_path / "people.csv"), "--list", "monthly")
    run(*words)
    assert "web form" not in run("consent", "show", "a@example.org")
    run(*words, "--consent", "fair")
    told = run("consent", "show", "a@example.org")
    assert "fair; Samtycke: Ja, Consent date: 2024-03-04, Consent source: web form  -" in told
    assert "192.0.2.1" not in told
    assert "fair; Samtycke: Ja  -" in run("consent", "show", "b@example.org")
    assert "fair" not in run("consent", "show", "c@example.org")


def test_who_is_pending_in_spite_of_evidence_is_told(run, tmp_path) -> None:
    (tmp_path / "people.csv").write_text("Email,Status\na@example.org,Active\nb@example.org,Inactive\n")
    words = ("subscribers", "import", str(tmp_path / "people.csv"), "--list", "monthly", "--consent", "fair")
    told = run(*words)
    assert "Pending, whatever --consent says: 1." in told
    assert '--map "Status="' in told
    assert "--map" not in run(*words, "--map", "Status=")
    (tmp_path / "people.csv").write_text("Email,Vill ha brev\nc@example.org,Ja\nd@example.org,\n")
    assert 'If “Vill ha brev” is about something else, leave it out: --map "Vill ha brev=".' in run(*words)
    (tmp_path / "people.csv").write_text("Email,Confirmed,Date Subscribed\ne@example.org,0,2024-01-02\n")
    assert 'If “Confirmed” is about something else, leave it out: --map "Confirmed=".' in run(*words)
    (tmp_path / "people.csv").write_text("email,name,surname,status\nf@example.org,F,Ek,C\ng@example.org,G,Ek,B\n")
    told = run(*words)
    assert 'If “status” is about something else, leave it out: --map "status=".' in told
    assert "counts no more then" not in told
    rows = ("email,email_verified_at,status", "j@example.org,2024-01-02,active", "k@example.org,NULL,active")
    (tmp_path / "people.csv").write_text("\n".join((*rows, "l@example.org,2024-01-02,left")))
    told = run(*words)
    assert 'If “email_verified_at” is about something else, leave it out: --map "email_verified_at=".' in told
    assert "counts no more then" not in told
    (tmp_path / "people.csv").write_text("email,status\nh@example.org,Unsubscribed\ni@example.org,B\n")
    assert "What it says of those who are not to be mailed (1) counts no more then, either." in run(*words)


def test_an_editor_hears_which_columns_say_that_somebody_left(run, tmp_path) -> None:
    rows = ("Email,Daily letter,Weekly letter,Notes", "a@example.org,Subscribed,Unsubscribed,", "b@example.org,,,")
    more = ("c@example.org,Subscribed,Unsubscribed,", "d@example.org,Subscribed,,Do not contact")
    (tmp_path / "people.csv").write_text("\n".join((*rows, *more)))
    told = run("subscribers", "import", str(tmp_path / "people.csv"), "--list", "monthly")
    assert "Not to be mailed, as the file says: 3, by “Weekly letter”, “Notes”." in told


@pytest.mark.parametrize("others", [0, 60])
def test_a_status_means_the_same_wherever_in_the_file_its_words_stand(run, tmp_path, others) -> None:
    people = [f"p{number}@example.org,Prospect" for number in range(70)]
    people[others:others] = ["a@example.org,Subscribed", "b@example.org,Unsubscribed", "c@example.org,"]
    (tmp_path / "people.csv").write_text("\n".join(["Email,Status", *people]))
    words = ("subscribers", "import", str(tmp_path / "people.csv"), "--list", "monthly", "--consent", "fair")
    assert "Pending, whatever --consent says: 71." in run(*words)


def test_a_header_that_cannot_be_read_is_told_and_nothing_is_guessed(run, tmp_path) -> None:
    file = tmp_path / "people.csv"
    file.write_text('email,"na me\nanna@example.org,Anna\nbo@example.org,Bo\n', encoding="utf-8")
    told = run("subscribers", "import", str(file), "--list", "monthly", code=1)
    assert "people.csv:1: its quotes do not match" in told
    assert "mend this line, since it may name the columns" in told
    assert run("subscribers", "count").strip() == "0"


def test_who_is_suppressed_here_stays_so_where_the_export_is_imported(run, tmp_path) -> None:
    for number, consent in ((1, ["--consent", "phone"]), (2, ["--consent", "phone"]), (3, [])):
        run(
            "subscribers",
            "add",
            f"r{number}@example.org",
            "--list",
            "monthly",
            "--set",
            "Status=Bounced",
            *consent,
        )
    for number in (2, 3):
        run("subscribers", "suppress", f"r{number}@example.org", "--reason", "phone")
    file, other = str(tmp_path / "export.csv"), str(tmp_path / "other")
    run("subscribers", "export", "--out", file)
    run("init", other)
    run("--workspace", other, "subscribers", "import", file, "--list", "monthly", "--consent", "moved")
    found = json.loads(run("--workspace", other, "subscribers", "list", "--json"))["subscribers"]
    assert [each["status"] for each in found] == ["confirmed", "suppressed", "suppressed"]
    assert run("--workspace", other, "subscribers", "export").count("monthly: unsubscribed; suppressed") == 2


def test_a_suppressed_address_of_nobody_stays_so_where_the_export_is_imported(run, tmp_path, workspace) -> None:
    run("subscribers", "add", "r1@example.org", "--list", "monthly", "--consent", "phone")
    run("subscribers", "suppress", "=nobody@räksmörgås.example", "--reason", "phone")
    file, other = str(tmp_path / "export.csv"), str(tmp_path / "other")
    run("subscribers", "export", "--out", file)
    before = dump(workspace)
    again = json.loads(run("subscribers", "import", file, "--list", "monthly", "--consent", "again", "--json"))
    assert (again["read"], again["unchanged"]) == (2, 2)
    assert dump(workspace) == before
    assert "nobody" not in run("subscribers", "export", "--list", "monthly")
    run("init", other)
    run("--workspace", other, "subscribers", "import", file, "--list", "monthly", "--consent", "moved")
    barred = json.loads(run("--workspace", other, "suppressions", "list", "--json"))["suppressions"]
    assert [each["email"] for each in barred] == ["=nobody@xn--rksmrgs-5wao1o.example"]
    assert run("--workspace", other, "subscribers", "list").count("confirmed") == 1


def test_a_file_of_addresses_alone_is_taken_in(run, tmp_path) -> None:
    file = tmp_path / "plain.txt"
    file.write_bytes("åsa@example.org\r\nbo@example.org\r\n".encode("utf-16"))
    told = run("subscribers", "import", str(file), "--list", "monthly", "--consent", "paper")
    assert "no header" in told
    assert "2 added" in told


def test_who_names_no_language_that_is_known_is_taken_in_without_one(run, tmp_path) -> None:
    (tmp_path / "crm.csv").write_text(
        "email,language\na@example.org,Other\nb@example.org,n/a\nc@example.org,Elvish\nd@example.org,xx\n"
    )
    told = run("subscribers", "import", str(tmp_path / "crm.csv"), "--list", "monthly", "--consent", "form")
    assert "3 added, 0 updated, 0 unchanged, 1 refused" in told
    assert "2 lines with a language that is not known, such as “Other”: left empty." in told
    assert "line 5: “xx” is no language" in told


def test_of_several_addresses_of_one_person_the_first_is_taken_and_told(run, tmp_path) -> None:
    file = tmp_path / "contacts.csv"
    file.write_text(
        "Name,E-mail 1 - Value\nAnna,anna@example.org ::: anna@home.example\nBo,bo@example.org\n"
        "Cilla, ::: cilla@example.org\n"
    )
    told = run("subscribers", "import", str(file), "--list", "monthly")
    assert "2 lines had more than one address: the first was taken" in told
    assert "2 added" in told
    assert "1 refused" in told
    found = json.loads(run("subscribers", "list", "--json"))["subscribers"]
    assert sorted(one["email"] for one in found) == ["anna@example.org", "bo@example.org"]


def test_refused_lines_are_written_to_a_file_that_can_be_mended_and_imported(run, workspace, tmp_path) -> None:
    file, refused = tmp_path / "readers.csv", tmp_path / "refused.csv"
    words = ("subscribers", "import", str(file), "--list", "monthly", "--consent", "x", "--rejects", str(refused))
    told = run(*words)
    assert "Refused: 1 no address, 1 twice in the file." in told
    assert stat.S_IMODE(refused.stat().st_mode) == 0o600
    rows = list(csv.reader(io.StringIO(refused.read_text(encoding="utf-8"))))
    assert rows[0] == ["rejected line", "rejected because", "Email", "Name", "Language", "Topics", "City"]
    assert [row[0] for row in rows[1:]] == ["4", "5"]
    assert rows[1][1:4] == ["“no-address” is no address: there is no @ in it", "no-address", "Nobody"]
    mended = refused.read_text(encoding="utf-8").replace("no-address,Nobody", "now@example.org,Nobody")
    refused.write_text(mended, encoding="utf-8")
    again = json.loads(run("subscribers", "import", str(refused), "--list", "monthly", "--consent", "x", "--json"))
    assert (again["added"], again["updated"], again["rejected"]) == (1, 1, [])
    good = tmp_path / "good.csv"
    good.write_text("email\nx@example.org\n")
    run("subscribers", "import", str(good), "--list", "monthly", "--rejects", str(tmp_path / "none.csv"))
    assert not (tmp_path / "none.csv").exists()
    assert not list(tmp_path.glob(".*part"))


def test_a_topic_is_understood_by_its_title_in_any_language(run, tmp_path) -> None:
    table = tmp_path / "titles.csv"
    table.write_text(
        "E-post;Ämnen\neva@example.org;Näringsliv, forskning\nove@example.org;Culture, båtar\n", encoding="utf-8"
    )
    run("subscribers", "import", str(table), "--list", "monthly", "--consent", "spring fair 2025")
    chosen = {
        email: json.loads(run("subscribers", "show", email, "--json"))["topics"]
        for email in ("eva@example.org", "ove@example.org")
    }
    assert chosen == {"eva@example.org": ["business", "research"], "ove@example.org": ["båtar", "culture"]}


@pytest.mark.parametrize("garbled", [True, False])
def test_an_editor_hears_that_letters_are_garbled(run, tmp_path, garbled) -> None:
    text = "e-post,förnamn\na@example.org,Åsa\nb@example.org,Ângela Ão\n"
    saved = text.encode().decode("cp1252") if garbled else text
    (tmp_path / "readers.csv").write_text(saved, encoding="utf-8")
    told = run("subscribers", "import", str(tmp_path / "readers.csv"), "--list", "monthly")
    assert ("Some letters are garbled, as in “fÃ¶rnamn”" in told) is garbled


@pytest.mark.parametrize(("program", "kept"), [("uuid", "statuses and dates"), ("", "statuses")])
def test_of_an_export_without_days_it_is_not_said_that_they_are_kept(run, tmp_path, program, kept) -> None:
    header = (
        "uuid,email,name,attributes,status,created_at,updated_at"
        if program
        else "Email,First name,Last name,Data,Status"
    )
    (tmp_path / "readers.csv").write_text(f"{header}\n")
    assert f": {kept} are kept." in run(
        "subscribers", "import", str(tmp_path / "readers.csv"), "--list", "monthly"
    )


def test_an_editor_hears_that_days_cannot_be_read(run, tmp_path) -> None:
    (tmp_path / "people.csv").write_text("email,Subscribed,created\na@example.org,3/4/2025,2025-01-31\n")
    told = run("subscribers", "import", str(tmp_path / "people.csv"), "--list", "monthly", "--dry-run")
    assert "the days in “Subscribed” can be read in two ways, or not at all. Write them as 2025-01-31." in told
    (tmp_path / "people.csv").write_text("email,Subscribed\na@example.org,1\n")
    told = run("subscribers", "import", str(tmp_path / "people.csv"), "--list", "monthly", "--dry-run")
    assert "the days" not in told


def test_an_editor_hears_which_column_may_say_since_when(run, tmp_path) -> None:
    (tmp_path / "people.csv").write_text("email,created_at\na@example.org,2025-01-31\nb@example.org,2025-02-01\n")
    words = ("subscribers", "import", str(tmp_path / "people.csv"), "--list", "monthly", "--consent", "fair")
    assert 'If “created_at” says it, import with --map "created_at=joined".' in run(*words, "--dry-run")
    assert "Since when" not in run(*words, "--map", "created_at=joined")
    assert json.loads(run("subscribers", "show", "a@example.org", "--json"))["joined"].startswith("2025-01-31")


def test_an_export_goes_into_a_file_of_its_own_whoever_left_one_there(run, readers, tmp_path, workspace) -> None:
    theirs = tmp_path / "theirs.csv"
    theirs.write_text("theirs")
    (tmp_path / ".out.csv.part").symlink_to(theirs)
    run("subscribers", "export", "--out", str(tmp_path / "out.csv"))
    out = tmp_path / "out.csv"
    assert theirs.read_text() == "theirs"
    assert not out.is_symlink()
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    (tmp_path / ".bad.csv.part").write_text("")
    (tmp_path / ".bad.csv.part").chmod(0o666)
    rejects = tmp_path / "bad.csv"
    run("subscribers", "import", str(tmp_path / "readers.csv"), "--list", "monthly", "--rejects", str(rejects))
    assert stat.S_IMODE(rejects.stat().st_mode) == 0o600


def test_standard_input_is_a_file_that_is_gone_afterwards(run, tmp_path, workspace, monkeypatch) -> None:
    rows = "email,status\n" + "".join(f"r{number}@example.org,active\n" for number in range(200)) + "none,active\n"
    whole = tmp_path / "piped"
    whole.write_text(rows)
    before = {*workspace.people.parent.iterdir()}
    with whole.open() as piped:
        monkeypatch.setattr("sys.stdin", piped)
        told = run("subscribers", "import", "-", "--list", "monthly", "--consent", "spring fair 2025")
    assert "200 added, 0 updated, 0 unchanged, 1 refused" in told
    assert {path.suffix for path in {*workspace.people.parent.iterdir()} - before} <= {".db", ".db-wal", ".db-shm"}
    assert "standard input" in run("consent", "show", "r7@example.org")
    assert "200 forgotten" in run("subscribers", "take-back", "-", "--list", "monthly", "--yes")


def test_who_ends_an_import_from_a_pipe_leaves_no_file_of_addresses(workspace) -> None:
    command = (sys.executable, "-m", "newsletter", "--workspace", str(workspace.root))
    words = ("subscribers", "import", "-", "--list", "monthly")
    folder = workspace.people.parent
    before = {*folder.iterdir()}
    with subprocess.Popen([*command, *words], stdin=subprocess.PIPE, stderr=subprocess.PIPE) as piped:
        assert piped.stdin
        piped.stdin.write(b"email\nanna@example.org\n" * 100_000)
        for _ in range(6000):
            if saved := {*folder.iterdir()} - before:
                break
            time.sleep(0.01)
        assert [stat.S_IMODE(path.stat().st_mode) for path in saved] == [0o600]
        piped.send_signal(signal.SIGTERM)
        assert piped.wait(20) == 130
    assert {*folder.iterdir()} == before


def test_what_comes_by_standard_input_and_is_no_csv_file_is_called_so(run, tmp_path, monkeypatch) -> None:
    (tmp_path / "piped").write_bytes(b"PK\x03\x04 packed")
    with (tmp_path / "piped").open(errors="replace") as piped:
        monkeypatch.setattr("sys.stdin", piped)
        told = run("subscribers", "import", "-", "--list", "monthly", code=2)
    assert "standard input: this is a packed file, not a CSV file" in told


def test_who_left_by_a_word_that_stands_elsewhere_is_pending_and_the_editor_is_told_where(run, tmp_path) -> None:
    file = tmp_path / "club.csv"
    file.write_text("Namn;E-post;Grupp\nAnna;anna@example.org;A\nBo;bo@example.org;Unsubscribed\n")
    words = ("subscribers", "import", str(file), "--list", "monthly", "--consent", "spring fair 2025")
    told = run(*words)
    assert "1 line with a word for those who left" in told
    assert "“Grupp” says “Unsubscribed”" in told
    assert '--map "Grupp="' in told
    assert run("subscribers", "count", "--list", "monthly") == "1\n"
    file.write_text("Namn;E-post\nAnna;anna@example.org\nAvregistrerade;\nCy;cy@example.org\n")
    assert "1 line below a title or a header of those who left" in run(*words)
    assert run("subscribers", "count", "--list", "monthly") == "1\n"


def test_of_two_lines_with_one_address_the_doubtful_one_counts(run, tmp_path) -> None:
    file = tmp_path / "club.csv"
    words = ("subscribers", "import", str(file), "--list", "monthly", "--consent", "spring fair 2025")
    for rows in (
        "Bo;b@example.org\nAvregistrerade;\nBo;b@example.org",
        "Cy (unsubscribed);c@example.org\nCy;c@example.org",
    ):
        file.write_text(f"Namn;E-post\n{rows}\n")
        run(*words)
        assert run("subscribers", "count", "--list", "monthly") == "0\n"
    file.write_text("Namn;E-post\nBo;b@example.org\n")
    assert "1 updated" in run(*words)
    file.write_text("Namn;E-post\nBo (unsubscribed);b@example.org\n")
    run(*words)
    assert run("subscribers", "count", "--list", "monthly") == "1\n"


@pytest.mark.parametrize(
    ("header", "row", "map_", "code"),
    [
        ("email,{0},name", "anna@example.org,x,Anna", "Nope=city", 1),
        ("email,{0},name", "anna@example.org,x,Anna", "name=name", 0),
        ("email,unsubscribed {0}", "anna@example.org,perhaps", "email=email", 0),
        ("{0},name", "nobody,Anna", "name=name", 1),
        ("email," + ",".join(f"question {number}" for number in range(4_000)), "anna@example.org", "Nope=city", 1),
    ],
)
def test_headings_that_go_on_and_on_are_told_as_far_as_they_are_read(
    run, tmp_path, header, row, map_, code
) -> None:
    file = tmp_path / "crm.csv"
    file.write_text(f"{header.format('why ' * 45_000)}\n{row}\n", "utf-8")
    words = ("subscribers", "import", str(file), "--list", "monthly", "--dry-run", "--consent", "fair")
    assert len(run(*words, "--map", map_, code=code)) < 2_500


def test_a_heading_that_was_told_cut_names_its_column(run, tmp_path) -> None:
    file = tmp_path / "crm.csv"
    file.write_text(f"email,{'Where do you live and why? ' * 90}\nanna@example.org,Norrvik\n", "utf-8")
    words = ("subscribers", "import", str(file), "--list", "monthly", "--dry-run")
    (cut,) = re.findall("Columns left out: (.*…)[.]", run(*words))
    assert f"Columns: email, {cut} = city." in run(*words, "--map", f"{cut}=city")
