"""Laws of import and export together: what was written comes back as it was, here and in another workspace."""

import io
import shutil
from collections import Counter
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter.cli.people.roll import write
from newsletter.files.tables.csvfile import CsvFile
from subscribers import address, attribute, roster
from subscribers.model import MailingList
from subscribers.status import Standing
from subscribers.store.file.open import connect
from subscribers.store.register import imports, lists
from subscribers.table import columns
from subscribers.table.entry import Entry, Reader
from tests import blank

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)

#: What spreadsheets, CSV readers and importers trip over, and plain letters.
ODD = [
    "=1+1",
    "+46 8",
    "-5",
    "@x",
    "'",
    "'=",
    '"',
    '""',
    ",",
    ";",
    "a, b",
    "x\ny",
    "\tz",
    "é",
    "e\u0301",
    "å",
    "0",
    "NULL",
]
#: A character that was lost before it came here (U+FFFD) is told as a fault of the file, whoever wrote it.
LETTERS = st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="\ufffd")
TEXTS = (st.sampled_from(ODD) | st.text(LETTERS, max_size=8)).map(attribute.text)
TOPICS = TEXTS.map(lambda text: "".join(c for c in text if c not in ',;|"\n')).map(attribute.text).filter(bool)
ENTRIES = st.builds(
    Entry,
    st.integers(0, 30).map(lambda number: address.parse(f"Reader{number}@example.org")),
    name=TEXTS,
    language=st.sampled_from(["", "sv", "en", "pt-BR"]),
    topics=st.frozensets(TOPICS, max_size=3),
    attributes=st.dictionaries(st.sampled_from(["city", "first_name", "företag"]), TEXTS.filter(bool)),
    standing=st.sampled_from([Standing.NOTHING, Standing.PENDING, Standing.UNSUBSCRIBED]),
    joined=st.dates(date(1995, 1, 1), date(2026, 1, 1)).map(
        lambda day: datetime(day.year, day.month, day.day, tzinfo=UTC)
    ),
)


def database(path: Path):
    connection = blank.people(path)
    lists.ensure(connection, [MailingList("monthly", "Monthly")])
    return connection


@pytest.fixture(scope="module")
def empty(tmp_path_factory) -> Path:
    """The file of a list that nobody is in: to copy it is faster than to make another."""
    path = tmp_path_factory.mktemp("people") / "empty.db"
    database(path).close()
    return path


def take(connection, entries) -> imports.Tally:
    importer = imports.Importer(connection, "monthly", wording="fair", source="x.csv", keys=(), now=NOW)
    return imports.run(importer, [list(enumerate(entries, 2))])


def export(connection) -> str:
    out = io.StringIO(newline="")
    write(connection, roster.members("monthly", now=NOW), out, lambda done: None, whole=False)
    return out.getvalue()


def read(path: Path, text: str) -> list[Entry]:
    path.write_text(text, encoding="utf-8", newline="")
    with CsvFile(path) as table:
        layout = columns.layout([record.cells for record in table.sample()])
        assert layout.program == "newsletter"
        reader = Reader(layout, ("en", "sv"), "monthly")
        return [reader.read(record.cells) for record in list(table)[1:]]


@settings(max_examples=100, suppress_health_check=list(HealthCheck))
@given(st.lists(ENTRIES, max_size=8))
def test_what_is_exported_comes_back_as_it_was(empty, entries) -> None:
    folder = empty.parent
    names = [shutil.copyfile(empty, folder / name) for name in ("one.db", "two.db")]
    with closing(connect(names[0], durable=False)) as one, closing(connect(names[1], durable=False)) as two:
        take(one, entries)
        text = export(one)
        back = read(folder / "people.csv", text)
        before = list(one.iterdump())
        tally = take(one, back)
        assert (tally.unchanged, tally.refused) == (len(back), 0), back
        assert list(one.iterdump()) == before
        assert take(two, back).added == len(back)
        assert export(two) == text
        assert Counter(entry.standing for entry in back)[Standing.NOTHING] == 0


def test_a_cell_that_a_spreadsheet_would_run_is_harmless_in_an_export(tmp_path) -> None:
    with closing(database(tmp_path / "one.db")) as one:
        take(one, [Entry(address.parse("a@example.org"), name="=1+1", attributes={"x": "@SUM(A1)"})])
        assert "'=1+1" in export(one)
        assert "'@SUM(A1)" in export(one)
