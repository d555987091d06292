"""Connect to a route and log in, with aiosmtplib; then read replies with a protocol of our own.

Source: RFC 3207 (STARTTLS), RFC 4954 (AUTH), RFC 8314 (TLS from the start). Nothing that is secret or about a
reader travels before the certificate was checked, except to this very machine.
"""

import asyncio
import errno
import socket
import ssl
from base64 import b64encode
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Protocol, cast

import aiosmtplib

from newsletter.config import Route
from newsletter.errors import CROWDED, RouteError, TryAgainError, cited
from newsletter.model import Reply, Stage
from newsletter.send.answer import Answer, printable
from newsletter.send.dial import dial
from newsletter.send.judge import UNKNOWN
from newsletter.send.limits import Limits
from newsletter.send.smtp import Session
from newsletter.send.wire import Wire

#: How those greet that take no mail, and what they speak: many an editor writes down where mail is read.
OTHERS = {"SSH-": "SSH", "* ": "IMAP", "+OK": "POP3", "HTTP/": "HTTP"}

#: So much is told of it, in characters.
GREETING = 60

#: What asks for more of a log-in, and what lets us in (RFC 4954 section 4); bytes of a command with its end.
GO_ON, LET_IN, LINE = 334, 235, 512

#: What helps where a server takes no passwords, as Microsoft's.
OAUTH = "log in by [[oauth]], as `newsletter docs send` shows"

#: What OpenSSL says of an answer that is no TLS, as of a greeting in clear.
NO_TLS = frozenset({"wrong version number", "packet length too long", "unknown protocol"})

#: Where servers take mail.
PORTS = 'most servers take mail at port 587 with tls = "starttls", or at 465 with tls = "tls"'


class Access(Protocol):
    """Lets us log in for a while, where a server takes no password (OAuth 2.0)."""

    async def get(self) -> str:
        """Return the token of the hour. Raise RouteError if it is refused, TryAgainError if nobody answers."""

    def forget(self, token: str) -> bool:
        """Get another one next time: a server did not take *token*. Return whether that may help at once."""


class UnreachableError(Exception):
    """The server cannot be used now: nothing answers, it is busy, or the connection broke before the log-in."""

    def __init__(self, reply: Reply) -> None:
        self.reply = reply
        super().__init__(reply.text)


async def log_in(
    route: Route,
    password: str | Access,
    limits: Limits,
    context: ssl.SSLContext | None = None,
    name: str = "localhost",
) -> Session:
    """Return a session with *route*. *name* is what we call ourselves in EHLO; *context* None trusts the system.

    Access that was good and is no more, as it was taken back or this machine slept meanwhile, is got anew, once.

    Raise UnreachableError for what may pass, RouteError for what will not.
    """
    if route.tls == "none" and not route.loopback:
        raise _error(route, "mail would travel readable by everybody", 'use tls = "starttls" or "tls"')
    trust = context or _trust(route)
    again = False
    while True:
        try:
            secret = password if isinstance(password, str) else await password.get()
        except TryAgainError as error:
            raise _unreachable(f"{error.where}: {error.what}") from None
        try:
            return await _enter(route, secret, limits, trust, name)
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            refused = isinstance(error, aiosmtplib.SMTPAuthenticationError) and error.code >= 500
            if refused and not isinstance(password, str) and password.forget(secret) and not again:
                again = True
                continue
            raise _told(route, error) from None


async def _enter(route: Route, secret: str, limits: Limits, trust: ssl.SSLContext | None, name: str) -> Session:
    """Return a session, logged in by *secret*. Raise what the library does, RouteError for no way to log in."""
    try:
        connection = await asyncio.wait_for(dial(route.host, route.port), limits.connect)
    except UnicodeError:
        raise _error(route, "no host can be called that", "check host") from None
    client = _Client(
        hostname=route.host,
        sock=connection,
        local_hostname=name,
        timeout=limits.connect,
        use_tls=route.tls == "tls",
        start_tls=route.tls == "starttls",
        tls_context=trust,
    )
    try:
        await client.connect()
        await _greet(client)
        if route.username:
            await _authenticate(client, route, secret)
        return _take_over(client, route, limits)
    except BaseException:
        _leave(client, connection)
        raise


class _Client(aiosmtplib.SMTP):
    """Closes at once: under TLS a polite end waits for the server's, half a minute if that says nothing."""

    def close(self) -> None:
        transport = self.transport
        if transport:
            cast(asyncio.Transport, transport).abort()
        super().close()


def _leave(client: aiosmtplib.SMTP, connection: socket.socket) -> None:
    """Close *connection*, which *client* may not have taken over yet."""
    client.close()
    connection.close()


def _trust(route: Route) -> ssl.SSLContext | None:
    """Return whom to trust and what to show, or None for what the system trusts. Raise RouteError."""
    if route.tls == "none" or not (route.authority or route.certificate):
        return None
    file, key = route.authority, "authority"
    try:
        context = ssl.create_default_context(cafile=file or None)
        if route.certificate:
            file, key = route.certificate, "certificate and key"
            context.load_cert_chain(route.certificate, route.key)
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", None) or getattr(error, "strerror", None) or str(error)
        what = f"{file} cannot be used: {str(reason).replace('_', ' ').lower()}"
        raise _error(route, what, f"check {key}: files in PEM") from None
    return context


def may_want(route: Route) -> str:
    """Return what may help with a server that does not say a word, or "": one that waits for TLS does not."""
    # RFC 8314 section 3: these two begin in clear.
    if route.tls == "tls" or route.port in (25, 587):
        return ""
    return 'if it wants TLS from the start, as is usual on port 465, use tls = "tls"'


async def own_name(route: Route) -> str:
    """Return what to call ourselves in EHLO: this machine's full name (RFC 5321 section 4.1.4)."""
    if route.loopback:
        return "localhost"
    name = await asyncio.to_thread(socket.getfqdn)
    return name if "." in name and name.isascii() else "localhost.localdomain"


async def _greet(client: aiosmtplib.SMTP) -> None:
    """Say EHLO, unless STARTTLS or AUTH did; HELO to a server that refuses it, as one without extensions may.

    Source: RFC 5321 section 3.2. What it said to EHLO tells more than what comes of HELO, if that fails too.
    """
    if not client.is_ehlo_or_helo_needed:
        return
    try:
        await client.ehlo()
    except aiosmtplib.SMTPHeloError as refusal:
        if refusal.code < 500:
            raise
        try:
            await client.helo()
        except aiosmtplib.SMTPException:
            raise refusal from None


async def _authenticate(client: aiosmtplib.SMTP, route: Route, password: str) -> None:
    """Log in. A wrong password is wrong by every mechanism: many servers hang up on the second guess."""
    mechanisms: Mapping[str, Callable[[str, str], Awaitable[object]]] = {
        "plain": client.auth_plain,
        "login": client.auth_login,
        "cram-md5": client.auth_crammd5,
    }
    if route.oauth:
        mechanisms = {"xoauth2": partial(_by_token, client)}
    offered = [name for name in mechanisms if name in client.server_auth_methods]
    if not client.server_auth_methods:
        remedy = f"leave username out if it wants none; else check port and tls, which is {cited(route.tls)} now"
        raise _error(route, "the server offers no log-in (AUTH)", remedy)
    if not offered:
        others = printable(", ".join(client.server_auth_methods).upper())
        known = ", ".join(mechanisms).upper()
        what = f"the server offers no log-in that we know (AUTH {known}) but {others}"
        raise _error(route, what, _other_login(route, client.server_auth_methods))
    for name in offered:
        try:
            await mechanisms[name](route.username, password)
        except aiosmtplib.SMTPAuthenticationError as error:
            # RFC 4954 section 6: 504 means that this mechanism is not taken, whatever EHLO said.
            if error.code != 504 or name == offered[-1]:
                raise
        else:
            return


async def _by_token(client: aiosmtplib.SMTP, username: str, token: str) -> None:
    """Log in by XOAUTH2, as Google and Microsoft define it.

    What makes the line too long waits for the server's word (RFC 4954 section 4): Postfix cuts it, and tokens of
    Microsoft are that long.
    """
    said = b64encode(f"user={username}\1auth=Bearer {token}\1\1".encode())
    command = b"AUTH XOAUTH2 " + said
    if len(command) + 2 <= LINE:
        reply = await client.execute_command(command)
    else:
        reply = await client.execute_command(b"AUTH XOAUTH2")
        if reply.code == GO_ON:
            reply = await client.execute_command(said)
    if reply.code == GO_ON:
        # It says why not, and its refusal follows upon nothing.
        reply = await client.execute_command(b"")
    if reply.code != LET_IN:
        raise aiosmtplib.SMTPAuthenticationError(reply.code, reply.message)


def _other_login(route: Route, offered: Sequence[str]) -> str:
    """Return what helps where the server offers none of our ways to log in."""
    if route.oauth:
        return "use a username with password_env in place of oauth"
    if "xoauth2" in offered:
        return OAUTH
    return "ask who runs it for one with a name and a password"


def _take_over(client: aiosmtplib.SMTP, route: Route, limits: Limits) -> Session:
    """Hand the connection from aiosmtplib, which drops replies that it did not ask for, to our reader."""
    if client.transport is None or client.transport.is_closing():
        raise aiosmtplib.SMTPServerDisconnected("the server closed the connection")
    transport = cast(asyncio.Transport, client.transport)
    wire = Wire(transport)
    transport.set_protocol(wire)
    extensions = {key.lower(): value for key, value in client.esmtp_extensions.items()}
    return Session(wire, extensions, limits, window=route.in_flight, most=route.messages)


def _told(route: Route, error: Exception) -> Exception:
    """Return what *error* means: a route that is wrong, or one that may work later."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ssl.SSLError):
        cause = cause.__cause__
    if isinstance(cause, ssl.SSLCertVerificationError):
        what = f"the server's certificate cannot be trusted: {cause.verify_message.rstrip('.')}"
        return _error(route, what, _mending(route, cause.verify_code))
    if isinstance(cause, ssl.SSLError):
        reason = (cause.reason or str(cause)).replace("_", " ").lower()
        if reason in NO_TLS and route.tls == "tls":
            what = "what answers there does not begin with TLS"
            return _error(route, what, 'use tls = "starttls", as is usual at port 587, or check host and port')
        return _error(route, f"TLS does not work: {reason}", _agreement(route, reason))
    match error:
        case aiosmtplib.SMTPResponseException():
            return _answered(route, error)
        case aiosmtplib.SMTPTimeoutError() | aiosmtplib.SMTPServerDisconnected() | OSError():
            return _unreachable(_reason(route, error))
        case _:
            what = printable(str(error).rstrip("."))
            if "STARTTLS" in what:
                what = "the server offers no STARTTLS, so nothing was said to it in clear"
            return _error(route, what, f"check tls and username; tls is {cited(route.tls)} now")


def _mending(route: Route, code: int) -> str:
    """Return what helps against a certificate that OpenSSL does not trust for the reason *code* (X509_V_ERR)."""
    match code:
        case 62 | 64:
            return "name the host as its certificate does"
        case 18 | 19 | 20 | 21 if route.authority:
            return "check authority: this certificate, or the one that signed it, must stand in that file"
        case 18 | 19 | 20 | 21:
            return 'if the server is yours, name the file of who signed its certificate: authority = "ca.pem"'
        case _:
            return "ask who runs the server to mend it, and check the clock of this machine"


def _agreement(route: Route, reason: str) -> str:
    """Return what helps where the two sides do not agree on TLS, for the *reason* that OpenSSL gives."""
    if "alert" in reason and ("certificate" in reason or "unknown ca" in reason):
        return "check certificate and key: the server wants to know by them who we are"
    if any(word in reason for word in ("alert", "protocol", "cipher", "too small", "too weak")):
        return "ask who runs the server to look into its log, and whether it speaks TLS 1.2 or 1.3"
    return f"check port and tls; now it is {cited(route.tls)}"


def _answered(route: Route, error: aiosmtplib.SMTPResponseException) -> Exception:
    """Return what a refusal before the first message means."""
    if error.code < 0:
        said = printable(error.message.removeprefix("Malformed SMTP response line: "))
        if spoken := next((name for greeting, name in OTHERS.items() if said.startswith(greeting)), ""):
            what = f"what answers there speaks {spoken} and not SMTP: {said[:GREETING].rstrip('.')}"
            return _error(route, what, f"check host and port; {PORTS}")
        return _unreachable(f"{_place(route)} does not answer as a mail server does: {said}")
    # As it came: aiosmtplib hides what is no UTF-8.
    lines = [f"{error.code} {line}".encode(errors="surrogateescape") for line in error.message.split("\n")]
    text = Reply(Stage.CONNECT, *Answer.of(lines)).words
    if error.code < 400:
        return _unreachable(f"{_place(route)} does not answer as a mail server does: {text}")
    if error.code < 500 and "certificate" in text.lower():
        # Postfix says so with 421; but no wait brings a certificate.
        what = f"the server wants to know by a certificate who we are: {text}"
        return _error(route, what, "check certificate and key")
    if error.code < 500:
        return _unreachable(f"{_place(route)}: {text}", error.code)
    if isinstance(error, aiosmtplib.SMTPAuthenticationError):
        remedy = f"check username, and the password in the variable {route.password_env}"
        if route.oauth:
            remedy = f"check username, and whether the application of [[oauth]] {route.oauth} may send as it"
        elif "basic authentication" in text.lower():
            remedy = OAUTH
        return _error(route, f"the server refuses the log-in: {text}", remedy)
    if isinstance(error, aiosmtplib.SMTPHeloError) and error.code in UNKNOWN:
        # LMTP wants another word, FTP knows none of both.
        what = f"what answers there understands neither EHLO nor HELO: {text}"
        return _error(route, what, f"check host and port; {PORTS}")
    if isinstance(error, aiosmtplib.SMTPConnectResponseError | aiosmtplib.SMTPHeloError):
        return _error(
            route, f"the server turns us away: {text}", "ask who runs it whether you may send through it"
        )
    return _error(route, f"the server refuses STARTTLS: {text}", 'use tls = "tls" if it offers that, or ask')


def _unreachable(text: str, code: int = 0) -> UnreachableError:
    return UnreachableError(Reply(Stage.CONNECT, code, text=text))


def _error(route: Route, what: str, remedy: str) -> RouteError:
    return RouteError(what, where=f"[[smtp]] {route.name} ({_place(route)})", remedy=remedy)


def _place(route: Route) -> str:
    return f"{route.host}:{route.port}"


def _reason(route: Route, error: Exception) -> str:
    """Return why a connection failed, in few words."""
    cause = error.__cause__ or error
    if isinstance(cause, ConnectionRefusedError):
        return f"nothing answers at {_place(route)}"
    if isinstance(cause, socket.gaierror):
        passing = cause.errno == socket.EAI_AGAIN
        return f"{_place(route)}: {'no name server answers' if passing else 'no such host is known'}"
    if isinstance(error, aiosmtplib.SMTPTimeoutError | TimeoutError):
        if "ready message" in str(error):
            return "; ".join(filter(None, (f"{_place(route)} says nothing in time", may_want(route))))
        return f"{_place(route)} does not answer in time"
    closed = f"{_place(route)} closed the connection"
    if "upgrading" in str(error) or (route.tls == "tls" and isinstance(cause, ConnectionError)):
        return f"{closed} when TLS was to begin"
    if isinstance(cause, aiosmtplib.SMTPServerDisconnected):
        return closed
    if isinstance(cause, OSError) and cause.errno in (errno.EMFILE, errno.ENFILE):
        return f"{_place(route)}: {CROWDED}"
    said = getattr(cause, "strerror", None) or str(cause) or str(error)
    return f"{_place(route)}: {printable(said) or type(error).__name__}"
