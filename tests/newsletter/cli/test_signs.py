"""What a terminal's encoding lacks is shown by the likest signs of ASCII."""

import pytest

from newsletter.cli import signs


@pytest.mark.parametrize(
    ("encoding", "text", "shown"),
    [
        ("latin-1", "███▌ ██▏ ░", "#### ##| ."),
        ("cp850", "██▏ ░", "██| ░"),
        ("latin-1", "“Åsa” – 3 € … → nu", '"Åsa" - 3 EUR ... -> nu'),
        ("ascii", "Åsa Łoś, Smørrebrød, Straße, Æra", "Asa Los, Smorrebrod, Strasse, Aera"),
        ("latin-1", "Київ 東京 \udcff", "???? ?? ?"),
    ],
)
def test_the_likest_sign_stands_for_one_that_is_lacking(encoding, text, shown) -> None:
    assert text.encode(encoding, signs.LIKEST).decode(encoding) == shown
