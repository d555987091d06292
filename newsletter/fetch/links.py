"""Try links as a polite visitor: HEAD, then GET where that is not answered; few at once, and fewer at one host.

Every hop goes through the guard, so that a letter cannot make us knock on doors of this network.
"""

import asyncio
import ssl
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

import httpx

from newsletter.errors import SourceError
from newsletter.fetch import guard
from newsletter.fetch.http import AGENT, MOVED
from newsletter.gate.answers import Answer

#: So many addresses at once, and so many at one host.
AT_ONCE, PER_HOST = 16, 2
#: Browsers give up after 20 redirects.
HOPS = 20
#: How long one address, and all of them, may take, in seconds.
PATIENCE, TOTAL = 10.0, 45.0
#: What says that a page is not there, whoever asks. All else may be an answer to robots only.
GONE = frozenset({404, 410})
#: Where HEAD is answered like this, GET may be answered otherwise.
NO_HEAD = frozenset({400, 401, 403, 404, 405, 406, 410, 429, 500, 501, 502, 503, 999})

Pin = Callable[[str], Awaitable[str]]


class _OfflineError(Exception):
    """The name could not be looked up: there is no such host, or no network."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Tries addresses. *pin* says where one may lead, or raises SourceError; *patience* is in seconds."""

    pin: Pin = guard.pin
    patience: float = PATIENCE
    total: float = TOTAL
    tls: ssl.SSLContext = field(default_factory=httpx.create_ssl_context)

    async def visit(self, addresses: Iterable[str], known: Iterable[str] = ()) -> Mapping[str, Answer]:
        """Return what came of each address.

        Where no host at all could be looked up, not even those that are *known* to be there, there is no network.
        """
        slots = asyncio.Semaphore(AT_ONCE)
        hosts: defaultdict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(PER_HOST))
        found: dict[str, Answer] = {}

        async def one(address: str) -> None:
            async with hosts[urlsplit(address).netloc.casefold()], slots:
                found[address] = await self._try(address)

        wanted = tuple(dict.fromkeys(addresses))
        try:
            async with asyncio.timeout(self.total), asyncio.TaskGroup() as group:
                for address in wanted:
                    group.create_task(one(address))
        except TimeoutError:
            pass
        late = Answer("unanswered", f"all links together took more than {self.total:.0f} seconds")
        answers = {address: found.get(address, late) for address in wanted}
        if all(answer.state in {"offline", "private"} for answer in answers.values()) and not await self._online(
            known
        ):
            return answers
        return {address: _there_is_none(answer, address) for address, answer in answers.items()}

    async def _online(self, known: Iterable[str]) -> bool:
        for host in dict.fromkeys(known):
            try:
                await guard.resolve(host, 443)
            except (OSError, UnicodeError):
                continue
            return True
        return False

    async def _try(self, address: str) -> Answer:
        limits = httpx.Timeout(self.patience)
        try:
            async with (
                asyncio.timeout(self.patience * 2),
                httpx.AsyncClient(verify=self.tls, trust_env=False, timeout=limits) as client,
            ):
                return await self._follow(client, address)
        except _OfflineError:
            return Answer("offline")
        except SourceError as error:
            return Answer("private", error.what)
        except (TimeoutError, httpx.TimeoutException):
            return Answer("unanswered", "the server takes too long")
        except httpx.ConnectError as error:
            return _unconnected(error)
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            return Answer("unanswered", str(error).partition("\n")[0] or type(error).__name__)

    async def _follow(self, client: httpx.AsyncClient, address: str) -> Answer:
        place = address
        for hops in range(HOPS + 1):
            status, head = await self._ask(client, "HEAD", place)
            if status in NO_HEAD:
                status, head = await self._ask(client, "GET", place)
            location = str(head.get("location", ""))
            if status not in MOVED or not location:
                return _said(status, head, hops, place)
            place = urljoin(place, location).partition("#")[0]
        return Answer("dead", f"it leads on more than {HOPS} times", HOPS, place)

    async def _ask(self, client: httpx.AsyncClient, method: str, place: str) -> tuple[int, httpx.Headers]:
        """Return status and headers; the body is not read."""
        asked = httpx.URL(place)
        pinned = asked.copy_with(host=await self._address(place), username=None, password=None, fragment=None)
        headers = {"host": asked.netloc.decode("ascii"), "user-agent": AGENT, "accept": "*/*"}
        extensions = {"sni_hostname": asked.raw_host.decode("ascii")}
        async with client.stream(method, pinned, headers=headers, extensions=extensions) as response:
            return response.status_code, response.headers

    async def _address(self, place: str) -> str:
        try:
            return await self.pin(place)
        except SourceError as error:
            if error.what.startswith("there is no host"):
                raise _OfflineError from None
            raise


def _there_is_none(answer: Answer, address: str) -> Answer:
    """Return what an address whose host has no entry means where there is a network."""
    if answer.state != "offline":
        return answer
    return Answer("dead", f"there is no host {urlsplit(address).hostname}")


def _unconnected(error: httpx.ConnectError) -> Answer:
    text = str(error)
    if "CERTIFICATE_VERIFY_FAILED" in text:
        return Answer("unanswered", "its certificate is not valid")
    if "refused" in text.casefold() or "all connection attempts failed" in text.casefold():
        return Answer("dead", "nobody answers there")
    if text.startswith("[SSL"):
        return Answer("unanswered", "no https is spoken there")
    return Answer("unanswered", text.partition("\n")[0] or "no connection")


def _said(status: int, head: httpx.Headers, hops: int, place: str) -> Answer:
    if status in GONE:
        return Answer("dead", f"there is no such page ({status})", hops, place)
    if 200 <= status < 400:
        kind = str(head.get("content-type", "")).partition(";")[0].strip().casefold()
        length = str(head.get("content-length", ""))
        # What is packed for the way has another size when it is there; a number without end is no size.
        known = length.isascii() and length.isdigit() and len(length) < 16 and "content-encoding" not in head
        return Answer("ok", "", hops, place, kind, int(length) if known else 0)
    return Answer("unanswered", f"the server answers {status}", hops, place)
