"""The pictures beside an issue, for the mails that show them. Nothing else of the workspace can be reached."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from newsletter.web.kept import keep
from newsletter.web.pages.beside import KINDS, find
from newsletter.web.site import Site

#: A picture may be kept for a day, in seconds; an editor who changes one should give it another name.
KEPT = 86_400


async def show(site: Site, request: Request) -> Response:
    """Give a picture."""
    slug, name = request.path_params["slug"], request.path_params["name"]
    path = find(site.issues, slug, name)
    if path is None:
        raise HTTPException(404)
    # Webmail shows pictures on its own pages, so other sites must be able to load them.
    headers = {"Cross-Origin-Resource-Policy": "cross-origin"}
    kind = KINDS[path.suffix.lower()]
    return keep(request, FileResponse(path, media_type=kind, headers=headers, stat_result=path.stat()), KEPT)
