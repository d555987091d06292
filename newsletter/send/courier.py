"""The port between what is to be sent and what takes it to a server."""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from newsletter.model import Message, Reply
from newsletter.send.parcel import Parcel, carried
from newsletter.send.silence import Silence


async def nothing() -> None:
    """Commit nothing: what stands in no ledger, such as a test or a mail to the editor."""


class Courier(Protocol):
    """Takes messages to a server. May be called by many tasks at once."""

    async def deliver(self, message: Message, commit: Callable[[], Awaitable[None]]) -> Reply:
        """Hand *message* over and return what the server said.

        *commit* is awaited, once, before the byte that lets the server accept (the final dot) can leave;
        if it raises, the dot is not sent and the error goes to the caller. A reply whose stage is before
        DOT means surely not accepted; stage DOT with code 0 means that nobody knows. A refusal is a reply,
        not an error; RouteError means that the route as a whole cannot be used.
        """
        return await carried(self, message, commit)

    def post(self, parcel: Parcel[Any]) -> None:
        """Hand the message of *parcel* over in the same way, for whoever has many. It tells what came of it."""
        ...

    def silence(self) -> Silence:
        """Return for how long no server has said anything, if it should, and what is waited for."""
        ...

    async def close(self) -> None:
        """Leave politely."""
        ...
