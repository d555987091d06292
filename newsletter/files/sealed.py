"""The seals of an issue's blocks: ``.written.json`` in its folder, so that they go with it through git.

Where the file is lost or broken, nothing is taken for unchanged: a pull then touches nothing.
"""

import json
from pathlib import Path

from newsletter.files import issues
from newsletter.issuefile.seal import Seals

NAME = ".written.json"


def load(path: Path) -> Seals:
    """Return the seals of the issue file at *path*; none where they are not known."""
    own = _everything(path.parent).get(path.name, {})
    return {key: tuple(map(str, marks)) for key, marks in own.items() if isinstance(marks, list)}


def keep(path: Path, seals: Seals) -> None:
    """Keep the seals of the issue file at *path*, an article a line, so that two branches merge well."""
    own: dict[str, object] = {key: list(marks) for key, marks in seals.items()}
    everything = _everything(path.parent) | {path.name: own}
    files = []
    for name in sorted(everything):
        lines = [f"  {_json(key)}: {_json(marks)}" for key, marks in everything[name].items()]
        files.append(f"{_json(name)}: {{\n" + ",\n".join(lines) + "\n}" if lines else f"{_json(name)}: {{}}")
    issues.write(path.parent / NAME, "{\n" + ",\n".join(files) + "\n}\n")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _everything(folder: Path) -> dict[str, dict[str, object]]:
    """Return the seals of all files in an issue's folder, by their names."""
    try:
        document = json.loads((folder / NAME).read_bytes())
    except (FileNotFoundError, ValueError, RecursionError):
        return {}
    return (
        {name: one for name, one in document.items() if isinstance(one, dict)}
        if isinstance(document, dict)
        else {}
    )
