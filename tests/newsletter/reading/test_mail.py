"""Laws of saved mails: what a person wrote is an article, what a server wrote none, and a saved page is a page."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest

from newsletter import article
from newsletter.errors import SourceError
from newsletter.model import Article, Source
from newsletter.reading import document
from tests.effort import computes

NOW = datetime(2026, 11, 28, 9, tzinfo=UTC)
WORDS = "The harbour cleaned its water for nine days, and the eels came back before anybody had counted on them."
HEADER = (
    "Return-Path: <press@example.org>\nFrom: =?utf-8?q?Anna_=C3=96berg?= <press@example.org>\n"
    "Subject: Fwd: [Park] Eels are back\nDate: Thu, 12 Nov 2026 09:00:00 +0100\nMIME-Version: 1.0\n"
)

#: The name of a set of characters that is none.
ODD = "Subject: =?\u00fc?q?Eels?=\n"
NESTED = "Content-Type: multipart/mixed; boundary=b\n\n--b\n"


def read(mail: str, kind: str = ".eml") -> Article:
    [item] = document.read(mail.encode(), Source("s", "page", ""), kind=kind, where="eels.eml")
    return article.normalize(item, NOW)


@pytest.mark.parametrize("kind", [".eml", ".txt", ""])
def test_a_mail_is_an_article_by_whom_it_is_from(kind: str) -> None:
    one = read(f"{HEADER}Content-Type: text/plain; charset=utf-8\n\n{WORDS}\n\n{WORDS}\n", kind)
    assert (one.title, one.author, one.text) == ("Eels are back", "Anna Öberg", f"{WORDS}\n\n{WORDS}")
    assert one.published == datetime(2026, 11, 12, 8, tzinfo=UTC)


def test_what_was_passed_on_is_by_whom_it_was_from_first() -> None:
    passed = "---------- Forwarded message ---------\nFrom: Bo Ek <bo@example.org>\nDate: 11 Nov 2026\nTo: A\n\n"
    one = read(f"{HEADER}Content-Type: text/plain; charset=utf-8\n\n{passed}\n{WORDS}\n\n{WORDS}\n")
    assert (one.title, one.author, one.text) == ("Eels are back", "Bo Ek", f"{WORDS}\n\n{WORDS}")


def test_a_letter_of_others_comes_without_the_links_that_are_its_readers_own() -> None:
    page = (
        "<html><body><table><tr><td><a href='https://x.example.org/v'>View in your browser</a></td></tr>"
        f"<tr><td><p>{WORDS}</p><img src='https://x.example.org/eel.jpg' alt='Eel'></td></tr>"
        "<tr><td>You get this as a friend. <a href='https://x.example.org/u/1'>Unsubscribe</a></td></tr></table>"
    )
    one = read(f"{HEADER}Content-Type: text/html; charset=utf-8\n\n{page}</body></html>")
    assert (one.title, one.text) == ("Eels are back", WORDS)
    assert one.image
    assert one.image.src == "https://x.example.org/eel.jpg"


def test_a_page_that_a_browser_saved_as_a_mail_is_a_page() -> None:
    page = f"<html><head><title>Eels | N</title></head><body><h1>Eels</h1><p>{WORDS}</p></body></html>"
    one = read(
        "From: <Saved by Blink>\nSnapshot-Content-Location: https://n.example.org/eels\nMIME-Version: 1.0\n"
        'Content-Type: multipart/related; type="text/html"; boundary="x"\n\n--x\n'
        f"Content-Type: text/html\n\n{page}\n--x--\n",
        ".mhtml",
    )
    assert (one.title, one.url, one.text) == ("Eels", "https://n.example.org/eels", WORDS)


@pytest.mark.parametrize(
    "line",
    [
        "From: Mail Delivery Subsystem <MAILER-DAEMON@example.org>\nReceived: by example.org",
        "From: a@example.org\nReturn-Path: <>",
        "From: a@example.org\nMessage-ID: <1@example.org>\nAuto-Submitted: auto-replied",
        "From: a@example.org\nMIME-Version: 1.0\nContent-Type: multipart/report; boundary=x",
        "From: a@example.org\nMIME-Version: 1.0\nSubject: Automatiskt svar: Eels",
    ],
)
def test_what_a_server_wrote_is_no_article(line: str) -> None:
    with pytest.raises(SourceError, match="a server wrote this"):
        read(f"{line}\n\n{WORDS}\n")


@pytest.mark.parametrize(
    "mail",
    [
        "From: a@example.org\nMIME-Version: 1.0\nContent-Type: image/png\n\nx",
        "MIME-Version: 1.0\n" + NESTED * 3000,
        f"MIME-Version: 1.0\nFrom: {'(' * 50_000}\nContent-Type: image/png\n\nx",
    ],
    ids=["no words", "nested", "brackets"],
)
def test_a_mail_without_words_says_so(mail: str) -> None:
    with pytest.raises(SourceError, match="mail"):
        read(mail)


def test_a_subject_in_characters_that_nobody_knows_stays_as_it_stands() -> None:
    one = read(f"From: a@example.org\n{ODD}Date: Thu, 12 Nov 2026 09:00:00 +0100\n\n{WORDS}\n\n{WORDS}\n")
    assert "Eels" in one.title


def test_lines_with_names_above_a_text_are_no_mail() -> None:
    one = read(f"Eels are back\n\nFrom: the harbour\nReceived: today\n\n{WORDS}\n", ".txt")
    assert one.title == "Eels are back"


@pytest.mark.parametrize(
    ("mail", "words"),
    [
        (f"From: {'(' * 2_000}\nSubject: Eels\nMIME-Version: 1.0\n\n{WORDS}\n", WORDS),
        (f"{HEADER}Content-Type: text/plain; charset*{'9' * 5_000}=x\n\n{WORDS}\n", "there are no words"),
        (HEADER + "Content-Type: message/rfc822\n\n" * 2_000 + WORDS, "too many parts"),
    ],
    ids=["comments", "pieces", "letters"],
)
def test_what_nests_or_counts_without_end_in_a_mail_ends_in_words(mail: str, words: str) -> None:
    try:
        said = read(mail).text
    except SourceError as error:
        said = str(error)
    assert words in said


NOTE = "Hej! Kan ni ta med det här?\n\nMvh Eva"
OUTLOOK = (
    "Från: Bo Ek <bo@example.org>\nSkickat: den 11 november 2026 14:02\nTill: Eva Lind\nÄmne: Ålarna är tillbaka\n"
)
GMAIL = (
    "---------- Forwarded message ---------\nFrån: Bo Ek <bo@example.org>\nDate: den 11 november 2026 14:02\n"
    "Subject: Ålarna är tillbaka\nTo: Eva Lind <eva@example.org>\n"
)
OUTER = "Från: Eva Lind\nSkickat: den 12 november 2026 08:00\nTill: Redaktionen\nÄmne: VB: Ålarna är tillbaka\n"


def passed(body: str, kind: str) -> Article:
    header = HEADER.replace("Fwd: [Park] Eels are back", "VB: Eels are back")
    return read(f"{header}Content-Type: text/{kind}; charset=utf-8\n\n{body}")


@pytest.mark.parametrize("header", [OUTLOOK, GMAIL, f"{OUTER}\nSe nedan.\n\n{OUTLOOK}", f"_______\n{OUTLOOK}"])
@pytest.mark.parametrize("mark", ["", "> "])
def test_the_note_above_what_was_passed_on_is_no_part_of_it(header: str, mark: str) -> None:
    body = "".join(f"{mark}{line}\n" for line in f"{header}\n{WORDS}\n\n{WORDS}".split("\n"))
    one = passed(f"{NOTE}\n\n{body}", "plain")
    assert (one.title, one.author, one.text) == ("Eels are back", "Bo Ek", f"{WORDS}\n\n{WORDS}")
    assert one.published == datetime(2026, 11, 11, 14, 2, tzinfo=UTC)


def lines(header: str) -> str:
    return header.strip().replace("<", "&lt;").replace("\n", "<br>")


@pytest.mark.parametrize(
    "header",
    [
        f"<div><div><p>{lines(OUTLOOK)}</p></div></div>",
        f"<div class='gmail_quote'><div class='gmail_attr'>{lines(GMAIL)}</div></div>",
        "".join(
            f"<div><b>{row.partition(': ')[0]}: </b>{lines(row.partition(': ')[2])}</div>"
            for row in OUTLOOK.splitlines()
        ),
        f"<p>{lines(OUTER)}</p><p>Se nedan.</p><p>{lines(OUTLOOK)}</p>",
    ],
)
def test_so_it_is_in_html(header: str) -> None:
    one = passed(
        f"<html><body><p>Hej!</p><p>Mvh Eva</p>{header}<p>{WORDS}</p><p>{WORDS}</p></body></html>", "html"
    )
    assert (one.title, one.author, one.text) == ("Eels are back", "Bo Ek", f"{WORDS}\n\n{WORDS}")
    assert one.published == datetime(2026, 11, 11, 14, 2, tzinfo=UTC)


def test_an_answer_keeps_what_it_answers_and_a_text_its_facts() -> None:
    answer = HEADER.replace("Fwd: [Park] Eels", "SV: Eels")
    one = read(f"{answer}Content-Type: text/plain; charset=utf-8\n\n{WORDS} {WORDS}\n\n{OUTLOOK}\n{WORDS}\n")
    assert one.text.startswith(WORDS)
    one = passed(f"{WORDS}\n\nFrån: hamnen\nTill: torget\nTid: 12–14\n\n{WORDS}", "plain")
    assert "hamnen" in one.text


@pytest.mark.parametrize(
    "style", ["display:none", "mso-hide: all", "font-size:0; max-height:0px", "DISPLAY : NONE"]
)
def test_the_line_for_lists_of_mails_is_none_of_its_text(style: str) -> None:
    page = f"<html><body><span style='{style}'>What lists show.</span><p>{WORDS}</p></body></html>"
    assert read(f"{HEADER}Content-Type: text/html; charset=utf-8\n\n{page}").text == WORDS


def test_headers_without_end_are_given_up_in_time() -> None:
    many = f"<div>{lines(OUTER)}</div>" * 5000
    deep = "<div>" * 200 + lines(OUTER) + "x " * 100_000
    for body in (many, deep, "<p>Från: a</p>" * 50_000):
        with computes(5), suppress(SourceError):
            passed(f"<html><body>{body}<p>{WORDS}</p></body></html>", "html")
    with computes(5), suppress(SourceError):
        passed(f"{OUTER}\n" * 20_000, "plain")
