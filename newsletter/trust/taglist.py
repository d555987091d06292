"""Lists of tags such as ``v=DKIM1; k=rsa; p=…``, as DNS holds them for DKIM and DMARC (RFC 6376 section 3.2)."""

import re
from collections import Counter
from collections.abc import Iterator


def read(text: str) -> dict[str, str]:
    """Return the tags of a list with their values, without spaces; of a name that stands there twice, the last."""
    return {name: re.sub(r"\s", "", value) for name, value in _pairs(text)}


def twice(text: str) -> str:
    """Return the name of a tag that stands there more than once, which makes the whole list void, or ""."""
    counts = Counter(name for name, _ in _pairs(text))
    return next((name for name, count in counts.items() if count > 1), "")


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    for part in text.split(";"):
        name, mark, value = part.partition("=")
        if mark:
            yield name.strip(), value
