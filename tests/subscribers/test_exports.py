"""Laws of other programs' exports: statuses and dates are kept, and nobody who left is mailed."""

from datetime import UTC, datetime

import pytest

from subscribers import columns
from subscribers.entry import Entry, Reader
from subscribers.errors import PeopleError

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
        [cells.get(columns.plain(name).replace(" ", "_"), "") for name in names]
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


@pytest.mark.parametrize(
    ("column", "cell", "standing"),
    [
        ("Unsubscribed from all email", "true", "unsubscribed"),
        ("Unsubscribed from all email", "false", ""),
        ("EMAIL_BLACKLISTED", "1", "unsubscribed"),
        ("EMAIL_BLACKLISTED", "0", ""),
        ("email_disabled", "true", "unsubscribed"),
        ("Opt-out", "No", ""),
        ("Avregistrerad", "2024-06-01", "unsubscribed"),
        ("Hard bounced", "yes", "suppressed"),
        ("Avslutad", "", ""),
        ("Jag samtycker till att få brevet", "Nej", "unsubscribed"),
        ("Jag samtycker till att få brevet", "Ja", ""),
    ],
)
def test_nobody_comes_in_who_left_in_any_program(column, cell, standing) -> None:
    layout = columns.layout([["Email", column]])
    assert Reader(layout, list="monthly").read(["a@example.org", cell]).standing == standing


def told(column: str, *cells: str) -> list[str]:
    """Return what each of *cells* says in a table of addresses and that column."""
    rows = [["a@example.org", cell] for cell in cells]
    reader = Reader(columns.layout([["Email", column], *rows]), list="monthly")
    return [reader.read(row).standing.value for row in rows]


@pytest.mark.parametrize("column", ["Status", "Type", "State", "GDPR", "Nyhetsbrev", "Opt-in", "Email status"])
def test_a_column_of_very_many_words_says_what_all_of_them_say(column, monkeypatch) -> None:
    cells = ["Prospect", "2024-01-02", "yes", "", "7", "Unsubscribed", "Subscribed", "soft bounced", "11"]
    found = columns.layout([["Email", column]])
    for last in range(len(cells) + 1):
        rows = [["a@example.org", cell] for cell in cells[:last]]
        whole = columns.weighed(found, rows)
        with monkeypatch.context() as patch:
            patch.setattr(columns, "MOST_WORDS", 1)
            assert columns.weighed(found, rows) == whole


@pytest.mark.parametrize(
    ("column", "out", "stays"),
    [
        ("Unsubscribed At", ["2024-04-04"], ["", "-", "0000-00-00 00:00:00", "never", "null"]),
        ("Date Unsubscribed", ["2024-04-04"], [""]),
        ("unsub", ["true", "1"], ["false", "0"]),
        ("OptOut List", ["2024-04-04 10:00", "Monthly"], ["", "No", "none"]),
        ("Opted out of email: Newsletter", ["true"], ["", "false"]),
        ("Avregistreringsdatum", ["2024-06-06"], [""]),
        ("Avsagt utskick", ["Ja", "x"], ["Nej"]),
        ("IsExcludedFromCampaigns", ["true"], ["false"]),
        ("Ej utskick", ["Ja"], ["Nej"]),
        ("Do not allow Bulk Emails", ["Do Not Allow"], ["Allow"]),
        ("dnc", ["1"], ["0"]),
        ("Removed on", ["2024-05-05"], [""]),
        ("Avmeldt", ["2024-05-05"], [""]),
        ("mailchimp_woocommerce_is_subscribed", ["0", "unsubscribed"], ["1"]),
        ("I agree to receive the newsletter", ["Unchecked"], ["Checked"]),
        ("opted_in", ["false", "No"], ["true", "Yes", ""]),
        ("Vill ha nyhetsbrev", ["Nej", "Nej, tack"], ["Ja", "Ja tack"]),
        ("Nyhetsbrev", ["Nej"], ["Ja", "Månadsbrevet"]),
        ("Godkänner GDPR", ["Nej tack", "Jag godkänner inte"], ["Ja", "Jag godkänner"]),
        ("Email campaigns", ["Unsubscribed"], ["Subscribed", ""]),
        ("Global status", ["Unsubscribed", "Cancelled"], ["Subscribed"]),
        ("Status", ["Avslutad", "Borttagen", "Cancelled", "archived", "non-subscribed"], ["Aktiv", "Active"]),
        ("type", ["unsubscribed"], ["regular", "Private"]),
        ("subscriber_type", ["unsubscribed", "removed"], ["regular", "premium"]),
        ("Email permission status - other", ["Unsubscribed"], ["Express", "Implied"]),
        ("Contact Status", ["Unsub"], ["Active"]),
        ("OptOutAll", ["1"], ["0"]),
        ("doNotContact", ["1"], [""]),
        ("UnSubscribed", ["1"], ["0"]),
        ("Avbruten", ["2024-05-05 10:00"], [""]),
        ("Is this subscriber disabled", ["1"], ["0"]),
        ("Email Suppressions", ['["UNSUBSCRIBED"]'], [""]),
        ("Newsletter", ["Nein", "non", "Nei", "Ei", "nee", "não"], ["Ja", "oui", "Kyllä", "sí", "sim"]),
        ("Einwilligung", ["Nein", "FALSCH"], ["Ja", "WAHR"]),
        ("Samtykke", ["Nei"], ["Ja"]),
        ("Ønsker nyhedsbrev", ["Nej"], ["Ja"]),
        ("Statut", ["Désabonné", "Désinscrit"], ["Abonné", "Actif"]),
        ("Status", ["Abgemeldet", "Afmeldt", "Avmeldt", "Uitgeschreven"], ["Tilmeldt", "Påmeldt", "Angemeldet"]),
        ("Estado", ["Dado de baja", "Cancelado"], ["Suscrito", "Activo", "SP"]),
        ("Désabonné le", ["2024-01-01"], [""]),
        ("Opt-out", ["Ja", "oui"], ["Nein", "non", "Nei"]),
        ("Prenumerationsstatus", ["Avregistrerad", "Ej prenumerant"], ["Prenumerant"]),
        ("Mejlstatus", ["Avanmäld"], ["Aktiv"]),
        ("Abonnementsstatus", ["Afmeldt", "Abgemeldet"], ["Tilmeldt"]),
        ("Statut d'abonnement", ["Désabonné"], ["Abonné"]),
        ("Estado de la suscripción", ["Dado de baja"], ["Suscrito"]),
        ("Subscribed to our newsletter", ["0", "false"], ["1", "true"]),
        ("Får nyhetsbrev", ["Nej"], ["Ja"]),
        ("Receives newsletter", ["No"], ["Yes"]),
        ("Date left", ["2024-05-05", "5/5/2024"], [""]),
        ("Avslutad den", ["5 maj 2024"], [""]),
        ("is_deleted", ["1", "true"], ["0", "false", ""]),
    ],
)
def test_who_left_stays_out_in_whatever_words_a_program_says_so(column, out, stays) -> None:
    assert [told(column, cell)[0] for cell in out] == ["unsubscribed"] * len(out)
    assert [told(column, cell)[0] for cell in stays] == [""] * len(stays)


@pytest.mark.parametrize(
    ("column", "barred"),
    [
        ("Suppressed At", ["2024-01-01"]),
        ("Email Suppressions", ['[{"reason": "HARD_BOUNCE"}]']),
        ("Email hard bounce reason", ["MAILBOX_FULL"]),
        ("Email Bounced Reason", ["5.1.1 no such user"]),
        ("Email address quarantined", ["true"]),
        ("Bounce status", ["Hard bounce", "Bounced", "5.1.1"]),
        ("Bounce type", ["Permanent", "hard"]),
        ("Studsstatus", ["Hård studs"]),
        ("Contact Status", ["Bounce", "Spam"]),
        ("subscriber_type", ["undeliverable", "complained"]),
        ("undeliverability_date", ["2024-01-01"]),
        ("Status", ["Hardbounced", "Gebounced", "Gesperrt", "Rebotado"]),
        ("Blacklist", ["oui", "Ja"]),
        ("spam", ["true"]),
        ("blocked", ["1"]),
        ("Status", ["Junk", "Studsad", "Spärrad", "Bounced", "complained", "invalid", "undeliverable"]),
        ("Email deliverability status", ["Bounced"]),
        ("is_bounced", ["true", "1", "yes"]),
        ("has_bounced", ["TRUE"]),
        ("Har studsat", ["Ja"]),
        ("is_blocked", ["1"]),
        ("E-poststatus", ["Studsad"]),
    ],
)
def test_whose_mail_came_back_is_suppressed(column, barred) -> None:
    assert [told(column, cell)[0] for cell in barred] == ["suppressed"] * len(barred)
    assert told(column, "") == [""]


@pytest.mark.parametrize(
    ("column", "cells"),
    [
        ("Status", ["Active", "Inactive", "transactional", "never subscribed", "validating", "Vilande"]),
        ("Status", ["1", "2", "3"]),
        ("state", ["active", "inactive"]),
        ("List status", ["Subscribed", "Inactive"]),
        ("Email Marketing Consent", ["SUBSCRIBED", "NEVER_SUBSCRIBED"]),
        ("Marketing contact status", ["Marketing contact", "Non-marketing contact"]),
        ("DOUBLE_OPT-IN", ["Yes", "No"]),
        ("double_optin", ["true", "false"]),
        ("confirmed", ["1", "0"]),
        ("Aktiv", ["Ja", "Nej"]),
        ("is_active", ["true", "false"]),
        ("Aktiv prenumerant", ["Ja", "Nej"]),
        ("Verifierad", ["Ja", "Nej"]),
        ("Status", ["", "Waiting for confirmation", "Awaiting opt-in", "Väntar på bekräftelse"]),
        ("Prenumerationsstatus", ["Aktiv", "Väntar", "Vilande"]),
        ("subscriber_type", ["regular", "unactivated"]),
        ("optedin", ["1", "0"]),
        ("Status", ["Aktiv", "Unbestätigt", "nicht bestätigt", "non confirmé", "Inaktiv"]),
        ("Is the subscriber of this email confirmed", ["1", "0"]),
        ("IsConfirmed", ["True", "False"]),
        ("email_is_verified", ["1", "0"]),
        ("status", ["x", "C", "U", "S", "B"]),
    ],
)
def test_of_a_word_that_nobody_understands_no_consent_is_made(column, cells) -> None:
    assert told(column, *cells) == ["", *["pending"] * (len(cells) - 1)]


@pytest.mark.parametrize(
    ("column", "cells"),
    [
        ("Status", ["Kund", "Prospekt"]),
        ("State", ["NY", "OK", "ON", "NO"]),
        ("Type", ["Private", "Regular"]),
        ("Unsubscribe URL", ["https://letter.example/u/1"]),
        ("Unsubscribe", ["https://letter.example/u/1"]),
        ("SMS Marketing Consent", ["NEVER_SUBSCRIBED", "No"]),
        ("SMS opt-out", ["Yes"]),
        ("Soft bounces", ["3"]),
        ("Bounce status", ["None", "No bounce", "Not bounced", "Soft bounce", "soft", "OK", "0"]),
        ("Bounce type", ["Transient", "Temporary failure"]),
        ("Studsstatus", ["Mjuk studs"]),
        ("Unsubscribe rate", ["0.3"]),
        ("Consent date", ["2024-01-01"]),
        ("Consent source", ["none"]),
        ("Subscribed", ["2024-01-02 10:00:00"]),
        ("Block", ["B"]),
        ("Consent to track", ["No", "Unsure"]),
        ("Attendee status", ["Not attending"]),
        ("Customer status", ["Avslutad"]),
        ("Blacklist", ["non", "Nein", "nei"]),
        ("Stato", ["SI", "NO"]),
    ],
)
def test_what_is_about_something_else_keeps_nobody_out(column, cells) -> None:
    assert told(column, *cells) == [""] * len(cells)


@pytest.mark.parametrize(
    ("column", "cells", "silent"),
    [
        ("Vill ha nyhetsbrev", ["Ja", ""], "pending"),
        ("Nyhetsbrev", ["x", " "], "pending"),
        ("GDPR", ["Jag samtycker till att få brevet", ""], "pending"),
        ("Email Marketing Consent", ["SUBSCRIBED", ""], "pending"),
        ("Accepts Email Marketing", ["yes", ""], "pending"),
        ("Samtycke", ["2025-01-31", ""], "pending"),
        ("confirmedAt", ["2025-01-31 10:00:00", ""], "pending"),
        ("confirmedAt", ["", ""], ""),
        ("Newsletter", ["J", "N"], "unsubscribed"),
        ("Subscribed", ["Y", "n"], "unsubscribed"),
        ("State", ["Y", "N"], ""),
        ("Unsubscribed", ["n", "N"], ""),
        ("Samtycke", ["", ""], ""),
        ("Opt-in", ["2024-01-02 10:00:00", ""], ""),
        ("OPT_IN", ["Yes", ""], ""),
        ("Status", ["Kund", ""], ""),
        ("Type", ["Regular", ""], ""),
        ("Unsubscribed", ["No", ""], ""),
    ],
)
def test_where_others_say_yes_silence_is_none(column, cells, silent) -> None:
    assert told(column, *cells) == ["", silent]


@pytest.mark.parametrize("data", ["[1]", "{", "x", "[" * 9000, '{"n": 1e999}', '{"n": 10000000000000000}'])
def test_broken_attributes_refuse_the_row(data) -> None:
    with pytest.raises(PeopleError):
        read(KEILA, email="a@example.org", data=data)


@pytest.mark.parametrize(("opens", "closes"), [('{"n": ', "}"), ("[", "]")])
def test_attributes_nested_as_deep_as_can_be_followed_refuse_the_row(opens, closes) -> None:
    for depth in range(900, 1000):
        with pytest.raises(PeopleError):
            read(KEILA, email="a@example.org", data=f'{{"n": {opens * depth}1{closes * depth}}}')


@pytest.mark.parametrize(
    ("cells", "standing"),
    [
        (("['UNSUBSCRIBE']", "2026-02-02", ""), "unsubscribed"),
        (("['HARD_BOUNCE']", "2026-02-02", ""), "suppressed"),
        (("", "2026-02-02", ""), "suppressed"),
        (("", "2026-02-02", "yes"), "suppressed"),
        (("['UNSUBSCRIBE']", "hard bounce", ""), "suppressed"),
        (("", "", ""), ""),
    ],
)
def test_the_day_beside_a_list_of_suppressions_says_what_the_list_says(cells, standing) -> None:
    header = ("Email", "Email Suppressions", "Email Suppression Timestamp", "Unsubscribed")
    layout = columns.layout([header, ("a@example.org", *cells)])
    assert Reader(layout).read(("a@example.org", *cells)).standing == standing
