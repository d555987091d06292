"""People in a spreadsheet: the right sheet is found, rows keep their numbers, a broken file ends nothing else."""

import json
import subprocess
import sys
from zipfile import ZipFile

import pytest

from newsletter.errors import UsageError
from newsletter.files.tables import struck, workbook
from tests.roll import caller, quay

XLSX = "http://schemas.openxmlformats.org"
TYPES = f"""<Types xmlns="{XLSX}/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/></Types>"""
#: Style 1 is a day, style 2 is struck out, and style 3 says that it is not.
STYLES = f"""<styleSheet xmlns="{XLSX}/spreadsheetml/2006/main"><fonts count="3"><font/>
<font><strike/></font><font><strike val="0"/></font></fonts><cellXfs count="4"><xf numFmtId="0"/>
<xf numFmtId="14" applyNumberFormat="1"/><xf numFmtId="0" fontId="1"/>
<xf numFmtId="0" fontId="2"/></cellXfs></styleSheet>"""


def text(place, words, style=0):
    return f'<c r="{place}" t="inlineStr" s="{style}"><is><t>{words}</t></is></c>'


def excel(path, *sheets):
    """Write a workbook of *sheets*: each a name, whether it is hidden, and its rows by their numbers, as cells."""
    named = "".join(
        f'<sheet name="{name}" sheetId="{n}" r:id="r{n}" state="{"hidden" if hidden else "visible"}"/>'
        for n, (name, hidden, _) in enumerate(sheets, 1)
    )
    related = "".join(
        f'<Relationship Id="r{n}" Type="{XLSX}/officeDocument/2006/relationships/worksheet" '
        f'Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    office = f"{XLSX}/officeDocument/2006/relationships"
    with ZipFile(path, "w") as packed:
        packed.writestr("[Content_Types].xml", TYPES)
        packed.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{XLSX}/package/2006/relationships"><Relationship Id="r1" '
            f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        packed.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{XLSX}/spreadsheetml/2006/main" xmlns:r="{office}">'
            f"<sheets>{named}</sheets></workbook>",
        )
        packed.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{XLSX}/package/2006/relationships">{related}<Relationship Id="s" '
            f'Type="{office}/styles" Target="styles.xml"/></Relationships>',
        )
        packed.writestr("xl/styles.xml", STYLES)
        for n, (_, _, rows) in enumerate(sheets, 1):
            data = "".join(f'<row r="{number}">{cells}</row>' for number, cells in rows.items())
            packed.writestr(
                f"xl/worksheets/sheet{n}.xml",
                f'<worksheet xmlns="{XLSX}/spreadsheetml/2006/main"><sheetData>{data}</sheetData></worksheet>',
            )
    return path


def opendocument(path, rows):
    space = "urn:oasis:names:tc:opendocument:xmlns"
    made = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{c}</text:p></table:table-cell>' for c in row
        )
        + "</table:table-row>"
        for row in rows
    )
    with ZipFile(path, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr(
            "content.xml",
            f'<office:document-content xmlns:office="{space}:office:1.0" xmlns:table="{space}:table:1.0" '
            f'xmlns:text="{space}:text:1.0" office:version="1.3"><office:body><office:spreadsheet>'
            f'<table:table table:name="Readers">{made}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
        packed.writestr(
            "META-INF/manifest.xml",
            f'<manifest:manifest xmlns:manifest="{space}:manifest:1.0"><manifest:file-entry '
            'manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
            "</manifest:manifest>",
        )
    return path


NOTES = ("Notes", False, {1: text("A1", "What this is")})
OLD = ("Old", True, {1: text("A1", "gone@example.org")})
#: A title in row 2, the columns in row 4, and people under it.
PEOPLE = (
    "People",
    False,
    {
        2: text("B2", "Members of the rowing club"),
        4: text("B4", "email")
        + text("C4", "since")
        + text("D4", "Phone")
        + text("E4", "Fee")
        + text("F4", "Paid"),
        5: text("B5", "a@example.org")
        + '<c r="C5" s="1"><v>45688</v></c><c r="D5"><v>46701234567</v></c><c r="E5"><v>12.5</v></c>'
        + '<c r="F5" t="b"><v>1</v></c>',
        6: text("B6", "no address"),
        7: text("B7", "b@example.org") + text("D7", "in two\nlines"),
    },
)


@pytest.fixture
def root(tmp_path):
    return quay(tmp_path).root


@pytest.fixture
def run(root, capfd):
    return caller(root, capfd)


def unfolded(tmp_path, path):
    with (tmp_path / "made.csv").open("w+b") as made:
        told = workbook.unfold(path, made, "book")
    return told, (tmp_path / "made.csv").read_text().split("\n")


def test_the_sheet_with_the_people_is_read_row_by_row(tmp_path):
    told, lines = unfolded(tmp_path, excel(tmp_path / "book.xlsx", NOTES, OLD, PEOPLE))
    assert told == ("People", [])
    assert lines[3:] == [
        "email,since,Phone,Fee,Paid",
        "a@example.org,2025-01-31,46701234567,12.5,true",
        "no address,,,,",
        "b@example.org,,in two lines,,",
        "",
    ]


def test_a_sheet_of_an_open_document_is_read_too(tmp_path):
    path = opendocument(tmp_path / "book.ods", [["email", "name"], ["a@example.org", "Åsa"]])
    assert unfolded(tmp_path, path) == (("Readers", []), ["email,name", "a@example.org,Åsa", ""])


def test_who_is_struck_out_stays_out(run, root, tmp_path):
    rows = {1: text("A1", "email") + text("B1", "name") + text("C1", "city")}
    for number, styles in ((2, (0, 0, 0)), (3, (2, 2, 0)), (5, (3, 3, 3)), (6, (0, 0, 2))):
        cells = zip("ABC", (f"p{number}@example.org", "Bo", "Solna"), styles, strict=True)
        rows[number] = "".join(text(f"{column}{number}", words, style) for column, words, style in cells)
    path = excel(tmp_path / "book.xlsx", ("Others", False, {1: text("A1", "x")}), ("People", False, rows))
    told = run("subscribers", "import", str(path), "--list", "monthly", "--consent", "their form")
    assert "line 3: “p3@example.org” is struck out" in told
    people = json.loads(run("subscribers", "list", "--json"))["subscribers"]
    assert [one["email"] for one in people] == ["p2@example.org", "p5@example.org", "p6@example.org"]


def test_who_stands_in_another_sheet_of_those_who_left_stays_out(run, root, tmp_path):
    rows = {1: text("A1", "email"), 2: text("A2", "a@example.org"), 3: text("A3", "B@example.org")}
    gone = {1: text("A1", "E-post"), 2: text("A2", "Bo &lt;b@example.org&gt;")}
    for hidden in (False, True):
        path = excel(tmp_path / "book.xlsx", ("Alla", False, rows), ("Avregistrerade", hidden, gone))
        told = run("subscribers", "import", str(path), "--list", "monthly", "--consent", "their form")
        assert "line 3: “B@example.org” is struck out, or stands in a sheet of those who left" in told
    people = json.loads(run("subscribers", "list", "--json"))["subscribers"]
    assert [one["email"] for one in people] == ["a@example.org"]


@pytest.mark.parametrize("part", ["xl/styles.xml", "xl/worksheets/sheet1.xml", "xl/workbook.xml", "none"])
def test_a_sheet_whose_styles_are_broken_says_of_nobody_that_they_are_struck_out(tmp_path, part):
    with ZipFile(tmp_path / "book.xlsx", "w") as packed:
        packed.writestr(part, "<a><b>")
    assert struck.rows(tmp_path / "book.xlsx", "People") == frozenset()
    assert struck.rows(tmp_path / "none.xlsx", "People") == frozenset()


def test_who_stands_in_a_sheet_of_those_who_left_makes_no_consent(run, root, tmp_path):
    gone = ("Avregistrerade", False, {1: text("A1", "email"), 2: text("A2", "a@example.org")})
    path = excel(tmp_path / "book.xlsx", gone)
    told = run("subscribers", "import", str(path), "--list", "monthly", "--consent", "their form")
    assert "The name “Avregistrerade” says that these people are subscribed no more" in told
    assert [one["status"] for one in json.loads(run("subscribers", "list", "--json"))["subscribers"]] == [
        "pending"
    ]


def test_people_come_in_from_a_spreadsheet_with_its_rows_as_lines(run, root, tmp_path):
    second = ("Board", False, {1: text("A1", "c@example.org")})
    path = excel(tmp_path / "book.xlsx", NOTES, PEOPLE, second)
    told = run("subscribers", "import", str(path), "--list", "monthly", "--consent", "their form")
    assert "Reading the sheet “People”; lines are its rows. There are addresses in “Board”, too" in told
    assert "line 6: “no address” is no address" in told
    people = json.loads(run("subscribers", "list", "--json"))["subscribers"]
    assert [(one["email"], one["status"]) for one in people] == [
        ("a@example.org", "confirmed"),
        ("b@example.org", "confirmed"),
    ]
    assert not [one for one in (root / "subscribers").iterdir() if one.name.startswith(".import-")]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("cut", None),
        ("word", b"PK\x03\x04" + bytes(26) + b"[Content_Types].xml and so on"),
        ("old", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
    ],
)
def test_a_spreadsheet_that_is_broken_is_told_with_the_way_to_its_people(run, root, tmp_path, name, data):
    path = excel(tmp_path / name, PEOPLE)
    path.write_bytes(path.read_bytes()[:-700] if data is None else data)
    told = run("subscribers", "import", str(path), "--list", "monthly", code=2)
    assert f"{path}: this spreadsheet cannot be read: it is broken" in told
    assert "save it as CSV" in told
    assert not [one for one in (root / "subscribers").iterdir() if one.name.startswith(".import-")]


def test_a_sheet_that_claims_a_billion_cells_takes_neither_the_memory_nor_the_program(tmp_path):
    rows = {1: text("A1", "a@example.org"), 1048576: text("XFD1048576", "x")}
    with (tmp_path / "made.csv").open("w+b") as made, pytest.raises(UsageError, match="too large"):
        workbook.unfold(excel(tmp_path / "book.xlsx", ("All", False, rows)), made, "book")


def test_a_machine_that_allows_less_memory_reads_it_too(tmp_path):
    excel(tmp_path / "book.xlsx", PEOPLE)
    ask = f"""import resource
from pathlib import Path
from newsletter.files.tables import workbook
resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
with open({str(tmp_path / "made.csv")!r}, "w+b") as made:
    print(workbook.unfold(Path({str(tmp_path / "book.xlsx")!r}), made, "book"))"""
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    assert done.stdout == "('People', [])\n"


def test_no_program_of_the_folder_where_somebody_is_takes_part(tmp_path, monkeypatch):
    (tmp_path / "csv.py").write_text("raise SystemExit(9)")
    monkeypatch.chdir(tmp_path)
    assert unfolded(tmp_path, excel(tmp_path / "book.xlsx", PEOPLE))[0] == ("People", [])
