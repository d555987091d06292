"""Tell a watchdog whether the pages can read and write, and Prometheus how much there is. Names nobody.

The numbers are given to this machine and the networks of ``[web] metrics`` only: how many people read is nobody
else's affair.
"""

import asyncio

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from newsletter.web.site import Site
from subscribers.errors import StoreError
from subscribers.store.keeping import upkeep

#: How long the file may take to answer, in seconds: longer than any transaction of ours.
PATIENCE = 5.0

#: Prometheus's text format.
KIND = "text/plain; version=0.0.4; charset=utf-8"
#: What each number is, and what its label is called.
HELP = {
    "subscribers": ("People in the file.", "status"),
    "subscriptions": ("What people said to lists.", "status"),
    "mails": ("Mails about subscriptions.", "state"),
    "sends": ("Issues sent, or to be sent.", "state"),
    "deliveries": ("Rows of the ledger, one for each reader of each send.", "state"),
    "suppressions": ("Addresses that are never mailed again.", "reason"),
}


async def show(site: Site, request: Request) -> Response:
    """Answer 200 if what is written now would stand, 503 if not."""
    try:
        async with asyncio.timeout(PATIENCE):
            await site.writer.run(upkeep.writable)
    except TimeoutError:
        return _ill("the people's file does not answer")
    except StoreError as error:
        site.unwritable(error)
        return _ill("the people's file cannot be written")
    return JSONResponse({"status": "ok"})


def _ill(what: str) -> Response:
    return JSONResponse({"status": "failing", "what": what}, 503, headers={"Retry-After": "60"})


async def numbers(site: Site, request: Request) -> Response:
    """Give the numbers, which are counts. A stranger gets 404."""
    if not _welcome(site, request):
        raise HTTPException(404)
    numbers = await asyncio.to_thread(upkeep.numbers, site.reader)
    return PlainTextResponse("".join(_lines(numbers)), media_type=KIND)


def _welcome(site: Site, request: Request) -> bool:
    """Whether the client itself is this machine or in a network that may ask; nobody who comes by a proxy is."""
    client = site.client(request)
    if client is None:
        return False
    here = client.is_loopback and "x-forwarded-for" not in request.headers
    return here or any(client.version == network.version and client in network for network in site.metrics)


def _lines(numbers: dict[str, dict[str, int]]) -> list[str]:
    lines = []
    for name, counts in numbers.items():
        told, label = HELP[name]
        lines += [f"# HELP newsletter_{name} {told}\n", f"# TYPE newsletter_{name} gauge\n"]
        lines += [f'newsletter_{name}{{{label}="{_escaped(key)}"}} {count}\n' for key, count in counts.items()]
    return lines


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
