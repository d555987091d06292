"""What `serve` does now and then with what is kept for a time only: it forgets it."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import timedelta

from newsletter.cli.terminal import counted, now
from newsletter.settings.retention import Retention
from newsletter.settings.tracking import Tracking
from subscribers.errors import PeopleError
from subscribers.store.file.writer import Writer
from subscribers.store.keeping import retention
from subscribers.store.keeping.retention import Rules, Swept

#: Seconds between two sweeps: nothing here is kept to the hour.
EVERY = 3600.0


def rules(settings: Retention, tracking: Tracking) -> Rules:
    """Return the rules that the settings say. A month has 30 days here."""
    return Rules(
        timedelta(days=settings.pending_days),
        timedelta(days=30 * settings.network_months),
        timedelta(days=tracking.days),
        left=None if settings.left_months is None else timedelta(days=30 * settings.left_months),
    )


async def keep_forgetting(
    writer: Writer, wanted: Rules, keys: Sequence[bytes], stop: asyncio.Event, say: Callable[[str], None]
) -> None:
    """Forget what is due, now and every hour, until *stop*. Trouble with the file is told, and tried again.

    Addresses of who left are kept as hashes under the first of *keys* (`PURPOSE` of
    `subscribers.store.register.suppressions`).
    """
    while not stop.is_set():
        try:
            swept = await writer.run(lambda connection: retention.sweep(connection, wanted, now(), keys))
        except PeopleError as error:
            say(f"Nothing was forgotten this hour: {error}")
        else:
            for line in told(swept):
                say(line)
            # A full sweep left some for the next one, which need not wait.
            if max(swept.expired, swept.left) >= wanted.most:
                continue
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), EVERY)


def told(swept: Swept) -> Iterator[str]:
    """Yield what a sweep did, without a name."""
    if swept.expired:
        people = f", and {heads(swept.forgotten)} with them" if swept.forgotten else ""
        yield f"{counted(swept.expired, 'signup')} that nobody confirmed went{people}."
    if swept.left:
        yield f"Erased {heads(swept.left)} who had left every list long enough ago."


def heads(number: int) -> str:
    """Return ``1 person`` or ``1,000 people``."""
    return counted(number, "person").replace("persons", "people")
