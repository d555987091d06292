"""Read TOML so that every fault has its line: tomllib tells values, not places. Knows no setting."""

import re
import tomllib
from collections.abc import Callable, Mapping
from datetime import datetime
from difflib import get_close_matches
from typing import Any, TypeVar

from newsletter import conflict
from newsletter.errors import SettingsError, cited, meant
from subscribers import tongue

T = TypeVar("T")
D = TypeVar("D")

#: How tomllib begins to tell a fault, what that is in plain words, and what to do ("": what the file needs).
_FAULTS = (
    ("Invalid value", "there is no value that can be read", ""),
    ("Expected newline", "something stands behind the value", ""),
    ("Expected '='", "there is no = behind the name", ""),
    ("Expected ']'", "there is no ] behind the name of a table", "write it as [name]"),
    ("Invalid statement", "this begins with no name", 'write name = "value"'),
    ("Illegal character", "there is no quote at the end of a text", 'write it on one line: "…"'),
    ("Unterminated string", "there is no quote at the end of a text", 'write it on one line: "…"'),
    ('Expected "\'"', "there is no quote at the end of a text", 'write it on one line: "…"'),
    ("Unescaped", "there is a \\ in a text", "write it twice: \\\\"),
    ("Invalid hex", "there is a \\ in a text", "write it twice: \\\\"),
    ("Escaped character", "there is a \\ in a text", "write it twice: \\\\"),
)


def decode(content: bytes, path: str) -> str:
    """Return the text of a file, its lines ended by a line feed; *path* is its name. Raise SettingsError."""
    try:
        text = content.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise SettingsError("not UTF-8", where=f"{path}:{line}", remedy="save it as UTF-8") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def document(text: str, path: str, remedy: str = "texts need quotes, lists brackets") -> dict[str, Any]:
    """Return what the TOML in *text* says; *path* is its name in messages. Raise SettingsError.

    The byte order mark that some editors put in front is no part of TOML, and does no harm.
    """
    try:
        return tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"\(at line (\d+), column \d+\)", str(error))
        rows = text.splitlines() or [""]
        conflict.refuse(rows, path, SettingsError)
        line = int(found[1]) if found else len(rows)
        said = re.sub(r" \(at .*\)$", "", str(error))
        row = rows[line - 1]
        what, remedy = next(
            ((what, mend or remedy) for start, what, mend in _FAULTS if said.startswith(start)), (said, remedy)
        )
        if twice := re.match(r"Cannot declare \((.*)\) twice", said):
            name = ".".join(re.findall(r"'([^']*)'", twice[1]))
            what, remedy = f"[{name}] stands here twice", "keep one, with the lines of both"
        elif said.startswith("Cannot "):
            name = re.sub(r"\s*=.*", "", row).strip()
            what, remedy = f"{name} stands here twice", "keep one of the two"
        if re.search("[“”„‘’]", row):
            remedy = 'use straight quotes: "…"'
        raise SettingsError(f"not valid TOML: {what}", where=f"{path}:{line}", remedy=remedy) from None
    except (ValueError, RecursionError):
        # Python counts no number of thousands of digits, and follows no thousand brackets within each other.
        what = "not valid TOML: a number has no end, or brackets within brackets have none"
        raise SettingsError(what, where=path, remedy=remedy) from None


class Lines:
    """Finds the line of a key in a document."""

    def __init__(self, text: str, path: str) -> None:
        self.rows = text.removeprefix("\ufeff").splitlines()
        self.path = path

    def where(self, table: str, number: int | None, key: str) -> str:
        """Return ``path:line`` of *key* in the table (in its copy *number*, from 0, of an array)."""
        header = re.compile(rf"\s*\[\[?\s*{re.escape(table)}\s*\]\]?\s*(#.*)?$")
        starts = [row for row, text in enumerate(self.rows) if header.match(text)]
        if not table:
            starts = [-1]
        if not starts:
            return self.path
        start = starts[min(number or 0, len(starts) - 1)]
        wanted = re.compile(rf"\s*[\"']?{re.escape(key)}[\"']?\s*[=.]") if key else None
        for row in range(start + 1, len(self.rows)):
            if wanted and wanted.match(self.rows[row]):
                return f"{self.path}:{row + 1}"
            if table and re.match(r"\s*\[", self.rows[row]):
                break
        if not table:
            for row, text in enumerate(self.rows):
                if re.match(rf"\s*\[\[?\s*{re.escape(key)}\b", text):
                    return f"{self.path}:{row + 1}"
        return f"{self.path}:{max(start, 0) + 1}"


class Table:
    """One table of the file: hands out each key once, checked, and knows on which line it stands."""

    def __init__(self, values: Mapping[str, object], name: str, at: "Lines", number: int | None = None) -> None:
        self.values = dict(values)
        self.name = name
        self.at = at
        self.number = number
        self.known: list[str] = []

    def fail(self, key: str, what: str, remedy: str) -> SettingsError:
        """Return the error that names the line of *key*; "" names the table's own."""
        return SettingsError(what, where=self.at.where(self.name, self.number, key), remedy=remedy)

    def take(self, key: str, kind: type[T], default: T | None = None) -> T:
        """Return the value of *key*; *default* None means that there must be one."""
        self.known.append(key)
        if key not in self.values:
            if default is None:
                raise self._missing(key, kind)
            return default
        value = self.values.pop(key)
        number = kind is float and type(value) is int
        if not number and type(value) is not kind:
            example = default if kind is int and default else _EXAMPLES[kind]
            raise self.fail(key, f"{key} must be {_NAMES[kind]}", f"write it as {key} = {example}")
        return kind(value) if number else value  # type: ignore[call-arg,return-value]

    def _missing(self, key: str, kind: type) -> SettingsError:
        """Return the error at the misspelt *key*, if one looks like it; at the table's head otherwise."""
        for close in get_close_matches(key, self.values, 1, cutoff=0.7):
            return self.fail(close, f"[{self.name}] has no setting {cited(close)}", f"did you mean {key}?")
        return self.fail("", f"[{self.name}] has no {key}", f"add a line such as {key} = {_EXAMPLES[kind]}")

    def text(self, key: str, default: str | None = None, choices: tuple[str, ...] = ()) -> str:
        """Return a text, one of *choices* if there are any."""
        value = self.take(key, str, default)
        if choices and value not in choices:
            hint = meant(value, choices, f"use one of {', '.join(choices)}")
            raise self.fail(key, f"{key} cannot be {cited(value)}", hint)
        return value

    def variable(self, key: str) -> str:
        """Return the name of an environment variable that holds a secret, or "". It is never cited."""
        name = self.text(key, "")
        if name and not _VARIABLE.fullmatch(name):
            raise self.fail(key, f"{key} is no name of an environment variable", _ENVIRONMENT.format(key=key))
        return name

    def texts(self, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """Return a list of texts."""
        values = self.take(key, list, None if default is None else list(default))
        for value in values:
            if not isinstance(value, str):
                raise self.fail(key, f"{key} must hold texts only", f'write it as {key} = ["one", "two"]')
        return tuple(values)

    def whole(self, key: str, default: int, low: int, high: int) -> int:
        """Return a whole number from *low* to *high*."""
        value = self.take(key, int, default)
        if not low <= value <= high:
            raise self.fail(key, f"{key} cannot be {value}", f"choose a number from {low} to {high}")
        return value

    def titles(self, key: str, default: str | None, language: str) -> Mapping[str, str]:
        """Read one text, or a table of texts by language; "" holds the one for readers of every other language.

        That is the text in *language*, the letter's first, or the first text where there is none in it.
        """
        if isinstance(self.values.get(key, ""), str):
            return {"": self.text(key, default)}
        self.known.append(key)
        table = self.values.pop(key)
        if not isinstance(table, dict) or not table or not all(isinstance(text, str) for text in table.values()):
            raise self.fail(
                key, f"{key} must be a text, or texts by language", f'write {key} = {{en = "…", sv = "…"}}'
            )
        return {"": table.get(tongue.nearest(language, table), next(iter(table.values()))), **table}

    def one(self, name: str, read: Callable[["Table"], T]) -> T:
        """Return what *read* makes of the table *name*. Raise SettingsError, also for what nobody asked it for."""
        self.known.append(name)
        value = self.values.pop(name, None)
        if value is None:
            if close := get_close_matches(name, self.values, 1):
                raise self.fail(close[0], f"there is no setting [{close[0]}]", f"did you mean [{name}]?")
            raise SettingsError(f"there is no [{name}]", where=self.at.path, remedy=f"add a table [{name}]")
        if not isinstance(value, dict):
            raise self.fail(name, f"{name} must be a table", f"write [{name}] on a line of its own")
        return _ended(Table(value, name, self.at), read)

    def maybe(self, name: str, read: Callable[["Table"], T], default: D) -> T | D:
        """Return what *read* makes of the table *name*, *default* without one."""
        self.known.append(name)
        return self.one(name, read) if name in self.values else default

    def many(self, name: str, read: Callable[["Table"], T], unique: str = "") -> tuple[T, ...]:
        """Return what *read* makes of each ``[[name]]``, in no two of which *unique* may be the same."""
        self.known.append(name)
        values = self.values.pop(name, [])
        if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
            raise self.fail(name, f"{name} can stand several times", f"write [[{name}]] with two brackets")
        tables = [Table(value, name, self.at, number) for number, value in enumerate(values)]
        found = [_ended(table, read) for table in tables]
        called = [getattr(one, unique) for one in found] if unique else []
        for number, own in enumerate(called):
            if own in called[:number]:
                remedy = "give one of them another name"
                raise tables[number].fail(unique, f"two [[{name}]] are called {cited(own)}", remedy)
        return tuple(found)

    def end(self) -> None:
        """Refuse the keys that nobody asked for."""
        for key in self.values:
            if (beside := f"{key}_env") in self.known:
                raise self.fail(key, f"{key} must not stand here", _ENVIRONMENT.format(key=beside))
            hint = meant(key, self.known, f"known here: {', '.join(self.known)}")
            raise self.fail(key, f"[{self.name}] has no setting {cited(key)}", hint)


def _ended(table: Table, read: Callable[[Table], T]) -> T:
    result = read(table)
    table.end()
    return result


_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_ENVIRONMENT = (
    "no secret belongs in this file: set a variable of the environment to it, and name that here: "
    '{key} = "NEWSLETTER_PASSWORD"'
)

_NAMES: Mapping[type, str] = {
    str: "a text in quotes",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    list: "a list",
    dict: "a table",
    datetime: "a time",
}
_EXAMPLES: Mapping[type, str] = {
    str: '"…"',
    int: "10",
    float: "1.0",
    bool: "true",
    list: '["…"]',
    dict: '{en = "…"}',
    datetime: "2026-11-27T09:00:00Z",
}
