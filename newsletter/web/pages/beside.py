"""Which picture beside an issue readers may have. Opens none, and loads no web server: the gate asks too."""

import re
from pathlib import Path

#: What mail programs show. SVG is a document with scripts, not a picture.
KINDS = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".avif": "image/avif",
}

_SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


def find(issues: Path, slug: str, name: str) -> Path | None:
    """Return the file ``SLUG/assets/NAME`` below *issues* if it is a picture; None for anything that leads out."""
    if not _SLUG.fullmatch(slug) or name.startswith(".") or re.search(r"[/\\\x00]", name) or len(name) > 200:
        return None
    try:
        folder = (issues / slug / "assets").resolve()
        path = (folder / name).resolve()
        inside = folder.is_relative_to(issues.resolve()) and path.parent == folder
        return path if inside and path.suffix.lower() in KINDS and path.is_file() else None
    except OSError:
        return None
