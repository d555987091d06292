"""Show signs that an older terminal's encoding lacks by the likest ones of ASCII. Prints nothing itself."""

import codecs
import unicodedata

#: What streams call this way of encoding (`codecs.register_error`).
LIKEST = "newsletter.likest"

#: Signs that do not fall apart into a plain one and its marks. What bars are drawn of stays one column wide.
PLAIN = {
    **dict.fromkeys("█▉▊▋▌", "#"), **dict.fromkeys("▍▎▏", "|"), "░": ".",
    **dict.fromkeys("“”„«»", '"'), **dict.fromkeys("‘’‚‹›´", "'"), **dict.fromkeys("‐‑–—−", "-"),
    **dict.fromkeys("•●▪◦‣·", "*"), "→": "->", "←": "<-", "×": "x", "€": "EUR", "§": "section ",
    "ø": "o", "Ø": "O", "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ß": "ss", "ł": "l", "Ł": "L",
}  # fmt: skip
_PLAIN = str.maketrans(PLAIN)


def likest(error: UnicodeError) -> tuple[str, int]:
    """Return what is shown for the signs that *error* names, ``?`` where nothing is like, and where to go on."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    parts = unicodedata.normalize("NFKD", error.object[error.start : error.end].translate(_PLAIN))
    plain = "".join(part for part in parts if not unicodedata.combining(part))
    return plain.encode("ascii", "replace").decode(), error.end


codecs.register_error(LIKEST, likest)
