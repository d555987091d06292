"""The files beside an issue, for the mails that show them or link to them. Nothing else can be reached."""

import re

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from newsletter.web.kept import keep
from newsletter.web.pages.beside import DOCUMENTS, PICTURES, SHOWN, find
from newsletter.web.site import Site

#: What asks for parts of a file; whatever else stands there is read over (RFC 9110 section 14.2).
PARTS = re.compile(rb"bytes=[\d\s,-]+", re.IGNORECASE)
#: A file may be kept for a day, in seconds; an editor who changes one should give it another name.
KEPT = 86_400


async def give(site: Site, request: Request) -> Response:
    """Give a file: a picture and what browsers show as they show it, another to be saved."""
    slug, name = request.path_params["slug"], request.path_params["name"]
    path = find(site.issues, slug, name)
    if path is None:
        raise HTTPException(404)
    request.scope["headers"] = [
        (name, value) for name, value in request.scope["headers"] if name != b"range" or PARTS.fullmatch(value)
    ]
    ending = path.suffix.lower()
    # Webmail shows pictures on its own pages, so other sites must be able to load them.
    headers = {"Cross-Origin-Resource-Policy": "cross-origin"} if ending in PICTURES else {}
    answer = FileResponse(
        path,
        media_type=(PICTURES | DOCUMENTS)[ending],
        headers=headers,
        stat_result=path.stat(),
        filename=None if ending in PICTURES else path.name,
        content_disposition_type="inline" if ending in SHOWN else "attachment",
    )
    return keep(request, answer, KEPT)
