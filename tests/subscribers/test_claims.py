"""Laws of what any table claims: nobody who left is mailed, and what is doubtful makes no consent."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest

from newsletter.files.tables.csvfile import LONGEST_LINE
from subscribers.errors import PeopleError
from subscribers.table import columns
from subscribers.table.entry import Reader
from tests.effort import computes


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


@pytest.mark.parametrize("words", ["not ", "kein"])
def test_a_cell_or_a_column_without_end_is_no_answer_and_takes_no_time(words) -> None:
    endless = words * (LONGEST_LINE // len(words) // 2)
    with computes(10):
        row = ["a@example.org", f"x {endless}", ""]
        reader = Reader(columns.layout([["Email", "Consent", endless], row]), list="monthly")
        with suppress(PeopleError):
            assert reader.read(row).standing == "pending"
        assert reader.read(["b@example.org", "Yes", ""]).standing != "pending"


@pytest.mark.parametrize(
    "question",
    [
        "Vill du få vårt nyhetsbrev? Du kan avregistrera dig när som helst.",
        "I agree to receive the newsletter (you can opt out later)",
        "Jag samtycker till utskick och vet att jag när som helst kan återkalla det; jag kan avregistrera mig",
        "Ja till nyhetsbrev, avsluta när som helst",
        "Would you like our newsletter? Unsubscribe at any time",
        "Vill du stå kvar i vårt register?",
        "Would you like to stay on our mailing list?",
        "Vill du ha vårt nyhetsbrev? Ingen reklam, max ett mail i månaden",
        "Jag vill ha nyhetsbrev men inte reklam",
        "Jag vill ha nyhetsbrevet och kan när som helst säga upp det",
        "Nyhetsbrev (avregistrering via länk i mejlet)",
        "No spam, just news by email",
        "GDPR: Jag godkänner att ni lagrar mina uppgifter tills jag avregistrerar mig",
    ],
)
def test_a_question_that_tells_how_to_leave_asks_for_a_yes(question) -> None:
    stands = told(question, "Ja", "Nej", "")
    assert stands[0] == ""
    assert stands[1] in ("unsubscribed", "pending")
    assert stands[2] == "pending"


def told(column: str, *cells: str) -> list[str]:
    """Return what each of *cells* says in a table of addresses and that column."""
    rows = [["a@example.org", cell] for cell in cells]
    reader = Reader(columns.layout([["Email", column], *rows]), list="monthly")
    return [reader.read(row).standing.value for row in rows]


@pytest.mark.parametrize(
    "answer", ["Inte just nu", "Not now", "Maybe later", "Kanske", "Inte intresserad", "Senare"]
)
@pytest.mark.parametrize("question", ["Vill du få vårt nyhetsbrev?", "Would you like to receive our newsletter?"])
def test_who_neither_says_yes_nor_no_has_not_agreed(question, answer) -> None:
    assert told(question, "Ja", answer, f"{answer} (2024-05-06)", "Yes, please") == ["", "pending", "pending", ""]


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
        ("Tillad ikke masseudsendelse af mail", ["Tillad ikke"], ["Tillad"]),
        ("Massen-E-Mails nicht zulassen", ["Nicht zulassen"], ["Zulassen"]),
        ("Ikke tillat masseutsendelse av e-post", ["Ikke tillat"], ["Tillat"]),
        ("Bulk-e-mail niet toestaan", ["Niet toestaan"], ["Toestaan"]),
        ("Ne pas autoriser les e-mails en masse", ["Ne pas autoriser"], ["Autoriser"]),
        (
            "Status",
            ["Prenumererar inte", "Utträdd 2024-05-06", "Deceased 2024-05-06"],
            ["Aktiv 2024-05-06", "May 6, 2024"],
        ),
        (
            "Status",
            ["2024-05-06: avregistrerad", "Avliden 6 maj 2024", "Left on 6 May 2024", "6.5.2024 10:15 Baja"],
            ["May 6, 2024", "6 maj", "2024-05-06T10:15:00Z", "Mon, 6 May 2024 10:15 UTC"],
        ),
        ("Samtycke", ["Ej nyhetsbrev 2024"], ["Ja 2024-05-06", "2024-05-06", "Mässan 2024"]),
        ("Nyhetsbrev", ["Kein Newsletter", "Geen nieuwsbrief"], ["Månadsbrevet 2024"]),
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
        ("Epoststatus", ["Avprenumererad"], ["Aktiv"]),
        ("Abonnementsstatus", ["Afmeldt", "Abgemeldet"], ["Tilmeldt"]),
        ("Statut d'abonnement", ["Désabonné"], ["Abonné"]),
        ("Estado de la suscripción", ["Dado de baja"], ["Suscrito"]),
        ("Subscribed to our newsletter", ["0", "false"], ["1", "true"]),
        ("Får nyhetsbrev", ["Nej"], ["Ja"]),
        ("Receives newsletter", ["No"], ["Yes"]),
        ("Date left", ["2024-05-05", "5/5/2024"], [""]),
        ("Avslutad den", ["5 maj 2024"], [""]),
        ("is_deleted", ["1", "true"], ["0", "false", ""]),
        ("Status", ["Utträdd", "Avliden", "Deceased", "Uppsagd", "Avaktiverad"], ["Aktiv", "Tilaaja"]),
        ("reason", ["unsubscribe", "Opted out"], ["", "NORMAL"]),
        ("Prenumeration avslutades", ["2022-05-01 10:00"], [""]),
        ("Samtycke återkallat", ["2022-01-01", "Ja"], ["", "Nej"]),
        ("Consent withdrawn", ["2022-01-01"], [""]),
        ("Samtycke utgånget", ["Ja"], ["Nej"]),
        ("Markkinointikielto", ["Kyllä", "1"], ["Ei", "0"]),
        ("Nyhetsbrev", ["Ej", "Tackat nej"], ["OK", "Okej"]),
        ("Newsletter subscription", ["Cancelled"], ["Active"]),
        ("Ska tas bort", ["x", "Ja"], [""]),
        ("Utgått", ["Ja"], ["Nej"]),
        ("Uppsägningsdatum", ["2022-01-01"], [""]),
        ("Makulerad", ["Ja"], ["Nej"]),
        ("Nej till nyhetsbrev", ["Ja"], ["", "Nej"]),
        ("Tackat nej till utskick", ["Ja"], ["Nej"]),
        ("Får ej kontaktas", ["Ja"], ["Nej"]),
        ("Kontakta ej", ["X"], [""]),
        ("Prenumererar inte längre", ["Ja"], ["", "Nej"]),
        ("Samtycker ej", ["X"], [""]),
        ("Newsletter gekündigt", ["Ja"], ["Nein"]),
        ("Avslutade prenumerationen", ["2022-01-01"], [""]),
        ("Slutat på företaget", ["Ja"], ["Nej"]),
        ("Har lämnat", ["Ja"], ["Nej"]),
        ("Ej aktuell", ["X"], [""]),
        ("Har meldt seg av", ["Ja"], ["Nei"]),
        ("Cancellation date", ["2022-01-01"], [""]),
        ("opt_out_email", ["t"], ["f"]),
        ("is_subscribed", ["f"], ["t"]),
        (
            "Status",
            ["Gelöscht am 1.2.2020", "Baja", "Wypisany", "Отписан", "Odhlášen", "Leiratkozott", "Dezabonat"],
            ["Aktiv", "Alta", "Aktywny", "Активен"],
        ),
        ("Opt-Status", ["unsubscribed"], ["active"]),
        ("Mottagarstatus", ["Avregistrerad"], ["Aktiv", "Aktiv prenumerant"]),
        ("nomail", ["[U]", "on"], ["off"]),
        ("Nej tack", ["x"], [""]),
        ("Vill inte ha", ["x"], [""]),
        ("Nyhetsbrev", ["0.0", "❌", "✗"], ["1.0", "✓", "✔\ufe0f"]),
        ("Utgår", ["x"], [""]),
        ("Remove?", ["x"], [""]),
        ("Av\u00adregistrerad", ["Ja"], ["Nej"]),
        ("Unsubscribed at", ["2024-01-01"], ["0001-01-01T00:00:00", "1900-01-00", "1/1/1970 01:00"]),
        ("Zgoda na newsletter", ["Nie"], ["Tak"]),
        ("list_status", ["-1", "0"], ["1"]),
        ("dnc_status", ["unsubscribed", "Do not contact"], ["contactable", ""]),
        ("EMAIL_BLACKLIST_STATUS", [], ["0", ""]),
        ("Marked email as spam", [], ["false"]),
        ("Status subskrypcji", ["Usunięty", "Wypisana", "Zrezygnował"], ["Aktywny"]),
        ("Status", ["Verwijderd", "Opgezegd", "Supprimé", "Résilié", "Eliminado"], ["Actief"]),
        ("Group Status", ["Removed"], ["Added"]),
        ("Geen nieuwsbrief", ["Ja"], ["Nee", ""]),
        ("Wil geen mailings", ["Ja"], ["Nee", ""]),
        ("Je ne souhaite pas recevoir la newsletter", ["Oui"], ["Non", ""]),
        ("Is this account disabled?", ["1"], ["0"]),
        ("Toestemming ingetrokken", ["Ja", "2024-01-31"], ["Nee", ""]),
        ("Cofnięcie zgody", ["Tak", "2024-01-31"], ["Nie", ""]),
        ("Consentement retiré", ["Oui"], ["Non", ""]),
        ("Zgoda na newsletter", ["Cofnięta zgoda"], ["Tak"]),
    ],
)
def test_who_left_stays_out_in_whatever_words_a_program_says_so(column, out, stays) -> None:
    assert [told(column, cell)[0] for cell in out] == ["unsubscribed"] * len(out)
    assert [told(column, cell)[0] for cell in stays] == [""] * len(stays)


@pytest.mark.parametrize(
    "columns",
    [
        "Avslut, Uppsägning, Utträde, Utträtt, Tackat nej, Tackar nej, Nej, Reserverad, Retur, Bort",
        "Spärrmarkerad, Svartlistad, Svart lista, Hårda studsar, Returer, Radera, Ej aktiv, Stoppad, Stopp, Död",
        "Utskicksstopp, Mailstopp, E-poststopp, Reservert, Reservasjon, Nej tak, Do not send, Don't email, DNE",
        "Banned, Bounce date, HB, Bad address, Wrong address, Abuse, Cancel date, Churned, Churn date, Left, Quit",
        "Leave date, Quit date, Stopped, Withdrawn, Withdrawal date, Revoked, GDPR delete, GDPR removal, Erase",
        "To be deleted, Exclude, Exclusion, Objection, Objected, Bounce am, Felaktig, nomail [reason], Meldt av",
        "Peruutuspäivä, Eronnut, Austrittsdatum, Kündigungsdatum, Widerspruch, Werbewiderspruch, Robinsonliste",
        "Nicht mehr anschreiben, Uitschrijfdatum, Opzegdatum, Verwijderd, Geblokkeerd, Overleden, Niet mailen",
        "Niet benaderen, E-mail ongeldig, Data rezygnacji, Zrezygnował, Usunięty, Zablokowany, Nie wysyłać",
        "Odbicie, Brak zgody, Sprzeciw, Résilié le, Supprimé le, Ne plus contacter, Pas de newsletter, NPAI",
        "Bloqué, Décédé, Retrait du consentement, Fecha de baja, No enviar, Eliminado, Rebotado",
        "Cancellato il, Non contattare",
    ],
)
def test_who_is_marked_in_any_column_about_leaving_is_no_reader(columns) -> None:
    for column in columns.split(", "):
        assert told(column, "", "x")[0] == "", column
        assert "" not in [told(column, "", mark)[1] for mark in ("x", "Ja", "2024-01-31")], column


@pytest.mark.parametrize(
    "column",
    [
        "Left handed",
        "Reserverad plats",
        "Bortamatch",
        "Nejlikan",
        "Quit smoking",
        "Exclusive offer",
        "Svart bälte",
        "Bajamar",
        "Passport",
        "Robinson Crusoe",
        "Non-profit newsletter",
        "NE newsletter",
    ],
)
def test_a_column_that_only_begins_like_one_about_leaving_keeps_nobody_out(column) -> None:
    assert told(column, "x", "Ja", "2024-01-31", "") == [""] * 4


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
        ("Status", ["5.1.1", "5.1.10", "Felaktig adress", "Fel e-postadress", "spam_complaint"]),
        ("Reason", ["bounce", "hard_bounce", "hardbounce", "complaint"]),
        ("Status", ["HardBounced", "IspComplained", "Spärrad 2024-05-06", "Undeliverable 2024-05-06"]),
        ("Anledning till e-poststuds", ["Okänd användare"]),
        ("Bounce reason", ["550 5.1.1 unknown"]),
        ("Fel e-post", ["Ja"]),
        ("E-post studsar", ["Ja"]),
        ("Returnerad", ["Ja", "2022-01-01"]),
        ("Blocked at", ["2022-01-01"]),
        ("Blockerad e-post", ["Ja"]),
        ("Ogiltig", ["Ja"]),
        ("Anmält som spam", ["Ja"]),
        ("Werbesperre", ["Ja"]),
        ("E-post fel", ["550 okänd"]),
        ("Email deliverability", ["Undeliverable"]),
        ("EMAIL_BLACKLIST_STATUS", ["1"]),
        ("Liste noire e-mail", ["Oui"]),
        ("Sperrliste", ["ja"]),
        ("EN LISTA NEGRA (E-MAIL)", ["Sí"]),
        ("Studsar (hårda)", ["3"]),
        ("Is Bounceback", ["Yes"]),
        ("Black Listed", ["true"]),
        ("HardBounceCount", ["3"]),
        ("Spärrlista", ["Ja"]),
        ("Marked email as spam", ["true"]),
        ("On Hold", ["On Hold Bounce"]),
        ("Email on hold", ["On Hold Bounce"]),
        ("suspended_at", ["2024-01-01"]),
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
        ("Marknadsföringskontaktstatus", ["Marknadsföringskontakt", "Icke-marknadsföringskontakt"]),
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
        ("status", ["Active", "4.2.2", "5.2.2", "5.7.1"]),
        ("Opt-Status", ["active", "unconfirmed", "inactive"]),
        ("Status", ["Double opt-in confirmed", "Double opt-in pending"]),
        ("Email status", ["OK", "Risky"]),
        ("Kontakttillåtelse", ["Ja", "Nej"]),
        ("OK to contact", ["Yes", "No"]),
        ("Obekräftad", ["Nej", "Ja"]),
        ("Dubbelbekräftad", ["Ja", "Nej"]),
        ("Status", ["confirmed", "T", "F"]),
        ("enabled", ["1", "0"]),
        ("Patron Status", ["Active patron", "Former patron", "Declined patron", ""]),
        ("Hur ofta vill du ha nyhetsbrev?", ["Varje månad", "Aldrig"]),
        ("Vilket nyhetsbrev vill du ha?", ["Månadsbrevet", "Inget"]),
        ("Statuss", ["Aktīvs", "Neapstiprināts"]),
        ("Būsena", ["Aktyvus", "Nepatvirtintas"]),
        ("Staatus", ["Aktiivne", "Kinnitamata"]),
        ("Subscribe to our newsletter?", ["Yes please", "Not sure", ""]),
        ("Vill du prenumerera på vårt nyhetsbrev?", ["Ja gärna!", "Har redan", "Vet inte"]),
        ("Medlemsstatus", ["Aktiv medlem", "Tidigare medlem", "F.d. medlem", "Lapsed"]),
    ],
)
def test_of_a_word_that_nobody_understands_no_consent_is_made(column, cells) -> None:
    assert told(column, *cells) == ["", *["pending"] * (len(cells) - 1)]


@pytest.mark.parametrize("status", ["5.7.1", "4.2.2", "4.1.1"])
def test_a_reply_that_is_not_about_the_address_leaves_in_doubt_whether_letters_arrive(status) -> None:
    assert told("status", status) == ["pending"]


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
        ("Emails dropped (6mo)", ["0"]),
        ("OptInType", ["Double", "Single"]),
        ("Opt-in källa", ["Mässan", "Webben"]),
        ("Intressen", ["E-postmarknadsföring"]),
        ("Kommentar", ["Ta bort jackan", "vill inte ha kaffe"]),
        ("Fel e-post", ["Nej"]),
        ("Email deliverability", ["Deliverable"]),
        ("Reason", ["Moved", "550 5.1.1 unknown"]),
        ("Status", ["Kund", "Tidigare kund", "Prospekt"]),
        ("Status", ["Anmäld", "Betald", "Närvarande"]),
        ("Vill du bli kvar till middagen?", ["Ja", "Nej"]),
        ("Vill du bli kontaktad om volontärarbete?", ["Ja", "Nej"]),
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
        ("Can we send you news?", ["1", "0"], "pending"),
        ("Nyhetsbrev", ["✓", ""], "pending"),
        ("Aktiv", ["x", ""], "pending"),
        ("confirmed", ["1", ""], "pending"),
        ("Abonnementsstatus", ["Abonnerer", "Venter"], "pending"),
        ("GDPR-status", ["Samtycke", "Samtycke återkallat"], "unsubscribed"),
        ("Consent status", ["Consent given", "Consent has expired"], "unsubscribed"),
        ("Nyhetsbrev", ["Ja", "Struken"], "unsubscribed"),
        ("Newsletter", ["x", "paused"], "pending"),
        ("Newsletter", ["Weekly", "Monthly"], ""),
        ("Nyhetsbrev", ["Ja", "Ja (avslutat 2024)"], "pending"),
        ("Nyhetsbrev", ["Ja", "Ja?"], "pending"),
        ("Vill du få vårt nyhetsbrev?", ["Ja", "Absolut inte"], "pending"),
        ("Vill du få vårt nyhetsbrev?", ["Ja", "Gärna!"], ""),
        ("Vill du få vårt nyhetsbrev?", ["Ja", "👍"], ""),
        ("Vill du få vårt nyhetsbrev?", ["👍", "👎"], "unsubscribed"),
        ("Nyhetsbrev", ["Ja", "ja -> nej"], "pending"),
        ("Nyhetsbrev", ["Ja", "Ja t.o.m. 2023"], "pending"),
        ("Samtycke", ["Ja", "Ja, och jag vet att jag kan avregistrera mig när som helst"], ""),
        ("Håll mig uppdaterad", ["Ja", ""], "pending"),
        ("Newsletter", ["J", "N"], "unsubscribed"),
        ("Subscribed", ["Y", "n"], "unsubscribed"),
        ("State", ["Y", "N"], ""),
        ("Unsubscribed", ["n", "N"], ""),
        ("Samtycke", ["", ""], ""),
        ("Opt-in", ["2024-01-02 10:00:00", ""], ""),
        ("OPT_IN", ["Yes", ""], ""),
        ("Newsletter opt-in", ["Yes", ""], "pending"),
        ("Newsletter opt-in", ["2024-01-02 10:00:00", ""], ""),
        ("subscribed_at", ["2024-01-02 10:00:00", ""], "pending"),
        ("newsletterSubscribedAt", ["2024-01-02 10:00:00", ""], "pending"),
        ("marketing_consent_at", ["2024-01-02T10:00:00Z", ""], "pending"),
        ("Prenumererar sedan", ["2024-01-02", ""], "pending"),
        ("Datum för samtycke", ["2024-01-02", ""], "pending"),
        ("Confirm time", ["2024-01-02 10:00", ""], "pending"),
        ("subscribed_at", ["2024-01-02 10:00:00", "NULL"], "pending"),
        ("subscribed_at", ["2024-01-02 10:00:00", "0000-00-00 00:00:00"], "pending"),
        ("email_verified_at", ["2024-01-02 10:00:00", "NULL"], "pending"),
        ("is_subscribed", ["1", "0"], "unsubscribed"),
        ("Status", ["Active", "Active - confirmed"], ""),
        ("Status", ["Active", "Subscribed (single opt-in)"], ""),
        ("Status", ["Active", "Active, dormant"], "pending"),
        ("IsApproved", ["1", "0"], "pending"),
        ("subscribed_at", ["", ""], ""),
        ("Medlem sedan", ["2024-01-02", ""], ""),
        ("Terms accepted at", ["2024-01-02", ""], ""),
        ("Newsletter last sent at", ["2024-01-02", ""], ""),
        ("Subscription renewal date", ["2024-01-02", ""], ""),
        ("Nyhetsbrev", ["Månadsbrevet", "Har slutat"], "pending"),
        ("Vilka utskick vill du ha?", ["Nyhetsbrev, Inbjudningar", "Inga"], "pending"),
        ("Vilka utskick vill du ha?", ["Nyhetsbrev, Inbjudningar", "Inget av ovanstående"], "pending"),
        ("subscribed_at", ["2024-01-02 10:00:00", "2024-01-02 avslutad"], "unsubscribed"),
        ("Stav", ["Aktivní", ""], "pending"),
        ("Stav", ["Aktivní", "Nepotvrzený"], "pending"),
        ("Stav", ["Aktivní", "Odhlášen"], "unsubscribed"),
        ("Durum", ["Aktif", "Abonelikten çıktı"], "unsubscribed"),
        ("Sign me up!", ["Yes", "No"], "pending"),
        ("I agree", ["x", ""], "pending"),
        ("DOI", ["Yes", "No"], "pending"),
        ("Status", ["Kund", ""], ""),
        ("Type", ["Regular", ""], ""),
        ("Unsubscribed", ["No", ""], ""),
    ],
)
def test_where_others_say_yes_silence_is_none(column, cells, silent) -> None:
    assert told(column, *cells) == ["", silent]


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


@pytest.mark.parametrize(
    ("column", "pending"),
    [
        ("Samtycke", ["Inget samtycke", "Saknas", "Okänt", "-", "?", "Ej svarat", "Vet ej", "Samtycke saknas"]),
        ("Consent", ["No consent", "Not given", "Unknown", "N/A", "none", "null", "web form", "did not agree"]),
        ("GDPR-status", ["Inget samtycke"]),
        ("Email consent", ["No consent", "Not specified"]),
        ("Einwilligung", ["keine", "nicht erteilt", "keine Einwilligung"]),
        ("Samtykke", ["Intet samtykke", "Ikke gitt", "Ukjent"]),
        ("Nyhetsbrev", ["-", "Okänd"]),
    ],
)
def test_who_says_nothing_to_a_question_agreed_to_nothing(column, pending) -> None:
    assert told(column, "Ja", *pending) == ["", *["pending"] * len(pending)]


@pytest.mark.parametrize(
    ("column", "left", "agreed"),
    [
        ("Samtycke", ["Återkallat", "Nekat"], ["Ja", "2024-03-04", "Har samtyckt", "Lämnat samtycke"]),
        (
            "Email consent",
            ["Withdrawn", "Denied", "Refused"],
            ["Granted", "Consented", "I agree to be written to"],
        ),
        ("Samtykkestatus", ["Trukket tilbake"], ["Gitt"]),
        ("Einwilligung", ["widerrufen"], ["erteilt", "Ich stimme zu, Zustimmung"]),
        ("Mottar nyhetsbrev", ["Nei"], ["Ja"]),
        ("Modtager nyhedsbrev", ["Nej"], ["Ja"]),
        ("Erhält Newsletter", ["Nein"], ["Ja"]),
        ("Markkinointilupa", ["Ei"], ["Kyllä"]),
        ("Prenumeration", ["Nej", "Avslutad"], ["Ja", "Digital"]),
        ("Subscription", ["Cancelled"], ["Active"]),
    ],
)
def test_consent_and_its_end_are_heard_in_the_languages_around_us(column, left, agreed) -> None:
    assert [told(column, cell)[0] for cell in left] == ["unsubscribed"] * len(left)
    assert [told(column, cell)[0] for cell in agreed] == [""] * len(agreed)


@pytest.mark.parametrize(
    "column",
    [
        "Kontakt per e-post", "E-post tillåten", "Får kontaktas", "Skicka nyhetsbrev", "Nyhetsbrev (ja/nej)",
        "Utskick", "Prenumererar på nyhetsbrev", "Marketing emails", "Allow email", "Werbung erlaubt",
        "Uutiskirjeen tilaus", "On mailing list", "is_newsletter_subscriber", "Email valid", "Giltig e-post",
        "E-postmarknadsföring", "Abonnent", "Nyhedsmail", "Skicka marknadsmaterial", "Ja?", "Yes/No",
        "Vill du bli kontaktad?", "Önskar du ta emot information från oss?",
    ],
)  # fmt: skip
def test_a_no_beside_a_word_for_letters_is_no_consent(column) -> None:
    assert told(column, "Ja", "Nej") == ["", "pending"]
    assert told(column, "1", "0") == ["", "pending"]


@pytest.mark.parametrize(
    ("column", "cells"),
    [
        ("Mailing country", ["NO", "NO"]),
        ("Newsletter language", ["no", "sv"]),
        ("Email opened", ["No", "Yes"]),
        ("Nyhetsbrev skickat", ["0", "1"]),
        ("Emails", ["0", "1", "7"]),
        ("Marketing emails bounced", ["0", "1"]),
        ("Följ e-postaktivitet", ["Nej", "Ja"]),
        ("Newsletter name", ["Monthly", "No"]),
        ("No. of emails", ["4"]),
        ("Yes/no newsletter gift", ["yes"]),
        ("Deltog på mässan", ["Nej"]),
        ("Avslutad utbildning", ["Ja"]),
    ],
)
def test_a_word_for_letters_keeps_nobody_out_beside_other_things_than_yes_and_no(column, cells) -> None:
    assert told(column, *cells) == [""] * len(cells)


@pytest.mark.parametrize(
    ("column", "others", "wish"),
    [
        ("E-postinställning", "Prenumererar", "Avregistrerad"),
        ("Utskick", "E-post", "Ej e-post"),
        ("Utskick", "Post", "Inga utskick"),
        ("Contact preference", "Email", "Do not contact"),
        ("Preferred channel", "E-mail", "No email, please"),
        ("Kontaktväg", "Mejl", "Kontakta ej!"),
        ("Kommunikation", "Brev", "Ikke e-post"),
        ("Anteckning", "Ny på jobbet", "Vill inte ha mejl"),
        ("Notes", "Met at the fair", "Please do not email him any more"),
        ("Kommentar", "", "Avanmäld från nyhetsbrevet"),
        ("Bemerkung", "Neu", "Keine Newsletter"),
        ("Övrigt", "Styrelsen", "Undanber sig utskick"),
        ("Notes", "Met at the fair", "Har sagt nej till nyhetsbrev"),
        ("Kommentar", "Tackade ja till mötet", "vill inte längre ha brevet"),
        ("Anteckningar", "Ny", "bad om att få slippa nyhetsbrevet"),
        ("Anteckningar", "Ny", "Har sagt upp prenumerationen"),
        ("Anteckningar", "Ny", "2024-05-06: vill inte ha utskick"),
        ("Merknad", "hyggelig", "skal ikke ha nyhetsbrev"),
        ("Opmerkingen", "geen telefoon", "wil geen nieuwsbrief meer"),
        ("Uwagi", "lubi żaglówki", "proszę nie wysyłać newslettera"),
        ("Commentaires", "gentil", "Ne souhaite plus recevoir la newsletter"),
        ("Bemerkungen", "nicht anrufen", "will keine Mails mehr"),
    ],
)
def test_who_asks_in_a_column_about_other_things_not_to_be_written_to_left(column, others, wish) -> None:
    assert told(column, others, wish) == ["", "unsubscribed"]


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("Kontaktväg", "Ej telefon"),
        ("Contact preference", "Do not call"),
        ("Notes", "Do not send before she is back"),
        ("Notes", "No e-mail address for her boss"),
        ("Anteckning", "Vill inte bli uppringd"),
        ("Kommentar", "Inte svarat på mejl"),
        ("Comments", "No comment"),
        ("Kommentar", "Sa nej till mötet"),
        ("Stad", "Ej e-post"),
    ],
)
def test_what_is_no_wish_to_be_left_alone_keeps_nobody_out(column, cell) -> None:
    assert told(column, "", cell) == ["", ""]


@pytest.mark.parametrize("column", ["Slutdatum", "End date", "Prenumeration till", "Newsletter expires"])
def test_whose_day_is_over_has_not_agreed_any_more(column) -> None:
    cells = ["2024-01-31", "2099-12-31", "", "tills vidare", "2026-06-01"]
    rows = [["a@example.org", cell] for cell in cells]
    layout = columns.layout([["Email", column], *rows])
    reader = Reader(layout, now=datetime(2026, 6, 1, 10, tzinfo=UTC))
    assert [str(reader.read(row).standing) for row in rows] == ["pending", "", "", "", ""]
    assert Reader(layout).read(rows[0]).standing == ""


def test_a_yes_that_is_asked_is_none() -> None:
    assert told("Samtycke", "Ja", "Ja?", "Ja? (2024-05-06)", "(Ja?)", "Okänt 2024-05-06") == ["", *["pending"] * 4]


def test_beside_a_yes_null_is_no_answer() -> None:
    assert told("Email channel", "opt-in", "null", "opt-out") == ["", "pending", "unsubscribed"]
    assert told("E-mail 2", "null", "null") == ["", ""]


@pytest.mark.parametrize("column", ["Oui/Non newsletter", "Newsletter (tak/nie)", "Newsletter sí/no"])
def test_a_column_that_names_both_answers_asks_for_a_yes(column) -> None:
    yes, no = ("Oui", "Non") if "Oui" in column else ("Tak", "Nie") if "tak" in column else ("Sí", "No")
    stands = told(column, yes, no)
    assert stands[0] == ""
    assert stands[1] in ("unsubscribed", "pending")


def test_beside_a_yes_and_a_no_another_letter_is_no_yes() -> None:
    assert told("Utskickskod", "J", "N", "S") == ["", "pending", "pending"]


def test_who_gets_text_only_is_a_reader() -> None:
    assert told("htmlemail", "1", "0") == told("subscribepage", "1", "0") == ["", ""]


def test_who_wants_no_pictures_of_themselves_may_want_letters() -> None:
    assert told("Fotosamtycke", "Ja", "Nej", "") == told("Photo consent", "Yes", "No", "") == [""] * 3


def test_a_no_to_notices_by_mail_is_no_consent() -> None:
    assert told("Email notifications", "On", "Off") == ["", "pending"]


@pytest.mark.parametrize(
    ("column", "left"),
    [
        ("subscription_cancelled", "2025-01-01"),
        ("Prenumeration avslutad", "2025-01-01"),
        ("Deaktiviert", "01.07.2025 10:00:00"),
        ("Gelöscht am", "01.07.2025"),
        ("Vill inte ha nyhetsbrev", "Ja"),
        ("Valt bort e-post: Nyhetsbrev", "Ja"),
        ("Avslutsorsak", "Egen begäran"),
        ("softdeleted", "true"),
        ("Reservert mot utsendelser", "Ja"),
        ("Undanbeder sig utskick", "x"),
        ("Poistunut", "5.5.2024"),
        ("Kein Newsletter", "x"),
        ("donotbulkemail", "1"),
        ("Tillåt inte massutskick", "Tillåt inte"),
        ("Avliden", "Ja"),
        ("Is Deceased", "Yes"),
        ("Uutiskirjeen peruutus", "5.5.2024"),
        ("dnc_status", "unsubscribed"),
        ("Återkallat", "2024-06-01"),
        ("Widerrufen am", "01.06.2024"),
        ("Sluttet", "Ja"),
        ("Austragungsdatum", "03.04.2024"),
        ("Avsluta prenumerationen?", "Ja"),
        ("Nyhetsbrev: jag vill avsluta", "Ja"),
        ("Ta bort mig", "x"),
        ("Vilka nyhetsbrev vill du avregistrera?", "Veckan"),
        ("Do you want to unsubscribe from our newsletter?", "Yes"),
    ],
)
def test_who_has_an_end_left(column, left) -> None:
    assert told(column, left, "", "Nej") == ["unsubscribed", "", ""]


@pytest.mark.parametrize(
    "column",
    [
        "Reklamspärr",
        "Sperrvermerk",
        "Hård studs",
        "Felaktig adress",
        "E-post ogiltig",
        "Marked as spam",
        "Sperret",
        "IsSpamComplaining",
    ],
)
def test_a_barred_address_is_suppressed(column) -> None:
    assert told(column, "Ja", "", "Nej") == ["suppressed", "", ""]


@pytest.mark.parametrize(
    "column",
    [
        "Bounces",
        "Studsade",
        "Inaktiv",
        "Paused",
        "suspend",
        "Email Suspended",
        "Pensionerad",
        "IsOptInPending",
        "Kontakt inaktiv",
        "hidden",
        "Returnerad post",
    ],
)
def test_who_rests_is_pending(column) -> None:
    assert told(column, "1", "Ja", "0", "") == ["pending", "pending", "", ""]


@pytest.mark.parametrize("column", ["Aktiviert", "Bestätigt am", "Confirmed", "Bekreftet dato"])
def test_who_has_no_day_of_confirming_where_others_have_one_never_did(column) -> None:
    assert told(column, "01.06.2025 10:05", "") == ["", "pending"]


def test_who_came_in_without_a_day_is_believed_where_another_column_says_yes() -> None:
    rows = [("Email", "Status", "Subscribed at")]
    rows += [("a@example.org", "active", "2024-01-02"), ("b@example.org", "active", ""), ("c@example.org", "", "")]
    reader = Reader(columns.layout(rows))
    assert [reader.read(row).standing for row in rows[1:]] == ["", "", "pending"]


def test_a_column_that_only_seemed_to_ask_changes_nothing_else() -> None:
    rows = [["Email", "Marketing", "LEID", "EUID", "OPTIN_TIME"]]
    rows += [["a@example.org", word, "1", "2", "2024-01-02 10:00:00"] for word in ("", "Monthly")]
    reader = Reader(columns.layout(rows), list="monthly")
    assert [reader.read(row).standing for row in rows[1:]] == ["confirmed"] * 2
