"""Tell a watchdog whether the pages can read and write. Says nothing about anybody."""

import asyncio

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from newsletter.web.site import Site
from subscribers.errors import StoreError
from subscribers.store.keeping import upkeep

#: How long the file may take to answer, in seconds: longer than any transaction of ours.
PATIENCE = 5.0


async def show(site: Site, request: Request) -> Response:
    """Answer 200 if what is written now would stand, 503 if not."""
    try:
        async with asyncio.timeout(PATIENCE):
            await site.writer.run(upkeep.writable)
    except TimeoutError:
        return _ill("the people's file does not answer")
    except StoreError as error:
        site.say(f"The web pages cannot write: {error}")
        return _ill("the people's file cannot be written")
    return JSONResponse({"status": "ok"})


def _ill(what: str) -> Response:
    return JSONResponse({"status": "failing", "what": what}, 503, headers={"Retry-After": "60"})
