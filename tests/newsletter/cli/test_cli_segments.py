"""`lists`, `segments` and what an audience leaves out, as an editor asks for them."""

import csv
import io
import json

import pytest

from newsletter.cli import wiring
from tests.roll import caller, dump, imported, quay
from tests.shell import ended


@pytest.fixture
def workspace(tmp_path):
    return quay(tmp_path)


@pytest.fixture
def run(workspace, capfd):
    return caller(workspace.root, capfd)


@pytest.fixture
def readers(run, tmp_path):
    imported(run, tmp_path)


def test_a_list_is_added_below_what_an_editor_wrote(run, workspace) -> None:
    file = workspace.root / "newsletter.toml"
    file.write_bytes(before := b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    [added] = json.loads(run("lists", "add", "weekly", "--title", 'The "quick" week', "--json"))["lists"]
    assert (added["title"], added["opt_in"], added["confirmed"]) == ('The "quick" week', "double", 0)
    assert file.read_bytes().startswith(before.rstrip())
    run("lists", "add", "board", "--title", "Styrelsen", "--opt-in", "single")
    assert [each["list"] for each in json.loads(run("lists", "--json"))["lists"]] == ["monthly", "weekly", "board"]


def test_a_list_counts_those_who_would_get_a_letter(run, readers) -> None:
    gone = json.loads(run("subscribers", "list", "--json"))["subscribers"][0]["email"]
    run("subscribers", "suppress", gone, "--reason", "asked by phone")
    assert run("lists", "count", "monthly") == run("subscribers", "count", "--list", "monthly") == "2\n"


def test_lists_and_segments_are_counted(run, readers, workspace) -> None:
    [monthly] = json.loads(run("lists", "--json"))["lists"]
    assert (monthly["list"], monthly["confirmed"], monthly["pending"]) == ("monthly", 3, 0)
    assert "monthly" in run("lists")
    assert run("lists", "list") == run("lists") == run("lists", "show", "monthly")
    assert json.loads(run("lists", "count", "monthly", "--json")) == {"list": "monthly", "count": 3}
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
    with wiring.people(workspace) as connection:
        rows = connection.execute(found["sql"], found["values"]).fetchall()
        assert len(rows) == 2
        columns = {row["name"] for row in connection.execute("PRAGMA table_xinfo(subscribers)")}
    assert "attribute_1" in columns
    assert any("subscribers_by_attribute_1" in step for step in found["plan"])
    told = run("segments", "show", "near", "--explain")
    for words in ("2 readers:", "anna@example.org", "SELECT s.id", "'Solna'", "attribute_1=?"):
        assert words in told
    assert "\n1 reader:" in run("segments", "show", "city = 'Solna'", "--explain")
    assert "known names: city" in run("segments", "show", "cty = 'Solna'", "--explain", code=2)
    run("subscribers", "add", "dan@example.org", "--list", "monthly")
    assert "\n1 of them has no city.\n" in run("segments", "show", "city != 'Solna'", "--explain")
    assert " of them " not in run("segments", "show", "city = 'Solna' and joined > 2020-01-01", "--explain")


def test_what_readers_are_asked_can_be_asked_for_before_anybody_answered(run, readers, workspace) -> None:
    settings = workspace.root / "newsletter.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + '\n[[field]]\nslug = "sector"\n', encoding="utf-8")
    assert "so far" not in run("segments", "add", "care", "sector = 'Care'")
    assert "4 segments understood" in run("doctor")


def test_who_has_no_such_attribute_is_counted_among_those_left_out(run, readers) -> None:
    run("subscribers", "add", "dan@example.org", "--list", "monthly", "--consent", "x")
    words = ("send", "0001-hello", "--list", "monthly", "--segment", "city = 'Huddinge'", "--dry-run", "--json")
    [one] = json.loads(run(*words))["sends"]
    assert (one["audience"], one["left_out"]) == (2, {"not meant": 2})


def test_a_segment_of_clicks_is_nobody_while_none_is_recorded(run, readers) -> None:
    assert "No reader agreed that their clicks are seen" in run("segments", "count", "clicked within 90 days")
    assert json.loads(run("segments", "count", "not clicked within 90 days", "--json"))["count"] == 3


def test_a_group_that_lists_something_lists_it_where_no_command_is_named(run, readers) -> None:
    for group in ("lists", "segments", "suppressions", "schedule", "themes", "keys"):
        for options in ((), ("--json",)):
            assert run(group, *options) == run(group, "list", *options)
    assert run("suppressions", "--reason", "bounce") == run("suppressions", "list", "--reason", "bounce")
    assert "Commands:" in run("segments", "--help")


def test_a_topic_that_nobody_can_have_is_told(run, readers) -> None:
    told = run("segments", "count", "'Busines' in topics or not 'skärgård' in topics")
    assert "Nobody chose the topic “Busines”, and the letter has none of that name; did you mean business?" in told
    assert "“skärgård”, and the letter has none of that name; the letter's topics: business, culture, res" in told
    run("subscribers", "add", "eva@example.org", "--list", "monthly", "--topic", "boats")
    assert "Nobody chose" not in run("segments", "count", "'boats' in topics or 'culture' in topics")


@pytest.mark.parametrize(
    ("expression", "doubt"),
    [
        ("language = 'svenska'", "Nobody's language is “svenska”; did you mean sv?"),
        ("language = 'SV'", "Nobody's language is “SV”; did you mean sv?"),
        ("language = 'de'", "Nobody's language is “de”; there are: en, sv"),
        ("city = 'solna'", "Nobody's city is “solna”; did you mean Solna?"),
        ("city in ('Solna', 'Sollna')", "Nobody's city is “Sollna”; did you mean Solna?"),
        ("not city != 'Kiruna'", "Nobody's city is “Kiruna”; there are: Huddinge, Solna"),
        ("received '2099-01'", "No issue “2099-01” was sent to anybody; sent were: none"),
        (
            "city > '100'",
            "“100” in quotes is a text, and “9” is after “10” among texts; for numbers write city > 100",
        ),
    ],
)
def test_what_holds_for_nobody_is_told(run, readers, expression, doubt) -> None:
    told = run("subscribers", "count", "--list", "monthly", "--segment", expression)
    assert told.count(doubt) == 1


@pytest.mark.parametrize("expression", ["city = 'Solna'", "language = 'en'", "name = 'Nobody'", "city > 100"])
def test_what_may_well_hold_for_somebody_is_not_doubted(run, readers, expression) -> None:
    assert run("segments", "count", expression).strip().isdigit()


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
    with wiring.people(workspace) as connection:
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
        *(("subscribers", word, payload) for word in ("show", "export")),
        ("consent", "show", payload),
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
        assert ended("--workspace", str(workspace.root), *words), words
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
