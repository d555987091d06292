"""How lists of words are written down: phrases with ``|`` or a line's end between them, a language a line."""

import re

#: What parts two phrases. A line may begin with its language, such as ``sv:``.
_BETWEEN = re.compile(r"\||\n(?:\s*[a-z]{2}: )?")


def phrases(text: str) -> tuple[str, ...]:
    """Return the phrases of *text*; a blank that counts, at an end of one, is written as ``_``."""
    found = (" ".join(each.split()) for each in _BETWEEN.split(text))
    return tuple(each.replace("_", " ") for each in found if each)
