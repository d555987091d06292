"""Answers that are the same for everybody, so that browsers, feed readers and mail services may keep them.

Who has one already and asks whether it still holds gets 304 and no bytes (RFC 9110 section 13.1.2).
"""

from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response


def keep(request: Request, response: Response, seconds: int) -> Response:
    """Return *response* to be kept for *seconds*, or the answer that *request* has it already."""
    tag = response.headers.get("etag") or f'"{sha256(response.body).hexdigest()[:32]}"'
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = f"public, max-age={seconds}"
    # A web server that packs what it passes on marks the tag as its own: W/"…", "…-gzip".
    if tag.strip('"') not in request.headers.get("if-none-match", ""):
        return response
    # All of its headers, for they take the place of those that were kept.
    headers = {name: value for name, value in response.headers.items() if name != "content-length"}
    return Response(status_code=304, headers=headers)
