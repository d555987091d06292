"""Which files beside an issue readers may have. Opens none, and loads no web server: the gate asks too."""

import re
from pathlib import Path

#: What mail programs show. SVG is a document with scripts, not a picture.
PICTURES = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".avif": "image/avif",
}

#: What letters link to. No spreadsheet and no CSV: in these lie lists of people, laid there by mistake.
DOCUMENTS = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".odp": "application/vnd.oasis.opendocument.presentation",
    ".epub": "application/epub+zip",
    ".ics": "text/calendar; charset=utf-8",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
}
#: Those of them that browsers show themselves.
SHOWN = frozenset((".pdf", ".mp3", ".m4a"))

_SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


def find(issues: Path, slug: str, name: str) -> Path | None:
    """Return the file ``SLUG/assets/NAME`` below *issues* if readers may have it; None for what leads out."""
    if not _SLUG.fullmatch(slug) or name.startswith(".") or re.search(r"[/\\\x00]", name) or len(name) > 200:
        return None
    try:
        folder = (issues / slug / "assets").resolve()
        path = (folder / name).resolve()
        inside = folder.is_relative_to(issues.resolve()) and path.parent == folder
        return path if inside and path.suffix.lower() in PICTURES | DOCUMENTS and path.is_file() else None
    except OSError:
        return None
