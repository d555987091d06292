"""Envelope senders: each says its delivery, to whoever has the key, and nobody can forge one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.mail import verp

KEY = b"k" * 32
DELIVERIES = st.integers(0, 10**18 - 1)


def local(delivery, key=KEY):
    return verp.build("bounces.example.org", delivery, key).partition("@")[0]


@given(DELIVERIES)
def test_what_is_built_reads_back(delivery):
    made = verp.build("bounces.example.org", delivery, KEY)
    assert made.endswith("@bounces.example.org")
    assert verp.read(local(delivery), KEY) == delivery
    assert verp.read(local(delivery).upper(), KEY) == delivery


@given(DELIVERIES, DELIVERIES)
def test_the_address_of_one_delivery_is_no_address_of_another(one, other):
    name, _, signature = local(one).rpartition("-")
    forged = f"bounce+{other}-{signature}"
    assert verp.read(forged, KEY) == (one if one == other else None)
    assert verp.read(f"{name}-{signature}", b"l" * 32) is None


def test_every_changed_character_makes_it_worthless():
    whole = local(7)
    for position, character in enumerate(whole):
        for other in "0g-+":
            if other != character:
                assert verp.read(whole[:position] + other + whole[position + 1 :], KEY) is None


@given(st.text(max_size=60))
def test_no_other_text_is_read(text):
    assert verp.read(text, KEY) is None
    assert verp.read(f"bounce+{text}", KEY) is None


@pytest.mark.parametrize(
    "text", ["", "bounce", "bounce+", "bounce+7", "bounce+07-" + "0" * 20, "bounce+٧-" + "0" * 20]
)
def test_what_is_nearly_one_is_none(text):
    assert verp.read(text, KEY) is None


def test_a_local_part_fits_whatever_the_delivery():
    """RFC 5321 section 4.5.3.1.1: 64 octets."""
    assert len(local(10**18 - 1)) <= 64


def test_it_is_found_in_whatever_a_server_wrote_around_it():
    one, other = local(7), local(8)
    text = f"<{one}@example.org> {one.upper()}@example.org SRS0=ab=cd={other}=40x, {other}z {local(9)}"
    assert verp.find(text) == (one, other)
    assert verp.find("bounce+07-" + "0" * 20 + "@example.org") == ()
