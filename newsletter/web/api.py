"""The same signup for programs: JSON in, JSON out, and the OpenAPI description of it.

Strict where a form is lenient: a field of another type, or one that is not known, is refused with its name.
Whoever the address belongs to, the answer is the same. Plain ASGI: a crowd that a program brings takes this way,
and the way through the pages costs as much again.
"""

import json
from codecs import BOM_UTF8
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from newsletter.config import Field
from newsletter.web.form import HONEYPOT
from newsletter.web.pages import signup
from newsletter.web.site import LONGEST, Site
from subscribers import address
from subscribers.errors import LockedError, StoreError

#: What programs may send: the type of each field, and what `Asked` calls it.
FIELDS: Mapping[str, tuple[type, str]] = {
    "email": (str, "email"),
    "name": (str, "name"),
    "language": (str, "language"),
    "lists": (list, "lists"),
    "topics": (list, "topics"),
    "fields": (dict, "attributes"),
    HONEYPOT: (str, "trap"),
}
PAGE: Mapping[str, Any] = {"content": {"text/html": {"schema": {"type": "string"}}}}
HINT = (
    'send {"email": "name@example.org", "name": "…", "language": "en", "lists": ["…"]}; '
    "/openapi.json tells of each field what it may be"
)
#: The answer to a signup, whoever the address belongs to.
ACCEPTED: Mapping[str, Any] = {"message": "If this address can be subscribed, a mail is on its way to it."}
PATH = "/subscribe"


def read(body: bytes, site: Site) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the fields of a signup as `Asked` calls them, and what is wrong with them, by field."""
    try:
        # UTF-8 and nothing else, with the mark that some programs put before it (RFC 8259 section 8.1).
        document = json.loads(body.removeprefix(BOM_UTF8).decode())
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        return {}, {"body": "invalid"}
    errors = {name[:LONGEST]: fault for name, value in document.items() if (fault := _fault(name, value, site))}
    if "email" not in document:
        errors["email"] = "empty"
    return {} if errors else {FIELDS[name][1]: value for name, value in document.items()}, errors


def _fault(name: str, value: object, site: Site) -> str:
    """Return what is wrong with a field: unknown, or invalid; "" for nothing."""
    if name not in FIELDS:
        return "unknown"
    if not isinstance(value, FIELDS[name][0]):
        return "invalid"
    if isinstance(value, list):
        offered = site.lists if name == "lists" else site.topics
        return "" if all(each in offered for each in value) else "invalid"
    if isinstance(value, dict):
        known = {each.slug for each in site.settings.fields}
        return "" if value.keys() <= known and all(isinstance(each, str) for each in value.values()) else "invalid"
    return "invalid" if name == "language" and value not in site.settings.letter.languages else ""


def refused(errors: Mapping[str, str]) -> dict[str, Any]:
    """Return the answer to a signup that is not complete; *errors* say by field what is wrong."""
    error = {"code": "usage", "message": "the signup is not complete", "hint": HINT, "fields": dict(errors)}
    return {"error": error}


def failed(code: str) -> dict[str, Any]:
    """Return the answer to what could not be done for a reason that *code* names, mostly an HTTP status."""
    return {"error": {"code": code, "message": "this was not done", "hint": "see the HTTP status"}}


def describe(site: Site) -> dict[str, Any]:
    """Return the OpenAPI 3.1 description of what programs can ask here."""
    letter = site.settings.letter
    error = _json("#/components/schemas/Error")["content"]
    failed = {
        "description": "Too large, too slow or not possible right now",
        **_json("#/components/schemas/Error"),
    }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"Sign up for “{letter.name}”",
            "version": "1",
            "description": "Asks for a subscription. The answer never tells whether an address is known.",
        },
        "servers": [{"url": letter.base_url}],
        "paths": {
            "/subscribe": {
                "get": {
                    "operationId": "form",
                    "summary": "The signup page for people",
                    "responses": {"200": {"description": "The signup page", **PAGE}},
                },
                "post": {
                    "operationId": "subscribe",
                    "summary": "Ask for a subscription; a mail asks its owner to confirm",
                    "requestBody": {"required": True, **_json("#/components/schemas/Signup")},
                    "responses": {
                        # Without the content type of JSON the signup page answers.
                        "200": {"description": "The signup page", **PAGE},
                        "202": {"description": "Taken", **_json("#/components/schemas/Taken")},
                        "422": {"description": "Not complete", "content": {**PAGE["content"], **error}},
                        "400": {"description": "Not to be understood", **PAGE},
                        "413": failed,
                        "503": failed,
                    },
                },
            },
            "/health": {
                "get": {
                    "operationId": "health",
                    "summary": "Whether the pages can read and write",
                    "responses": {
                        "200": {"description": "Well", **_json("#/components/schemas/Health")},
                        "503": {"description": "Not well", **_json("#/components/schemas/Health")},
                    },
                }
            },
        },
        "components": {"schemas": _schemas(site)},
    }


def _json(schema: str) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": {"$ref": schema}}}}


def _schemas(site: Site) -> dict[str, Any]:
    text = {"type": "string"}

    def some(slugs: Sequence[str], least: int) -> dict[str, Any]:
        if not slugs:
            return {"type": "array", "maxItems": 0}
        return {"type": "array", "items": {"type": "string", "enum": list(slugs)}, "minItems": least}

    several = len(site.lists) > 1
    own = {each.slug: _about(each) for each in site.settings.fields}
    needed = [each.slug for each in site.settings.fields if each.required]
    signup = {
        "type": "object",
        "required": ["email", *(["lists"] if several else []), *(["fields"] if needed else [])],
        "additionalProperties": False,
        "properties": {
            "email": {"type": "string", "format": "email", "maxLength": address.LONGEST},
            "name": {"type": "string", "maxLength": LONGEST},
            "language": {"type": "string", "enum": list(site.settings.letter.languages)},
            "lists": some(site.lists, 1 if several else 0),
            "topics": some(site.topics, 0),
            "fields": {"type": "object", "required": needed, "additionalProperties": False, "properties": own},
            HONEYPOT: {"type": "string", "description": "Leave it out: only programs that post forms fill it in"},
        },
    }
    error = {
        "type": "object",
        "required": ["code", "message", "hint"],
        "properties": {
            "code": text,
            "message": text,
            "hint": text,
            "fields": {"type": "object", "additionalProperties": text},
        },
    }
    return {
        "Signup": signup,
        "Taken": {"type": "object", "required": ["message"], "properties": {"message": text}},
        "Error": {"type": "object", "required": ["error"], "properties": {"error": error}},
        "Health": {"type": "object", "required": ["status"], "properties": {"status": text, "what": text}},
    }


def _about(one: Field) -> dict[str, Any]:
    about: dict[str, Any] = {"type": "string", "title": one.title(), "maxLength": LONGEST}
    if one.values:
        return {**about, "enum": [*one.values, *([] if one.required else [""])]}
    return {**about, "pattern": r"[^\s\x00-\x1f\x7f-\x9f]"} if one.required else about


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
        said, errors = read(body, site)
        asked = signup.Asked(errors=errors) if errors else signup.checked(site, request, **said)
        if asked.errors:
            await _answer(send, 422, _body(refused(asked.errors)))
            return
        await signup.keep(site, request, asked, "signup json")
    except (StoreError, LockedError) as error:
        site.unwritable(error)
        await _answer(send, 503, _body(failed("503")), (b"retry-after", b"60"))
        return
    except Exception:
        await _answer(send, 500, _body(failed("500")))
        raise
    await _answer(send, 202, _ACCEPTED)


def _body(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document).encode()


_ACCEPTED = _body(ACCEPTED)


async def _answer(send: Send, status: int, body: bytes, *headers: tuple[bytes, bytes]) -> None:
    about = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body)), *headers]
    await send({"type": "http.response.start", "status": status, "headers": about})
    await send({"type": "http.response.body", "body": body})
