"""Laws of addresses."""

import string

import pytest
from email_validator import EmailNotValidError, validate_email
from email_validator.rfc_constants import CASE_INSENSITIVE_MAILBOX_NAMES
from hypothesis import example, given, settings
from hypothesis import strategies as st

from subscribers import address
from subscribers.errors import AddressError
from tests.effort import computes

ATOM = string.ascii_letters + string.digits + "_+-.'!#" + "ö"
LOCALS = st.text(ATOM, min_size=1, max_size=70) | st.sampled_from(
    sorted({name for low in CASE_INSENSITIVE_MAILBOX_NAMES for name in (low, low.upper(), low.capitalize())})
)
LABELS = st.text(string.ascii_letters + string.digits + "-", min_size=1, max_size=66) | st.sampled_from(
    ["example", "xn--fiqs8s", "ab--c", "1", "TEST"]
)
TOPS = LABELS | st.sampled_from(
    ["org", "SE", "local", "localhost", "test", "invalid", "onion", "arpa", "Arpa", "c1"]
)


def test_the_mailboxes_of_a_role_are_those_that_email_validator_knows() -> None:
    assert set(CASE_INSENSITIVE_MAILBOX_NAMES) == address.ROLES


@st.composite
def addresses(draw: st.DrawFn) -> str:
    labels = draw(st.lists(LABELS, max_size=8))
    return f"{draw(LOCALS)}@{'.'.join([*labels, draw(TOPS)])}"


@settings(max_examples=300)
@given(addresses() | st.text(ATOM + "@", max_size=30))
@example("POSTMASTER@Example.org")
@example("a" * 65 + "@example.org")
@example("a@" + "b" * 63 + ".org")
@example("a.@example.org")
@example(".a@example.org")
@example("a..b@example.org")
@example("a@-b.example.org")
@example("a@b-.example.org")
@example("a@b.test")
@example("a@test")
@example("a@1.2.3.4")
def test_the_fast_path_accepts_only_what_email_validator_accepts_and_finds_the_same(text: str) -> None:
    try:
        found = address.parse(text)
    except AddressError:
        return
    theirs = validate_email(text, check_deliverability=False, test_environment=True)
    assert found.typed == theirs.normalized
    assert found == address.closely(text)


@settings(max_examples=200)
@given(addresses())
def test_what_email_validator_accepts_we_accept(text: str) -> None:
    try:
        validate_email(text, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return
    assert address.parse(text)


@settings(max_examples=200)
@given(st.text(max_size=300) | addresses() | st.from_regex(r"\A[^@\s]{1,20}@[^@\s]{1,20}\.[a-zåäö]{2,5}\Z"))
def test_any_text_is_an_address_or_refused_in_one_line(text: str) -> None:
    words = ""
    try:
        found = address.parse(text)
    except AddressError as error:
        words = str(error)
    if words:
        assert words.isprintable()
        return
    assert address.parse(found.canonical).canonical == found.canonical
    assert not any(ord(character) < 33 for character in found.typed)


@pytest.mark.parametrize(
    ("text", "typed", "canonical"),
    [
        (" Anna.Berg+News@Example.ORG\t", "Anna.Berg+News@example.org", "anna.berg+news@example.org"),
        ("anna@räksmörgås.example.org", "anna@räksmörgås.example.org", "anna@xn--rksmrgs-5wao1o.example.org"),
        (
            "anna@xn--rksmrgs-5wao1o.example.org",
            "anna@räksmörgås.example.org",
            "anna@xn--rksmrgs-5wao1o.example.org",
        ),
        ("Åsa@example.org", "Åsa@example.org", "åsa@example.org"),
        ("A\u030asa@example.org", "Åsa@example.org", "åsa@example.org"),
        ("o'brien@example.org", "o'brien@example.org", "o'brien@example.org"),
        ("postMaster@example.org", "postmaster@example.org", "postmaster@example.org"),
    ],
)
def test_an_address_is_kept_as_typed_and_is_unique_by_its_canonical_form(
    text: str, typed: str, canonical: str
) -> None:
    assert address.parse(text) == address.Address(typed, canonical)


@pytest.mark.parametrize(
    "unseen", [" ", "\t", "\u00a0", "\u00ad", "\u200b", "\u200e", "\u2009", "\u202c", "\u2060", "\u2069", "\ufeff"]
)
def test_what_nobody_sees_around_an_address_is_no_part_of_it(unseen: str) -> None:
    found = address.Address("anna@example.org", "anna@example.org")
    assert address.parse(f"{unseen}anna@example.org{unseen} {unseen}") == found
    with pytest.raises(AddressError):
        address.parse(f"an{unseen}na@example.org")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "there is no address"),
        ("anna\x00@example.org", "control character"),
        ("anna@example.org\nBcc: all@example.org", "control character"),
        ("anna@example.org\n", "control character"),
        ("Anna <anna@example.org>", "angle brackets"),
        ('"anna berg"@example.org', "quotes"),
        ("anna@example.org, bo@example.org", "one address only"),
        ("mailto:anna@example.org", "mailto:"),
        ("anna berg@example.org", "space"),
        ("anna.example.org", "no @"),
        ("anna@bo@example.org", "more than one @"),
        ("anna@example", "period"),
        ("anna@[127.0.0.1]", "bracket"),
        ("anna@-example.org", "hyphen"),
        ("anna@example.invalid", "special-use"),
        ("anna\ud800@example.org", "control character"),
        ("j\ufffdrgen@example.org", "lost on its way"),
        ("jorgen@b\ufffdcker.example", "lost on its way"),
        ("x" * 10_000 + "@example.org", "too long"),
    ],
)
def test_odd_input_is_refused_with_words_that_say_why(text: str, words: str) -> None:
    with pytest.raises(AddressError) as caught:
        address.parse(text)
    assert words in str(caught.value)


def test_a_huge_text_is_refused_and_not_searched() -> None:
    for text in ("a." * 5_000_000, "a@" * 5_000_000, "a" * 64 + "@" + "a-" * 5_000_000):
        with computes(), pytest.raises(AddressError):
            address.parse(text)
