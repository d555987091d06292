"""Header fields: no text adds a header, loses a character or makes a line too long."""

import base64
import email
import email.policy
import re
from email.header import decode_header, make_header
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newsletter.mail import header

#: What has hurt others, between which any text may stand.
ATTACKS = (
    "\r\nBcc: x@example.org",
    "\nBcc: x@example.org\n\nbody",
    "\r\r\n",
    "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029",
    "=?utf-8?q?a=0D=0ABcc:_x@example.org?=",
    "=?utf-8?b?DQpCY2M6IHhAZXhhbXBsZS5vcmc=?=",
    "=?",
    "?=",
    '"><',
    "\\\r\n \t",
    "\0",
    "\ud800",
    "\u202e",
    "  ",
    "å" * 60,
    "👩‍👩‍👧‍👦",
    "x" * 1200,
)


def woven(seed: int, text: str) -> str:
    """Return *text* with a few attacks in it, by luck: a draw for each of them would cost more than the test."""
    luck, parts = Random(seed), []
    for _ in range(luck.randint(0, 4)):
        cut = luck.randint(0, len(text))
        parts += [text[:cut], luck.choice(ATTACKS)]
        text = text[cut:]
    return "".join((*parts, text))


SEEDS = st.integers(0, 2**32 - 1)
HOSTILE = st.builds(woven, SEEDS, st.text(max_size=40))


def fields(data):
    """Read fields as RFC 5322 section 2.2 says, without the standard library: names and unfolded values."""
    assert data.endswith(b"\r\n")
    found = []
    for line in data[:-2].split(b"\r\n"):
        assert b"\r" not in line
        assert b"\n" not in line
        assert len(line) <= 998
        if line[:1] in {b" ", b"\t"}:
            assert line.strip()
            found[-1][1] += line
        else:
            name, _, value = line.partition(b":")
            found.append([name.decode("ascii"), value])
    return [(name, value.strip()) for name, value in found]


def decoded(value):
    return str(make_header(decode_header(value.decode("ascii"))))


def decoded_by_hand(value):
    """Read encoded words as RFC 2047 section 6.2 says: white space between two of them is none."""
    text = re.sub(rb"(\?=)[ \t]+(?==\?)", rb"\1", value)
    return re.sub(
        rb"=\?utf-8\?b\?([A-Za-z0-9+/=]*)\?=", lambda word: base64.b64decode(word[1], validate=True), text
    ).decode()


#: Words of many scripts, in the mixtures that mail programs stumble over.
LATIN = ("Vad", "händer", "i", "Flemingsberg?", "naïve", "«Été»", "“quoted”", "(öppet)", "e\u0301", "100%")
OTHERS = ("Ёлка", "в", "六月のニュース", "뉴스레터", "أخبار", "يونيو", "חדשות", "समाचार", "ข่าว", "Ελλάδα")
ODD = ("👩\u200d🔬", "🚀🇸🇪", "=?x?=", "a=b", "\u00a0")
WORDS = (*LATIN, *OTHERS, *ODD)


@settings(max_examples=2000)
@given(HOSTILE)
@example("")
@example(" ")
@example("a" * 70 + " " * 1200 + "b")
def test_any_subject_stays_one_header_and_says_the_same(text):
    data = header.field("Subject", text)
    ((name, value),) = fields(data)
    assert name == "Subject"
    assert decoded(value) == header.clean(text)
    parsed = email.message_from_bytes(data + b"\r\nbody", policy=email.policy.default)
    assert parsed.keys() == ["Subject"]
    assert all(len(line) <= 76 for line in data.split(b"\r\n") if b"=?" in line)


@settings(max_examples=3000)
@given(SEEDS)
def test_a_subject_in_many_scripts_reads_the_same_in_two_programs(seed):
    luck = Random(seed)
    text = " ".join(luck.choices(WORDS, k=luck.randint(1, 25)))
    data = header.field("Subject", text)
    ((_, value),) = fields(data)
    assert decoded_by_hand(value) == header.clean(text)
    assert email.message_from_bytes(data, policy=email.policy.default)["Subject"] == header.clean(text)
    assert all(len(line) <= 76 for line in data.split(b"\r\n"))
    assert all(len(word) <= 75 for word in value.split() if word.startswith(b"=?"))


@settings(max_examples=2000)
@given(HOSTILE)
def test_any_name_leaves_the_address_alone(text):
    data = header.mailbox("To", text, "reader@example.org")
    assert [name for name, _ in fields(data)] == ["To"]
    parsed = email.message_from_bytes(data + b"\r\nbody", policy=email.policy.default)
    assert [who.addr_spec for who in parsed["To"].addresses] == ["reader@example.org"]
    assert parsed.keys() == ["To"]


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Anna Berg", b"To: Anna Berg <a@example.org>\r\n"),
        ("Berg, Anna", b'To: "Berg, Anna" <a@example.org>\r\n'),
        ('Anna "Annie" \\ Berg', b'To: "Anna \\"Annie\\" \\\\ Berg" <a@example.org>\r\n'),
        ("Åsa", b"To: =?utf-8?b?w4VzYQ==?= <a@example.org>\r\n"),
        ("", b"To: a@example.org\r\n"),
    ],
)
def test_names_are_written_as_plainly_as_they_can_be(name, written):
    assert header.mailbox("To", name, "a@example.org") == written


@pytest.mark.parametrize(
    "address", ["a\r\nb@x.org", "a b@x.org", "a>b@x.org", "a,b@x.org", "a\0@x.org", "a\x85b@x.org"]
)
def test_an_address_that_could_end_its_field_is_refused(address):
    with pytest.raises(ValueError, match="no address"):
        header.mailbox("To", "", address)


def test_an_international_address_is_written_as_it_is():
    assert header.mailbox("To", "", "jörg@example.org") == "To: jörg@example.org\r\n".encode()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\x0b", "\x0c", "\x85", "\u2028", "\u2029", "\0", "\x1b"])
def test_nothing_that_some_program_takes_for_the_end_of_a_line_is_left(end):
    assert set(header.clean(f"one{end}two")) == set("one two")


def test_a_raw_field_is_one_line_however_long():
    url = "https://news.example.org/unsubscribe/" + "t" * 300
    assert header.raw("List-Unsubscribe", f"<{url}>") == f"List-Unsubscribe: <{url}>\r\n".encode()


@pytest.mark.parametrize("value", ["a\r\nBcc: b", "é", "x" * 1000, "\x7f"])
def test_a_raw_field_takes_nothing_that_would_break_it(value):
    with pytest.raises(ValueError, match="one line"):
        header.raw("List-Unsubscribe", value)


def test_words_are_cut_at_characters():
    words = list(header.encoded("👩" * 40, 9))
    assert all(decode_header(word)[0][0].decode("utf-8") for word in words)
    assert all(len(word) <= 75 for word in words)
