"""How lists of words are written down: phrases with ``|`` or a line's end between them, a language a line."""

import re

#: What parts two phrases. A line may begin with its language, such as ``sv:``.
_BETWEEN = re.compile(r"\||\n(?:\s*[a-z]{2}: )?")
#: The line above the phrases of one name.
_NAME = re.compile(r"^\s*\[(\w+)\]$", re.MULTILINE)


def phrases(text: str) -> tuple[str, ...]:
    """Return the phrases of *text*; a blank that counts, at an end of one, is written as ``_``."""
    found = (" ".join(each.split()) for each in _BETWEEN.split(text))
    return tuple(each.replace("_", " ") for each in found if each)


def named(text: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return each name in *text*, which stands in brackets on a line of its own, and the phrases under it."""
    _, *parts = _NAME.split(text)
    return tuple((name, phrases(said)) for name, said in zip(parts[::2], parts[1::2], strict=True))
