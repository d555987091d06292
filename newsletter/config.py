"""Read the text of `newsletter.toml` into typed settings. Reads no file and no environment.

An error names the line: ``newsletter.toml:12: ...; what to do``. No secret stands in the file: a route names the
environment variable that holds its password. Each table is read in `newsletter.settings`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial
from typing import TypeVar

from newsletter import toml
from newsletter.errors import SettingsError, cited
from newsletter.model import Section, Source
from newsletter.settings import (
    compose,
    dkim,
    gate,
    hook,
    hours,
    letter,
    retention,
    roll,
    route,
    section,
    source,
    testers,
    tracking,
    web,
)
from newsletter.settings import mailbox as returns
from newsletter.settings.compose import Compose
from newsletter.settings.dkim import Dkim
from newsletter.settings.gate import Gate
from newsletter.settings.hook import Hook
from newsletter.settings.letter import Letter
from newsletter.settings.mailbox import Mailbox, Returns
from newsletter.settings.retention import Retention
from newsletter.settings.roll import Titled
from newsletter.settings.route import Route
from newsletter.settings.testers import Testers
from newsletter.settings.tracking import Tracking
from newsletter.settings.web import Web
from newsletter.timing.hours import Hours
from newsletter.toml import Lines, Table

__all__ = [
    "Compose", "Dkim", "Hook", "Letter", "Mailbox", "Retention", "Returns", "Route", "Settings", "Testers",
    "Titled", "Tracking", "Web", "parse",
]  # fmt: skip

T = TypeVar("T")
D = TypeVar("D")


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that `newsletter.toml` says."""

    letter: Letter
    sources: tuple[Source, ...]
    sections: tuple[Section, ...]
    lists: tuple[Titled, ...]
    topics: tuple[Titled, ...]
    routes: tuple[Route, ...]
    web: Web
    compose: Compose
    hours: Hours
    dkim: Dkim
    gate: Gate
    retention: Retention
    mailbox: Mailbox | None
    feedback: Returns
    tracking: Tracking
    hooks: tuple[Hook, ...]
    testers: Testers

    @property
    def public(self) -> bool:
        """Whether any route leaves this machine."""
        return not all(route.loopback for route in self.routes)


def parse(text: str, path: str = "newsletter.toml") -> Settings:
    """Return the settings that *text* says; *path* is its name in messages. Raise SettingsError."""
    document = toml.document(text, path)
    at = Lines(text, path)
    root = Table(document, "", at)
    of = _one(root, "letter", at, letter.read)
    settings = Settings(
        letter=of,
        sources=_many(root, "source", at, partial(source.read, zone=of.timezone), "name"),
        sections=_many(root, "section", at, partial(section.read, language=of.language)),
        lists=_many(root, "list", at, partial(roll.read, language=of.language), "slug"),
        topics=_many(root, "topic", at, partial(roll.read, language=of.language), "slug"),
        routes=_many(root, "smtp", at, route.read, "name"),
        web=_maybe(root, "web", at, web.read, Web()),
        compose=_maybe(root, "compose", at, compose.read, Compose()),
        hours=_maybe(root, "hours", at, partial(hours.read, zone=of.timezone), Hours(of.timezone)),
        dkim=_maybe(root, "dkim", at, dkim.read, Dkim()),
        gate=_maybe(root, "gate", at, gate.read, Gate()),
        retention=_maybe(root, "retention", at, retention.read, Retention()),
        mailbox=_maybe(root, "mailbox", at, returns.read, None),
        feedback=_maybe(root, "feedback", at, returns.read_returns, Returns()),
        tracking=_maybe(root, "tracking", at, tracking.read, Tracking()),
        hooks=_many(root, "hook", at, hook.read, "kind"),
        testers=_maybe(root, "test", at, testers.read, Testers()),
    )
    _end(root)
    return settings


def _end(root: Table) -> None:
    for key in root.values:
        close = get_close_matches(key, root.known, 1)
        hint = f"did you mean [{close[0]}]?" if close else f"known here: {', '.join(dict.fromkeys(root.known))}"
        raise root.fail(key, f"there is no setting [{key}]", hint)


def _maybe(root: Table, name: str, at: Lines, read: Callable[[Table], T], default: D) -> T | D:
    root.known.append(name)
    return _one(root, name, at, read) if name in root.values else default


def _one(root: Table, name: str, at: Lines, read: Callable[[Table], T]) -> T:
    root.known.append(name)
    value = root.values.pop(name, None)
    if value is None:
        if close := get_close_matches(name, root.values, 1):
            raise root.fail(close[0], f"there is no setting [{close[0]}]", f"did you mean [{name}]?")
        raise SettingsError(f"there is no [{name}]", where=at.path, remedy=f"add a table [{name}]")
    if not isinstance(value, dict):
        raise root.fail(name, f"{name} must be a table", f"write [{name}] on a line of its own")
    table = Table(value, name, at)
    result = read(table)
    table.end()
    return result


def _many(root: Table, name: str, at: Lines, read: Callable[[Table], T], unique: str = "") -> tuple[T, ...]:
    root.known.append(name)
    values = root.values.pop(name, [])
    if not isinstance(values, list):
        raise root.fail(name, f"{name} can stand several times", f"write [[{name}]] with two brackets")
    return tuple(_each(values, name, at, read, unique))


def _each(
    values: list[Mapping[str, object]], name: str, at: Lines, read: Callable[[Table], T], unique: str
) -> Iterator[T]:
    seen: set[str] = set()
    for number, value in enumerate(values):
        table = Table(value, name, at, number)
        result = read(table)
        table.end()
        if unique:
            own = str(getattr(result, unique))
            if own in seen:
                raise table.fail(
                    unique, f"two [[{name}]] are called {cited(own)}", "give one of them another name"
                )
            seen.add(own)
        yield result
