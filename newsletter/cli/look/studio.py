"""What the preview shows, taken from a workspace; one rendering for each save."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from newsletter.cli import terminal, wiring
from newsletter.cli.look import freezing, gating, rendering, viewing
from newsletter.errors import ToldError, UsageError, refused
from newsletter.files import changes, issues
from newsletter.files.workspace import SETTINGS, Workspace
from newsletter.model import Finding, Issue, Rendered
from newsletter.web.preview import Letter, Someone, View
from subscribers.address import parse
from subscribers.errors import PeopleError
from subscribers.model import Where
from subscribers.store.file.open import Connection
from subscribers.store.ledger import sends
from subscribers.store.register import people
from subscribers.variant import parts

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Read:
    """One reading of an issue, at *stamp*: its *twins*, and what is *wanted* of them; or *fault*.

    *made* are the variants that were looked at so far.
    """

    slug: str
    stamp: str
    twins: Sequence[Issue] = ()
    wanted: Sequence[rendering.Wanted] = ()
    fault: ToldError | None = None
    made: dict[int, Rendered] = field(default_factory=dict)

    def rendered(self, workspace: Workspace, number: int) -> Rendered:
        """Return a variant. Raise ToldError, or IndexError for one that is not there."""
        one = self.wanted[number]
        if number not in self.made:
            twins = rendering.Twins(workspace, self.twins)
            self.made[number] = twins.variant(one.language, one.segments, arm=one.arm)
        return self.made[number]


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
        return issues.saved(self.root)

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
        """Return all variants of an issue by name; none is rendered. Raise ToldError."""
        return tuple(viewing.named(one) for one in self._reading(slug).wanted)

    def findings(self, slug: str) -> Sequence[Finding]:
        """Return what the gate finds in what `views` shows. Raise ToldError."""
        read = self._reading(slug)
        with self._checking:
            if self._found[0] is not read:
                run = gating.Run(Workspace(self.root), going=lambda: self.stamp(slug) == read.stamp)
                run.look(read.twins)
                self._found = read, run.findings()
            return self._found[1]

    def as_read(self, slug: str, view: int, reader: int) -> Letter:
        """Return a view as somebody gets it. Raise ToldError, or IndexError for a view that is not there."""
        return self._shown(slug, view, reader, viewing.letter)

    def headers(self, slug: str, view: int, reader: int) -> str:
        """Return the head of the message that somebody gets. Raise as `as_read`."""
        return self._shown(slug, view, reader, viewing.headers)

    def find(self, slug: str, address: str) -> Someone | None:
        """Return the reader with this address, and which view is theirs; None if there is none."""
        workspace, read = Workspace(self.root), self._reading(slug)
        try:
            canonical = parse(address.strip()).canonical
            if not workspace.people.is_file():
                return None
            with wiring.people(workspace) as connection:
                found = people.by_address(connection, canonical)
                mine = _variant(workspace, connection, read.twins, canonical) if found else ""
        except PeopleError:
            return None
        return Someone(found.id, found.name or found.address.typed, _place(read.wanted, mine)) if found else None

    def picture(self, slug: str, name: str) -> Path | None:
        """Return a file beside the issue; None for what is missing, hidden, or outside of its folder."""
        try:
            folder = Workspace(self.root).issue(slug).resolve()
            path = (folder / name).resolve()
            inside = path.is_relative_to(folder) and not path.name.startswith(".")
            return path if inside and path.is_file() else None
        except (UsageError, OSError, ValueError):
            return None

    def _shown(self, slug: str, view: int, reader: int, show: Callable[[Workspace, Issue, Rendered, int], T]) -> T:
        """Return what *show* makes of a view for a reader. Raise ToldError or IndexError."""
        workspace, read = Workspace(self.root), self._reading(slug)
        return show(workspace, read.wanted[view].issue, read.rendered(workspace, view), reader)

    def _reading(self, slug: str) -> _Read:
        """Return what there is now; one rendering for each save. Raise ToldError."""
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
            wanted = [one for each in twins for one in rendering.wanted(workspace, each, twins)]
            return _Read(slug, stamp, twins, wanted)
        except ToldError as fault:
            return _Read(slug, stamp, fault=fault)
        except OSError as fault:
            return _Read(slug, stamp, fault=refused(fault))


def _place(wanted: Sequence[rendering.Wanted], variant: str) -> int:
    """Return which of *wanted* comes nearest to a variant by its name, as the ledger writes it."""
    language, segments, arm = parts(variant)

    def alike(one: rendering.Wanted) -> tuple[bool, bool, bool]:
        return one.language == language, one.segments == segments, one.arm == arm

    return max(range(len(wanted)), key=lambda number: alike(wanted[number]))


def _variant(workspace: Workspace, connection: Connection, twins: Sequence[Issue], canonical: str) -> str:
    """Return the name of the variant that the reader with this address gets. Raise PeopleError."""
    slug = freezing.list_of(workspace, twins[0])
    rule = freezing.rule(workspace, connection, twins, list=slug)
    one = Where("s.canonical = :preview_canonical", {"preview_canonical": canonical})
    return next(iter(sends.audience(connection, one, rule.variant(connection, terminal.now()))), "")
