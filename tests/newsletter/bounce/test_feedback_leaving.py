"""Who answers a letter and asks to leave is heard, and nobody leaves whose answer says something else."""

import base64
import quopri
from pathlib import Path

import pytest

from newsletter.feedback import classify
from newsletter.receive.intake import understand

QUOTED = """The Quay, June

Forty boats came.

Unsubscribe me from this list: https://news.example.org/unsubscribe/abc
Unsubscribe"""
MARKED = "\n".join(f"> {line}" for line in QUOTED.split("\n"))
IN_HTML = "<table><tr><td><p>Forty boats came.</p><p><a href='https://x.example/'>Unsubscribe me</a></p></table>"
SIGNED = """

Med vänlig hälsning
Anna Berg
Enhetschef, Storgatan 1, 141 52 Huddinge
www.quay.example

This message is confidential. If it is not for you, delete it. To be removed from our list, click here."""

#: What mail programs make of an answer, as text and as HTML; {} is what somebody writes.
TEXTS = {
    "gmail": f"{{}}\n\nOn Thu, Jun 12, 2025 at 9:00 AM The Quay <news@example.org> wrote:\n\n{MARKED}",
    "gmail, folded": "{}\n\nOn Thu, Jun 12, 2025 at 9:00 AM The Quay <\nnews@example.org> wrote:\n\n" + MARKED,
    "outlook": "{}\n\n________________________________\nFrom: The Quay <news@example.org>\nSent: 12 June 2025\n"
    f"To: Anna\nSubject: June\n\n{QUOTED}",
    "outlook, Swedish": "{}\n\n-----Ursprungligt meddelande-----\nFrån: The Quay [mailto:news@example.org]\n"
    f"Skickat: den 12 juni 2025 09:00\nTill: Anna\nÄmne: June\n\n{QUOTED}",
    "outlook, German": "{}\n\nVon: The Quay <news@example.org>\nGesendet: Donnerstag, 12. Juni 2025\nAn: Anna\n"
    f"Betreff: June\n\n{QUOTED}",
    "outlook, French": "{}\n\nDe : The Quay <news@example.org>\nEnvoyé : jeudi 12 juin 2025\nÀ : Anna\n"
    f"Objet : June\n\n{QUOTED}",
    "iphone": "{}\n\nSkickat från min iPhone\n\n> 12 juni 2025 kl. 09:00 skrev The Quay <news@example.org>:\n"
    f"> \n{MARKED}",
    "apple": f"{{}}\n\n12 juni 2025 kl. 09:00 skrev The Quay <news@example.org>:\n\n{QUOTED}",
    "thunderbird": f"{{}}\n\nAm 12.06.25 um 09:00 schrieb The Quay:\n{MARKED}",
    "thunderbird, below": f"On 6/12/25 09:00, The Quay wrote:\n{MARKED}\n\n{{}}",
    "yahoo": "{}\n\n    On Thursday, June 12, 2025 at 09:00:00 AM GMT+2, The Quay <news@example.org> wrote:  \n"
    + QUOTED,
    "samsung": "{}\n\n-------- Original message --------\nFrom: The Quay <news@example.org> \nDate: 12/06/2025\n\n"
    + QUOTED,
}
PAGES = {
    "gmail": "<div>{}</div><div class=gmail_quote><div>On Thu, Jun 12, 2025 at 9:00 AM The Quay"
    f" &lt;<a href='mailto:news@example.org'>news@example.org</a>&gt; wrote:<br></div><blockquote>{IN_HTML}",
    "outlook": "<div>{}</div><div style='border-top:solid'><p><b><span>From:</span></b><span>&nbsp; The Quay\n"
    f"<br><b>Sent:</b> Thursday<br><b>To:</b> Anna<br><b>Subject:</b> June</span></p></div>{IN_HTML}",
    "apple": f"<div>{{}}</div><blockquote type=cite><div>12 juni 2025 kl. 09:00 skrev Kajen:</div><div>{IN_HTML}",
    "thunderbird": f"{{}}<div class=moz-cite-prefix>Den 2025-06-12 kl. 09:00, skrev The Quay:<br></div>{IN_HTML}",
    "nobody says who wrote": f"<div>{{}}</div><blockquote>{IN_HTML}</blockquote>",
}


def _lines(name: str) -> list[str]:
    """Return what people wrote, from a file with one answer a line, whose own line ends are written as \\n."""
    path = Path(__file__).parents[2] / "data" / "answers" / f"{name}.txt"
    return [line.replace("\\n", "\n") for line in path.read_text(encoding="utf-8").splitlines()]


def _kind(said: str, form: str = "{}", *, kind: str = "plain", encoding: str = "8bit", more: str = "") -> str:
    raw = form.replace("{}", said.replace("\n", "<br>\n") if kind == "html" else said).encode()
    raw = {"base64": base64.encodebytes, "quoted-printable": quopri.encodestring}.get(encoding, bytes)(raw)
    head = f"""From: Anna <anna@quay.example>
To: news@example.org
Subject: Re: June on the quay
{more}Content-Type: text/{kind}; charset=utf-8
Content-Transfer-Encoding: {encoding}

"""
    return classify(head.encode() + raw)[0].kind


@pytest.mark.parametrize("said", _lines("leave"))
def test_who_asks_to_leave_in_an_answer_is_heard(said) -> None:
    assert _kind(said) == "unsubscribe"


@pytest.mark.parametrize("said", _lines("stay"))
def test_an_answer_that_asks_for_something_else_is_only_an_answer(said) -> None:
    assert _kind(said) == "none"


@pytest.mark.parametrize("encoding", ["8bit", "base64", "quoted-printable"])
@pytest.mark.parametrize(
    ("kind", "form"), [*(("plain", each) for each in TEXTS.values()), *(("html", each) for each in PAGES.values())]
)
def test_the_letter_that_an_answer_cites_asks_for_nothing(kind, form, encoding) -> None:
    for signed in ("", SIGNED):
        for said in ("unsubscribe", "Please unsubscribe me", "Hej!\n\nTa bort mig från listan, tack."):
            assert _kind(f"{said}{signed}", form, kind=kind, encoding=encoding) == "unsubscribe"
        for said in ("What a fine issue!", "Tack, men ta inte bort mig!", ""):
            assert _kind(f"{said}{signed}", form, kind=kind, encoding=encoding) == "none"


@pytest.mark.parametrize(
    "more",
    ["List-Id: <a.example>\n", "Precedence: bulk\n", "Auto-Submitted: auto-replied\n", "List-Unsubscribe: <x>\n"],
)
def test_a_machine_or_a_list_asks_for_nothing_in_its_text(more) -> None:
    assert _kind("Unsubscribe me from this list", more=more) != "unsubscribe"


@pytest.mark.parametrize(
    "said",
    [
        "Please unsubscribe me from What's happening at the quay.",
        "Unsubscribe me from The Quay, please",
        "Please remove me from “The Quay”. Thanks!",
        "I no longer want to receive What’s Happening at the Quay? June 2025",
        "Ta bort mig från The Quay, tack!",
        "Bitte streichen Sie mich von What's happening at the quay",
    ],
)
def test_who_leaves_names_the_letter_or_who_sends_it(said) -> None:
    assert _answered(said) == "unsubscribe"


@pytest.mark.parametrize(
    ("said", "subject"),
    [
        ("Please remove me from the guest list of the quay", "What's happening at the quay?"),
        ("The Quay: how do I unsubscribe my colleague?", "What's happening at the quay?"),
        ("Do not ever remove me!", "Do not ever miss a boat"),
        ("What's happening at the quay? Not much.", "What's happening at the quay?"),
        ("Did you unsubscribe me from The Quay?", "June"),
        ("Please don't remove me from The Quay", "June"),
    ],
)
def test_the_name_of_a_letter_makes_no_wish_of_what_is_none(said, subject) -> None:
    assert _answered(said, subject) == "none"


def test_a_name_without_end_takes_no_long_time() -> None:
    assert _answered("please " * 1_000 + "unsubscribe", "please " * 5_000) in ("none", "unsubscribe")


def _answered(said: str, subject: str = "What's happening at the quay? June 2025") -> str:
    head = f"""From: Anna <anna@quay.example>
To: The Quay <news@example.org>
In-Reply-To: <7.aaaa@example.org>
Subject: Re: {subject}
Content-Type: text/plain; charset=utf-8

"""
    return classify(f"{head}{said}\n".encode())[0].kind


def test_an_answer_names_the_letter_that_it_answers() -> None:
    assert_names_the_letter("In-Reply-To: <7.aaaa@example.org>\nReferences: <1@x.example>")
    assert_names_the_letter("References: <1@x.example>\n <7.aaaa@example.org>")


def test_the_subject_of_an_answer_is_not_the_readers() -> None:
    head = "From: Anna <anna@quay.example>\nIn-Reply-To: <7.aaaa@example.org>\nSubject:"
    assert classify(f"{head} Re: Stop!\n\nA fine title.\n".encode())[0].kind == "none"
    assert classify(f"{head} Sv: Stop!\n\nStoppa inte!\n".encode())[0].kind == "none"
    assert classify(f"{head} Re: Stop!\n\nPlease remove me.\n".encode())[0].kind == "unsubscribe"
    assert classify(f"{head} unsubscribe\n\n".encode())[0].kind == "unsubscribe"


@pytest.mark.parametrize(
    ("subject", "kind"),
    [
        ("Avsluta", "unsubscribe"),
        ("Ta bort mig från listan", "unsubscribe"),
        ("Remove me from list", "unsubscribe"),
        ("Unsubscribe from The Quay", "unsubscribe"),
        ("Abmeldung Newsletter", "unsubscribe"),
        ("Avsluta projektet", "none"),
        ("How to unsubscribe", "none"),
        ("Fwd: Ta bort mig från listan", "none"),
    ],
)
def test_a_mail_may_ask_by_its_subject_alone(subject, kind) -> None:
    head = f"From: Anna <anna@quay.example>\nTo: The Quay <news@example.org>\nSubject: {subject}\n\n"
    for text in ("", "Anna Berg\n"):
        assert classify(f"{head}{text}".encode())[0].kind == kind


def assert_names_the_letter(header: str) -> None:
    raw = f"From: Anna <anna@quay.example>\nSubject: Re: June\n{header}\n\nPlease remove me\n"
    (found,) = understand(raw.encode()).found
    assert (found.kind, found.recipient, found.message_id) == (
        "unsubscribe",
        "anna@quay.example",
        "<7.aaaa@example.org>",
    )


@pytest.mark.parametrize("text", ["stop", "remove me", "Avregistrera mig tack", "unsubscribe!"])
def test_base64_loses_no_letter_at_its_end(text) -> None:
    assert _kind(text, encoding="base64") == "unsubscribe"
