"""Get one page or feed: every redirect guarded, every size and time limited. Sends no secret.

Keeps a cookie no longer than the redirect that set it is followed: some sites go round in a circle without.
"""

import asyncio
import re
import ssl
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from email.utils import parsedate_to_datetime
from functools import cache
from types import TracebackType
from typing import Self
from urllib.parse import urljoin, urlsplit

import httpx

from newsletter import __version__
from newsletter.errors import SourceError, TryAgainError
from newsletter.fetch import guard

#: The most bytes of a page or feed, unpacked; the largest of 200 feeds measured had 2.3 MB.
MOST_BYTES = 5_000_000
#: How often an address may send us elsewhere. Browsers allow 20; real sites need two or three.
REDIRECTS = 5
#: How many requests one host gets at once: what a browser's reader would hardly notice.
PER_HOST = 2
#: One connection, one read, and all of it, in seconds: a site that needs longer is down.
CONNECT, READ, TOTAL = 10.0, 15.0, 60.0
#: A wait of more digits, in seconds, is no wait but a mistake.
LONGEST_WAIT = 7
MOVED = frozenset({301, 302, 303, 307, 308})
LASTING = frozenset({301, 308})
#: A cookie of usual size, and how many a host may give with its redirects.
COOKIE, COOKIES = re.compile(r"\s*([\w!#$%&'*+.^`|~-]{1,100})=([!-+\--:<-~]{0,1000})\s*(?:;|$)", re.ASCII), 10
#: How packed bytes begin, of how many parts they are at most, and what we neither ask for nor unpack.
GZIP, MEMBERS = b"\x1f\x8b", 100
OTHER_PACKINGS = frozenset({"br", "zstd", "deflate", "compress", "x-compress", "dcb", "dcz"})
AGENT = f"newsletter/{__version__} (reads feeds once in a while)"
ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, text/html;q=0.9, application/xml;q=0.8, "
    "application/json;q=0.8, */*;q=0.5"
)
#: What servers say beside the body that we read: links (RFC 8288), pages of a list (WordPress), how long to wait.
NOTED = ("link", "x-wp-totalpages", "retry-after")


class TooLargeError(SourceError):
    """An answer is larger than anything that we read."""


class MissingError(SourceError):
    """A server has nothing at an address (RFC 9110 section 15.5.5)."""


class GoneError(MissingError):
    """A server says that what stood at an address is gone for good (RFC 9110 section 15.5.11)."""


class UnclearError(SourceError):
    """A server says that it was asked wrongly, as one does that gives less at once (RFC 9110 section 15.5.1)."""


class LateError(TryAgainError):
    """A server does not say all that it has to say in our time."""


class BusyError(TryAgainError):
    """A server is busy. *seconds* is how long it asks us to wait (RFC 9110 section 10.2.3), 0 for unsaid."""

    def __init__(self, what: str, *, where: str = "", remedy: str = "", seconds: int = 0) -> None:
        super().__init__(what, where=where, remedy=remedy)
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server sent. *url* is where it came from in the end; *data* None means not changed since then.

    *moved* is where the address that was asked for lies now, if the server says that this is for good.
    """

    url: str
    data: bytes | None
    kind: str = ""
    charset: str = ""
    etag: str = ""
    modified: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    moved: str = ""


@dataclass(frozen=True, slots=True)
class _Elsewhere:
    """Where a server says to go, and whether that is for good (RFC 9110 sections 15.4.2 and 15.4.9)."""

    url: str
    lasting: bool
    cookies: tuple[str, ...] = ()


@cache
def _tls() -> ssl.SSLContext:
    """Return what certificates are checked against; reading them takes longer than a page."""
    return httpx.create_ssl_context()


class Connections:
    """The open connections of a run, as a context manager: one host's are used again, and not too many at once."""

    def __init__(self) -> None:
        self._clients: dict[tuple[str, str, int | None, str], httpx.AsyncClient] = {}
        self._turns: dict[str, asyncio.Semaphore] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for client in self._clients.values():
            await client.aclose()
        self._clients.clear()

    @asynccontextmanager
    async def client(self, url: httpx.URL, address: str) -> AsyncIterator[httpx.AsyncClient]:
        """Lend the client that talks to the host of *url* at *address*, when it is our turn there."""
        place = (url.scheme, url.host, url.port, address)
        async with self._turns.setdefault(f"{url.host}:{url.port}", asyncio.Semaphore(PER_HOST)):
            if place not in self._clients:
                # No proxy and no .netrc of the environment: they would see what the guard has not.
                verify = _tls() if url.scheme == "https" else False
                self._clients[place] = httpx.AsyncClient(verify=verify, trust_env=False, follow_redirects=False)
            # A site may set cookies; no request carries them on.
            self._clients[place].cookies.clear()
            yield self._clients[place]


@dataclass(frozen=True, slots=True)
class Client:
    """Gets pages. *pin* says to which address a URL may lead (`guard.pin`); *patience* is in seconds a read.

    *connections* are shared with other clients; without any, each request makes its own. *most* is how many
    bytes an answer may have.
    """

    pin: Callable[[str], Awaitable[str]] = guard.pin
    patience: float = READ
    connections: Connections | None = field(default=None, compare=False)
    most: int = MOST_BYTES

    async def get(self, url: str, *, etag: str = "", modified: str = "", first: int = 0) -> Answer:
        """Return what stands at *url*; *etag* and *modified* ask for changes only (RFC 9110 section 13.1).

        *first* asks for so many bytes from the start, and reads no more of them; 0 for all (RFC 9110 section 14).

        Raise SourceError, or TryAgainError where it may work later.
        """
        ranged = f"bytes=0-{first - 1}" if first else ""
        headers = {"if-none-match": etag, "if-modified-since": modified, "range": ranged}
        try:
            async with asyncio.timeout(TOTAL):
                return await self._follow(url, {name: value for name, value in headers.items() if value}, first)
        except (TimeoutError, httpx.TimeoutException):
            raise LateError("the server takes too long", where=url, remedy="try again later") from None
        except httpx.InvalidURL:
            raise _astray(url) from None
        except (httpx.RemoteProtocolError, httpx.ReadError) as error:
            # The library looks at where a redirect leads before we do.
            raise (_astray(url) if "location header" in str(error) else _broken(url)) from None
        except (httpx.HTTPError, OSError, ValueError) as error:
            raise _unreached(url, error) from None

    async def _follow(self, url: str, headers: Mapping[str, str], first: int) -> Answer:
        place, moved, lasting = url, "", True
        # What a host gives with a redirect, it gets back from whoever follows it there.
        kept: dict[str, dict[str, str]] = {}
        if self.connections is None:
            async with Connections() as own:
                return await replace(self, connections=own)._follow(url, headers, first)
        for _ in range(REDIRECTS + 1):
            address = await self.pin(place)
            jar = kept.setdefault(urlsplit(place).netloc, {})
            cookie = {"cookie": "; ".join(f"{name}={value}" for name, value in jar.items())} if jar else {}
            found = await self._one(self.connections, place, address, {**headers, **cookie}, first)
            if isinstance(found, Answer):
                return replace(found, moved=moved)
            jar |= dict([pair for each in found.cookies if (pair := _pair(each))][:COOKIES])
            place = urljoin(place, found.url)
            lasting = lasting and found.lasting
            moved = place if lasting else moved
        what = f"the address leads elsewhere more than {REDIRECTS} times"
        raise SourceError(what, where=url, remedy="open it in a browser and use the address where it ends")

    async def _one(
        self, connections: Connections, url: str, address: str, headers: Mapping[str, str], first: int
    ) -> Answer | _Elsewhere:
        """Ask one server, at *address*; return its answer, or where it says to go."""
        asked = httpx.URL(url)
        pinned = asked.copy_with(host=address, username=None, password=None)
        sent = {
            "host": asked.netloc.decode("ascii"),
            "user-agent": AGENT,
            "accept": ACCEPT,
            "accept-encoding": "gzip",
        }
        # The certificate is checked against the name that was asked for, not the address.
        extensions = {"sni_hostname": asked.raw_host.decode("ascii")}
        limits = httpx.Timeout(self.patience, connect=min(CONNECT, self.patience))
        async with (
            connections.client(asked, address) as client,
            client.stream(
                "GET", pinned, headers={**sent, **headers}, extensions=extensions, timeout=limits
            ) as response,
        ):
            if response.status_code in MOVED and response.headers.get("location"):
                cookies = tuple(response.headers.get_list("set-cookie"))
                return _Elsewhere(str(response.headers["location"]), response.status_code in LASTING, cookies)
            if response.status_code == httpx.codes.NOT_MODIFIED:
                return Answer(url, None)
            if not response.is_success:
                raise _failed(url, response.status_code, response.headers)
            return Answer(
                url,
                await _begin(response, first) if first else await _read(response, url, self.most),
                response.headers.get("content-type", "").partition(";")[0].strip().lower(),
                response.charset_encoding or "",
                response.headers.get("etag", ""),
                response.headers.get("last-modified", ""),
                {name: response.headers[name] for name in NOTED if name in response.headers},
            )


def _pair(cookie: str) -> tuple[str, str] | None:
    """Return name and value of what ``Set-Cookie`` says (RFC 6265 section 5.2), None for what is none."""
    found = COOKIE.match(cookie)
    return (found[1], found[2]) if found else None


async def _begin(response: httpx.Response, first: int) -> bytes:
    """Return the first bytes of a body that nobody packs, such as a picture's."""
    data = b""
    async for raw in response.aiter_raw():
        data += raw
        if len(data) >= first:
            break
    return data[:first]


async def _read(response: httpx.Response, url: str, most: int) -> bytes:
    """Return the body, unpacked, of no more than *most* bytes.

    Whether it is packed, its first bytes tell: servers say gzip of what is not, and nothing of what is, or name
    the letters that it is written in (RFC 9110 section 8.4).
    """
    packed = response.headers.get("content-encoding", "").strip().lower()
    data = bytearray()
    async for raw in response.aiter_raw():
        data += raw
        if len(data) > most:
            raise _too_large(url, most)
    if packed in OTHER_PACKINGS:
        raise SourceError(f"packed as {packed}, which was not asked for", where=url, remedy="ask its operator")
    body = bytes(data)
    # What the transfer packed may be a packed file, as sitemaps are.
    for _ in range(2):
        body = _unpacked(body, url, most) if body.startswith(GZIP) else body
    return body


def _unpacked(data: bytes, url: str, most: int) -> bytes:
    """Return what is packed in *data*, part after part (RFC 1952 section 2.2): a few bytes can hold gigabytes."""
    whole = b""
    for _ in range(MEMBERS):
        unpack = zlib.decompressobj(zlib.MAX_WBITS | 16)
        try:
            whole += unpack.decompress(data, most + 1 - len(whole))
        except zlib.error:
            break
        if len(whole) > most:
            raise _too_large(url, most)
        if not unpack.eof:
            break
        data = unpack.unused_data
        if not data.startswith(GZIP):
            return whole
    raise _broken(url)


def _unreached(url: str, error: Exception) -> SourceError:
    """Return what it means that nobody answered, or nobody who may be trusted."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ssl.SSLError):
        cause = cause.__cause__ or cause.__context__
    if isinstance(cause, ssl.SSLCertVerificationError):
        what = f"its certificate cannot be trusted: {cause.verify_message.rstrip('.')}"
        return SourceError(what, where=url, remedy="ask its operator to renew it, or check the address")
    if cause is not None:
        return SourceError("no https is spoken there", where=url, remedy="try http://, or check the address")
    # The library tries each of its addresses, of which there is one, and says nothing of one that hangs up.
    said = {"All connection attempts failed": "no server answers there", "": "the server hangs up"}
    what = str(error).partition("\n")[0]
    return SourceError(
        f"cannot be read: {said.get(what, what)}", where=url, remedy="check the address in a browser"
    )


def _astray(url: str) -> SourceError:
    """Return that an address, or where a server sends us on to, is none."""
    return SourceError("it leads to no web address", where=url, remedy="check the address in a browser")


def _broken(url: str) -> TryAgainError:
    """Return what a server says that speaks no HTTP, or hangs up before the end."""
    return TryAgainError("the answer is broken", where=url, remedy="try again later")


def _too_large(url: str, most: int) -> TooLargeError:
    remedy = "name a feed with fewer entries, or the article's own page"
    return TooLargeError(f"larger than {most // 1_000_000} MB", where=url, remedy=remedy)


def _wait(headers: Mapping[str, str]) -> int:
    """Return for how many seconds a server asks to be left alone, 0 for unsaid; a time is by its own clock."""
    said = headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit():
        return int(said) if len(said) < LONGEST_WAIT else 0
    try:
        left = parsedate_to_datetime(said) - parsedate_to_datetime(headers.get("date", ""))
    except (ValueError, TypeError, OverflowError):
        return 0
    seconds = int(left.total_seconds())
    return seconds if 0 < seconds < 10 ** (LONGEST_WAIT - 1) else 0


def _failed(url: str, status: int, headers: Mapping[str, str]) -> SourceError | TryAgainError:
    """Return what a status that is no success means for an editor; *headers* may say how long to wait."""
    if status == httpx.codes.GONE:
        remedy = "ask its site where it is now, or take it out of newsletter.toml"
        return GoneError("its server says that this is gone for good (410)", where=url, remedy=remedy)
    if status == httpx.codes.NOT_FOUND:
        return MissingError("there is no such page", where=url, remedy="check the address in a browser")
    if status in {401, 403}:
        return SourceError(
            f"the site refuses us ({status})",
            where=url,
            remedy="ask its operator for a public feed; of one page, save its text as a .txt file and add that",
        )
    if status == 429 or status >= 500:
        what = f"the server cannot answer now ({status})"
        return BusyError(what, where=url, remedy="try again later", seconds=_wait(headers))
    kind = UnclearError if status == httpx.codes.BAD_REQUEST else SourceError
    return kind(f"the server answers {status}", where=url, remedy="check the address in a browser")
