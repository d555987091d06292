"""Send the mails that people's own acts call for, such as the one that asks to confirm.

One loop beside the web pages. It keeps the promise of the ledger: ``committing`` is on the disk before a server
can accept, a doubt stays ``uncertain``, and nothing is sent twice by the program on its own.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from newsletter.delivery import outcome
from newsletter.errors import IssueError, NewsletterError, NotFoundError, RouteError
from newsletter.model import Message, Outcome, Reply, Stage
from newsletter.send.courier import Courier
from subscribers.errors import AddressError, StoreError, UnknownError
from subscribers.model import DeliveryState, Mail, MailState
from subscribers.store.file.writer import Writer
from subscribers.store.ledger import mails

#: How many mails are under way at once, at most; the courier has its own limit of connections.
BATCH = 20

#: How long to leave a route alone that does not answer, or a template that does not render, in seconds.
PAUSE = 20.0

#: How long a mail waits whose issue cannot be read, in seconds.
LATER = 3600.0

#: How often to look for mails that nobody woke us for, in seconds: another program may have queued them.
LOOK = 15.0


class _UnwantedError(Exception):
    """The mail must not go out any more; the store knows why."""


@dataclass(slots=True)
class Outbox:
    """The loop. *compose* makes the message of a mail; *say* tells the operator, without any address.

    *jitter* returns luck in [0, 1), *now* the time.
    """

    writer: Writer
    courier: Courier
    compose: Callable[[Mail], Message]
    say: Callable[[str], None]
    now: Callable[[], datetime]
    jitter: Callable[[], float]
    pause: float = PAUSE
    _woken: asyncio.Event = field(default_factory=asyncio.Event)
    _recovered: bool = False
    _away: dict[int, asyncio.Task[None]] = field(default_factory=dict)
    _trouble: str = ""
    _until: float = 0.0
    _fault: Exception | None = None

    def wake(self) -> None:
        """Say that a mail was queued."""
        self._woken.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Send what is due until *stop*; what is under way is finished first."""
        try:
            while not (stop.is_set() or self._fault):
                try:
                    await self._round(stop)
                except StoreError as error:
                    self._hold(str(error))
            await asyncio.gather(*self._away.values())
        finally:
            for task in self._away.values():
                task.cancel()
        if self._fault:
            raise self._fault

    async def _round(self, stop: asyncio.Event) -> None:
        """Begin what is due now, and wait until there may be more. One that hangs holds up no other."""
        if (wait := self._until - asyncio.get_running_loop().time()) > 0:
            await self._rest(stop, wait, early=False)
            return
        if not self._recovered:
            if doubtful := await self.writer.run(mails.recover):
                self.say(f"{doubtful} mails were interrupted and may have gone out; they are not sent again.")
            self._recovered = True
        self._woken.clear()
        now, away = self.now(), frozenset(self._away)
        due = await self.writer.run(partial(mails.due, now=now, limit=BATCH))
        fresh = [mail for mail in due if mail.id not in away]
        for mail in fresh[: BATCH - len(self._away)]:
            self._away[mail.id] = asyncio.create_task(self._begin(mail))
        await self._rest(stop, await self._idle(now), early=True)

    async def _begin(self, mail: Mail) -> None:
        """Send one mail, and tell what came of it."""
        try:
            if trouble := await self._send(mail):
                self._hold(trouble)
            elif asyncio.get_running_loop().time() >= self._until:
                self._tell("")
        except StoreError as error:
            self._hold(str(error))
        except Exception as error:
            # All others that are on the wire end before it is raised.
            self._fault = self._fault or error
        finally:
            del self._away[mail.id]
            self._woken.set()

    def _hold(self, trouble: str) -> None:
        """Tell of a *trouble*, and begin nothing for a while."""
        self._tell(trouble)
        self._until = asyncio.get_running_loop().time() + self.pause

    def _tell(self, trouble: str) -> None:
        """Tell of a trouble when it begins and when it ends, not each time."""
        if trouble and trouble != self._trouble:
            self.say(f"{trouble}. Mails about subscriptions wait until that works; nothing is lost.")
        elif self._trouble and not trouble:
            self.say("Mails about subscriptions go out again.")
        self._trouble = trouble

    async def _idle(self, now: datetime) -> float:
        """Return how many seconds there is nothing to do, once all that was due *now* is under way."""
        due = await self.writer.run(partial(mails.next_due, now=now))
        return min(LOOK, max(0.05, (due - self.now()).total_seconds())) if due else LOOK

    async def _rest(self, stop: asyncio.Event, seconds: float, early: bool) -> None:
        """Wait, but not beyond *stop*; with *early*, not beyond a new mail either."""
        waits = [asyncio.ensure_future(event.wait()) for event in ((stop, self._woken) if early else (stop,))]
        try:
            await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    async def _send(self, mail: Mail) -> str:
        """Send one mail. Return the trouble that stands in the way of all of them, or ""."""
        committed = False

        async def commit() -> None:
            nonlocal committed
            if not await self.writer.run(partial(mails.commit, mail=mail.id, now=self.now())):
                raise _UnwantedError
            committed = True

        try:
            message = await asyncio.to_thread(self.compose, mail)
        except (IssueError, NotFoundError) as error:
            # It harms no other mail; its editor may be at it.
            self.say(f"{error}. A mail with its words waits for an hour.")
            due = self.now() + timedelta(seconds=LATER)
            await self.writer.run(partial(mails.tried, mail=mail.id, reply=error.what, due=due))
            return ""
        except NewsletterError as error:
            return str(error)
        except (AddressError, UnknownError, ValueError) as error:
            await self._settle(mail, MailState.REFUSED, f"no mail can be made of it: {type(error).__name__}")
            return ""
        with suppress(_UnwantedError):
            try:
                reply = await self.courier.deliver(message, commit)
            except RouteError as error:
                if committed:
                    await self._settle(mail, MailState.UNCERTAIN, error.what)
                return str(error)
            return await self._answered(mail, reply, committed)
        return ""

    async def _answered(self, mail: Mail, reply: Reply, committed: bool) -> str:
        if reply.stage is Stage.CONNECT and reply.code == 0:
            # The route is down: that is no failed attempt of this mail.
            return reply.words
        result = outcome(reply, mail.attempts + 1, self.now(), self.jitter())
        match result.state:
            case DeliveryState.ACCEPTED:
                await self._settle(mail, MailState.ACCEPTED, reply.words)
            case DeliveryState.UNCERTAIN:
                await self._settle(mail, MailState.UNCERTAIN, reply.words)
            case DeliveryState.REFUSED:
                await self._settle(mail, MailState.REFUSED, reply.words)
            case DeliveryState.DEFERRED:
                await self._postpone(mail, result, committed)
            case _:
                raise AssertionError(f"a reply cannot mean {result.state}")
        return result.pause

    async def _postpone(self, mail: Mail, result: Outcome, committed: bool) -> None:
        due = result.due or self.now() + timedelta(seconds=self.pause)
        if committed:
            await self._settle(mail, MailState.QUEUED, result.reply.words, due)
        else:
            await self.writer.run(partial(mails.tried, mail=mail.id, reply=result.reply.words, due=due))

    async def _settle(self, mail: Mail, state: MailState, reply: str, due: datetime | None = None) -> None:
        await self.writer.run(partial(mails.settle, mail=mail.id, state=state, reply=reply, due=due))
