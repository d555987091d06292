"""What compose and pull wrote into an issue: ``.written.json`` in its folder, so that it goes along through git.

Where the file is lost or broken, nothing is taken for unchanged: a pull then touches nothing. What git could not
merge is told: it is easily mended.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from newsletter import conflict
from newsletter.errors import IssueError
from newsletter.files import issues
from newsletter.issuefile.refreshing.written import Written

NAME = ".written.json"


def load(path: Path) -> Written:
    """Return what was written into the issue file at *path*; nothing where that is not known.

    Raise IssueError for what git could not merge.
    """
    own = _everything(path.parent).get(path.name, {})
    return {key: texts for key, blocks in own.items() if (texts := _texts(blocks))}


def keep(path: Path, written: Written) -> None:
    """Keep what was written into the issue file at *path*, a line a line, so that two branches merge well."""
    own = {key: [text.split("\n") for text in texts] for key, texts in written.items()}
    everything = dict(sorted((_everything(path.parent) | {path.name: own}).items()))
    issues.write(path.parent / NAME, json.dumps(everything, ensure_ascii=False, indent=1) + "\n")


def _texts(blocks: object) -> tuple[str, ...]:
    """Return the texts of blocks, none if they are not as `keep` writes them."""
    if not isinstance(blocks, list) or not all(isinstance(lines, list) and lines for lines in blocks):
        return ()
    return tuple("\n".join(map(str, lines)) for lines in blocks)


def _everything(folder: Path) -> dict[str, Mapping[str, object]]:
    """Return what was written into all files of an issue's folder, by their names."""
    try:
        text = (folder / NAME).read_text("utf-8")
    except (FileNotFoundError, ValueError):
        return {}
    conflict.refuse(text.splitlines(), f"issues/{folder.name}/{NAME}", IssueError)
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    named = document.items() if isinstance(document, dict) else ()
    return {name: one for name, one in named if isinstance(one, dict)}
