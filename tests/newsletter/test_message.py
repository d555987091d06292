"""Messages: what is sent is what was rendered, for one person, in lines that every server takes."""

import email
import email.policy
import quopri
import re
from dataclasses import replace
from datetime import UTC, datetime
from email.header import decode_header, make_header
from html import escape

import pytest
from hypothesis import given, settings

from newsletter import message
from newsletter.mail import header
from newsletter.mail.encoding import quoted
from newsletter.mail.letterhead import Letterhead, Names, pack, smtp_address, unpack
from newsletter.model import Rendered, Token
from tests.newsletter.mail.test_header import HOSTILE, fields

DATE = datetime(2025, 6, 12, 7, 0, tzinfo=UTC)
HEAD = Letterhead(
    sender_name="Flemingsberg Science",
    sender="news@example.org",
    reply_to="editor@example.org",
    base_url="https://news.example.org",
    list="monthly",
    list_title="The monthly letter",
)
MARK, LINK = "NLabcXnameXNL", "NLabcXunsubscribeXNL"
TOKENS = (Token(MARK, "name", "reader"), Token(LINK, "unsubscribe_url"))
TOKEN = "t" * 44
URL = f"https://news.example.org/unsubscribe/{TOKEN}"
#: Each field of a letter, in order, and what it says.
SAID = {
    "From": "Flemingsberg Science <news@example.org>",
    "To": "=?utf-8?b?w4VzYQ==?= <asa@example.org>",
    "Subject": "=?utf-8?b?VmFkIGjDpG5kZXIgaSBGbGVtaW5nc2Jlcmc/?=",
    "Date": "Thu, 12 Jun 2025 07:00:00 +0000",
    "Message-ID": "<1.abc@example.org>",
    "Reply-To": "editor@example.org",
    "Content-Language": "sv",
    "List-Id": "The monthly letter <monthly.example.org>",
    "List-Unsubscribe": f"<{URL}>, <mailto:bounce+1-abc@example.org?subject=unsubscribe>",
    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    "List-Help": "<mailto:editor@example.org?subject=help>",
    "List-Subscribe": "<https://news.example.org/subscribe>",
    "List-Archive": "<https://news.example.org/archive>",
    "Feedback-ID": "2025-06:monthly:issue:example.org",
    "MIME-Version": "1.0",
    "Content-Type": "multipart/alternative",
}
HEADERS = [*SAID]


def rendered(**changed):
    values = {
        "issue": "2025-06",
        "language": "sv",
        "segments": frozenset(),
        "subject": "Vad händer i Flemingsberg?",
        "preheader": "",
        "html": f'<p title="{MARK}">Hej {MARK}!</p>\n<a href="{LINK}">Avsluta</a>\n',
        "text": f"Hej {MARK}!\nAvsluta: {LINK}\n",
        "tokens": TOKENS,
    }
    return Rendered(**{**values, **changed})


def recipient(name="Åsa", address="asa@example.org", **values):
    return message.Recipient(
        address=address,
        name=name,
        message_id="<1.abc@example.org>",
        return_path="bounce+1-abc@example.org",
        values={"name": name, "unsubscribe_url": TOKEN, **values},
    )


def fill(name="Åsa", **changed):
    return message.compile(rendered(**changed), HEAD, DATE).fill(recipient(name))


def parts(sent):
    parsed = email.message_from_bytes(sent.data, policy=email.policy.default)
    text, html = parsed.iter_parts()
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert not parsed.defects + text.defects + html.defects
    return [part.get_content().replace("\r\n", "\n") for part in (text, html)]


def head(data):
    return fields(data.partition(b"\r\n\r\n")[0] + b"\r\n")


def test_each_header_stands_there_once_and_says_what_it_must():
    said = {name: value.decode().partition("; boundary=")[0] for name, value in head(fill().data)}
    assert said == SAID
    assert [name for name, _ in head(fill().data)] == HEADERS


def test_the_unsubscribe_header_is_raw_on_one_line():
    line = f"\r\nList-Unsubscribe: <{URL}>, <mailto:bounce+1-abc@example.org?subject=unsubscribe>\r\n"
    assert line.encode("ascii") in fill().data


def test_a_link_is_whole_wherever_it_stands():
    letterhead = replace(HEAD, base_url="https://news.example.org/a&b")
    sent = message.compile(rendered(subject=f"Bye {LINK}"), letterhead, DATE).fill(recipient())
    address = f"https://news.example.org/a&b/unsubscribe/{TOKEN}"
    parsed = email.message_from_bytes(sent.data, policy=email.policy.default)
    assert parsed["Subject"] == f"Bye {address}"
    assert parsed["List-Unsubscribe"].startswith(f"<{address}>, ")
    text, html = parts(sent)
    assert address in text
    assert f'href="{escape(address)}"' in html


def test_a_return_path_is_written_as_a_link_may_hold_it():
    to = recipient()._replace(return_path="b&c=1+2@example.org")
    sent = message.compile(rendered(), HEAD, DATE).fill(to)
    assert b", <mailto:b%26c%3D1+2@example.org?subject=unsubscribe>\r\n" in sent.data
    assert sent.envelope.sender == "b&c=1+2@example.org"


@pytest.mark.parametrize(
    ("domain", "kept"), [("a.io", False), ("ab.io", True), ("fifteen.example", True), ("sixteen1.example", False)]
)
def test_gmail_is_told_who_sends_in_5_to_15_characters(domain, kept):
    letterhead = replace(HEAD, sender=f"news@{domain}")
    said = dict(head(message.compile(rendered(), letterhead, DATE).fill(recipient()).data))["Feedback-ID"].decode()
    sender = said.rpartition(":")[2]
    assert 5 <= len(sender) <= 15
    assert (sender == domain) is kept


def test_an_address_too_long_for_the_unsubscribe_header_is_told_before_the_first_message():
    letterhead = replace(HEAD, base_url=f"https://news.example.org/{'a' * 700}")
    with pytest.raises(ValueError, match="List-Unsubscribe"):
        message.compile(rendered(), letterhead, DATE)


def test_both_parts_say_what_was_rendered_with_the_persons_values():
    text, html = parts(fill())
    assert text.strip() == f"Hej Åsa!\nAvsluta: {URL}"
    assert html.strip() == f'<p title="Åsa">Hej Åsa!</p>\n<a href="{URL}">Avsluta</a>'


def test_a_reader_without_a_name_gets_the_fallback():
    text, _ = parts(fill(name=""))
    assert text.startswith("Hej reader!")


def test_a_reader_without_a_name_or_a_fallback_gets_nothing_in_its_place():
    tokens = (Token(MARK, "name"), TOKENS[1])
    sent = fill(name="", tokens=tokens, subject=f"June{MARK}")
    assert parts(sent)[0].startswith("Hej !")
    assert dict(head(sent.data))["Subject"] == b"June"


def test_a_letter_without_anything_personal_is_as_it_was_written():
    text, html = parts(fill(tokens=(), text="June.\n", html="<p>June.</p>\n"))
    assert (text.strip(), html.strip()) == ("June.", "<p>June.</p>")


def test_a_personal_subject_is_encoded_for_each_reader():
    sent = fill(subject=f"{MARK}, läs detta")
    assert dict(head(sent.data))["Subject"] == b"=?utf-8?b?w4VzYSwgbMOkcyBkZXR0YQ==?="


@settings(max_examples=1000)
@given(HOSTILE, HOSTILE, HOSTILE, HOSTILE)
def test_no_text_of_a_stranger_adds_a_header_or_changes_who_gets_it(subject, sender, title, name):
    letterhead = Letterhead(sender, HEAD.sender, HEAD.reply_to, HEAD.base_url, HEAD.list, title)
    sent = message.compile(rendered(subject=subject + MARK), letterhead, DATE).fill(recipient(name))
    assert [key for key, _ in head(sent.data)] == HEADERS
    parsed = email.message_from_bytes(sent.data, policy=email.policy.default)
    assert parsed.keys() == HEADERS
    assert [who.addr_spec for who in parsed["From"].addresses] == [HEAD.sender]
    assert [who.addr_spec for who in parsed["To"].addresses] == ["asa@example.org"]
    assert sent.envelope.recipient == "asa@example.org"
    shown = str(make_header(decode_header(dict(head(sent.data))["Subject"].decode())))
    assert shown == header.clean(header.clean(subject + (header.clean(name) or "reader")))
    assert parsed["List-Id"].endswith("<monthly.example.org>")


@settings(max_examples=5000)
@given(HOSTILE)
def test_no_text_in_any_field_changes_which_headers_there_are(text):
    letterhead = Letterhead(text, HEAD.sender, HEAD.reply_to, HEAD.base_url, HEAD.list, text)
    sent = message.compile(rendered(subject=text, html="", text=""), letterhead, DATE).fill(recipient(text))
    top = sent.data.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    assert [key for key, _ in fields(top[:-2])] == HEADERS
    assert email.message_from_bytes(top).keys() == HEADERS


@settings(max_examples=300)
@given(HOSTILE, HOSTILE)
def test_any_value_and_any_text_arrive_in_lines_that_hold(text, name):
    body = f"{text}{MARK}{text}\n{MARK}\n.\n..{MARK}\nFrom here  \n"
    sent = fill(name=name, text=body, html=body)
    lines = sent.data.split(b"\r\n")
    assert all(len(line) <= 78 and not line.startswith(b".") for line in lines if b":" not in line[:30])
    assert not re.search(rb"\r(?!\n)|(?<!\r)\n", sent.data)
    assert sent.data.isascii()
    value = header.clean(name) or "reader"
    as_text, as_html = parts(sent)

    def expected(put):
        whole = re.sub("\r\n?", "\n", body.replace(MARK, put)).encode("utf-8", "replace").decode()
        return whole.rstrip("\n")

    assert as_text.rstrip("\n") == expected(value)
    assert as_html.rstrip("\n") == expected(escape(value))


@pytest.mark.parametrize("ending", ["\n.\n", "\r\n.\r\n", "\r.\r", "\n.\r\n", "\r\n.\n", "\r.\r\n", "\r\n\0.\r\n"])
def test_no_body_can_end_itself(ending):
    sent = fill(text=f"one{ending}MAIL FROM:<x@example.org>", html=f"<p>{ending}</p>")
    assert b"\n." not in sent.data
    assert b"\r." not in sent.data


@pytest.mark.parametrize("text", ["From Monday", "x" * 73 + "From Monday", "Hello.\nFrom Monday", "å\nFrom å"])
def test_no_line_opens_with_from_and_a_mailbox_in_one_file_changes_none(text: str) -> None:
    written = quoted(text)
    assert not re.search(rb"^>*From ", written, re.MULTILINE)
    assert quopri.decodestring(written).decode() == text.replace("\n", "\r\n")
    assert max(map(len, written.split(b"\r\n"))) <= 76


def test_quoted_printable_keeps_short_words_as_they_are():
    assert quoted("Anna") == b"Anna"
    assert quoted("a=b") == b"a=3Db"
    assert quoted(".x") == b"=2Ex"
    assert quoted("x ") == b"x=20"


def test_the_same_delivery_has_the_same_names_each_time():
    names = Names(b"k" * 32, "example.org")
    assert names.message_id(7, DATE) == names.message_id(7, DATE)
    assert len({names.message_id(number, DATE) for number in range(1000)}) == 1000
    assert names.message_id(7, DATE) != Names(b"l" * 32, "example.org").message_id(7, DATE)


def test_what_is_packed_comes_back_and_always_makes_the_same_bytes():
    variant = rendered(segments=frozenset({"students", "academia"}), notes=("a: b",))
    assert unpack(pack(variant, HEAD)) == (variant, HEAD)
    assert pack(variant, HEAD) == pack(
        rendered(segments=frozenset({"academia", "students"}), notes=("a: b",)), HEAD
    )


def test_an_international_domain_travels_in_ascii():
    assert smtp_address("anna@räksmörgås.example") == "anna@xn--rksmrgs-5wao1o.example"
    sent = message.compile(rendered(), HEAD, DATE).fill(recipient(address="anna@räksmörgås.example"))
    assert sent.envelope.recipient == "anna@xn--rksmrgs-5wao1o.example"
    assert sent.data.isascii()


def test_an_address_in_utf8_makes_a_message_in_utf8():
    sent = message.compile(rendered(), HEAD, DATE).fill(recipient(address="åsa@example.org"))
    assert "<åsa@example.org>\r\n".encode() in sent.data
    assert not sent.plain, "a server that takes ASCII only must not be given it"
    assert message.compile(rendered(), HEAD, DATE).fill(recipient()).plain
    letterhead = replace(HEAD, sender="åsa@example.org")
    assert not message.compile(rendered(), letterhead, DATE).fill(recipient()).plain


def test_a_single_mail_has_its_headers_and_both_parts():
    sent = message.single(
        sender_name="Flemingsberg Science",
        sender="news@example.org",
        recipient="asa@example.org",
        subject="Bekräfta",
        text="Tryck på länken.\n",
        html="<p>Tryck på länken.</p>",
        message_id="<m1@example.org>",
        date=DATE,
        language="sv",
        headers=(("Auto-Submitted", "auto-generated"),),
    )
    assert dict(head(sent.data))["Auto-Submitted"] == b"auto-generated"
    assert parts(sent)[0].strip() == "Tryck på länken."
