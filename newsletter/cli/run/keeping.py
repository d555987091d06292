"""What `serve` does now and then with what is kept for a time only: it forgets it."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

from newsletter.cli.terminal import counted, now
from newsletter.settings.retention import Retention
from newsletter.settings.tracking import Tracking
from subscribers.errors import PeopleError
from subscribers.store import retention
from subscribers.store.retention import Rules, Swept
from subscribers.store.writer import Writer

#: Seconds between two sweeps: nothing here is kept to the hour.
EVERY = 3600.0


def rules(settings: Retention, tracking: Tracking) -> Rules:
    """Return the rules that the settings say. A month has 30 days here."""
    return Rules(
        timedelta(days=settings.pending_days),
        timedelta(days=30 * settings.network_months),
        timedelta(days=tracking.days),
    )


async def keep_forgetting(writer: Writer, wanted: Rules, stop: asyncio.Event, say: Callable[[str], None]) -> None:
    """Forget what is due, now and every hour, until *stop*. Trouble with the file is told, and tried again."""
    while not stop.is_set():
        try:
            swept = await writer.run(lambda connection: retention.sweep(connection, wanted, now()))
        except PeopleError as error:
            say(f"Nothing was forgotten this hour: {error}")
        else:
            if swept.expired:
                say(told(swept))
            # A full sweep left some for the next one, which need not wait.
            if swept.expired >= wanted.most:
                continue
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), EVERY)


def told(swept: Swept) -> str:
    """Return what a sweep did, without a name."""
    people = f", and {counted(swept.forgotten, 'person')} with them" if swept.forgotten else ""
    return f"{counted(swept.expired, 'signup')} that nobody confirmed went{people}.".replace("persons", "people")
