"""Get access to a mail server for an hour at a time, from whom an [[oauth]] names, and keep it until it ends."""

import asyncio
import re
from collections.abc import Callable
from datetime import datetime
from time import monotonic

import httpx

from newsletter import __version__
from newsletter.errors import NewsletterError, TryAgainError
from newsletter.grant import Granted, GrantError, Held, answer, request
from newsletter.settings.oauth import Oauth

#: How long the answer may take, in seconds: a connection waits for it.
PATIENCE = 10.0

#: No answer is longer, in bytes.
MOST = 100_000

#: So long before its end access is got anew, in seconds: it must last for a log-in.
AHEAD = 120.0

#: What the system calls a trouble, before its words.
_NUMBER = re.compile(r"^\[Errno -?\d+\] ")


class Access:
    """Access to the mail of *username* by the [[oauth]] *by*. *error* is raised where it is refused.

    To be used from one event loop at a time; many may ask at once, and wait for one answer.
    """

    def __init__(
        self, by: Oauth, held: Held, username: str, error: type[NewsletterError], now: Callable[[], datetime]
    ) -> None:
        self._by = by
        self._held = held
        self._username = username
        self._error = error
        self._now = now
        self._lock = asyncio.Lock()
        self._granted: Granted | None = None
        self._until = 0.0
        self._asked = 0

    async def get(self) -> str:
        """Return the token to log in with. Raise the error for a refusal, TryAgainError if nobody answers."""
        async with self._lock:
            if self._granted is None or monotonic() >= self._until:
                self._granted = granted = await self._ask()
                self._until = monotonic() + max(granted.seconds - AHEAD, granted.seconds / 2)
                self._asked = 0
            self._asked += 1
            return self._granted.token

    def forget(self, token: str) -> bool:
        """Hear that a server did not take *token*: another is got next time, for rights are written into it.

        Return whether that may help at once. It does not where *token* was new: who may do too little with it may
        do no more with the next, and whoever tries too often is locked out.
        """
        if self._granted is None or self._granted.token != token:
            return True
        self._granted = None
        return self._asked > 1

    async def _ask(self) -> Granted:
        where = f"[[oauth]] {self._by.name}"
        try:
            form = request(self._by, self._held, self._username, self._now())
        except ValueError as error:
            raise self._error(str(error), where=where, remedy=f"look at {self._by.key_file}") from None
        try:
            return answer(*await _post(self._by.url, form))
        except GrantError as error:
            kind = TryAgainError if error.passing else self._error
            what = f"no access is granted: {self._held.hide(str(error))}"
            raise kind(what, where=where, remedy=self._remedy(error)) from None
        except (httpx.InvalidURL, UnicodeError):
            raise self._error("no host can be called as url says", where=where, remedy="check url") from None
        except (httpx.HTTPError, OSError) as error:
            what = f"{httpx.URL(self._by.url).host} {_trouble(error)}"
            raise TryAgainError(what, where=where, remedy="look at the network; it is asked again") from None

    def _remedy(self, error: GrantError) -> str:
        by = self._by
        match error.error:
            case _ if error.passing:
                return "it is asked again"
            case "invalid_grant" | "unauthorized_client" if by.kind == "google":
                return f"let an administrator allow the account of {by.key_file} the scope {by.scope}"
            case "invalid_grant" if by.refresh_env:
                return f"agree once more, and put what you get into the variable {by.refresh_env}"
            case "invalid_client" if by.secret_env:
                return f"check client, and the secret in the variable {by.secret_env}: such secrets end one day"
            case _:
                return "check what this table says, and what the application may do"


def _trouble(error: Exception) -> str:
    """Return what came of asking, in few words."""
    match error:
        case TimeoutError() | httpx.TimeoutException():
            return "does not answer in time"
        case httpx.ProtocolError() | httpx.DecodingError():
            return "does not answer as a web server does"
        case httpx.ReadError() | httpx.WriteError():
            return "closed the connection"
        case _:
            return f"does not answer: {_NUMBER.sub('', str(error)) or type(error).__name__}"


async def _post(url: str, form: dict[str, str]) -> tuple[int, bytes]:
    """Return the status and the body of the answer to *form*. Follows no redirect, and asks no proxy.

    What the environment says of certificates (SSL_CERT_FILE) holds.
    """
    headers = {"Accept": "application/json", "User-Agent": f"newsletter/{__version__}"}
    async with (
        asyncio.timeout(PATIENCE),
        httpx.AsyncClient(
            verify=httpx.create_ssl_context(), trust_env=False, timeout=PATIENCE, headers=headers
        ) as client,
        client.stream("POST", url, data=form) as response,
    ):
        content = b""
        async for piece in response.aiter_bytes():
            content += piece
            if len(content) > MOST:
                break
        return response.status_code, content
