"""Add a ``[[list]]`` to newsletter.toml: what stands there stays as it is."""

import json

from newsletter import config, toml
from newsletter.errors import RefusedError, SettingsError, UsageError, cited
from newsletter.files import issues
from newsletter.files.workspace import SETTINGS, Workspace


def add(workspace: Workspace, slug: str, title: str, opt_in: str) -> None:
    """Append the list *slug*. *opt_in* is double or single.

    Raise RefusedError if there is one already, UsageError for what cannot be a slug or a title.
    """
    if any(each.slug == slug for each in workspace.settings.lists):
        raise RefusedError(f"there is a list {cited(slug)}", where=SETTINGS, remedy="change it there")
    path = workspace.root / SETTINGS
    old = path.read_bytes()
    said = {"slug": slug, "title": title, "opt_in": opt_in}
    rows = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in said.items()]
    new = old.rstrip(b"\r\n") + "\n".join(["\n", "[[list]]", *rows, ""]).encode("utf-8", "replace")
    try:
        config.parse(toml.decode(new, SETTINGS))
    except SettingsError as error:
        raise UsageError(error.what, remedy=error.remedy) from None
    issues.write(path, new.decode("utf-8"))
