"""What the preview shows, taken from a workspace; one rendering for each save."""

import threading
from collections.abc import Sequence
from pathlib import Path

from babel import Locale, UnknownLocaleError

from newsletter import render
from newsletter.cli import gating, rendering
from newsletter.errors import NewsletterError, UsageError
from newsletter.files import changes, issues
from newsletter.files.workspace import SETTINGS, Workspace
from newsletter.gate.proof import sample
from newsletter.model import Issue, Rendered
from newsletter.web.preview import Sheet, View
from subscribers.errors import PeopleError


class WorkspaceStudio:
    """Shows the issues of the workspace in *root*, which is read anew whenever a file was saved."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._lock = threading.Lock()
        self._last: tuple[str, str, Sheet | NewsletterError] | None = None

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

    def sheet(self, slug: str) -> Sheet:
        """Return all variants of an issue and what the gate finds. Raise NewsletterError."""
        stamp = self.stamp(slug)
        with self._lock:
            if self._last is None or self._last[:2] != (slug, stamp):
                self._last = (slug, stamp, self._read(slug))
            found = self._last[2]
        if isinstance(found, NewsletterError):
            raise found
        return found

    def picture(self, slug: str, name: str) -> Path | None:
        """Return a file beside the issue; None for what is missing, hidden, or outside of its folder."""
        try:
            folder = Workspace(self.root).issue(slug).resolve()
            path = (folder / name).resolve()
            inside = path.is_relative_to(folder) and not path.name.startswith(".")
            return path if inside and path.is_file() else None
        except (UsageError, OSError, ValueError):
            return None

    def _read(self, slug: str) -> Sheet | NewsletterError:
        try:
            workspace = Workspace(self.root)
            twins = issues.load(workspace, slug)
            views = [
                _view(workspace, each, one) for each in twins for one in rendering.variants(workspace, (each,))
            ]
            return Sheet(tuple(views), gating.about(workspace, twins))
        except NewsletterError as fault:
            return fault
        except PeopleError as fault:
            return NewsletterError(fault.what, where=fault.where, remedy=fault.remedy)
        except OSError as fault:
            return NewsletterError(fault.strerror or str(fault), where=str(fault.filename or ""))


def _view(workspace: Workspace, issue: Issue, rendered: Rendered) -> View:
    letter = workspace.settings.letter
    filled = render.fill(rendered, sample(rendered, workspace.settings))
    # Files beside the issue are asked of the preview itself, not of `serve`, which need not run.
    html = filled.html.replace(f'"{letter.base_url}/issues/{issue.slug}/', '"')
    return View(
        name=" · ".join((language_name(issue.language), *sorted(rendered.segments))),
        language=issue.language,
        sender=letter.sender_name or letter.sender,
        subject=filled.subject,
        preheader=filled.preheader,
        html=html,
        text=filled.text,
        path=issue.path,
        source=issue.source,
    )


def language_name(code: str) -> str:
    """Return a language in its own words: ``svenska`` for ``sv``."""
    try:
        name = Locale.parse(code, sep="-").get_display_name(code.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        name = None
    return (name or code).capitalize()
