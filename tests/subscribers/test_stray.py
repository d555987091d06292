"""Laws of words that stand where nobody looks for them: who left makes no consent, wherever it is said."""

import pytest

from subscribers.errors import PeopleError
from subscribers.table import columns
from subscribers.table.entry import Reader


def stand(*rows: str, mapping: dict[str, str] | None = None) -> dict[str, str]:
    """Return how each person of a table stands, by the address; its first row is the header."""
    cells = [row.split(";") for row in rows]
    layout = columns.layout(cells, mapping)
    reader, found = Reader(layout), {}
    for row in cells[layout.above :]:
        try:
            entry = reader.read(row)
        except PeopleError:
            continue
        found[entry.address.typed] = str(entry.standing)
    return found


@pytest.mark.parametrize(
    ("column", "word"),
    [
        ("Flag", "unsubscribed"),
        ("Event", "hard_bounce"),
        ("Reception", "nomail"),
        ("Options", "MIME NOMAIL"),
        ("Flagga", "Raderad"),
        ("Opmerkingen", "2024-05-06: uitgeschreven per mail"),
        ("Anm.", "6 maj 2024 har slutat"),
        ("Tags", "press, Deleted"),
        ("Anm.", "Avliden den 3 maj"),
        ("Notes", "Bounced by the server"),
        ("Zusatz", "abgemeldet am 3.4.2024"),
        ("Tags", "fair 2024, unsubscribed"),
        ("Labels", "* myContacts ::: Unsubscribed"),
        ("Kategorier", "Styrelsen, Ej nyhetsbrev"),
        ("Anm.", "Avregistrerad"),
        ("Name", "Bo Ek (unsubscribed)"),
        ("Namn", "AVREGISTRERAD Bo Ek"),
        ("Namn", "Bo Ek (vill ej ha brev)"),
        ("Deltagarlista", "Studs"),
        ("Last action", "Marked as spam"),
        ("Last action", "Bounced (hard)"),
        ("Kommentar", "Har slutat"),
        ("Flag", "Do not contact"),
        ("Poznámka", "Odhlášen"),
        ("Källa", "Felaktig adress"),
        ("Kommentar", "Mailen studsar"),
        ("Kommentar", "Bad om att bli borttagen 2023-05"),
        ("Notes", "Asked to be removed, by phone"),
        ("Kommentar", "Slutat på kommunen, ny adress saknas"),
        ("Kommentar", "AVREG 2024"),
        ("Kommunikation", "Endast fakturor, ej nyhetsbrev"),
        ("Opmerkingen", "Heeft zich uitgeschreven"),
        ("Merknad", "Hun har ikke svart, er avmeldt"),
        ("Anm.", "Rezygnacja"),
        ("Tags", "Cancelled"),
        ("Taggar", "press, Lämnat"),
        ("Tags", "Baja"),
        ("Labels", "Inactive"),
        ("Delivery", "No Email"),
        ("OBS!", "vill ej ha mer post"),
        ("Kommentar", "har flyttat, vill inte ha mailet"),
        ("Kommentar", "OBS! fel adress"),
        ("Ämne", "SV: Vill ej ha nyhetsbrev"),
        ("lists", '[{"list": "Monthly", "status": "unsubscribed"}]'),
        ("Mailability", "Unmailable"),
        ("account_status", "banned"),
        ("OBS!", "pensionerad, ta bort"),
        ("Övrigt", "ringde 2024, vill inte ha fler utskick"),
        ("Anm.", "kommer i retur"),
        ("Anm.", "fungerar ej"),
        ("Grupp", "Tidigare medlemmar"),
        ("Grupp", "Gamla prenumeranter"),
        ("Grupp", "Utträdda"),
        ("ZB Status", "do_not_mail"),
        ("ZB Status", "spamtrap"),
        ("result", "invalid"),
        ("ZB Status", "unknown"),
        ("error", "5.1.1 No such user"),
        ("error", "delivery error: mailbox unavailable"),
        ("role", "nonmember"),
    ],
)
def test_who_left_makes_no_consent_whatever_the_column_is(column, word) -> None:
    rows = (f"email;{column}", "anna@example.org;Anna", f"bo@example.org;{word}")
    stands = stand(*rows)
    assert stands["anna@example.org"] == ""
    assert stands["bo@example.org"] in ("pending", "unsubscribed")
    assert stand(*rows, mapping={column: ""})["bo@example.org"] == ""


@pytest.mark.parametrize("cell", ["bo@example.org (avregistrerad)", "Bo (bounced) <bo@example.org>"])
def test_what_stands_beside_an_address_is_heard(cell) -> None:
    assert stand("email", cell) == {"bo@example.org": "pending"}
    assert stand(cell) == {"bo@example.org": "pending"}


@pytest.mark.parametrize(
    ("column", "word"),
    [
        ("Company", "Bounce House Ltd"),
        ("Company", "Complaint Desk"),
        ("Company", "Removed Obstacles Inc"),
        ("Notes", "Deleted the old file"),
        ("Adress", "12 Bounce Road"),
        ("Phone status", "unsubscribed"),
        ("SMS", "opted out"),
        ("Notes", "Spoke of those who unsubscribed"),
        ("Notes", "Asked to be called"),
        ("Notes", "Vill bli uppringd, slutat röka"),
        ("Notes", "Adressen är ny"),
        ("Form", "https://letter.example/unsubscribe"),
        ("Name", "unsubscribe@example.org"),
        ("Name", "Studs Terkel"),
        ("Grupp", "Old Town readers’ cafe"),
        ("OBS!", "Ta bort jackan"),
        ("Error rate", "0.2"),
        ("Coupon", "invalid"),
        ("Tags", "Left-handed"),
        ("Tags", "Cancelled trains"),
        ("Team", "Left"),
    ],
)
def test_what_only_sounds_like_it_keeps_nobody_out(column, word) -> None:
    assert stand(f"email;{column}", f"bo@example.org;{word}") == {"bo@example.org": ""}


def test_a_word_in_a_margin_without_a_header_is_heard() -> None:
    rows = (
        "email;;",
        "anna@example.org;;",
        "bo@example.org;slutat;",
        "cy@example.org;;raderad",
        "di@example.org;;VD",
    )
    assert [*stand(*rows).values()] == ["", "pending", "pending", ""]


def test_a_title_in_a_table_says_how_all_below_it_stand() -> None:
    above = ("Namn;Email", "Anna;anna@example.org")
    rows = (*above, "Avregistrerade;", "Bo;bo@example.org", "Aktiva;", "Cy;cy@example.org")
    assert [*stand(*rows).values()] == ["", "pending", "pending"]
    assert [*stand("Unsubscribed;", *above).values()] == ["pending"]
    assert [*stand(*above, "Vill inte ha utskick;", "Bo;bo@example.org").values()] == ["", "pending"]
    assert [*stand(*above, "Utträdda 2024;", "Bo;bo@example.org").values()] == ["", "pending"]
    assert [*stand(*above, "No address;", "Bo;bo@example.org").values()] == ["", ""]
    assert [*stand("Alla utan avregistrerade;", *above).values()] == [""]


def test_a_second_table_of_those_who_left_is_heard() -> None:
    rows = ("Email;City", "anna@example.org;Solna", "Email;Unsubscribed at", "bo@example.org;2024-02-03")
    assert [*stand(*rows).values()] == ["", "pending"]


def test_somebody_without_an_address_who_left_says_nothing_of_others() -> None:
    assert [*stand("Name;Email;City", "Bo Ek;;Unsubscribed", "Anna;anna@example.org;Solna").values()] == [""]


def test_our_own_export_says_for_itself_how_people_stand() -> None:
    header = "email;name;language;topics;subscriptions;joined;flag"
    assert stand(header, "bo@example.org;Bo;;;monthly: confirmed;;unsubscribed") == {"bo@example.org": ""}
