"""Laws of slips: what is asked about is a slip of a great provider's domain, or an end that no domain has."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscribers import slip
from subscribers.address import parse

SLIPS = {
    "gmial.com": "gmail.com",
    "gmal.com": "gmail.com",
    "gmaill.com": "gmail.com",
    "gnail.com": "gmail.com",
    "gmail.con": "gmail.com",
    "gmail.co": "gmail.com",
    "gmail.se": "gmail.com",
    "gmil.con": "gmail.com",
    "hotmial.com": "hotmail.com",
    "hotmai.se": "hotmail.se",
    "hotmail.con": "hotmail.com",
    "outlok.com": "outlook.com",
    "yaho.co.uk": "yahoo.co.uk",
    "iclod.com": "icloud.com",
    "viken.example.con": "viken.example.com",
    "GMIAL.com": "gmail.com",
}
RIGHT = [
    "gmail.com",
    "hotmail.com",
    "hotmail.se",
    "hotmail.co.uk",
    "outlook.com",
    "outlook.es",
    "icloud.com",
    "yahoo.no",
    "telia.com",
    "mail.com",
    "email.com",
    "ymail.com",
    "live.de",
    "gmx.at",
    "kth.se",
    "example.org",
    "example.co",
    "example.cm",
    "viken.example.org",
    "räksmörgås.se",
]


@pytest.mark.parametrize(("typed", "right"), SLIPS.items())
def test_a_slip_is_seen(typed: str, right: str) -> None:
    assert slip.meant(parse(f"Anna.Berg+x@{typed}")) == f"Anna.Berg+x@{right}"


@pytest.mark.parametrize("domain", RIGHT)
def test_what_can_be_right_is_not_asked_about(domain: str) -> None:
    assert slip.meant(parse(f"anna@{domain}")) == ""


@given(st.sampled_from([*SLIPS, *RIGHT]), st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=9))
def test_what_is_meant_is_an_address_that_nothing_is_asked_about(domain: str, before: str) -> None:
    for typed in (f"anna@{domain}", f"anna@{before}.example", f"anna@{before}{domain}"):
        if found := slip.meant(parse(typed)):
            assert slip.meant(parse(found)) == ""
