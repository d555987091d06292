"""The workspace: a folder with `newsletter.toml`, and where everything else lies in it."""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from newsletter import config, toml
from newsletter.errors import NotFoundError, SettingsError, UsageError, cited
from newsletter.files.shipped import shipped

SETTINGS = "newsletter.toml"


@dataclass(frozen=True)
class Workspace:
    """One letter's folder. Its settings are read when they are first asked for."""

    root: Path

    @cached_property
    def settings(self) -> config.Settings:
        """What `newsletter.toml` says. Raise SettingsError."""
        path = self.root / SETTINGS
        try:
            content = path.read_bytes()
        except OSError as error:
            raise SettingsError(str(error.strerror), where=str(path), remedy="make it readable") from None
        return config.parse(toml.decode(content, SETTINGS), SETTINGS)

    @property
    def pool(self) -> Path:
        """The pool of articles."""
        return self.root / "articles.db"

    @property
    def people(self) -> Path:
        """The people and the ledger."""
        return self.root / "subscribers" / "subscribers.db"

    @property
    def segments(self) -> Path:
        """The named segments."""
        return self.root / "subscribers" / "segments.toml"

    @property
    def lock(self) -> Path:
        """The file that the one sender holds."""
        return self.root / "subscribers" / "sender.lock"

    @property
    def serving(self) -> Path:
        """The file that the one `serve` holds."""
        return self.root / "subscribers" / "serve.lock"

    @property
    def watermark(self) -> Path:
        """How far sending had come; `newsletter.files.watermark` reads it."""
        return self.root / "subscribers" / "sent.json"

    @property
    def issues(self) -> Path:
        """The folder of issues, one folder each."""
        return self.root / "issues"

    @property
    def templates(self) -> tuple[Path, ...]:
        """Where templates are looked for: the workspace's own shadow the shipped ones."""
        return (self.root / "templates", shipped("templates"))

    def issue(self, slug: str) -> Path:
        """Return the folder of an issue, which may not exist yet. Raise UsageError for a name that leaves it."""
        if not _names(slug):
            found = _PATH.fullmatch(slug)
            meant = found[1] if found and _names(found[1]) else ""
            remedy = "use letters, digits, hyphens and dots, such as 2025-06"
            remedy = f"did you mean {meant}?" if meant else remedy
            raise UsageError(f"{cited(slug)} cannot name an issue", remedy=remedy)
        folder = self.issues / slug
        if not folder.resolve().is_relative_to(self.issues.resolve()):
            raise UsageError(f"{cited(slug)} leads out of the workspace", remedy="replace the link by a folder")
        return folder

    @property
    def keys(self) -> Path:
        """The keys that links are signed with; `newsletter.files.keyring` reads them."""
        return self.root / "subscribers" / "secret.key"


#: The path of an issue's folder or file: shells complete it, and programs that edit copy it.
_PATH = re.compile(r"(?:(?:.*[/\\])?issues[/\\])?([^/\\]+)(?:[/\\](?:issue[^/\\]*\.md)?)?")


def _names(slug: str) -> bool:
    """Whether *slug* can name an issue."""
    return bool(re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", slug)) and not slug.endswith(".")


#: What editors of text, and other systems, make of the name.
_NEARLY = (f"{SETTINGS}.txt", SETTINGS.capitalize())


def find(start: Path) -> Workspace:
    """Return the workspace that *start* is in, walking up. Raise NotFoundError."""
    folder = start.absolute()
    for candidate in (folder, *folder.parents):
        if (candidate / SETTINGS).is_file():
            return Workspace(candidate)
    for name in _NEARLY:
        if (folder / name).is_file():
            raise NotFoundError(
                f"{name} should be called {SETTINGS}", where=str(folder), remedy=f"run: mv {name} {SETTINGS}"
            )
    remedy = "go into one, name one with --workspace DIR, or make one with `newsletter init DIR`"
    raise NotFoundError(f"no {SETTINGS} here or above", where=str(folder), remedy=remedy)
