"""Answers are told from bounces: a machine that answers for somebody is none, and who asks to leave is heard."""

from email.header import Header

import pytest

from newsletter.feedback import classify
from newsletter.files.looks import words
from newsletter.files.shipped import shipped
from tests import returns
from tests.returns import WHOM


@pytest.mark.parametrize(
    "raw",
    [
        returns.away(),
        returns.away("Frånvaro: juni", ""),
        returns.away("Automatische Antwort", ""),
        returns.away("Re: June on the quay"),
        returns.away("Re: June", "X-Autoreply: yes\n"),
        # Some programs keep no accents in a subject.
        returns.away("Reponse automatique : juin", ""),
        returns.away("Automatiska atbilde: June", ""),
        returns.away("Franvaro: juni", ""),
    ],
)
def test_a_machine_that_answers_for_somebody_is_no_bounce(raw) -> None:
    assert classify(raw)[0].kind == "auto-reply"


@pytest.mark.parametrize("more", ["", "Precedence: bulk\nX-Auto-Response-Suppress: All\n"])
def test_an_answer_that_nobody_can_answer_is_no_bounce_whatever_it_says(more) -> None:
    head = f"Return-Path: <>\nFrom: Astrid <{WHOM}>\nTo: bounce@example.org\n{more}"
    for subject, text in (
        ("Re: June on the quay", "I have left the company, this address does not exist any more."),
        ("Ikke til stede: June", "Min postkasse er fuld."),
        ("June", "Jestem na urlopie."),
    ):
        raw = f"{head}Subject: {subject}\n\n{text}\n"
        assert [one.kind for one in classify(raw.encode())] == ["auto-reply"]
    assert classify(f"{head}Subject: unsubscribe\n\n".encode())[0].kind == "unsubscribe"
    # A server that gives the letter back, or calls itself one, reports.
    back = f"{head}Subject: June\n\n{WHOM}: no such user here.\n\n--- Original message ---\n{returns.LETTER}"
    assert classify(back.encode())[0].kind == "hard"
    server = back.partition("---")[0].replace("Astrid", "Postmaster")
    assert classify(server.encode())[0].kind == "hard"


@pytest.mark.parametrize(
    "subject",
    [
        "Avprenumerera", "Avsluta prenumerationen", "Abbestellen", "Newsletter abbestellen", "Désinscription",
        "Cancelar suscripción", "Uitschrijven", "Afmelding", "unsubscribe from this list", "退订",
        "Please unsubscribe me", "Unsubscribe request", f"unsubscribe {WHOM}",
        "Avregistrera mig", "SV: Avsluta prenumerationen, tack", "Avanmälan nyhetsbrev", "Bitte abmelden",
        "Avregistrering",
        "Vänligen avregistrera mig från det här nyhetsbrevet", "Abmeldung vom Newsletter", "Avmeld nyhetsbrevet",
    ],
)  # fmt: skip
def test_whoever_asks_to_leave_is_heard_in_their_language(subject) -> None:
    raw = f"From: Astrid <{WHOM}>\nTo: bounce@example.org\nSubject: {subject}\n\n"
    assert classify(raw.encode())[0].kind == "unsubscribe"


@pytest.mark.parametrize("language", words.shipped((shipped("templates"),)))
def test_whoever_writes_what_our_link_is_called_is_heard(language) -> None:
    said = words.load((shipped("templates"),), language).gettext("Unsubscribe")
    head = f"From: Astrid <{WHOM}>\nTo: bounce@example.org\nContent-Type: text/plain; charset=utf-8\n"
    for subject, text in ((said, ""), (f"Re: {said}!", ""), ("Re: June", said), ("Re: June", f"{said}.\n")):
        coded = Header(subject, "utf-8").encode()
        assert classify(f"{head}Subject: {coded}\n\n{text}".encode())[0].kind == "unsubscribe", (subject, text)


@pytest.mark.parametrize("text", ["unsubscribe", "Unsubscribe me please\n--\nAstrid", "Avprenumerera.\n"])
def test_whoever_asks_to_leave_without_a_subject_is_heard(text) -> None:
    raw = f"From: Astrid <{WHOM}>\nTo: bounce@example.org\n\n{text}"
    assert classify(raw.encode())[0].kind == "unsubscribe"
    assert classify(raw.replace("\n\n", "\nSubject: \n\n").encode())[0].kind == "unsubscribe"
    assert classify(raw.replace("\n\n", "\nSubject: Boats\n\n").encode())[0].kind == "unsubscribe"


@pytest.mark.parametrize(
    ("head", "text"),
    [
        (
            "Subject: Fwd: Undelivered Mail Returned to Sender",
            "See below.\n\n<bo@quay.example>: 550 5.1.1 Unknown",
        ),
        ("Subject: VB: Undelivered Mail Returned to Sender", "<bo@quay.example>: 550 5.1.1 User unknown"),
        ("Subject: Your parcel could not be delivered", "Recipient unknown. Pay at https://parcels.example/."),
    ],
)
def test_what_somebody_passes_on_or_writes_of_parcels_is_no_bounce(head, text) -> None:
    raw = f"From: Astrid <{WHOM}>\nTo: bounce@example.org\n{head}\n\n{text}\n"
    assert classify(raw.encode())[0].kind == "none"


def test_what_a_mailing_list_tells_of_itself_is_no_bounce_and_what_it_passes_on_may_be_one() -> None:
    sender = "From: board-bounces@lists.example\n"
    head = f"{sender}To: bounce@example.org\nSubject: June on the quay\nList-Id: <board.lists.example>\n"
    said = "You may not post to this list; your message was rejected automatically.\n"
    assert classify(f"{head}\n{said}".encode())[0].kind == "none"
    passed_on = returns.report("550 5.1.1 User unknown", "5.1.1")
    assert classify(b"List-Id: <board.lists.example>\n" + passed_on)[0].kind == "hard"


def test_whoever_asks_to_leave_is_heard_and_a_letter_is_only_a_letter() -> None:
    leave = f"From: Astrid <{WHOM}>\nTo: news@example.org\nSubject: unsubscribe\n\n\n".encode()
    assert (classify(leave)[0].kind, classify(leave)[0].recipient) == ("unsubscribe", WHOM)
    for other in ("What a fine issue", "Avanmälan till sommarfesten", "Avsluta mötet", "Nyhetsbrev", "Tack"):
        assert classify(leave.replace(b"unsubscribe", other.encode()))[0].kind == "none"
    assert classify(b"")[0].kind == "none"
