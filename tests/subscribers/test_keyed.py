"""A keyed hash is the same as the standard library's, whatever key and text are."""

import hmac

from hypothesis import given
from hypothesis import strategies as st

from subscribers import keyed


@given(st.binary(max_size=200), st.binary(max_size=300))
def test_it_is_hmac_sha256(key, text):
    assert keyed.digest(key, text) == hmac.digest(key, text, "sha256")
