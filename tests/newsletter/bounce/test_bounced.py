"""What comes back is understood in the forms and words of many servers: by rules, not by a list of examples."""

import base64
import json
import quopri
import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from newsletter.feedback import classify
from tests import bounced, returns

PUBLIC = Path(__file__).parents[4] / "shared" / "data" / "bounces"
ADDRESS = re.compile(r"""[^\s<>()\[\],;:"'=]+@[^\s<>()\[\],;:"']+""")
#: Where a message says for programs whom it is about, the surest first.
FIELDS = ("final-recipient", "original-recipient", "x-actual-recipient", "original-rcpt-to", "x-failed-recipients")


@pytest.mark.parametrize("name", ["a", "b", "c"])
def test_messages_of_many_servers_are_understood(name) -> None:
    labelled = bounced.read(name)
    found = {each: classify(each.raw)[0] for each in labelled}
    hard = [each for each in labelled if each.kind == "hard"]
    other = [each for each in labelled if each.kind != "hard"]
    assert len(labelled) > 40
    assert [each.name for each in hard if found[each].kind != "hard"] == []
    assert [each.name for each in other if found[each].kind == "hard"] == []
    assert _right(found[each].kind == each.kind for each in labelled) >= 0.99
    named = [each for each in labelled if each.recipient]
    assert _right(found[each].recipient == each.recipient for each in named) >= 0.99
    for each in labelled:
        if each.kind in ("complaint", "auto-reply", "unsubscribe"):
            assert found[each].kind == each.kind, each.name


@pytest.mark.parametrize("name", ["a", "b", "c"])
def test_no_line_end_changes_and_no_cut_breaks_what_is_understood(name) -> None:
    for each in bounced.read(name):
        assert_endured(each.raw)


@pytest.mark.parametrize(
    "subject",
    [
        "Automatiskt svar: juni", "Autosvar: juni", "Fraværsmeddelelse", "Automatisk svar", "Afwezigheidsbericht",
        "Abwesenheitsnotiz", "Réponse automatique", "Respuesta automática", "Resposta automática",
        "Automaatvastus", "Automaatne vastus", "Automātiska atbilde: jūnijs",
        "Out-of-office: June", "Inte på kontoret", "Jag är på semester", "Jeg er på ferie",
        "Borte fra kontoret", "Ikke på kontoret", "Olen lomalla", "Automaattivastaus", "Nicht im Büro",
        "Buiten kantoor", "Odpowiedź automatyczna: czerwiec", "不在のお知らせ", "Я в отпуске",
        "Risposta automatica", "Automatická odpověď", "Automatikus válasz", "Autoodpowiedź", "Răspuns automat",
        "Αυτόματη απάντηση", "Автоответ", "Автоматична відповідь", "自動返信", "自动回复", "자동 회신",
        "Otomatik yanıt", "Semester – åter 12/8", "Ledig till den femte", "Jag är föräldraledig",
        "Sommarstängt", "Auto-svar: juni", "Jag har slutat", "Jeg har sluttet", "Ikke til stede: juni",
        "Ferie til 4. august", "Lomalla", "Kesälomalla 4.8. asti", "Urlaub bis 12.8.", "Nicht im Haus",
        "Elternzeit", "Away: June", "On parental leave",
        "מענה אוטומטי", "رد تلقائي", "Out of office", "I am on leave", "Automaattinen vastaus",
    ],
)  # fmt: skip
def test_a_machine_that_answers_for_somebody_is_known_by_its_subject_alone(subject) -> None:
    raw = f"From: Agnes <agnes@quay.example>\nTo: bounce@example.org\nSubject: {subject}\n\nMy mailbox is full.\n"
    assert classify(raw.encode())[0].kind == "auto-reply"


@pytest.mark.parametrize("subject", ["Semester i Flemingsberg?", "Ledig lokal hos er?", "Ferie i Huddinge?"])
def test_who_asks_about_a_holiday_is_no_machine(subject) -> None:
    raw = f"From: Agnes <agnes@quay.example>\nTo: news@example.org\nSubject: {subject}\n\nWhat is on?\n"
    assert classify(raw.encode())[0].kind == "none"


@pytest.mark.skipif(not PUBLIC.exists(), reason="the public messages are not beside this checkout")
def test_public_messages_are_understood() -> None:
    expected = _expected()
    found = {name: classify((PUBLIC / f"{name}.eml").read_bytes())[0] for name in expected}
    hard = [name for name, each in expected.items() if any(one["hard"] for one in each)]
    other = [name for name in expected if name not in hard]
    assert _right(found[name].kind == "hard" for name in hard) >= 0.97
    assert _right(found[name].kind != "hard" for name in other) >= 0.98
    for name, each in expected.items():
        # RFC 6591 has reports of its own for signatures that failed: nobody complained.
        for kind in filter(None, (one["feedback"] for one in each)):
            assert found[name].kind == ("block" if kind == "auth-failure" else "complaint"), name
        if any(one["reason"] == "vacation" for one in each):
            assert found[name].kind == "auto-reply", name


@pytest.mark.skipif(not PUBLIC.exists(), reason="the public messages are not beside this checkout")
def test_public_messages_are_known_to_be_about_whom_they_are_about() -> None:
    """The fields for programs tell it; where there are none, somebody has read the message and written it down."""
    told = dict(line.split() for line in (bounced.FOLDER / "recipients.txt").read_text("utf-8").splitlines())
    known = {}
    for name in _expected():
        raw = (PUBLIC / f"{name}.eml").read_bytes()
        if who := {told[name]} if name in told else _named(raw.decode("utf-8", "replace")):
            known[name] = who & {one.recipient.lower() for one in classify(raw)}
    assert len(known) > 290
    assert _right(map(bool, known.values())) >= 0.99, [name for name, who in known.items() if not who]


@pytest.mark.skipif(not PUBLIC.exists(), reason="the public messages are not beside this checkout")
def test_public_messages_are_endured_in_pieces() -> None:
    for name in _expected():
        assert_endured((PUBLIC / f"{name}.eml").read_bytes())


def _right(answers: Iterable[bool]) -> float:
    listed = list(answers)
    return sum(listed) / len(listed)


def _expected() -> dict[str, list[dict[str, object]]]:
    found: dict[str, list[dict[str, object]]] = json.loads((PUBLIC / "expected.json").read_text("utf-8"))
    return found


def _named(text: str) -> set[str]:
    """Return whom the fields for programs name."""
    for field in FIELDS:
        if found := re.search(rf"(?im)^{field}:((?:.*\n[ \t])*.*)", text):
            return {each.lower().strip(".") for each in ADDRESS.findall(found[1])}
    return set()


def assert_endured(raw: bytes) -> None:
    """Assert that *raw* is understood with any line ends, and cut off anywhere: each message in other places."""
    raw = raw.replace(b"\r\n", b"\n")
    whole = classify(raw)
    for end in (b"\r\n", b"\r"):
        assert classify(raw.replace(b"\n", end)) == whole
    every = max(1, len(raw) // 12)
    for cut in (0, *range(len(raw) % every, len(raw), every)):
        assert classify(raw[:cut])


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [
        ("utf-8", "base64"), ("utf-16", "base64"), ("utf-16-be", "base64"), ("x-nonsense", "base64"),
        ("utf-8", "quoted-printable"), ("x-nonsense", "quoted-printable"),
    ],
)  # fmt: skip
def test_the_fields_for_programs_are_read_in_any_encoding(charset, encoding) -> None:
    text = returns.report("550 5.1.1 User unknown", "5.1.1", notice="It came back.").decode()
    before, fields, after = text.partition("Reporting-MTA")[0], *_fields(text)
    told = fields.encode("utf-8" if charset == "x-nonsense" else charset)
    body = base64.encodebytes(told) if encoding == "base64" else quopri.encodestring(told)
    head = f"{before.rstrip()}; charset={charset}\nContent-Transfer-Encoding: {encoding}\n\n"
    (found,) = classify(f"{head}{body.decode()}\n{after}".encode())
    assert (found.kind, found.recipient, found.status) == ("hard", returns.WHOM, "5.1.1")


@pytest.mark.parametrize(
    "wrap",
    [
        lambda raw: b"From MAILER-DAEMON Thu Jun 12 10:00:00 2025\n" + raw,
        lambda raw: b">From MAILER-DAEMON Thu Jun 12 10:00:00 2025\r\n" + raw.replace(b"\n", b"\r\n"),
        lambda raw: b"From: desk@quay.example\nSubject: FW\nContent-Type: message/rfc822\n\n" + raw,
        lambda raw: raw.replace(b"Forty boats came.", b"x" * 30_000_000),
        lambda raw: raw.replace(b"Subject: Und", b"Subject: \xe9\xff\x00 Und"),
    ],
    ids=["mbox", "quoted mbox", "forwarded", "30 MB", "odd bytes"],
)
def test_what_stands_around_a_report_hides_nothing(wrap) -> None:
    (found,) = classify(wrap(returns.report("550 5.1.1 User unknown", "5.1.1")))
    assert (found.kind, found.recipient) == ("hard", returns.WHOM)


def _fields(text: str) -> tuple[str, str]:
    """Return the fields for programs of a report, and what stands below them."""
    start = text.index("Reporting-MTA")
    end = text.index("--quay/1", start)
    return text[start:end], text[end:]
