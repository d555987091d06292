"""Contact cards are read as their programs write them: who, at which address, and nothing else."""

import json

import pytest

from newsletter.files.tables.cardfile import COLUMNS, CardFile, is_cards
from tests import blank
from tests.roll import caller

APPLE = """BEGIN:VCARD
VERSION:3.0
N:Öberg;Åsa;;;
FN:Åsa Öberg
ORG:Kajen AB;Redaktionen
EMAIL;type=INTERNET;type=HOME:asa@home.example
item1.EMAIL;type=INTERNET;type=WORK;type=pref:asa@example.org
NOTE:call\\, not mail
PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ
 SkZJRgABAQ
END:VCARD
BEGIN:VCARD
VERSION:4.0
FN:Lång
  Namnsson
EMAIL;PREF=1:lang@exam
 ple.org
END:VCARD
"""
OUTLOOK = """BEGIN:VCARD\r
VERSION:2.1\r
N;LANGUAGE=sv;CHARSET=Windows-1252:Öberg;Åsa\r
FN;CHARSET=Windows-1252:Öberg, Åsa\r
EMAIL;PREF;INTERNET:asa@example.org\r
END:VCARD\r
"""
QUOTED = """BEGIN:VCARD
VERSION:2.1
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=C3=96berg;=C3=85sa=20=
=4Daria;;;
EMAIL;INTERNET:asa@example.org
END:VCARD
"""


def _rows(tmp_path, raw: bytes):
    path = tmp_path / "people.vcf"
    path.write_bytes(raw)
    assert is_cards(path)
    with CardFile(path) as cards:
        sample, (header, *records) = cards.sample(), list(cards)
    assert header.cells == COLUMNS
    assert sample == (header, *records)
    return records


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_apples_cards_are_read(tmp_path, encoding) -> None:
    first, second = _rows(tmp_path, APPLE.encode(encoding))
    assert first.cells == ("asa@example.org ::: asa@home.example", "Åsa Öberg", "Kajen AB", "")
    assert (first.line, second.line) == (1, 12)
    assert second.cells == ("lang@example.org", "Lång Namnsson", "", "")


def test_outlooks_cards_are_read(tmp_path) -> None:
    (card,) = _rows(tmp_path, OUTLOOK.encode("cp1252"))
    assert card.cells == ("asa@example.org", "Öberg, Åsa", "", "")
    (card,) = _rows(tmp_path, QUOTED.encode())
    assert card.cells == ("asa@example.org", "Åsa Maria Öberg", "", "")


@pytest.mark.parametrize(
    "raw",
    [
        b"BEGIN:VCARD\nEMAIL:anna@example.org",
        b"BEGIN:VCARD\nEMAIL:anna@example.org\nBEGIN:VCARD\nEMAIL:bo@example.org\nEND:VCARD\n",
        b"BEGIN:VCARD\rEMAIL:anna@example.org\rEND:VCARD\r",
        b"begin:vcard\nemail:anna@example.org\nend:vcard\nsomething else\n",
        b"BEGIN:VCARD\nEMAIL:anna@example.org\nPHOTO:" + b"A" * 900_000 + b"\n A\nEND:VCARD\n",
    ],
)
def test_a_broken_card_costs_no_other(tmp_path, raw) -> None:
    assert _rows(tmp_path, raw)[0].cells == ("anna@example.org", "", "", "")


@pytest.mark.parametrize(
    ("said", "note"),
    [
        ("CATEGORIES:Friends,Avregistrerad", "Avregistrerad"),
        ("NOTE:Met in Lund.\\nUnsubscribed 2024-03-01\\, by mail", "Unsubscribed 2024-03-01, by mail"),
        ("NOTE:Vill inte ha mejl", "Vill inte ha mejl"),
        ("CATEGORIES:Friends\nNOTE:Likes boats\\, and notes", ""),
    ],
)
def test_only_of_who_gets_no_letters_a_note_is_read(tmp_path, said, note) -> None:
    (card,) = _rows(tmp_path, f"BEGIN:VCARD\nEMAIL:anna@example.org\n{said}\nEND:VCARD\n".encode())
    assert card.cells == ("anna@example.org", "", "", note)


def test_a_letter_that_cannot_be_read_is_told(tmp_path) -> None:
    (card,) = _rows(tmp_path, b"BEGIN:VCARD\nEMAIL:\xff\xfe\xfd@example.org\nFN:" + "ä".encode() * 20)
    assert "not in the file's encoding" in card.fault


def test_people_on_cards_are_taken_in(tmp_path, capfd) -> None:
    made = blank.letter(tmp_path / "letter")
    run = caller(made.root, capfd)
    left = "BEGIN:VCARD\nEMAIL:bo@example.org\nCATEGORIES:Unsubscribed\nEND:VCARD\n"
    nobody = "BEGIN:VCARD\nFN:A taxi\nTEL:070\nEND:VCARD\n"
    (tmp_path / "people.vcf").write_text(f"{APPLE}{OUTLOOK}{nobody}{left}", encoding="utf-8", newline="")
    command = ("subscribers", "import", str(tmp_path / "people.vcf"), "--list", "monthly")
    told = json.loads(run(*command, "--consent", "asked at the fair", "--json"))
    assert (told["added"], [each["line"] for each in told["rejected"]]) == (3, [19, 25])
    people = json.loads(run("subscribers", "list", "--json"))["subscribers"]
    assert {(each["email"], each["name"], each["status"]) for each in people} == {
        ("asa@example.org", "Åsa Öberg", "confirmed"), ("lang@example.org", "Lång Namnsson", "confirmed"),
        ("bo@example.org", "", "unsubscribed"),
    }  # fmt: skip
