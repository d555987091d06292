"""Read the text of `newsletter.toml` into typed settings. Reads no file and no environment.

An error names the line: ``newsletter.toml:12: ...; what to do``. No secret stands in the file: a route names the
environment variable that holds its password. Each table is read in `newsletter.settings`.
"""

from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial

from newsletter import toml
from newsletter.model import Section, Source
from newsletter.settings import (
    compose,
    dkim,
    field,
    gate,
    hook,
    hours,
    letter,
    oauth,
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
from newsletter.settings.field import Field
from newsletter.settings.gate import Gate
from newsletter.settings.hook import Hook
from newsletter.settings.letter import Letter
from newsletter.settings.mailbox import Mailbox, Returns
from newsletter.settings.oauth import Oauth
from newsletter.settings.retention import Retention
from newsletter.settings.roll import Titled
from newsletter.settings.route import Route
from newsletter.settings.testers import Testers
from newsletter.settings.tracking import Tracking
from newsletter.settings.web import Web
from newsletter.timing.hours import Hours
from newsletter.toml import Lines, Table

__all__ = [
    "Compose", "Dkim", "Field", "Hook", "Letter", "Mailbox", "Oauth", "Retention", "Returns", "Route", "Settings",
    "Testers", "Titled", "Tracking", "Web", "parse",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that `newsletter.toml` says."""

    letter: Letter
    sources: tuple[Source, ...]
    sections: tuple[Section, ...]
    lists: tuple[Titled, ...]
    topics: tuple[Titled, ...]
    fields: tuple[Field, ...]
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
    oauths: tuple[Oauth, ...]
    testers: Testers

    @property
    def public(self) -> bool:
        """Whether any route leaves this machine."""
        return not all(route.loopback for route in self.routes)


def parse(text: str, path: str = "newsletter.toml") -> Settings:
    """Return the settings that *text* says; *path* is its name in messages. Raise SettingsError."""
    document = toml.document(text, path)
    root = Table(document, "", Lines(text, path))
    of = root.one("letter", letter.read)
    oauths = root.many("oauth", oauth.read, "name")
    doors = [each.name for each in oauths]
    settings = Settings(
        letter=of,
        sources=root.many("source", partial(source.read, zone=of.timezone), "name"),
        sections=root.many("section", partial(section.read, language=of.language)),
        lists=root.many("list", partial(roll.read, language=of.language), "slug"),
        topics=root.many("topic", partial(roll.read, language=of.language), "slug"),
        fields=root.many("field", partial(field.read, language=of.language), "slug"),
        routes=root.many("smtp", partial(route.read, oauths=doors), "name"),
        web=root.maybe("web", web.read, Web()),
        compose=root.maybe("compose", compose.read, Compose()),
        hours=root.maybe("hours", partial(hours.read, zone=of.timezone), Hours(of.timezone)),
        dkim=root.maybe("dkim", dkim.read, Dkim()),
        gate=root.maybe("gate", gate.read, Gate()),
        retention=root.maybe("retention", retention.read, Retention()),
        mailbox=root.maybe("mailbox", partial(returns.read, oauths=doors), None),
        feedback=root.maybe("feedback", returns.read_returns, Returns()),
        tracking=root.maybe("tracking", tracking.read, Tracking()),
        hooks=root.many("hook", hook.read, "kind"),
        oauths=oauths,
        testers=root.maybe("test", testers.read, Testers()),
    )
    _end(root)
    return settings


def _end(root: Table) -> None:
    for key in root.values:
        close = get_close_matches(key, root.known, 1)
        hint = f"did you mean [{close[0]}]?" if close else f"known here: {', '.join(dict.fromkeys(root.known))}"
        raise root.fail(key, f"there is no setting [{key}]", hint)
