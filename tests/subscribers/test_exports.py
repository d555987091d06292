"""Laws of other programs' exports: statuses and dates are kept, and nobody who left is mailed."""

from datetime import UTC, datetime

import pytest

from subscribers.errors import PeopleError
from subscribers.table import columns, heading
from subscribers.table.entry import Entry, Reader

LISTMONK = """uuid,email,name,attributes,status,created_at,updated_at"""
MAILCHIMP = """Email Address,First Name,Last Name,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,
LATITUDE,LONGITUDE,GMTOFF,DSTOFF,TIMEZONE,CC,REGION,LAST_CHANGED,LEID,EUID,NOTES,TAGS,UNSUB_TIME,CLEAN_TIME"""
GHOST = """id,email,name,note,subscribed_to_emails,complimentary_plan,stripe_customer_id,created_at,deleted_at,
labels,tiers"""
KEILA = "Email,First name,Last name,Data,Status"
OURS = "email,name,language,topics,subscriptions,joined,city"
DAY = datetime(2021, 5, 5, 10, 20, 30, tzinfo=UTC)


def read(header: str, list_: str = "monthly", **cells: str) -> Entry:
    names = header.replace("\n", "").split(",")
    layout = columns.layout([names])
    return Reader(layout, list=list_).read(
        [cells.get(heading.plain(name).replace(" ", "_"), "") for name in names]
    )


@pytest.mark.parametrize(
    ("header", "program", "left_out"),
    [
        (LISTMONK, "listmonk", ("uuid", "updated_at")),
        (KEILA, "Keila", ()),
        (GHOST, "Ghost", ("id", "complimentary_plan", "stripe_customer_id")),
        (OURS, "newsletter", ()),
        ("email,name,status", "", ()),
    ],
)
def test_an_export_is_recognized_by_its_header(header, program, left_out) -> None:
    layout = columns.layout([header.replace("\n", "").split(",")])
    assert (layout.program, layout.left_out) == (program, left_out)


def test_no_network_address_is_taken_from_mailchimp() -> None:
    layout = columns.layout([MAILCHIMP.replace("\n", "").split(",")])
    assert layout.program == "Mailchimp"
    assert {"OPTIN_IP", "CONFIRM_IP", "LATITUDE"} <= set(layout.left_out)


@pytest.mark.parametrize(("status", "standing"), [("enabled", ""), ("disabled", "unsubscribed")])
def test_listmonk(status, standing) -> None:
    entry = read(
        LISTMONK,
        email="a@example.org",
        status=status,
        created_at="2021-05-05 10:20:30+00",
        attributes='{"city": "Solna", "age": 41, "vip": true, "tags": ["a", "b"], "home": {"zip":"1"}, "x":null}',
    )
    assert (entry.standing, entry.joined, entry.evidence) == (standing, DAY, "")
    assert entry.attributes == {"city": "Solna", "age": 41, "vip": True, "tags": "a, b", "home_zip": "1"}
    assert read(LISTMONK, email="a@example.org", status="blocklisted").standing == "suppressed"


def test_mailchimp() -> None:
    times = {"optin_time": "2021-05-05 10:20:30", "confirm_time": "2021-05-05 10:25:00"}
    entry = read(
        MAILCHIMP, email_address="a@example.org", first_name="A", last_name="B", tags='"VIP","Blog"', **times
    )
    assert (entry.name, entry.topics, entry.joined, entry.standing) == ("A B", {"VIP", "Blog"}, DAY, "confirmed")
    assert entry.evidence == (
        "export of Mailchimp: signed up there on 2021-05-05 10:20:30, confirmed there on 2021-05-05 10:25:00"
    )
    left = read(MAILCHIMP, email_address="a@example.org", unsub_time="2022-01-02 00:00:00", **times)
    assert (left.standing, left.evidence) == ("unsubscribed", "unsubscribed there on 2022-01-02 00:00:00")
    assert (
        read(MAILCHIMP, email_address="a@example.org", clean_time="2022-01-02", **times).standing == "suppressed"
    )
    assert read(MAILCHIMP, email_address="a@example.org").standing == ""


def test_ghost() -> None:
    entry = read(
        GHOST,
        email="a@example.org",
        subscribed_to_emails="true",
        created_at="2021-05-05T10:20:30.000Z",
        labels="vip,early",
        note="x",
    )
    assert (entry.standing, entry.joined, entry.topics) == ("confirmed", DAY, {"vip", "early"})
    assert entry.evidence == "export of Ghost: signed up there on 2021-05-05T10:20:30.000Z"
    assert entry.attributes == {"note": "x"}
    out = read(GHOST, email="a@example.org", subscribed_to_emails="false", created_at="2021-05-05T10:20:30.000Z")
    assert out.standing == "unsubscribed"


def test_keila() -> None:
    entry = read(KEILA, email="a@example.org", first_name="A", data='{"n": 3}', status="active")
    assert (entry.name, entry.attributes, entry.standing) == ("A", {"n": 3}, "")
    assert read(KEILA, email="a@example.org", status="unreachable").standing == "suppressed"


@pytest.mark.parametrize(
    ("cell", "list_", "standing"),
    [
        ("monthly: confirmed; weekly: unsubscribed", "monthly", "confirmed"),
        ("monthly: confirmed; weekly: unsubscribed", "weekly", "unsubscribed"),
        ("monthly: pending", "monthly", "pending"),
        ("monthly: confirmed", "daily", ""),
        ("", "monthly", ""),
        ("monthly: ; weekly: confirmed", "monthly", ""),
        ("monthly: ; weekly: confirmed", "weekly", "confirmed"),
    ],
)
def test_our_own(cell, list_, standing) -> None:
    entry = read(OURS, list_, email="a@example.org", subscriptions=cell, joined="2021-05-05")
    assert entry.standing == standing
    assert bool(entry.evidence) == (standing == "confirmed")


#: What other programs write, by their columns: who stays, waits, has left and must not be mailed, in this order.
OTHERS = (
    """
    Subscriber,Sent,Subscribed,Name,Last name,Status
    a@example.org,10,2024-03-04 10:11:12,Anna,Holm,active
    b@example.org,10,2024-03-04 10:11:12,Bo,Ek,unconfirmed
    c@example.org,10,2024-03-04 10:11:12,Cia,Ek,unsubscribed
    d@example.org,10,2024-03-04 10:11:12,Dan,Ek,junk
    """,
    """
    Record ID,First Name,Email,Marketing contact status,Unsubscribed from all email,Email hard bounce reason
    1,Anna,a@example.org,Marketing contact,No,
    2,Bo,b@example.org,Non-marketing contact,No,
    3,Cia,c@example.org,Marketing contact,Yes,
    4,Dan,d@example.org,Marketing contact,No,UNKNOWN_USER
    """,
    """
    Id;E-Mail;Vorname;Nachname;Registriert;Aktiviert;Deaktiviert;Gesperrt
    1;a@example.org;Anna;Holm;01.06.2025 10:00:00;01.06.2025 10:05:00;;
    2;b@example.org;Bo;Ek;01.06.2025 10:00:00;;;
    3;c@example.org;Cia;Ek;01.06.2025 10:00:00;01.06.2025 10:05:00;01.07.2025 10:00:00;
    4;d@example.org;Dan;Ek;01.06.2025 10:00:00;01.06.2025 10:05:00;;ja
    """,
    """
    E-post;Förnamn;Efternamn;Skapad;Avregistrerad;Spärrad;Samtycke
    a@example.org;Anna;Holm;2024-03-04 10:11;Nej;Nej;Ja
    b@example.org;Bo;Ek;2024-03-04 10:11;Nej;Nej;Saknas
    c@example.org;Cia;Ek;2024-03-04 10:11;Ja;Nej;Ja
    d@example.org;Dan;Ek;2024-03-04 10:11;Nej;Ja;Ja
    """,
    """
    Email;Fornavn;Efternavn;Tilmeldt den;Afmeldt den;Status;Permission
    a@example.org;Anna;Holm;01-06-2025;;Aktiv;Ja
    b@example.org;Bo;Ek;21-06-2025;;Aktiv;Nej
    c@example.org;Cia;Ek;01-06-2025;01-07-2025;Aktiv;Ja
    d@example.org;Dan;Ek;01-06-2025;;Hard bounce;Ja
    """,
    """
    Sähköposti;Nimi;Tila;Poistunut;Markkinointilupa
    a@example.org;Anna Holm;aktiivinen;;Kyllä
    b@example.org;Bo Ek;aktiivinen;;
    c@example.org;Cia Ek;aktiivinen;5.5.2024;Kyllä
    d@example.org;Dan Ek;bounce;;Kyllä
    """,
    """
    Full name;E-mail;Reservert mot utsendelser;Samtykke;Blokkert;Suppressed
    Anna Holm;a@example.org;Nei;Gitt;;
    Bo Ek;b@example.org;Nei;Ikke gitt;;
    Cia Ek;c@example.org;Ja;Gitt;;
    Dan Ek;d@example.org;Nei;Gitt;;2025-01-01
    """,
)


@pytest.mark.parametrize(
    ("status", "standing"),
    [("C", ""), ("S", "pending"), ("U", "unsubscribed"), ("B", "suppressed"), ("?", "pending")],
)
def test_the_newsletter_plugin(status, standing) -> None:
    header = "Email,Name,Surname,Gender,Status,Date,Token"
    row = {"name": "Anna", "surname": "Holm", "date": "2021-05-05 10:20:30", "token": "abc"}
    entry = read(header, email="a@example.org", status=status, **row)
    assert (entry.standing, entry.name, entry.joined) == (standing, "Anna Holm", DAY)
    assert entry.attributes == {}


@pytest.mark.parametrize(
    ("part", "wanted", "state", "standing"),
    [
        ("member", "email", "", ""),
        ("owner", "digest", "", ""),
        ("member", "none", "", "pending"),
        ("member", "email", "bouncing", "pending"),
        ("banned", "email", "", "unsubscribed"),
    ],
)
def test_google_groups(part, wanted, state, standing) -> None:
    header = ["Email address", "Nickname", "Group status", "Email status", "Email preference", "Join year"]
    row = ["a@example.org", "Anna Holm", part, state, wanted, "2021"]
    layout = columns.layout([["Members for group news"], header, row])
    entry = Reader(layout).read(row)
    assert (layout.program, entry.name, entry.standing) == ("Google Groups", "Anna Holm", standing)
    assert entry.attributes.keys() <= {"email_status"}


@pytest.mark.parametrize("table", OTHERS)
def test_nobody_comes_back_from_any_program(table) -> None:
    lines = [line.strip() for line in table.strip().splitlines()]
    rows = [line.split(";" if ";" in lines[0] else ",") for line in lines]
    reader = Reader(columns.layout(rows), list="monthly")
    entries = [reader.read(row) for row in rows[1:]]
    assert [entry.standing in ("", "confirmed") for entry in entries] == [True, False, False, False]
    assert [entry.standing for entry in entries[1:]] == ["pending", "unsubscribed", "suppressed"]
    assert entries[0].name.startswith("Anna")


def test_substack_s_readers_need_not_pay() -> None:
    header = "email,active_subscription,expiry,plan,email_disabled,created_at,first_payment_at"
    names = header.split(",")
    rows = [
        ["a@example.org", "false", "", "other", "false", "2021-05-05T10:20:30Z", ""],
        ["b@example.org", "true", "2027-01-01", "yearly", "false", "2021-05-05T10:20:30Z", ""],
        ["c@example.org", "true", "2027-01-01", "yearly", "true", "2021-05-05T10:20:30Z", ""],
    ]
    reader = Reader(columns.layout([names, *rows]), list="monthly")
    entries = [reader.read(row) for row in rows]
    assert [entry.standing for entry in entries] == ["", "", "unsubscribed"]
    assert entries[0].joined == DAY
    assert entries[1].attributes["active_subscription"] == "true"


def test_mailchimp_is_recognized_whatever_an_audience_calls_its_fields() -> None:
    layout = columns.layout([("E-postadress", "Förnamn", "OPTIN_TIME", "CLEAN_TIME", "LEID", "EUID")])
    entry = Reader(layout).read(("a@example.org", "Anna", "2021-05-05 10:20:30", "2022-01-02 10:00:00", "1", "2"))
    assert (layout.program, entry.standing, entry.joined) == ("Mailchimp", "suppressed", DAY)


def test_an_attribute_of_our_own_export_stays_one_whatever_it_is_called() -> None:
    layout = columns.layout([(*OURS.split(","), "tags", "namn", "token")])
    assert [name for _, name in layout.attributes] == ["city", "namn", "tags", "token"]


@pytest.mark.parametrize("data", ["[1]", "{", "x", "[" * 9000, '{"n": 1e999}', '{"n": 10000000000000000}'])
def test_broken_attributes_refuse_the_row(data) -> None:
    with pytest.raises(PeopleError):
        read(KEILA, email="a@example.org", data=data)


@pytest.mark.parametrize(("opens", "closes"), [('{"n": ', "}"), ("[", "]")])
def test_attributes_nested_as_deep_as_can_be_followed_refuse_the_row(opens, closes) -> None:
    for depth in range(900, 1000):
        with pytest.raises(PeopleError):
            read(KEILA, email="a@example.org", data=f'{{"n": {opens * depth}1{closes * depth}}}')
