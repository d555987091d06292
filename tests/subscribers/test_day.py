"""When somebody came is read as tables say it, and only where it can be read in one way."""

from datetime import UTC, datetime

import pytest

from subscribers.errors import PeopleError
from subscribers.table import columns
from subscribers.table.day import american, moment
from subscribers.table.entry import Reader

DAY = datetime(2021, 5, 5, 10, 20, 30, tzinfo=UTC)
LAST = datetime(2025, 1, 31, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2021-05-05 10:20:30", DAY),
        ("2021-05-05T10:20:30Z", DAY),
        ("2021-05-05 12:20:30+02:00", DAY),
        ("2021-05-05 10:20:30.123456 +0000 UTC", DAY.replace(hour=0, minute=0, second=0)),
        ("2021-05-05", DAY.replace(hour=0, minute=0, second=0)),
        ("05/05/2021 10:20", DAY.replace(hour=0, minute=0, second=0)),
        ("1900-01-01", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("", None),
        ("never", None),
    ],
)
def test_a_time_of_iso_8601_is_read(cell, expected) -> None:
    assert moment(cell) == expected


@pytest.mark.parametrize(
    "cell",
    [
        "31.1.2025", "31.01.2025 10:15", "31/01/2025", "31-01-2025 09:30", "31/1 2025", "31 januari 2025",
        "31. Jan 2025", "Jan 31, 2025", "January 31 2025 10:15 AM", "den 31 januari 2025"[4:], "31 jan. 2025",
        "31 janvier 2025", "31 tammikuuta 2025", "45688", "45688,42511574", "45688.5",
        "2025/01/31 7:01:33 PM GMT+1", "Fri, 31 Jan 2025 10:15:00 +0000",
    ],
)  # fmt: skip
def test_a_day_is_read_as_people_write_it(cell) -> None:
    assert moment(cell) == LAST


@pytest.mark.parametrize(
    "cell",
    [
        "20250131", "1989-12-31", "31/1-25", "31.13.2025", "30 februari 2025", "kl 10", "31 januar",
        "Jan 31 31, 2025", "14152", "99999", "456881", "2025/31/01", "Fredag den 31:a", "5 st 2025",
        "1.1.0001", "31 januari 2025 " + "x" * 100, "2025", "32/1/2025",
        "12 Mars-kex 2025", "5 januari 6, 2025", "januari 2025", "5 stycken 2025",
    ],
)  # fmt: skip
def test_what_is_no_day_is_none(cell) -> None:
    assert moment(cell) is None


def test_the_first_year_of_mail_lists_counts() -> None:
    assert moment("1990-01-01") == datetime(1990, 1, 1, tzinfo=UTC)


def test_the_days_of_a_column_tell_where_its_months_stand() -> None:
    assert american(["01/02/2025", "01/31/2025"]) is True
    assert american(["01/02/2025", "31/01/2025", ""]) is False
    assert american(["01.02.2025", "1/2 2025", "2025-01-02"]) is False
    assert american(["01/02/2025", "03/04/2025"]) is None
    assert american(["12/10/2025", "10/12/2025"]) is None


def came(header: str, *cells: str, said: str = "") -> list[datetime | None]:
    rows = [("email", header), *((f"{n}@example.org", cell) for n, cell in enumerate(cells))]
    reader = Reader(columns.layout(rows, {header: said} if said else {}))
    return [reader.read(row).joined for row in rows[1:]]


def test_an_import_reads_days_as_the_whole_column_writes_them() -> None:
    second = datetime(2024, 3, 2, tzinfo=UTC)
    assert came("Prenumererar sedan", "31/1 2025", "2/3 2024", "") == [LAST, second, None]
    assert came("Subscribe date", "1/31/2025 5:00 PM", "3/2/2024 1:00 AM") == [LAST, second]
    assert came("joined", "31-01-2025", "02-03-2024") == [LAST, second]


def test_days_that_can_be_read_in_two_ways_are_not_read() -> None:
    layout = columns.layout([("email", "joined"), ("a@example.org", "02/03/2024")])
    assert (layout.joined, layout.left_out) == ((), ("joined",))


def test_map_says_in_which_column_the_day_stands() -> None:
    assert came("created_at", "31.01.2025", said="joined") == [LAST]
    layout = columns.layout([("email", "created_at"), ("a@example.org", "31.01.2025")], {"created_at": "joined"})
    assert list(columns.told(layout)) == ["email", "created_at = since"]
    assert (layout.left_out, layout.attributes) == ((), ())
    with pytest.raises(PeopleError, match="“created_at” can be read in two ways"):
        came("created_at", "02/03/2024", said="joined")
    with pytest.raises(PeopleError, match="or not at all"):
        came("created_at", "Anna", said="joined")


@pytest.mark.parametrize(
    "header", ["created_at", "Date Created", "ADDED_TIME", "Date registered", "Skapad", "Created"]
)
def test_a_column_that_may_say_since_when_is_named_and_stays_an_attribute(header) -> None:
    rows = [("email", header), ("a@example.org", "31.01.2025")]
    layout = columns.layout(rows)
    assert (layout.made, layout.joined, len(layout.attributes)) == ((header,), (), 1)
    assert columns.layout(rows, {header: "joined"}).made == ()
    assert columns.layout([(*rows[0], "Joined"), (*rows[1], "2025-01-31")]).made == ()
    assert columns.layout([("email", header), ("a@example.org", "Anna")]).made == ()
    assert columns.layout([("email", "Köpdatum"), ("a@example.org", "31.01.2025")]).made == ()


@pytest.mark.parametrize(
    ("cell", "month"),
    [
        ("4 mars 2025", 3),
        ("4 marraskuuta 2025", 11),
        ("4. März 2025", 3),
        ("4 juin 2025", 6),
        ("4 juillet 2025", 7),
    ],
)
def test_months_that_begin_alike_are_told_apart(cell, month) -> None:
    assert moment(cell) == datetime(2025, month, 4, tzinfo=UTC)
