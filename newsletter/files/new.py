"""Make a new workspace from the shipped one."""

import json
import shutil
from datetime import date
from pathlib import Path

from newsletter.errors import RefusedError, UsageError, cited
from newsletter.files import issues, keyring
from newsletter.files.shipped import shipped
from newsletter.files.workspace import SETTINGS, Workspace

#: The issue that shows a new editor what an issue file looks like.
SAMPLE = "0001-hello"


def make(folder: Path, name: str, today: date | None = None) -> Workspace:
    """Make the workspace of a letter called *name* in *folder*, which is empty or not there yet.

    *today* is written beside its key. Raise RefusedError if something lies there, UsageError for a name that
    cannot stand in the settings.
    """
    if not name.strip() or any(not character.isprintable() for character in name):
        raise UsageError(f"{cited(name)} cannot name a letter", remedy='give it a name: --name "My letter"')
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        what = "there is a workspace already" if (folder / SETTINGS).exists() else "this is not an empty folder"
        raise RefusedError(what, where=str(folder), remedy="name another folder; nothing was changed")
    model = shipped("templates") / "workspace"
    for part in ("templates", "issues", "subscribers", "articles"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    (folder / "subscribers").chmod(0o700)
    (folder / ".gitignore").write_bytes((model / "gitignore").read_bytes())
    (folder / "subscribers" / "segments.toml").write_bytes((model / "segments.toml").read_bytes())
    shutil.copytree(model / "articles", folder / "articles", dirs_exist_ok=True)
    shutil.copytree(shipped(f"issues/{SAMPLE}"), folder / "issues" / SAMPLE)
    keyring.make(Workspace(folder).keys, today)
    # JSON's quoting of a printable text is TOML's too. The settings come last: they make it a workspace.
    settings = (model / SETTINGS).read_text(encoding="utf-8")
    settings = settings.replace('"@NAME@"', json.dumps(name, ensure_ascii=False))
    sender = json.dumps(f"{_phrase(name)} <news@example.org>", ensure_ascii=False)
    settings = settings.replace('"@NAME@ <news@example.org>"', sender)
    issues.write(folder / SETTINGS, settings)
    return Workspace(folder)


def _phrase(name: str) -> str:
    """Return *name* as the display name of a mailbox, quoted where it needs it (RFC 5322 section 3.2.5)."""
    if all(character.isalnum() or character in " -_'!?&+" for character in name):
        return name
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
