"""Make a new workspace from the shipped one."""

import json
import re
import shutil
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

from newsletter.errors import RefusedError, UsageError, cited
from newsletter.files import issues, keyring
from newsletter.files.shipped import lay, shipped
from newsletter.files.workspace import SETTINGS, Workspace

#: The issue that shows a new editor what an issue file looks like.
SAMPLE = "0001-hello"

#: What may lie in a folder that is empty otherwise: a repository of git, and what macOS notes of every folder.
ASIDE = {".git", ".DS_Store"}

#: What is moved first out of the folder in which a workspace is made. The settings are the last: they make it one.
FIRST = ".gitignore"

#: The folder in which a workspace is made; one that lies there before is of an `init` that was killed.
_BEGUN = re.compile(r"\.new-\w{8}")


def make(
    folder: Path, name: str, today: date | None = None, finish: Callable[[Workspace], None] = lambda _: None
) -> Workspace:
    """Make the workspace of a letter called *name* in *folder*: all of it or nothing.

    *folder* is not there yet, or empty but for ASIDE and what an `init` that was killed began: what that had made
    whole is finished. *today* is written beside its key; *finish* makes what else belongs to it. Raise
    RefusedError if something lies there, or a workspace is around it, UsageError for a name that cannot stand in
    the settings.
    """
    if not name.strip() or any(not character.isprintable() for character in name):
        raise UsageError(f"{cited(name)} cannot name a letter", remedy='give it a name: --name "My letter"')
    for left in _begun(folder) if folder.is_dir() else ():
        if (folder / left / SETTINGS).exists() and not (folder / left / FIRST).exists():
            return _move(folder / left, folder)
    if folder.exists() and not (folder.is_dir() and _names(folder) - _begun(folder) <= ASIDE):
        what = "there is a workspace already" if (folder / SETTINGS).exists() else "this is not an empty folder"
        raise RefusedError(what, where=str(folder), remedy="name another folder; nothing was changed")
    if around := next((above for above in folder.resolve().parents if (above / SETTINGS).is_file()), None):
        what = f"this lies in another workspace, {around}"
        remedy = (
            f"name a folder outside of it, such as {around.parent / folder.resolve().name}; nothing was changed"
        )
        raise RefusedError(what, where=str(folder), remedy=remedy)
    stood = folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    for left in _begun(folder):
        shutil.rmtree(folder / left, ignore_errors=True)
    made = Path(tempfile.mkdtemp(prefix=".new-", dir=folder))
    try:
        _fill(made, name, today)
        finish(Workspace(made))
        return _move(made, folder)
    finally:
        shutil.rmtree(made, ignore_errors=True)
        if not stood and not any(folder.iterdir()):
            folder.rmdir()


def _move(made: Path, folder: Path) -> Workspace:
    """Move what was made into *folder*, and return the workspace that it is then."""
    for part in sorted(made.iterdir(), key=lambda part: (part.name == SETTINGS, part.name != FIRST)):
        part.rename(folder / part.name)
    made.rmdir()
    return Workspace(folder)


def _names(folder: Path) -> set[str]:
    return {part.name for part in folder.iterdir()}


def _begun(folder: Path) -> set[str]:
    return set(filter(_BEGUN.fullmatch, _names(folder)))


def _fill(folder: Path, name: str, today: date | None) -> None:
    model = shipped("templates") / "workspace"
    for part in ("templates", "issues", "subscribers", "articles"):
        (folder / part).mkdir()
    (folder / "subscribers").chmod(0o700)
    for shown, kept in ((FIRST, "gitignore"), ("subscribers/segments.toml", "segments.toml")):
        issues.write(folder / shown, (model / kept).read_text(encoding="utf-8"))
    lay(model / "articles", folder / "articles")
    lay(shipped(f"issues/{SAMPLE}"), folder / "issues" / SAMPLE)
    keyring.make(Workspace(folder).keys, today)
    # JSON's quoting of a printable text is TOML's too.
    settings = (model / SETTINGS).read_text(encoding="utf-8")
    settings = settings.replace('"@NAME@"', json.dumps(name, ensure_ascii=False))
    sender = json.dumps(f"{_phrase(name)} <news@example.org>", ensure_ascii=False)
    settings = settings.replace('"@NAME@ <news@example.org>"', sender)
    issues.write(folder / SETTINGS, settings)


def _phrase(name: str) -> str:
    """Return *name* as the display name of a mailbox, quoted where it needs it (RFC 5322 section 3.2.5)."""
    if all(character.isalnum() or character in " -_'!?&+" for character in name):
        return name
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
