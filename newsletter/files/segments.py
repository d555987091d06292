"""The named segments: ``subscribers/segments.toml``, one line ``name = "expression"`` each."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

from newsletter import toml
from newsletter.errors import RefusedError, SettingsError, UsageError, cited
from subscribers.model import Segment

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,59}")


def load(path: Path) -> Mapping[str, Segment]:
    """Return the segments by name; none if there is no file. Raise SettingsError, with file and line."""
    shown = f"{path.parent.name}/{path.name}"
    try:
        text = toml.decode(path.read_bytes(), shown)
    except FileNotFoundError:
        return {}
    document = toml.document(text, shown, 'write name = "expression"')
    return {name: _segment(name, value, text, shown) for name, value in document.items()}


def _segment(name: str, value: object, text: str, shown: str) -> Segment:
    line = next((n for n, row in enumerate(text.splitlines(), 1) if re.match(rf"\W*{re.escape(name)}\b", row)), 1)
    where = f"{shown}:{line}"
    remedy = """write it as students = "'student' in topics" """.rstrip()
    if not isinstance(value, str):
        raise SettingsError(f"{name} must be an expression in quotes", where=where, remedy=remedy)
    if not NAME.fullmatch(name):
        raise SettingsError(
            f"{cited(name)} cannot name a segment", where=where, remedy="use letters, digits and hyphens"
        )
    return Segment(name, value, where)


def add(path: Path, name: str, expression: str) -> None:
    """Append a segment to the file. Raise UsageError for its name, RefusedError if there is one already."""
    from newsletter.files import issues

    if not NAME.fullmatch(name):
        raise UsageError(f"{cited(name)} cannot name a segment", remedy="use letters, digits and hyphens")
    have = load(path)
    if name in have:
        raise RefusedError(f"there is a segment {cited(name)}", where=have[name].where, remedy="change it there")
    old = path.read_bytes().decode("utf-8") if path.exists() else ""
    start = "" if not old or old.endswith("\n") else "\n"
    # JSON's quoting is TOML's too.
    quoted = json.dumps(expression.replace("\n", " "), ensure_ascii=False)
    issues.write(path, f"{old}{start}{name} = {quoted}\n")
