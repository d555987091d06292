"""What may be kept about a person beside the address: names, topics and attributes, cleaned.

Every text is NFC, has no control character and no half of a surrogate pair, so that it compares in SQL as it does
in Python and can stand in any header or file. Numbers have at most 15 significant digits, for the same reason.
"""

import json
import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from subscribers.errors import PeopleError, cited
from subscribers.expression import FIELDS

Plain: TypeAlias = str | int | float | bool | None

#: Long enough for any title or remark, short enough that a million people fit on a disk. In characters.
LONGEST = 1000
#: More columns than this is not a table of people.
MOST = 100

#: Words of the segment language, which an attribute cannot be called.
RESERVED = FIELDS | {"topics", "and", "or", "not", "in", "is", "set", "true", "false", "received"}

_LARGEST = 10**15
#: Printable words with single spaces between: letters up to U+017F are NFC alone and side by side.
_PLAIN = re.compile(r"[!-~\u00a1-\u017f]+(?: [!-~\u00a1-\u017f]+)*")
#: Made once: making it takes longer than using it.
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True)
_quote: Callable[[Any], str] = json.encoder.encode_basestring
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
#: What turns the direction of all that follows it (UAX 9, explicit formatting): a name must not turn a letter.
_TURN = re.compile("[\u202a-\u202e\u2066-\u2069]")


def tidy(value: str) -> str:
    """Return what somebody typed without what `text` refuses or leaves out, its white space single."""
    if not value or _PLAIN.fullmatch(value):
        return value
    return " ".join(_CONTROL.sub(" ", _TURN.sub("", value)).split())


def text(value: str, what: str = "this text", longest: int = LONGEST) -> str:
    """Return *value* in NFC, its white space single and only inside. Raise PeopleError, which calls it *what*.

    Signs that turn the direction of writing, which copies from address books bring, are left out.
    """
    if not value or (len(value) <= longest and _PLAIN.fullmatch(value)):
        return value  # as most are, and an import has millions
    broken = _CONTROL.search(value)
    if broken:
        raise PeopleError(f"{what} holds a control character (U+{ord(broken[0]):04X})", remedy="remove it")
    if len(value) > longest:
        raise PeopleError(f"{what} has {len(value):,} characters", remedy=f"use at most {longest:,}")
    return unicodedata.normalize("NFC", " ".join(_TURN.sub("", value).split()))


def name(value: str) -> str:
    """Return *value* as the name of an attribute: lower case, words joined by ``_``. Raise PeopleError.

    ``Antal anställda`` becomes ``antal_anställda``.
    """
    cleaned = re.sub(r"\W+", "_", unicodedata.normalize("NFC", text(value, "this name", 200).lower())).strip("_")
    if not cleaned or cleaned[0].isdigit() or len(cleaned) > 60 or cleaned in RESERVED:
        remedy = "begin with a letter, use at most 60 characters and no word of the segment language"
        raise PeopleError(f"{cited(value[:60])} cannot name an attribute", remedy=remedy)
    return cleaned


def slug(value: str) -> str:
    """Return *value* as a topic: cleaned, at most 60 characters. Raise PeopleError."""
    return text(value, "this topic", 60)


def clean(attributes: Mapping[str, Plain]) -> dict[str, Plain]:
    """Return *attributes* with names and values as they are kept; None and "" go. Raise PeopleError."""
    kept: dict[str, Plain] = {}
    for key, value in attributes.items():
        cleaned = text(value, key) if isinstance(value, str) else _number(key, value)
        if cleaned not in (None, ""):
            kept[name(key)] = cleaned
    if len(kept) > MOST:
        raise PeopleError(f"{len(kept)} attributes are too many", remedy=f"use at most {MOST}")
    return kept


def _number(key: str, value: int | float | bool | None) -> int | float | bool | None:
    if isinstance(value, bool) or value is None:
        return value
    if not math.isfinite(value) or abs(value) >= _LARGEST:
        raise PeopleError(f"{key} is too large a number", remedy="use at most 15 digits")
    return float(f"{value:.15g}") if isinstance(value, float) else value


def dump(attributes: Mapping[str, Plain]) -> str:
    """Return cleaned *attributes* as the JSON that the database keeps: characters as they are, keys in order."""
    if set(map(type, attributes.values())) == {str}:
        # What an import has a million times; an encoder takes twice as long.
        return f"{{{', '.join([f'{_quote(key)}: {_quote(text)}' for key, text in sorted(attributes.items())])}}}"
    return _ENCODER.encode(attributes)


def spell(value: Plain) -> str:
    """Return *value* as a CSV file has it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
