"""Laws of reading CSV files: whatever wrote them, every line is a record or has a reason."""

import csv
import io
import tracemalloc

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter.files.tables.csvfile import CsvFile, Record
from tests.effort import calls, computes


def records(path, content: bytes) -> list[Record]:
    file = path / "people.csv"
    file.write_bytes(content)
    with CsvFile(file) as table:
        return list(table)


PEOPLE = "email,namn\nåsa@example.org,Åsa Öberg\nbo@example.org,Bo\n"
EXPECTED = [
    Record(1, ("email", "namn")),
    Record(2, ("åsa@example.org", "Åsa Öberg")),
    Record(3, ("bo@example.org", "Bo")),
]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be", "cp1252"]
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_usual_encoding_delimiter_and_line_end_reads_alike(tmp_path, encoding, delimiter, end) -> None:
    text = PEOPLE.replace(",", delimiter).replace("\n", end)
    assert records(tmp_path, text.encode(encoding)) == EXPECTED


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("\n\n  \n;;;\n", []),
        ("anna@example.org", [Record(1, ("anna@example.org",))]),
        ("sep=;\nemail;name\n", [Record(2, ("email", "name"))]),
        (
            'a,b\n"x, y","two\nlines"\nc,d\n',
            [Record(1, ("a", "b")), Record(2, ("x, y", "two\nlines")), Record(4, ("c", "d"))],
        ),
        ('a,b\n"say ""hi""",2\n', [Record(1, ("a", "b")), Record(2, ('say "hi"', "2"))]),
        (
            "a;b\nbusiness, research;x\nculture, art;y\n",
            [Record(1, ("a", "b")), Record(2, ("business, research", "x")), Record(3, ("culture, art", "y"))],
        ),
        (
            "email,topics\na@b.org,x;y\nc@d.org,x;z\n",
            [Record(1, ("email", "topics")), Record(2, ("a@b.org", "x;y")), Record(3, ("c@d.org", "x;z"))],
        ),
        (
            '"email" , "name"\n"a@b.org" , "A, B" \n',
            [Record(1, ("email", "name")), Record(2, ("a@b.org", "A, B"))],
        ),
        (
            '"Öberg, Åsa" <a@b.org>\nBo <b@b.org>\n',
            [Record(1, ("Öberg, Åsa <a@b.org>",)), Record(2, ("Bo <b@b.org>",))],
        ),
    ],
)
def test_what_spreadsheets_write_is_understood(tmp_path, text, expected) -> None:
    assert records(tmp_path, text.encode()) == expected


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_what_excel_writes_on_a_mac_is_read_in_its_own_encoding(tmp_path, end) -> None:
    assert records(tmp_path, PEOPLE.replace("\n", end).encode("mac_roman")) == EXPECTED


@pytest.mark.parametrize("text", ["Имя,Статус", "Анна,Отписан", "Пошта,Ім’я", "ПІБ: Їжаченко Євген"])
def test_cyrillic_that_windows_writes_is_read_as_such(tmp_path, text) -> None:
    assert records(tmp_path, f"{text}\n".encode("cp1251"))[0].cells == tuple(text.split(","))


@pytest.mark.parametrize("text", ["Władysław,usunięty", "Dąbrowska,Łódź", "ks. Żak,Żaneta Wójcik", "ważny"])
def test_polish_that_windows_writes_is_read_as_such(tmp_path, text) -> None:
    assert records(tmp_path, f"{text}\n".encode("cp1250"))[0].cells == tuple(text.split(","))


@pytest.mark.parametrize(
    "text",
    [
        "l’été – “Ça va” … 5 €",
        "Šárka Žižková, Håkan Ärlebäck",
        "Ÿ-Bar café",
        "O’Brien – London",
        "naïve",
        "12 m³ £5m £100",
    ],
)
def test_what_windows_writes_is_not_taken_for_a_mac_s(tmp_path, text) -> None:
    assert records(tmp_path, f"{text}\n".encode("cp1252"))[0].cells == tuple(text.split(","))


def test_a_quote_that_is_never_closed_loses_its_own_line_only(tmp_path) -> None:
    lines = ["email,name"] + [f"r{number}@example.org,R" for number in range(200)]
    lines[5] = '"r4@example.org,R'
    lines[90] = 'r89@example.org,"R" R'
    found = records(tmp_path, "\n".join(lines).encode())
    assert [each.line for each in found] == list(range(1, 202))
    assert [each.line for each in found if each.fault] == [6, 91]


def test_two_stray_quotes_swallow_nobody_between_them(tmp_path) -> None:
    text = 'email,name\na@example.org,"Bo\nc@example.org,C\nd@example.org,D"\ne@example.org,E\n'
    found = records(tmp_path, text.encode())
    assert [record.cells for record in found if not record.fault] == [
        ("email", "name"),
        ("c@example.org", "C"),
        ("e@example.org", "E"),
    ]
    assert [record.line for record in found if record.fault] == [2, 4]


@pytest.mark.parametrize(
    "note", ["home\nb@example.org\nc@example.org, work", "Street 1\nc@example.org,\n", "\n\n"]
)
def test_a_note_of_several_lines_is_one_cell_whatever_addresses_it_names(tmp_path, note) -> None:
    text = f'email,name,note\na@example.org,A,"{note}"\n'
    assert records(tmp_path, text.encode())[1:] == [Record(2, ("a@example.org", "A", note))]


def test_a_line_that_is_broken_is_refused_with_its_number(tmp_path) -> None:
    good = "åsa@example.org,Åsa\n".encode() * 5
    content = good + b"x\x00@example.org,X\n" + b"bj\xf6rn@example.org,B\n" + good
    found = records(tmp_path, content)
    assert {each.line: each.fault for each in found if each.fault} == {
        6: "there is a NUL character in it",
        7: "there is a character in it that is not in the file's encoding",
    }


def test_a_line_of_a_hundred_megabytes_is_refused_and_never_in_memory(tmp_path) -> None:
    file = tmp_path / "people.csv"
    with file.open("wb") as out:
        out.write(b"email,name\n")
        for _ in range(100):
            out.write(b"x" * 1_000_000)
        out.write(b"\nanna@example.org,Anna\n")
    tracemalloc.start()
    with CsvFile(file) as table:
        found = list(table)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [bool(each.fault) for each in found] == [False, True, False]
    assert found[2] == Record(3, ("anna@example.org", "Anna"))
    assert peak < 20_000_000


CELLS = st.text(
    st.characters(codec="utf-8", exclude_characters="\x00\ufffd\r", exclude_categories=("Cs",)), max_size=8
)
ROWS = st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=8)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROWS, st.sampled_from([",", ";"]))
def test_what_the_csv_module_writes_is_read_back(tmp_path, rows, delimiter) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerows([("email", "name", "town"), *rows])
    found = records(tmp_path, out.getvalue().encode())
    kept = [row for row in rows if any(cell.strip(" ,;|\t") for cell in row)]
    assert [each.cells for each in found] == [("email", "name", "town"), *kept]


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.binary(max_size=200)
    | st.lists(st.sampled_from(['"', ",", "\n", "a@b.org", ";", "\r"])).map("".join).map(str.encode)
)
def test_any_bytes_are_records_or_reasons_and_no_line_comes_twice(tmp_path, content) -> None:
    found = records(tmp_path, content)
    lines = [each.line for each in found]
    assert lines == sorted(set(lines))
    assert all(each.fault or each.cells for each in found)


def test_many_open_quotes_cost_no_more_than_their_lines(tmp_path) -> None:
    some = calls(lambda: records(tmp_path, b'"a\nb\n' * 1_000))
    assert calls(lambda: records(tmp_path, b'"a\nb\n' * 4_000)) < 5 * some
    found = records(tmp_path, b'"a\nb\n' * 1_000)
    assert len(found) == 2_000
    assert all(each.fault or each.cells for each in found)


@pytest.mark.parametrize(
    "text",
    [
        '"E-post;Namn;Ort"\n"a@example.org;""Berg; Anna"";Solna"\n"b@example.org;Bo;Lund"\n',
        'E-post,Namn,Ort\n"a@example.org,""Berg; Anna"",Solna"\nb@example.org,Bo,Lund\n',
        'E-post;Namn;Ort\r\na@example.org;"Berg; Anna";Solna\r\n"b@example.org;Bo;Lund"\r\n',
    ],
)
def test_a_line_that_a_spreadsheet_took_for_one_cell_is_cut(tmp_path, text) -> None:
    path = tmp_path / "people.csv"
    path.write_text(text, newline="")
    with CsvFile(path) as table:
        assert [record.cells for record in table.sample()] == [record.cells for record in table]
    with CsvFile(path) as table:
        assert [record.cells for record in table] == [
            ("E-post", "Namn", "Ort"),
            ("a@example.org", "Berg; Anna", "Solna"),
            ("b@example.org", "Bo", "Lund"),
        ]


@pytest.mark.parametrize(
    "text",
    [
        "Anna Holm <anna@example.org>; Bo Ek <bo@example.org>; cia@example.org;\n",
        "Anna Holm <anna@example.org>, Bo Ek <bo@example.org>, cia@example.org\n\n",
        "Till: Anna Holm <anna@example.org>; Bo Ek <bo@example.org>; cia@example.org\n",
    ],
)
def test_one_line_of_recipients_is_a_line_for_each(tmp_path, text) -> None:
    assert [record.cells for record in records(tmp_path, text.encode())] == [
        ("Anna Holm <anna@example.org>",),
        ("Bo Ek <bo@example.org>",),
        ("cia@example.org",),
    ]


@pytest.mark.parametrize("text", ["anna@example.org;Solna\n", "a@example.org;b@example.org\nc@example.org;\n"])
def test_what_may_be_columns_stays_in_columns(tmp_path, text) -> None:
    assert [len(record.cells) for record in records(tmp_path, text.encode())] == [2] * text.count("\n")


def test_a_quoted_cell_in_a_table_of_one_column_stays_whole(tmp_path) -> None:
    path = tmp_path / "people.csv"
    path.write_text('email\n"a@example.org, b@example.org"\nc@example.org\n"d@example.org"\n')
    with CsvFile(path) as table:
        assert [record.cells for record in table][1:3] == [("a@example.org, b@example.org",), ("c@example.org",)]


@pytest.mark.parametrize("line", range(46, 54))
@pytest.mark.parametrize("cell", ['"Quay 4\nHarbour\nNorrvik"', '"Quay 4', '"Quay" 4'])
def test_who_only_looks_takes_no_line_away(tmp_path, line, cell) -> None:
    rows = [f"r{number}@example.org,Quay" for number in range(80)]
    rows[line - 2] = f"r{line - 2}@example.org,{cell}"
    path = tmp_path / "readers.csv"
    path.write_text("\n".join(["email,street", *rows, ""]))
    with CsvFile(path) as plain, CsvFile(path) as looked:
        assert looked.sample()[0].cells == ("email", "street")
        whole = [*plain]
        assert [*looked] == whole
    told = {record.cells[0] for record in whole if not record.fault}
    lost = set() if cell.count("\n") else {f"r{line - 2}@example.org"}
    assert told == {"email", *(f"r{number}@example.org" for number in range(80))} - lost


@pytest.mark.parametrize("note", ['in"side', 'a 5" pipe', 'say "hi', '"open', 'x"y"z"'])
@pytest.mark.parametrize("later", ['"two\nlines"', '"open', 'in"side', '"a ""b"" c"', "plain"])
@pytest.mark.parametrize("after", range(3, 9))
def test_after_a_stray_quote_everybody_is_read_or_refused(tmp_path, note, later, after) -> None:
    notes = {2: note, after: later, 9: note}
    rows = [f"r{number}@example.org,{notes.get(number, 'x')},y" for number in range(12)]
    text = "\n".join(["email,note,more", *rows, ""])
    found = records(tmp_path, text.encode())
    told = {record.cells[0] for record in found if not record.fault}
    refused = {text.split("\n")[record.line - 1].split(",")[0] for record in found if record.fault}
    assert {f"r{number}@example.org" for number in range(12)} <= told | refused
    assert f"r{after}@example.org" in told or later in ('"open', 'in"side')


def test_a_title_in_one_cell_above_a_table_hides_its_columns_from_nobody(tmp_path) -> None:
    path = tmp_path / "members.csv"
    path.write_text("Members for group news@example.org\nEmail address,Nickname,Role\na@example.org,A,member\n")
    with CsvFile(path) as file:
        assert [len(record.cells) for record in file] == [1, 3, 3]


@pytest.mark.parametrize("line", ['a@example.org\t\t"Eva" \t"Oslo"\n', 'a@example.org\t\t"Eva" "Oslo"\tb" c\n'])
def test_an_empty_cell_between_tabs_stays_where_a_quote_is_mended(tmp_path, line) -> None:
    """What stood behind it would else be another column's: the name for the telephone."""
    text = "E-post\tTelefon\tNamn\tOrt\n" + "bo@example.org\t08\tBo\tLund\n" * 3 + line
    *_, found = records(tmp_path, text.encode())
    assert found.fault or found.cells[:2] == ("a@example.org", "")


def test_a_stray_quote_in_a_line_of_nothing_but_tabs_takes_no_time(tmp_path) -> None:
    with computes(10):
        records(tmp_path, b"a@example.org\tBo\n" * 3 + b'a@example.org "x"y' + b"\t" * 190_000 + b"\n")
