"""What follows a send: bad addresses are learnt from its replies, and its editor hears of it.

The editor hears by mail, by a web address of theirs, and by a program, each if the settings name one. Nothing of
that can harm the send: what fails is told, and the send stands as it is.
"""

import asyncio
import json
import os
import shlex
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from html import escape

from newsletter import message
from newsletter.cli.send import deciding, standing
from newsletter.cli.terminal import now
from newsletter.errors import NewsletterError, ToldError
from newsletter.files.workspace import Workspace
from newsletter.mail.letterhead import Names
from newsletter.receive import refusals
from newsletter.send.courier import Courier, nothing
from subscribers.model import Send, SendState
from subscribers.store.file.open import Connection
from subscribers.store.file.writer import Writer
from subscribers.store.ledger import census

#: How long the program of the settings may take, in seconds.
PATIENCE = 60.0

#: The secrets that no program of others is given are in variables that begin so.
OURS = "NEWSLETTER_"


async def after(
    workspace: Workspace, writer: Writer, send: Send, courier: Courier, key: bytes, say: Callable[[str], None]
) -> None:
    """Do what follows when a sender has ended with *send*; *key* names the mail to the editor."""
    await writer.run(partial(refusals.learn, rule=workspace.settings.feedback.rule))
    if not told(send):
        return
    words = await writer.run(partial(_words, send=send))
    await tell(workspace, courier, key, words, await writer.run(partial(_document, send=send)), say)


def told(send: Send) -> bool:
    """Return whether somebody wants to hear how *send* ended: when it is done, or paused by itself."""
    return send.state is SendState.DONE or (send.state is SendState.PAUSED and bool(send.reason))


async def run(connection: Connection, send: Send, command: str, say: Callable[[str], None]) -> None:
    """Run *command* of whoever sends, with what came of *send*, as the program of the settings is run."""
    if told(send):
        await _heard([_run(command, _document(connection, send), "--exec")], say)


async def tell(
    workspace: Workspace,
    courier: Courier,
    key: bytes,
    words: tuple[str, str],
    document: Mapping[str, object],
    say: Callable[[str], None],
) -> None:
    """Tell the editor in *words* (a subject and a text), and programs by *document*."""
    wanted = workspace.settings.feedback
    ways = []
    if wanted.notify:
        ways.append(_mail(workspace, courier, key, words))
    if wanted.webhook:
        # Loaded by those who use it only, as IMAP is.
        from newsletter.fetch.post import post

        ways.append(post(wanted.webhook, document))
    if wanted.command:
        ways.append(_run(wanted.command, document, "[feedback] exec"))
    await _heard(ways, say)


async def _heard(ways: Sequence[Awaitable[None]], say: Callable[[str], None]) -> None:
    """Go all *ways* at once, and tell of each that failed."""
    for fault in await asyncio.gather(*ways, return_exceptions=True):
        if isinstance(fault, (ToldError, OSError, ValueError)):
            say(f"The editor was not told: {fault or 'it took too long'}")
        elif isinstance(fault, BaseException):
            raise fault


def _document(connection: Connection, send: Send) -> dict[str, object]:
    return {"event": str(send.state), **standing.describe(connection, send)}


def _words(connection: Connection, send: Send) -> tuple[str, str]:
    counts = census.counts(connection, send.id)
    lines = [f"Send {send.id} of {send.issue} is {send.state}: {standing.summary(counts)}."]
    if (tried := deciding.trial(connection, send)) and tried.won:
        lines.append(f"{tried.words} All others got “{tried.won.subject}”.")
    if send.reason:
        onward = standing.remedy(send)
        lines += [f"It stopped because: {send.reason}", f"{onward[0].upper()}{onward[1:]}."]
    else:
        lines += standing.advice(send, counts)
        lines.append(f"What comes of it: newsletter report {send.issue}")
    verb = "needs you: it is paused" if send.state is SendState.PAUSED else "is done"
    return f"{send.issue} {verb}", "\n\n".join(lines) + "\n"


async def _mail(workspace: Workspace, courier: Courier, key: bytes, words: tuple[str, str]) -> None:
    letter = workspace.settings.letter
    subject, text = words
    made = message.single(
        sender_name=letter.sender_name,
        sender=letter.sender,
        recipient=workspace.settings.feedback.notify,
        subject=subject,
        text=text,
        html=f"<pre style='white-space:pre-wrap;font:16px/1.5 sans-serif'>{escape(text)}</pre>",
        message_id=Names(key, letter.domain).message_id(-1, now()),
        date=now(),
        language="en",
        headers=(("Auto-Submitted", "auto-generated"),),
    )
    reply = await courier.deliver(made, nothing)
    if not 200 <= reply.code < 300:
        raise NewsletterError(f"the mail was not taken: {reply.code} {reply.text}", where="[feedback] notify")


async def _run(command: str, document: Mapping[str, object], where: str) -> None:
    """Run a program of the operator's, which gets the document on standard input; no secret of ours.

    *where* names who asked for it. Raise NewsletterError if it fails.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    words = shlex.split(command)
    if not words:
        raise NewsletterError("it names no program", where=where)
    process = await asyncio.create_subprocess_exec(
        *words,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        env=environment,
    )
    try:
        async with asyncio.timeout(PATIENCE):
            await process.communicate(json.dumps(document, default=str).encode())
    except TimeoutError:
        process.kill()
        await process.wait()
        raise
    if process.returncode:
        raise NewsletterError(f"it ended with {process.returncode}", where=f"{where} {words[0]}")
