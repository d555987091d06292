"""Read the fields of JSON that a service wrote. Trusts nothing in it: what is of another type is not there."""

from collections.abc import Mapping
from typing import cast

#: More things than this are in no report that the web takes.
MOST = 20_000


def table(value: object) -> Mapping[str, object]:
    """Return an object of JSON, or an empty one."""
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}


def items(value: object) -> list[object]:
    """Return what is in an array of JSON, or nothing."""
    return value[:MOST] if isinstance(value, list) else []


def tables(value: object) -> list[Mapping[str, object]]:
    """Return the objects in an array of JSON."""
    return [table(each) for each in items(value) if isinstance(each, dict)]


def each_of(value: object) -> list[Mapping[str, object]]:
    """Return the objects in an array of JSON, or the one that stands alone, as services send one event."""
    return tables(value if isinstance(value, list) else [value])


def text(told: Mapping[str, object], key: str) -> str:
    """Return a text, or "" if there is none; a number as its digits."""
    value = told.get(key)
    if isinstance(value, int) and not isinstance(value, bool):
        # A number of a thousand digits is nobody's.
        return str(value) if abs(value) < 10**30 else ""
    # JSON may hold half of a character, which nothing can be written with.
    return value[:2000].encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def lines(told: Mapping[str, object], key: str) -> str:
    """Return the first texts of an array, one behind the other, or "" if there are none."""
    return " ".join(filter(None, (text({key: each}, key) for each in items(told.get(key))[:10])))


def named(text: str) -> str:
    """Return a Message-ID with its angle brackets, which services leave out, or ""."""
    return f"<{text.strip('<> ')}>" if text.strip("<> ") else ""
