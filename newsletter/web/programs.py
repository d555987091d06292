"""Take signups from programs: JSON in, JSON out. Whoever the address belongs to, the answer is the same.

Plain ASGI: a crowd that a program brings takes this way, and the way through the pages costs as much again.
"""

import json
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from newsletter.web import api, signup
from newsletter.web.site import Site
from subscribers.errors import LockedError, StoreError

PATH = "/subscribe"


def meant(scope: Scope) -> bool:
    """Whether a request is a signup by a program."""
    if scope["type"] != "http" or scope["path"] != PATH or scope["method"] != "POST":
        return False
    return any(name == b"content-type" and _is_json(value) for name, value in scope["headers"])


def _is_json(value: bytes) -> bool:
    return value.partition(b";")[0].strip().lower() == b"application/json"


async def take(site: Site, scope: Scope, receive: Receive, send: Send) -> None:
    """Take one signup, whose body is there already."""
    try:
        body = (await receive())["body"]
        request = Request(scope)
        said, errors = api.read(body, site)
        asked = signup.Asked(errors=errors) if errors else signup.checked(site, request, **said)
        if asked.errors:
            await _answer(send, 422, _body(api.refused(asked.errors)))
            return
        await signup.keep(site, request, asked, "signup json")
    except (StoreError, LockedError) as error:
        site.unwritable(error)
        await _answer(send, 503, _body(api.failed("503")), (b"retry-after", b"60"))
        return
    except Exception:
        await _answer(send, 500, _body(api.failed("500")))
        raise
    await _answer(send, 202, _ACCEPTED)


def _body(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document).encode()


_ACCEPTED = _body(api.ACCEPTED)


async def _answer(send: Send, status: int, body: bytes, *headers: tuple[bytes, bytes]) -> None:
    about = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body)), *headers]
    await send({"type": "http.response.start", "status": status, "headers": about})
    await send({"type": "http.response.body", "body": body})
