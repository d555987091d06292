"""The pictures beside an issue, for the mails that show them. Nothing else of the workspace can be reached."""

import re
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from newsletter.web.site import Site

#: What mail programs show. SVG is a document with scripts, not a picture.
KINDS = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".avif": "image/avif",
}

#: A picture may be kept for a day; an editor who changes one should give it another name.
KEPT = "public, max-age=86400"

_SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


async def show(site: Site, request: Request) -> Response:
    """Give a picture."""
    slug, name = request.path_params["slug"], request.path_params["name"]
    path = find(site.issues, slug, name)
    if path is None:
        raise HTTPException(404)
    # Webmail shows pictures on its own pages, so other sites must be able to load them.
    headers = {"Cache-Control": KEPT, "Cross-Origin-Resource-Policy": "cross-origin"}
    return FileResponse(path, media_type=KINDS[path.suffix.lower()], headers=headers)


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
