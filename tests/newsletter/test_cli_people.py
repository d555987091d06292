"""`subscribers`, `lists`, `segments` and `explain` as an editor runs them."""

import csv
import io
import json
import os
import stat
from contextlib import closing
from datetime import UTC, datetime

import pytest

from newsletter.cli import wiring
from newsletter.cli.main import main
from newsletter.files.new import make
from subscribers.store.open import stamp

READERS = """Email;Name;Language;Topics;City
anna@example.org;Anna Åberg;sv;business,research;Huddinge
BO@Example.org;Bo Öst;en;;Solna
no-address;Nobody;en;;
anna@example.org;Anna again;sv;;Solna
cilla@example.org;=HYPERLINK("x");Svenska;student;Huddinge
"""


@pytest.fixture
def workspace(tmp_path):
    made = make(tmp_path / "letter", "The quay")
    (tmp_path / "readers.csv").write_text(READERS, encoding="utf-8")
    return made


@pytest.fixture
def run(workspace, capfd):
    def call(*words: str, code: int = 0) -> str:
        with pytest.raises(SystemExit) as left:
            main(["--workspace", str(workspace.root), *words])
        out, err = capfd.readouterr()
        assert left.value.code == code, out + err
        assert "Traceback" not in err
        return out if code == 0 and ("--json" in words or "export" in words) else out + err

    return call


@pytest.fixture
def readers(run, tmp_path):
    run(
        "subscribers",
        "import",
        str(tmp_path / "readers.csv"),
        "--list",
        "monthly",
        "--consent",
        "spring fair 2025",
    )


def dump(workspace) -> list[str]:
    with closing(wiring.people(workspace)) as connection:
        return list(connection.iterdump())


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
    other = make(tmp_path / "other", "The quay").root
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


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("import", "readers.csv", "--list", "weekly"), 4, "there is no list “weekly”; known lists: monthly"),
        (("import", "nowhere.csv", "--list", "monthly"), 4, "there is no such file"),
        (("import", "readers.csv"), 2, "--list"),
        (("import", "readers.csv", "--list", "monthly", "--consent", " "), 2, "--consent is empty"),
        (("import", "readers.csv", "--list", "monthly", "--map", "City"), 2, '--map "Column=email"'),
        (("import", "readers.csv", "--list", "monthly", "--map", "Town=email"), 1, "there is no column “Town”"),
        (("import", "empty.csv", "--list", "monthly"), 1, "nothing in it"),
        (("import", "bad.csv", "--list", "monthly"), 3, "1 refused"),
        (("import", ".", "--list", "monthly"), 2, "this is no file"),
        (("add", "Anna <anna@example.org>", "--list", "monthly"), 2, "write it alone"),
        (("add", "a@example.org", "--list", "monthly", "--set", "city"), 2, "--set city=Huddinge"),
        (("add", "a@example.org", "--list", "monthly", "--language", "??"), 1, "“??” is no language"),
        (("show", "nobody@example.org"), 4, "nobody has this address"),
        (("unsubscribe", "nobody@example.org"), 4, "nobody has this address"),
        (("erase", "nobody@example.org", "--yes"), 4, "nobody has this address"),
        (("list", "--list", "weekly"), 4, "known lists: monthly"),
        (("list", "--segment", "cty = 'x'"), 2, "nobody has an attribute “cty”"),
        (("list", "--segment", "nosuch"), 4, "known segments: business"),
        (("export", "a@example.org", "--list", "monthly"), 2, "do not go together"),
    ],
)
def test_a_mistake_is_told_with_its_remedy_and_its_exit_code(
    run, tmp_path, monkeypatch, words, code, told
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty.csv").write_text("\n\n")
    (tmp_path / "bad.csv").write_text("email\nnobody\n")
    assert told in run("subscribers", *words, code=code)


@pytest.mark.parametrize("name", ["/dev/zero", "pipe", "book.xlsx"])
def test_what_can_be_no_csv_file_is_refused_at_once(run, tmp_path, name) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "book.xlsx").write_bytes(b"PK\x03\x04 and so on")
    told = run("subscribers", "import", str(tmp_path / name), "--list", "monthly", code=2)
    assert "save" in told


@pytest.mark.parametrize(
    ("begin", "what"),
    [
        ("[\n {", "JSON"),
        ('{"email": "a@example.org"}', "JSON"),
        ("BEGIN:VCARD\nEMAIL:a@example.org", "contact cards"),
        ("\ufeff<html><table>", "a web page"),
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
        ("cleaned_email_audience_export_1a2b.csv", "unsubscribed"),
    ],
)
def test_the_name_of_a_file_says_who_is_in_it(run, tmp_path, name, status) -> None:
    (tmp_path / name).write_text("Email Address,OPTIN_TIME,LEID,EUID\na@example.org,2024-01-02 10:00:00,1,2\n")
    run("subscribers", "import", str(tmp_path / name), "--list", "monthly", "--consent", "their form")
    assert json.loads(run("subscribers", "list", "--json"))["subscribers"][0]["status"] == status


def test_who_is_pending_in_spite_of_evidence_is_told(run, tmp_path) -> None:
    (tmp_path / "people.csv").write_text("Email,Status\na@example.org,Active\nb@example.org,Inactive\n")
    words = ("subscribers", "import", str(tmp_path / "people.csv"), "--list", "monthly", "--consent", "fair")
    told = run(*words)
    assert "Pending, whatever --consent says: 1." in told
    assert '--map "Status="' in told
    assert "--map" not in run(*words, "--map", "Status=")
    (tmp_path / "people.csv").write_text("Email,Vill ha brev\nc@example.org,Ja\nd@example.org,\n")
    assert 'If “Vill ha brev” is about something else, leave it out: --map "Vill ha brev=".' in run(*words)


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
    assert [each["status"] for each in found] == ["confirmed", "unsubscribed", "unsubscribed"]
    assert run("--workspace", other, "subscribers", "export").count("monthly: unsubscribed; suppressed") == 2


def test_a_file_of_addresses_alone_is_taken_in(run, tmp_path) -> None:
    file = tmp_path / "plain.txt"
    file.write_bytes("åsa@example.org\r\nbo@example.org\r\n".encode("utf-16"))
    told = run("subscribers", "import", str(file), "--list", "monthly", "--consent", "paper")
    assert "no header" in told
    assert "2 added" in told


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


def test_one_person_is_added_shown_unsubscribed_and_suppressed(run) -> None:
    words = (
        "add",
        "Dan@example.org",
        "--list",
        "monthly",
        "--name",
        "Dan",
        "--language",
        "sv",
        "--topic",
        "business",
    )
    added = json.loads(run("subscribers", *words, "--set", "City=Solna", "--consent", "by phone", "--json"))
    row = {"email": "Dan@example.org", "name": "Dan", "language": "sv", "status": "confirmed"}
    assert added == {"subscribers": [row]}
    shown = json.loads(run("subscribers", "show", "dan@example.org", "--json"))
    assert shown["attributes"] == {"city": "Solna"}
    assert shown["consents"][0]["wording"] == "by phone"
    assert "Solna" in run("subscribers", "show", "dan@example.org")
    left = ("subscribers", "unsubscribe", "dan@example.org", "--json")
    assert json.loads(run(*left))["unsubscribed"] == ["monthly"]
    assert json.loads(run(*left))["unsubscribed"] == []
    assert "only they can subscribe again" in run("subscribers", *words, "--consent", "x", code=5)
    assert "from now on" in run("subscribers", "suppress", "dan@example.org", "--reason", "asked")
    assert "already" in run("subscribers", "suppress", "dan@example.org", "--reason", "asked")
    assert "suppressed" in run("subscribers", *words, code=5)


def test_erasing_asks_first_and_leaves_no_trace(run, readers, workspace) -> None:
    assert "nothing was erased" in run("subscribers", "erase", "anna@example.org", code=2)
    run("subscribers", "suppress", "known@example.org", "--reason", "x")
    for name in ("anna", "known"):
        assert json.loads(run("subscribers", "erase", f"{name}@example.org", "--yes", "--json")) == {
            "erased": True
        }
    for file in workspace.people.parent.iterdir():
        assert b"anna" not in file.read_bytes().lower(), file
        assert b"known@" not in file.read_bytes(), file
    assert "suppressed (erased)" in run("subscribers", "add", "anna@example.org", "--list", "monthly", code=5)


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


def test_erasing_again_after_an_interruption_finishes_it(run, readers, workspace) -> None:
    again = ("subscribers", "erase", "anna@example.org", "--yes")
    assert "Erased" in run(*again)
    assert "Erased" in run(*again)
    assert json.loads(run("consent", "verify", "--json"))["erased"] == 1


def test_erasing_names_the_files_that_still_name_the_address(run, readers, workspace) -> None:
    workspace.segments.write_text("anna = \"email = 'Anna@example.org'\"\n", encoding="utf-8")
    told = run("subscribers", "erase", "anna@example.org", "--yes")
    assert "subscribers/segments.toml still names the address" in told


def test_the_ledger_is_shown_and_verified(run, readers, workspace) -> None:
    for words in (("subscribers", "consent"), ("consent", "show")):
        shown = run(*words, "anna@example.org")
        assert "spring fair 2025" in shown
        document = json.loads(run(*words, "anna@example.org", "--json"))
        [line] = document["consents"]
        assert (line["what"], line["list"], line["source"]) == ("import", "monthly", "readers.csv")
    assert "each as it was written" in run("subscribers", "consent", "--verify")
    found = json.loads(run("consent", "verify", "--json"))
    assert (found["lines"], found["sound"]) == (3, True)
    run("subscribers", "unsubscribe", "anna@example.org")
    assert json.loads(run("consent", "verify", "--link", found["last"], "--json"))["lines"] == 4
    assert "lines at its end are missing" in run("consent", "verify", "--link", "0" * 63 + "1", code=1)
    assert "--link is no link" in run("consent", "verify", "--link", "x", code=2)
    assert "name an address, or say --verify" in run("subscribers", "consent", code=2)
    with closing(wiring.people(workspace)) as connection:
        connection.execute("DROP TRIGGER consents_are_fixed")
        connection.execute("UPDATE consents SET wording = 'never' WHERE id = 2")
    told = run("consent", "verify", code=1)
    assert "line 2 of the consent ledger is not as it was written; compare it with a backup" in told


def test_lists_and_segments_are_counted(run, readers, workspace) -> None:
    [monthly] = json.loads(run("lists", "--json"))["lists"]
    assert (monthly["list"], monthly["confirmed"], monthly["pending"]) == ("monthly", 3, 0)
    assert "monthly" in run("lists")
    assert json.loads(run("segments", "count", "business", "--json")) == {"segment": "business", "count": 1}
    assert run("segments", "count", "city = 'Huddinge'") == "2\n"
    assert run("subscribers", "count", "--list", "monthly", "--segment", "swedish") == "2\n"
    expression = """city = "Solna" or name = 'O\\Brien'"""
    assert json.loads(run("segments", "add", "solna", expression, "--json"))["count"] == 1
    assert json.loads(run("segments", "show", "solna", "--json"))["expression"] == expression
    counted = {
        each["segment"]: each["count"] for each in json.loads(run("segments", "list", "--json"))["segments"]
    }
    assert counted == {"business": 1, "research": 1, "swedish": 2, "solna": 1}
    assert "there is a segment “solna”" in run("segments", "add", "solna", "name = 'x'", code=5)
    assert "cannot name" in run("segments", "add", "1 x", "name = 'x'", code=2)
    assert "“langage”, so far; did you mean language?" in run("segments", "add", "typed", "langage = 'sv'")
    assert "“langage”; did you mean language?" in run("segments", "list")
    assert "known segments: business, research, swedish, solna" in run("segments", "show", "x", code=4)


def test_a_segment_is_explained(run, readers, workspace) -> None:
    expression = "language = 'sv' and city in ('Huddinge', 'Solna') and not 'culture' in topics"
    run("segments", "add", "near", expression)
    found = json.loads(run("segments", "show", "near", "--explain", "--json"))
    assert (found["expression"], found["count"]) == (expression, 2)
    assert [each["email"] for each in found["readers"]] == ["anna@example.org", "cilla@example.org"]
    with closing(wiring.people(workspace)) as connection:
        rows = connection.execute(found["sql"], found["values"]).fetchall()
        assert len(rows) == 2
        columns = {row["name"] for row in connection.execute("PRAGMA table_xinfo(subscribers)")}
    assert "attribute_1" in columns
    assert any("subscribers_by_attribute_1" in step for step in found["plan"])
    told = run("segments", "show", "near", "--explain")
    for words in ("2 readers, the first 2:", "anna@example.org", "SELECT s.id", "'Solna'", "attribute_1=?"):
        assert words in told
    assert "\n1 reader, the first" in run("segments", "show", "city = 'Solna'", "--explain")
    assert "known names: city" in run("segments", "show", "cty = 'Solna'", "--explain", code=2)


def test_who_has_no_such_attribute_is_counted_among_those_left_out(run, readers) -> None:
    run("subscribers", "add", "dan@example.org", "--list", "monthly", "--consent", "x")
    words = ("send", "0001-hello", "--list", "monthly", "--segment", "city = 'Huddinge'", "--dry-run", "--json")
    [one] = json.loads(run(*words))["sends"]
    assert (one["audience"], one["left_out"]) == (2, {"not meant": 2})


def test_a_segment_of_clicks_is_nobody_while_none_is_recorded(run, readers) -> None:
    assert "No reader agreed that their clicks are seen" in run("segments", "count", "clicked within 90 days")
    assert json.loads(run("segments", "count", "not clicked within 90 days", "--json"))["count"] == 3


def test_lists_issues_and_segments_can_be_left_out(run, readers, workspace) -> None:
    settings = workspace.root / "newsletter.toml"
    settings.write_text(settings.read_text() + '\n[[list]]\nslug = "board"\n', encoding="utf-8")
    run("subscribers", "add", "bo@example.org", "--list", "board", "--consent", "x")

    def audience(*exclude: str, code: int = 0) -> object:
        words = [word for one in exclude for word in ("--exclude", one)]
        told = run("send", "0001-hello", "--list", "monthly", "--dry-run", *words, "--json", code=code)
        return json.loads(told)["sends"][0]["audience"] if code == 0 else told

    assert audience() == 3
    assert audience("board") == audience("list:board") == 2
    assert audience("swedish", "board") == 0
    assert audience("city = 'Huddinge'") == 1
    with closing(wiring.people(workspace)) as connection:
        connection.execute(
            """INSERT INTO sends (issue, list, rule, state, content, created)
               SELECT issue, 'monthly', '', 'done', '', '2026-05-01T00:00:00.000Z'
               FROM (SELECT '2026-05' AS issue UNION SELECT 'board')"""
        )
        connection.execute(
            """INSERT INTO deliveries (send_id, subscriber_id, variant, state, updated)
               VALUES (1, 1, 'sv', 'accepted', ''), (1, 2, 'sv', 'refused', '')"""
        )
    assert audience("2026-05") == 2
    assert "--exclude list:board or issue:board" in audience("board", code=2)
    assert audience("issue:board") == 3
    assert "there is no segment, list or issue that was sent “x”" in audience("x", code=4)
    assert "there is no list “swedish”" in audience("list:swedish", code=4)
    assert "nobody has an attribute “cty”" in audience("cty = 'x'", code=2)
    steps = json.loads(run("explain", "bo@example.org", "--list", "board", "--exclude", "list:board", "--json"))
    assert [(each["step"], each["passed"]) for each in steps["steps"]][2:] == [
        ("confirmed in board", True),
        ("not excluded", False),
    ]


@pytest.mark.parametrize(
    "payload",
    [
        "' OR 1=1 --",
        "x'); DROP TABLE subscribers; --",
        '" OR ""="',
        "1; ATTACH DATABASE 'x' AS y",
        "monthly' UNION SELECT email FROM subscribers --",
        "%' OR email LIKE '%",
        ":who_list",
        "?1",
        "{}",
        "a\\' OR 1=1",
        "Robert'); DELETE FROM consents; --",
        '$."x"',
    ],
)
def test_no_parameter_reaches_the_sql(run, readers, workspace, tmp_path, capfd, payload) -> None:
    # The index that the first question makes is no change of what is known.
    run("segments", "count", "city = 'x'")
    before = dump(workspace)
    quote = "'" if '"' in payload else '"'
    email = f'"{payload}"@example.org'
    file = tmp_path / "hostile.csv"
    out = io.StringIO()
    csv.writer(out).writerows([["email", "name", payload, "topics"], [email, payload, payload, payload]])
    file.write_text(out.getvalue(), encoding="utf-8")
    tries = [
        *(("subscribers", word, payload) for word in ("show", "consent", "export")),
        *(("subscribers", word, payload, "--yes") for word in ("erase",)),
        ("subscribers", "unsubscribe", payload),
        ("subscribers", "suppress", payload, "--reason", payload),
        *(("subscribers", word, "--list", payload) for word in ("list", "count", "export")),
        ("subscribers", "list", "--segment", payload),
        ("subscribers", "add", email, "--list", "monthly", "--set", f"{payload}=x"),
        ("subscribers", "import", str(file), "--list", payload),
        ("subscribers", "import", str(file), "--list", "monthly", "--dry-run"),
        ("segments", "count", payload),
        ("segments", "show", payload, "--explain"),
        ("explain", payload),
        ("explain", "anna@example.org", "--list", payload),
        ("explain", "anna@example.org", "--segment", payload),
        ("explain", "anna@example.org", "--exclude", payload),
        ("explain", "anna@example.org", "--exclude", f"issue:{payload}"),
        ("explain", "anna@example.org", payload),
        ("send", "0001-hello", "--list", payload, "--dry-run"),
        ("send", "0001-hello", "--list", "monthly", "--segment", payload, "--dry-run"),
        ("consent", "verify", "--link", payload),
    ]
    for words in tries:
        with pytest.raises(SystemExit) as left:
            main(["--workspace", str(workspace.root), *words])
        assert left.value.code, words
    capfd.readouterr()
    value = f"{quote}{payload}{quote}"
    for text in (
        f"city = {value}",
        f"{value} in topics",
        f"received {value}",
        f"email = {value}",
        f"name = {value}",
    ):
        assert json.loads(run("segments", "count", text, "--json"))["count"] == 0
    assert dump(workspace) == before


def test_a_fault_in_the_file_of_segments_is_told_with_its_line(run, readers, workspace) -> None:
    workspace.segments.write_text("good = \"language = 'sv'\"\nbad = \"town = 'x'\"\n", encoding="utf-8")
    told = run("segments", "list")
    assert "segments.toml:2: nobody has an attribute “town”" in told
    assert "segments.toml:2" in run("segments", "count", "bad", code=1)
    workspace.segments.write_text("good = 5\n", encoding="utf-8")
    assert "segments.toml:1: good must be an expression" in run("segments", "list", code=1)
    workspace.segments.write_text("good = 'x\n", encoding="utf-8")
    assert "not valid TOML" in run("segments", "list", code=1)


def test_explain_says_each_step_of_the_decision(run, readers, workspace) -> None:
    issue = workspace.root / "issues" / "2026-06" / "issue.md"
    issue.parent.mkdir()
    issue.write_text(
        "---\nsubject: June\nlist: monthly\naudience: \"'business' in topics\"\n---\nText.\n", "utf-8"
    )

    def steps(name: str, *slug: str) -> dict[str, object]:
        document = json.loads(run("explain", f"{name}@example.org", *slug, "--json"))
        return {"gets": document["gets"], **{each["step"]: each["passed"] for each in document["steps"]}}

    known = {"known": True, "not suppressed": True}
    assert steps("anna") == {"gets": True, **known, "confirmed in a list": True}
    issued = {**known, "confirmed in monthly": True, "wished for": True}
    assert steps("anna", "2026-06") == {"gets": True, **issued, "in the audience": True, "in the ledger": None}
    assert steps("bo", "2026-06")["gets"] is False
    assert steps("bo", "2026-06")["in the audience"] is False
    assert steps("nobody") == {"gets": False, "known": False, "not suppressed": True}
    connection = wiring.people(workspace)
    connection.execute(
        """INSERT INTO sends (issue, list, rule, state, content, created)
           VALUES ('2026-06', 'monthly', '', 'done', '', ?)""",
        (stamp(datetime(2026, 6, 1, tzinfo=UTC)),),
    )
    connection.execute(
        """INSERT INTO deliveries (send_id, subscriber_id, variant, state, reply, updated)
           VALUES (1, 1, 'sv', 'accepted', 'queued as 7', ?)""",
        (stamp(datetime(2026, 6, 1, tzinfo=UTC)),),
    )
    connection.close()
    assert steps("anna", "2026-06")["not sent yet"] is False
    assert "accepted on 2026-06-01 02:00 CEST: queued as 7" in " ".join(
        run("explain", "anna@example.org", "2026-06").split()
    )
    assert "The issue 2026-06 is not sent to anna@example.org again." in run(
        "explain", "anna@example.org", "2026-06"
    )
    assert "send --to-new" in " ".join(run("explain", "bo@example.org", "2026-06").split())
    run("explain", "anna@example.org", "2030-01", code=4)


def test_what_a_stranger_wrote_never_reaches_the_terminal_raw(run, workspace) -> None:
    connection = wiring.people(workspace)
    connection.execute(
        """INSERT INTO subscribers (email, canonical, name, status, joined)
           VALUES ('x@example.org', 'x@example.org', 'a' || char(27) || '[31m', 'active', ?)""",
        (stamp(datetime(2026, 6, 1, tzinfo=UTC)),),
    )
    connection.close()
    for words in (("list",), ("show", "x@example.org")):
        assert "\x1b[31m" not in run("subscribers", *words)


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
