"""`subscribers`, `consent` and `explain` as an editor runs them: one person is added, shown, explained, erased."""

import gzip
import json
import re
from datetime import UTC, datetime
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from newsletter.cli import wiring
from subscribers.store.file.open import stamp
from tests.roll import caller, imported, quay


@pytest.fixture
def workspace(tmp_path):
    return quay(tmp_path)


@pytest.fixture
def run(workspace, capfd):
    return caller(workspace.root, capfd)


@pytest.fixture
def readers(run, tmp_path):
    imported(run, tmp_path)


def test_a_list_of_nobody_says_so(run, tmp_path) -> None:
    assert run("subscribers", "list") == "Nobody is known yet.\n"
    assert json.loads(run("subscribers", "list", "--json")) == {"subscribers": [], "count": 0}
    imported(run, tmp_path)
    assert run("subscribers", "list", "--find", "nobody of this name") == "Nobody fits; leave out an option.\n"


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
        (("add", "a@example.org", "--list", "monthly"), 0, "Add them again with --consent"),
        (
            ("add", "a@example.org", "--list", "monthly", "--topic", "boots"),
            0,
            "is called “boots”, so no page shows it",
        ),
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
    for only in ((), ("--list", "monthly")):
        (row,) = json.loads(run("subscribers", "list", *only, "--json"))["subscribers"]
        assert row["status"] == "suppressed"
    assert "suppressed" in run("subscribers", *words, code=5)


def test_who_asks_hears_that_their_address_is_barred_though_they_are_no_reader(run, readers) -> None:
    run("subscribers", "suppress", "asked@example.org", "--reason", "asked by phone")
    told = json.loads(run("subscribers", "export", "asked@example.org"))
    assert told["email"] == "asked@example.org"
    assert told["suppressed"]["reason"] == "asked by phone"
    run("subscribers", "erase", "asked@example.org", "--yes")
    assert json.loads(run("subscribers", "export", "asked@example.org"))["suppressed"]["reason"] == "erased"
    assert "nobody has this address" in run("subscribers", "export", "other@example.org", code=4)


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
    told = run("subscribers", "add", "anna@example.org", "--list", "monthly", code=5)
    assert "suppressed (erased); see `newsletter explain anna@example.org`" in told


def test_who_was_erased_may_sign_up_again_once_the_editor_lets_them(run, readers) -> None:
    run("subscribers", "erase", "anna@example.org", "--yes")
    assert "nobody is here to ask" in run("suppressions", "remove", "anna@example.org", code=2)
    assert "may be mailed again" in run("suppressions", "remove", "anna@example.org", "--yes")
    assert "is not suppressed" in run("suppressions", "remove", "anna@example.org", "--yes", code=4)
    run("subscribers", "add", "anna@example.org", "--list", "monthly")


def test_erasing_again_after_an_interruption_finishes_it(run, readers, workspace) -> None:
    again = ("subscribers", "erase", "anna@example.org", "--yes")
    assert "Erased" in run(*again)
    assert "Erased" in run(*again)
    assert json.loads(run("consent", "verify", "--json"))["erased"] == 1


def test_erasing_names_the_files_that_still_name_the_address(run, readers, workspace) -> None:
    workspace.segments.write_text("anna = \"email = 'Anna@example.org'\"\n", encoding="utf-8")
    (workspace.root / "old").mkdir()
    (workspace.root / "old" / "readers.csv").write_text("email;name\nANNA@example.org;Anna\n", encoding="utf-8")
    (workspace.root / "copy.db").write_bytes(bytes(5_000_000) + b"anna@example.org" + bytes(100))
    (workspace.root / "subscribers" / "subscribers.db.old").write_bytes(b"anna@example.org")
    (workspace.root / "others.csv").write_text("joanna@example.org\nanna@example.org.uk\n", encoding="utf-8")
    for book, cell in (("guests.xlsx", "Anna@example.org"), ("more.xlsx", "joanna@example.org")):
        with ZipFile(workspace.root / book, "w", ZIP_DEFLATED) as packed:
            packed.writestr("xl/sharedStrings.xml", f"<sst><si><t>{cell}</t></si></sst>")
    for name, encoding in (("unicode.txt", "utf-16"), ("big.txt", "utf-16-be")):
        (workspace.root / name).write_bytes("E-post\tNamn\nAnna@example.org\tÅsa\n".encode(encoding))
    (workspace.root / "not.txt").write_bytes("joanna@example.org\nanna@example.org.uk\n".encode("utf-16"))
    with ZipFile(workspace.root / "guests.xlsb", "w", ZIP_DEFLATED) as packed:
        text = "anna@example.org".encode("utf-16-le")
        packed.writestr(
            "xl/sharedStrings.bin", b"\x13\x25\x00" + len("anna@example.org").to_bytes(4, "little") + text
        )
    (workspace.root / "readers.csv.gz").write_bytes(gzip.compress(b"anna@example.org;Anna\n"))
    (workspace.root / "cut.csv.gz").write_bytes(gzip.compress(b"nobody\n" * 999)[:20])
    (workspace.root / "cut.xlsx").write_bytes((workspace.root / "guests.xlsx").read_bytes()[:-40])
    told = run("subscribers", "erase", "anna@example.org", "--yes")
    segments, old = "subscribers/segments.toml", "subscribers/subscribers.db.old"
    packed = ("guests.xlsx", "guests.xlsb", "unicode.txt", "big.txt", "readers.csv.gz")
    for name in (segments, old, "old/readers.csv", "copy.db", *packed):
        assert f"{name} still names the address" in told
    assert told.count("still names") == 9


def test_erasing_tells_what_of_others_still_names_the_address(run, readers) -> None:
    for name, more in (
        ("ben", ("--set", "brought_by=Anna@Example.org")),
        ("cleo", ("--set", "brought_by=joanna@example.org", "--name", "not anna@example.org.uk")),
        ("dag", ("--consent", "anna@example.org said so")),
        ("eva", ()),
    ):
        run("subscribers", "add", f"{name}@example.org", "--list", "monthly", *more)
    told = run("subscribers", "erase", "anna@example.org", "--yes")
    assert "known of ben@example.org still names the address (brought_by)" in told
    assert "in a line about dag@example.org" in told
    assert not re.search("cleo|eva", told)
    run("subscribers", "add", "ben@example.org", "--list", "monthly", "--set", "brought_by=")
    run("subscribers", "erase", "dag@example.org", "--yes")
    assert run("subscribers", "erase", "anna@example.org", "--yes").count("names the address") == 0


def test_the_ledger_is_shown_and_verified(run, readers, workspace) -> None:
    assert "spring fair 2025" in run("consent", "show", "anna@example.org")
    [line] = json.loads(run("consent", "show", "anna@example.org", "--json"))["consents"]
    assert (line["what"], line["list"], line["source"]) == ("import", "monthly", "readers.csv")
    assert "each as it was written" in run("consent", "verify")
    found = json.loads(run("consent", "verify", "--json"))
    assert (found["lines"], found["sound"]) == (3, True)
    run("subscribers", "unsubscribe", "anna@example.org")
    assert json.loads(run("consent", "verify", "--link", found["last"], "--json"))["lines"] == 4
    assert "lines at its end are missing" in run("consent", "verify", "--link", "0" * 63 + "1", code=1)
    assert "--link is no link" in run("consent", "verify", "--link", "x", code=2)
    with wiring.people(workspace) as connection:
        connection.execute("DROP TRIGGER consents_are_fixed")
        connection.execute("UPDATE consents SET wording = 'never' WHERE id = 2")
    told = run("consent", "verify", code=1)
    assert "line 2 of the consent ledger is not as it was written; compare it with a backup" in told


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
    connection = wiring.opened(workspace)
    connection.execute(
        """INSERT INTO sends (issue, list, rule, state, content, created, started)
           VALUES ('2026-06', 'monthly', '', 'done', '', :at, :at)""",
        {"at": stamp(datetime(2026, 6, 1, tzinfo=UTC))},
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
    connection = wiring.opened(workspace)
    connection.execute(
        """INSERT INTO subscribers (email, canonical, name, status, joined)
           VALUES ('x@example.org', 'x@example.org', 'a' || char(27) || '[31m', 'active', ?)""",
        (stamp(datetime(2026, 6, 1, tzinfo=UTC)),),
    )
    connection.close()
    for words in (("list",), ("show", "x@example.org")):
        assert "\x1b[31m" not in run("subscribers", *words)


def test_an_editor_hears_who_joined_and_who_left(run, readers) -> None:
    run("subscribers", "unsubscribe", "anna@example.org")
    told = json.loads(run("subscribers", "growth", "--json"))["lists"]
    (monthly,) = told
    assert (monthly["list"], monthly["issue"], monthly["since"]) == ("monthly", "", None)
    assert monthly["joined"] - monthly["left"] == monthly["readers"]
    assert {way["by"] for way in monthly["ways"]} == {"readers.csv", "command line"}
    words = run("subscribers", "growth", "--list", "monthly", "--since", "2020-01-01")
    assert f"{monthly['joined']} joined and 1 left since 2020-01-01 00:00" in words
    run("subscribers", "growth", "--list", "weekly", code=4)
    assert "write it as 2025-06-12" in run("subscribers", "growth", "--since", "May", code=2)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("anna", ["anna@example.org"]),
        ("BERG", ["asa@müller.example"]),
        ("åsa", ["asa@müller.example"]),
        ("berg Å", ["asa@müller.example"]),
        ("xn--mller", ["asa@müller.example"]),
        ("example.org", ["anna@example.org"]),
        ("%", []),
        ("anna åsa", []),
    ],
)
def test_somebody_is_found_by_a_part_of_address_or_name(run, words, found) -> None:
    run("subscribers", "add", "anna@example.org", "--list", "monthly", "--name", "Anna Holm")
    run("subscribers", "add", "asa@müller.example", "--list", "monthly", "--name", "Åsa Berg")
    told = json.loads(run("subscribers", "list", "--find", words, "--json"))
    assert [each["email"] for each in told["subscribers"]] == found
    assert told["count"] == len(found)


def test_an_attribute_that_is_set_to_nothing_goes(run) -> None:
    words = ("subscribers", "add", "anna@example.org", "--list", "monthly")
    run(*words, "--set", "city=Solna", "--set", "team=")
    assert json.loads(run("subscribers", "export", "anna@example.org"))["attributes"] == {"city": "Solna"}
    run(*words, "--set", "city=")
    assert json.loads(run("subscribers", "export", "anna@example.org"))["attributes"] == {}


def test_a_folder_that_is_not_there_is_named(run, tmp_path) -> None:
    told = run("subscribers", "export", "--out", str(tmp_path / "no" / "x.csv"), code=1)
    assert f"{tmp_path / 'no'}: no such file or directory" in told
