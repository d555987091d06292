"""Open the mailbox of the settings, and take in what is there: once from the terminal, for good in `serve`."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import Future
from contextlib import closing, suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from newsletter.cli import wiring
from newsletter.cli.terminal import counted, now
from newsletter.config import Mailbox
from newsletter.errors import MailboxError, ToldError, UnmarkedError, said
from newsletter.files.workspace import Workspace
from newsletter.receive import intake
from newsletter.receive.box import Box
from newsletter.receive.intake import Taken
from newsletter.receive.maildir import Maildir
from newsletter.report import WHY
from subscribers.store.back import events, figures
from subscribers.store.file.open import Connection
from subscribers.store.file.writer import Writer

#: How long to leave a mailbox alone that cannot be used, in seconds.
REST = 60.0

#: So many letters that come back by our fault, or complaints, and more than this share of all, are an alarm.
LEAST, SHARE = 3, 0.003

#: So many messages are taken in together.
TOGETHER = 64

#: How long to wait for something new before looking again, in seconds.
WAIT = 120.0


@dataclass(slots=True)
class Tally:
    """What was read: how many of each kind, of those how many *proved*; and how many addresses ended.

    *leaving* are those who ask to leave and do not prove who they are.
    """

    read: int = 0
    again: int = 0
    proved: int = 0
    suppressed: int = 0
    leaving: int = 0
    kinds: dict[str, int] = field(default_factory=dict)

    def add(self, taken: Taken) -> None:
        """Count one message."""
        self.read += 1
        self.again += taken.again
        if not taken.again:
            self.kinds[taken.kind] = self.kinds.get(taken.kind, 0) + 1
            self.proved += taken.proved
            self.leaving += taken.leaving
            self.suppressed += taken.suppressed


def mailbox(workspace: Workspace) -> Mailbox:
    """Return the mailbox of the settings. Raise MailboxError if there is none."""
    found = workspace.settings.mailbox
    if found is None:
        remedy = "add one, or pipe a message in: newsletter feedback read -; see `newsletter docs feedback`"
        raise MailboxError("there is no [mailbox]", where="newsletter.toml", remedy=remedy)
    return found


def box(workspace: Workspace, patience: float | None = None) -> Box:
    """Open the mailbox; a server may take *patience* seconds for an answer, None for as long as a busy one needs.

    Raise MailboxError.
    """
    chosen = mailbox(workspace)
    if chosen.kind == "maildir":
        return Maildir(workspace.root / Path(chosen.path).expanduser(), chosen.after == "delete")
    from newsletter.receive.imap import PATIENCE, Account, Imap

    if chosen.oauth:
        password = asyncio.run(wiring.access(workspace, chosen.oauth, chosen.username, MailboxError).get())
    else:
        password = wiring.secret(chosen.password_env, "[mailbox]", MailboxError)
    delete = chosen.after == "delete"
    account = Account(
        chosen.host,
        chosen.port,
        chosen.tls,
        chosen.username,
        password,
        chosen.folder,
        delete=delete,
        oauth=chosen.oauth,
    )
    return Imap(account, str(workspace.root / chosen.authority) if chosen.authority else "", patience or PATIENCE)


def take(workspace: Workspace, writer: Writer, source: str) -> Callable[[bytes], Future[Taken]]:
    """Return what takes in one message; its future tells what came of it, once that is on the disk."""
    ring, patience = wiring.ring(workspace), workspace.settings.feedback.rule

    def one(raw: bytes) -> Future[Taken]:
        message = intake.understand(raw)
        job = partial(intake.settle, message=message, ring=ring, source=source, now=now(), rule=patience)
        return writer.submit(job)

    return one


def empty(
    opened: Box, settle: Callable[[bytes], Future[Taken]], halted: Callable[[], bool] = lambda: False
) -> Iterator[Taken]:
    """Take in everything that is unread. A message is marked only when what follows from it is on the disk.

    Several wait together for that, so that the disk is flushed once for all of them. What cannot be read, or not
    be marked, is told of when the rest is done.
    """
    arrivals = opened.arrivals()
    unmarked: UnmarkedError | None = None
    while not halted():
        waiting: list[tuple[str, Future[Taken]]] = []
        fault: MailboxError | None = None
        try:
            waiting += ((each.name, settle(each.raw)) for each in islice(arrivals, TOGETHER))
        except MailboxError as error:
            fault = error
        for name, taken in waiting:
            done = taken.result()
            try:
                opened.done(name, keep=done.personal)
            except UnmarkedError as error:
                unmarked = error
            yield done
        if fault:
            raise fault
        if len(waiting) < TOGETHER:
            break
    if unmarked:
        raise unmarked


def alarms(connection: Connection) -> list[tuple[str, dict[str, object]]]:
    """Return what the operator must hear now, in words and for programs; each send is told of once."""
    found: list[tuple[str, dict[str, object]]] = []
    for send, issue, accepted, blocked, complained in figures.alarming(connection, LEAST, SHARE):
        events.first_time(connection, f"alarm {send}", "alarm", "alarm", proved=True, now=now())
        why = [WHY.get(each, each) for kind, each, _ in figures.reasons(connection, issue) if kind == "block"]
        parts = [f"{blocked:,} came back because of us ({'; '.join(why[:3])})"] if blocked else []
        parts += [f"{counted(complained, 'reader')} complained"] if complained else []
        words = (
            f"Send {send} of {issue}: of {counted(accepted, 'letter')}, {', and '.join(parts)}. "
            f"`newsletter report {issue}` tells more"
        )
        told = {"event": "alarm", "send": send, "issue": issue, "blocked": blocked, "complained": complained}
        found.append((words, told))
    return found


async def keep_reading(
    workspace: Workspace,
    writer: Writer,
    stop: asyncio.Event,
    say: Callable[[str], None],
    alert: Callable[[str, dict[str, object]], Coroutine[Any, Any, None]],
    rest: float = REST,
) -> None:
    """Read the mailbox until *stop*; tell the operator once where that fails, and once when it works again.

    Servers end connections now and then: one that lasted is opened anew without a word. *alert* tells the editor
    when too much comes back. *rest* is how long to leave a mailbox alone that cannot be used, in seconds.
    """
    running = asyncio.get_running_loop()
    trouble = ""

    def heard(words: str, told: dict[str, object]) -> None:
        say(f"Warning: {words}.")
        asyncio.run_coroutine_threadsafe(alert(words, told), running)

    while not stop.is_set():
        reader = Reader(workspace, writer, stop.is_set, say, heard)
        begun = running.time()
        try:
            await asyncio.to_thread(reader.run, bool(trouble))
            trouble = ""
        except (ToldError, OSError) as error:
            if running.time() - begun > rest and not trouble:
                continue
            if said(error) != trouble:
                trouble = said(error)
                say(f"What comes back is not read, and tried again every {rest:.0f} s; nothing is lost: {trouble}")
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), rest)


@dataclass(slots=True)
class Reader:
    """Reads one mailbox, in a thread of its own. *heard* is told of alarms."""

    workspace: Workspace
    writer: Writer
    halted: Callable[[], bool]
    say: Callable[[str], None]
    heard: Callable[[str, dict[str, object]], None]

    def run(self, after_trouble: bool) -> None:
        """Read until it fails or is halted; after trouble, say that it works again."""
        settle = take(self.workspace, self.writer, "mailbox")
        with closing(box(self.workspace)) as opened:
            while not self.halted():
                self._empty(opened, settle)
                if after_trouble:
                    after_trouble = False
                    self.say("What comes back is read again.")
                opened.wait(WAIT, self.halted)

    def _empty(self, opened: Box, settle: Callable[[bytes], Future[Taken]]) -> None:
        tally = Tally()
        try:
            for taken in empty(opened, settle, self.halted):
                tally.add(taken)
        finally:
            # One that cannot be read takes nothing from the others.
            if tally.read > tally.again:
                self.say(f"Read {summary(tally)}.")
                for words, told in self.writer.submit(alarms).result():
                    self.heard(words, told)


def summary(tally: Tally) -> str:
    """Return what was read, in words, without any address."""
    new = tally.read - tally.again
    kinds = ", ".join(f"{count:,} {kind}" for kind, count in sorted(tally.kinds.items()))
    ended = f"; {counted(tally.suppressed, 'reader')} given up by it" if tally.suppressed else ""
    read = f"{counted(new, 'message')} ({kinds or 'nothing new'})"
    ask = "asks" if tally.leaving == 1 else "ask"
    left = f"; {tally.leaving:,} {ask} to leave without proof: see to them in the mailbox" if tally.leaving else ""
    return f"{read}, {tally.proved:,} proved to be about our letters{ended}{left}"
