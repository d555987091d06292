"""What the preview shows, taken from a workspace; one rendering for each save."""

import threading
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from newsletter.cli import freezing, gating, rendering, terminal, viewing, wiring
from newsletter.errors import NewsletterError, UsageError
from newsletter.files import changes, issues
from newsletter.files.workspace import SETTINGS, Workspace
from newsletter.model import Finding, Issue, Rendered
from newsletter.web.preview import SAMPLE, Someone, View
from subscribers.address import parse
from subscribers.errors import PeopleError
from subscribers.model import Where
from subscribers.store import people, sends
from subscribers.store.open import Connection


@dataclass(frozen=True, slots=True)
class _Read:
    """One reading of an issue, at *stamp*: its *twins*, their variants as *made* and as *views*; or *fault*."""

    slug: str
    stamp: str
    twins: Sequence[Issue] = ()
    made: tuple[tuple[Issue, Rendered], ...] = ()
    views: tuple[View, ...] = ()
    fault: NewsletterError | None = None


class WorkspaceStudio:
    """Shows the issues of the workspace in *root*, which is read anew whenever a file was saved."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._lock = threading.Lock()
        self._last = _Read("", "")
        self._checking = threading.Lock()
        self._found: tuple[_Read, Sequence[Finding]] = (self._last, ())

    def slugs(self) -> Sequence[str]:
        """Return the names of the issues, the one saved last first."""
        found = [path for path in (self.root / "issues").glob("*/issue.md") if path.is_file()]
        found.sort(key=lambda path: (path.stat().st_mtime_ns, path.parent.name), reverse=True)
        return [path.parent.name for path in found]

    def stamp(self, slug: str) -> str:
        """Return what changes with every save of the issue, the templates, the settings or the segments."""
        workspace = Workspace(self.root)
        own = [self.root / SETTINGS, workspace.segments, *workspace.templates]
        try:
            own.append(workspace.issue(slug))
        except UsageError:
            return ""
        return changes.stamp(own)

    def views(self, slug: str) -> Sequence[View]:
        """Return all variants of an issue, as a sample reader gets them. Raise NewsletterError."""
        return self._reading(slug).views

    def findings(self, slug: str) -> Sequence[Finding]:
        """Return what the gate finds in what `views` shows. Raise NewsletterError."""
        read = self._reading(slug)
        with self._checking:
            if self._found[0] is not read:
                made: dict[str, list[Rendered]] = {}
                for issue, rendered in read.made:
                    made.setdefault(issue.language, []).append(rendered)
                run = gating.Run(Workspace(self.root), made)
                run.look(read.twins)
                self._found = read, run.findings()
            return self._found[1]

    def as_read(self, slug: str, view: int, reader: int) -> View:
        """Return a view as somebody gets it. Raise NewsletterError, or IndexError for a view that is not there."""
        read = self._reading(slug)
        if reader == SAMPLE:
            return read.views[view]
        issue, rendered = read.made[view]
        try:
            return viewing.view(Workspace(self.root), issue, rendered, reader)
        except PeopleError as fault:
            raise NewsletterError(fault.what, where=fault.where, remedy=fault.remedy) from None

    def headers(self, slug: str, view: int, reader: int) -> str:
        """Return the head of the message that somebody gets. Raise as `as_read`."""
        issue, rendered = self._reading(slug).made[view]
        try:
            return viewing.headers(Workspace(self.root), issue, rendered, reader)
        except PeopleError as fault:
            raise NewsletterError(fault.what, where=fault.where, remedy=fault.remedy) from None

    def find(self, slug: str, address: str) -> Someone | None:
        """Return the reader with this address, and which view is theirs; None if there is none."""
        workspace, made = Workspace(self.root), self._reading(slug).made
        try:
            canonical = parse(address.strip()).canonical
            if not workspace.people.is_file():
                return None
            with closing(wiring.people(workspace)) as connection:
                found = people.by_address(connection, canonical)
                mine = _variant(workspace, connection, made, canonical) if found else ""
        except PeopleError:
            return None
        names = [one.variant for _, one in made]
        place = names.index(mine) if mine in names else 0
        return Someone(found.id, found.name or found.address.typed, place) if found else None

    def picture(self, slug: str, name: str) -> Path | None:
        """Return a file beside the issue; None for what is missing, hidden, or outside of its folder."""
        try:
            folder = Workspace(self.root).issue(slug).resolve()
            path = (folder / name).resolve()
            inside = path.is_relative_to(folder) and not path.name.startswith(".")
            return path if inside and path.is_file() else None
        except (UsageError, OSError, ValueError):
            return None

    def _reading(self, slug: str) -> _Read:
        """Return what there is now; one rendering for each save. Raise NewsletterError."""
        stamp = self.stamp(slug)
        with self._lock:
            if (self._last.slug, self._last.stamp) != (slug, stamp):
                self._last = self._read(slug, stamp)
            found = self._last
        if found.fault:
            raise found.fault
        return found

    def _read(self, slug: str, stamp: str) -> _Read:
        try:
            workspace = Workspace(self.root)
            twins = issues.load(workspace, slug)
            made = tuple((each, one) for each in twins for one in rendering.variants(workspace, each, twins))
            views = tuple(viewing.view(workspace, each, one) for each, one in made)
            return _Read(slug, stamp, twins, made, views)
        except NewsletterError as fault:
            return _Read(slug, stamp, fault=fault)
        except PeopleError as fault:
            return _Read(slug, stamp, fault=NewsletterError(fault.what, where=fault.where, remedy=fault.remedy))
        except OSError as fault:
            told = NewsletterError(fault.strerror or str(fault), where=str(fault.filename or ""))
            return _Read(slug, stamp, fault=told)


def _variant(
    workspace: Workspace, connection: Connection, made: Sequence[tuple[Issue, Rendered]], canonical: str
) -> str:
    """Return the name of the variant that the reader with this address gets. Raise PeopleError."""
    twins = list({issue.language: issue for issue, _ in made}.values())
    slug = gating.list_of(workspace, twins[0])
    rule = freezing.rule(workspace, connection, twins, list=slug, segment="", exclude=(), newcomers=False)
    one = Where("s.canonical = :preview_canonical", {"preview_canonical": canonical})
    return next(iter(sends.audience(connection, one, rule.variant(connection, terminal.now()))), "")
