"""How the words of refusals are written down: phrases with ``|`` between them, a language a line."""

import re

#: The language that begins a line, such as ``sv:``.
_LANGUAGE = re.compile(r"^\s*[a-z]{2}: ", re.M)


def phrases(text: str) -> tuple[str, ...]:
    """Return the phrases of *text*, in lower case; a blank that counts, at an end of one, is written as ``_``."""
    plain = _LANGUAGE.sub("|", text)
    return tuple(" ".join(each.split()).replace("_", " ") for each in plain.split("|") if each.strip())
