"""What ``--exclude`` means: a segment, a list, an earlier issue, or an expression."""

import re

from newsletter.cli import wiring
from newsletter.errors import NotFoundError, UsageError
from newsletter.files.workspace import Workspace
from subscribers.store.file.open import Connection
from subscribers.store.ledger import sends
from subscribers.store.register import lists

#: Says which of the three a name is, where two have the same one: ``issue:2025-05``.
_SAID = re.compile(r"(segment|list|issue):(.+)", re.DOTALL)


def meaning(workspace: Workspace, connection: Connection, text: str) -> str:
    """Return the expression for the readers whom *text* leaves out.

    The readers of a list are those confirmed in it; those of an issue are whom it was sent, or may have been.
    Raise UsageError for a name that is two of these, NotFoundError for one that is none, SegmentError.
    """
    said = _SAID.fullmatch(text.strip())
    name = said[2].strip() if said else text.strip()
    found = _meanings(workspace, connection, name)
    if said:
        found = {kind: expression for kind, expression in found.items() if kind == said[1]}
    if len(found) > 1:
        kinds = " and ".join(f"a {kind}" if kind != "issue" else "an issue" for kind in found)
        choices = " or ".join(f"{kind}:{name}" for kind in found)
        raise UsageError(f"“{name}” is {kinds}", remedy=f"say which: --exclude {choices}")
    if found:
        [expression] = found.values()
    elif said or re.fullmatch(r"[\w.-]+", name):
        remedy = "see `newsletter segments list`, `newsletter lists` and `newsletter status`"
        kind = said[1] if said else "segment, list or issue that was sent"
        raise NotFoundError(f"there is no {kind} “{name}” to leave out", remedy=remedy)
    else:
        expression = name
    wiring.expression(workspace, connection, expression)
    return expression


def _meanings(workspace: Workspace, connection: Connection, name: str) -> dict[str, str]:
    """Return the expression for each kind of thing that has this name."""
    found = {}
    named = wiring.segments(workspace)
    if name in named:
        found["segment"] = named[name].expression
    if any(each.slug == name for each in lists.all(connection)):
        found["list"] = f"confirmed in '{name}'"
    if re.fullmatch(r"[\w.-]+", name) and sends.all(connection, name):
        found["issue"] = f"received '{name}'"
    return found
