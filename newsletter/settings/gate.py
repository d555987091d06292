"""The table [gate]: which mail programs count, and which findings this letter grades otherwise, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from newsletter.errors import cited, meant
from newsletter.findings import GROUPS
from newsletter.model import Level
from newsletter.toml import Table

#: The mail programs that most readers use; `newsletter.findings` says what their support rests on.
CLIENTS = ("apple-mail", "gmail", "outlook")

_EXAMPLE = 'subject-long = {level = "off", reason = "our name is long, and readers know it"}'


@dataclass(frozen=True, slots=True)
class Graded:
    """A finding's level in this letter, None for off, and the reason for it."""

    level: Level | None
    reason: str


@dataclass(frozen=True, slots=True)
class Gate:
    """What this letter asks of the gate. *clients* are families such as gmail, or one program: outlook.windows."""

    clients: tuple[str, ...] = CLIENTS
    levels: Mapping[str, Graded] = field(default_factory=dict)


def read(table: Table) -> Gate:
    """Return what the table says. Raise SettingsError."""
    clients = tuple(dict.fromkeys(client.casefold() for client in table.texts("clients", CLIENTS)))
    named = table.take("levels", dict, {})
    inner = Table(named, "gate.levels", table.at)
    return Gate(clients, {code: _graded(table, inner, code, value) for code, value in named.items()})


def _graded(table: Table, inner: Table, code: str, value: object) -> Graded:
    # Written as [gate.levels], or as levels = {…} in [gate]: the line is looked for in both.
    where = inner if "gate.levels" in "".join(table.at.rows) else table
    key = code if where is inner else "levels"
    if code not in GROUPS:
        hint = meant(code, GROUPS, "`newsletter docs findings` lists them")
        raise where.fail(key, f"the gate has no finding {cited(code)}", hint)
    if not isinstance(value, dict) or not set(value) <= {"level", "reason"}:
        raise where.fail(key, f"{code} needs a level and a reason", f"write it as {_EXAMPLE}")
    level, reason = value.get("level"), value.get("reason")
    if level not in ("error", "warning", "off"):
        raise where.fail(key, f"the level of {code} cannot be {cited(level)}", "use error, warning or off")
    if not isinstance(reason, str) or not reason.strip():
        remedy = f"say why, for those who come after you: {_EXAMPLE}"
        raise where.fail(key, f"the level of {code} is changed without a reason", remedy)
    return Graded(None if level == "off" else Level(level), reason.strip())
