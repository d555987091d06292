"""Take values out of JSON that a stranger wrote: each is what it should be, or as good as not there."""

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, tzinfo
from itertools import islice

from newsletter.reading.words import dates

#: What is nested deeper than Python's own reader can follow raises RecursionError; nobody's feed is.
Table = Mapping[str, object]
#: How JSON names a character of UTF-16, and perhaps only half of one.
HALF = re.compile(r"\\u[dD][89a-fA-F]")
#: Where a document may begin behind the warnings of PHP, and how many of such places are tried.
BEGINS, TRIED = re.compile(r'\[\s{0,9}\{\s{0,9}"|\{\s{0,9}"'), 5
#: Nothing that is counted here, such as the pixels of a picture, has more.
DIGITS = 15


def document(text: str) -> object:
    """Return what the JSON *text* says, None if it is none.

    PHP writes its warnings above what it was asked for, and what keeps copies of pages a line below it.
    """
    decoder = json.JSONDecoder(strict=False)
    text = text.lstrip("\ufeff \t\r\n")
    for begins in (0, *(found.start() for found in islice(BEGINS.finditer(text, 1), TRIED))):
        with suppress(ValueError, RecursionError):
            said, ends = decoder.raw_decode(text, begins)
            rest = text[ends:].strip()
            if not rest or (rest.startswith("<!--") and rest.endswith("-->")):
                return _whole(said) if HALF.search(text) else said
    return None


def mended(text: str) -> str:
    """Return *text* with a question mark for half a character of UTF-16, which JSON and YAML may name.

    A text that a program cut within an emoji ends so, and no encoding has it.
    """
    return text.encode("utf-8", "replace").decode()


def _whole(value: object) -> object:
    """Return a document of JSON, all its texts `mended`."""
    if isinstance(value, str):
        return mended(value)
    if isinstance(value, list):
        return [_whole(one) for one in value]
    return {_whole(name): _whole(one) for name, one in value.items()} if isinstance(value, dict) else value


def table(value: object, *path: str) -> Table:
    """Return the object at *path* within *value*, an empty one if there is none."""
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def listed(value: object, most: int = 1000) -> list[object]:
    """Return a list, an empty one if *value* is none; at most *most* of it."""
    return value[:most] if isinstance(value, list) else []


def text(value: object) -> str:
    """Return words, "" if *value* is none."""
    return value.strip() if isinstance(value, str) else ""


def number(value: object) -> int:
    """Return a whole number from 0 on, of at most `DIGITS` digits; 0 if *value* is none."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= DIGITS:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**DIGITS else 0


def moment(value: object, zone: str = "", here: tzinfo = UTC) -> datetime | None:
    """Return a time of ISO 8601, by the clock of *here* where it names no zone; *zone* is put behind it.

    None for anything else, and for what stands for no day.
    """
    if dates.is_never(text(value)):
        return None
    said, later = dates.whole_day(text(value).replace("Z", "+00:00").replace("z", "+00:00"))
    try:
        at = datetime.fromisoformat(said + zone) + later
    except (ValueError, OverflowError):
        return None
    return at.replace(tzinfo=here) if at.tzinfo is None else at
