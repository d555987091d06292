"""Laws of tokens."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subscribers import token
from subscribers.errors import TokenError
from subscribers.token import Purpose, Ring

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
OLD, NEW = b"o" * 32, b"n" * 32
EXPIRY = {
    Purpose.CONFIRM: NOW + token.CONFIRM_FOR,
    Purpose.PREFERENCES: None,
    Purpose.UNSUBSCRIBE: None,
    Purpose.FORM: NOW + timedelta(days=1),
    Purpose.ANSWER: None,
}


RING = Ring((OLD,))


def make(purpose: Purpose, ring: Ring = RING) -> str:
    return token.make(ring, purpose, 7, 3, EXPIRY[purpose])


@given(st.integers(0, 2**48 - 1), st.integers(0, 2**32 - 1), st.integers(1, 10**9))
def test_a_token_says_whose_it_is_and_for_which_list(subscriber: int, list_id: int, seconds: int) -> None:
    expires = NOW + timedelta(seconds=seconds)
    text = token.make(RING, Purpose.CONFIRM, subscriber, list_id, expires)
    assert token.read(RING, Purpose.CONFIRM, text, NOW) == token.Claim(subscriber, list_id, expires)
    assert len(text) == 44


@pytest.mark.parametrize(
    ("purpose", "text"),
    [
        (Purpose.CONFIRM, "EQ0AAAAAAAcAAAADAGovvxDmTupd8wfWx45RoX5TFVa9"),
        (Purpose.PREFERENCES, "Eg0AAAAAAAcAAAADAAAAAABkp_pEgsqS6ebdK75uoUjI"),
        (Purpose.UNSUBSCRIBE, "Ew0AAAAAAAcAAAADAAAAAADkCE_7oxVr3-s3jgxSKoVd"),
        (Purpose.FORM, "FA0AAAAAAAcAAAADAGoem5BhY_mTF3_FMFqOnmbCboPc"),
        (Purpose.ANSWER, "FQ0AAAAAAAcAAAADAAAAAACtqINFa2z4H3moa1lM_iEA"),
    ],
)
def test_a_link_in_a_mail_of_an_earlier_version_works(purpose: Purpose, text: str) -> None:
    assert token.read(RING, purpose, text, NOW) == token.Claim(7, 3, EXPIRY[purpose])
    assert make(purpose) == text


def test_an_address_that_an_earlier_version_erased_is_known() -> None:
    assert RING.derive("suppression").hex() == "79a933d8778d942cc02d7e702d7a17ef32e4c3cf94367f51e19a3e62d24b2a7e"


@pytest.mark.parametrize("made", Purpose)
@pytest.mark.parametrize("used", Purpose)
def test_a_token_is_worth_nothing_for_another_purpose(made: Purpose, used: Purpose) -> None:
    if made is used:
        assert token.read(RING, used, make(made), NOW).subscriber == 7
        return
    with pytest.raises(TokenError):
        token.read(RING, used, make(made), NOW)


@pytest.mark.parametrize("purpose", Purpose)
def test_every_flipped_bit_is_refused(purpose: Purpose) -> None:
    octets = base64.urlsafe_b64decode(make(purpose))
    for bit in range(len(octets) * 8):
        flipped = bytearray(octets)
        flipped[bit // 8] ^= 1 << bit % 8
        with pytest.raises(TokenError):
            token.read(RING, purpose, base64.urlsafe_b64encode(flipped).decode(), NOW)


@pytest.mark.parametrize("purpose", Purpose)
def test_every_other_character_is_refused(purpose: Purpose) -> None:
    text = make(purpose)
    for place in range(len(text)):
        for other in "AZaz09-_+/=. \n\x00å":
            if other != text[place]:
                with pytest.raises(TokenError):
                    token.read(RING, purpose, text[:place] + other + text[place + 1 :], NOW)


@settings(max_examples=300)
@given(st.text(max_size=80) | st.from_regex(r"\A[A-Za-z0-9_-]{40,48}\Z"))
def test_no_other_text_is_a_token(text: str) -> None:
    with pytest.raises(TokenError):
        token.read(RING, Purpose.UNSUBSCRIBE, text, NOW)


@pytest.mark.parametrize("change", ["{}=", "{}\n", " {}", "{}A", "{}?x=1", ""])
def test_a_token_has_one_spelling(change: str) -> None:
    with pytest.raises(TokenError):
        token.read(RING, Purpose.UNSUBSCRIBE, change.format(make(Purpose.UNSUBSCRIBE)), NOW)


def test_old_keys_still_verify_and_new_ones_sign() -> None:
    old = make(Purpose.UNSUBSCRIBE, Ring((OLD,)))
    new = make(Purpose.UNSUBSCRIBE, Ring((NEW, OLD)))
    assert token.read(Ring((NEW, OLD)), Purpose.UNSUBSCRIBE, old, NOW).subscriber == 7
    assert token.read(Ring((NEW,)), Purpose.UNSUBSCRIBE, new, NOW).subscriber == 7
    with pytest.raises(TokenError):
        token.read(Ring((NEW,)), Purpose.UNSUBSCRIBE, old, NOW)


def test_confirm_tokens_expire_to_the_second() -> None:
    text = make(Purpose.CONFIRM)
    assert token.read(RING, Purpose.CONFIRM, text, NOW + token.CONFIRM_FOR - timedelta(seconds=1))
    with pytest.raises(TokenError, match="expired"):
        token.read(RING, Purpose.CONFIRM, text, NOW + token.CONFIRM_FOR)
    with pytest.raises(ValueError, match="must expire"):
        token.make(RING, Purpose.CONFIRM, 7, 3)


def test_unsubscribe_tokens_never_expire() -> None:
    later = NOW + timedelta(days=36_500)
    assert token.read(RING, Purpose.UNSUBSCRIBE, make(Purpose.UNSUBSCRIBE), later)
    with pytest.raises(ValueError, match="must not expire"):
        token.make(RING, Purpose.UNSUBSCRIBE, 7, 3, NOW)


@pytest.mark.parametrize(
    ("purpose", "text"),
    [
        (Purpose.CONFIRM, "EZEAAAAB4kAAAAAHAHNfXymM582-FNz761CE8VtNy_az"),
        (Purpose.PREFERENCES, "EpEAAAAB4kAAAAAHAHNfXynZC_Fgh7jaVNZNypLloEtR"),
        (Purpose.UNSUBSCRIBE, "E5EAAAAB4kAAAAAHAAAAAADvfxESlM69Vzqdz7VbfT1c"),
        (Purpose.FORM, "FJEAAAAB4kAAAAAHAHNfXykylKfixJCM6HKZk4vyVZVk"),
    ],
)
def test_what_stands_in_a_mail_that_was_sent_keeps_its_worth(purpose: Purpose, text: str) -> None:
    """Whoever changes how a token is written takes the way to leave from every reader of every old letter."""
    ring = Ring((NEW, bytes(range(32))))
    expires = None if purpose is Purpose.UNSUBSCRIBE else datetime(2031, 5, 4, 3, 2, 1, tzinfo=UTC)
    assert token.read(ring, purpose, text, NOW) == token.Claim(123456, 7, expires)
    assert token.make(Ring((bytes(range(32)),)), purpose, 123456, 7, expires) == text


def test_a_ring_never_shows_its_secrets_and_derives_a_key_per_purpose() -> None:
    ring = Ring((NEW, OLD))
    assert "nnn" not in repr(ring)
    assert ring.derive("suppression") == ring.derived("suppression")[0] != ring.derive("verp")
    assert ring.derived("suppression")[1] == Ring((OLD,)).derive("suppression")
    with pytest.raises(ValueError, match="32 bytes"):
        Ring((b"short",))
    with pytest.raises(ValueError, match="32 bytes"):
        Ring((NEW, b"short"))
