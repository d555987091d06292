"""A courier that signs what it hands on, in threads: OpenSSL lets the others work meanwhile."""

import asyncio
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread
from typing import Any

from newsletter.send.courier import Courier
from newsletter.send.parcel import Parcel
from newsletter.send.silence import Silence

#: Threads that sign. Two keep two cores busy (RSA: 1,000 to 3,000 signatures a second each), and a third would
#: only take the core that talks to the server.
THREADS = 2


class Sealed(Courier):
    """Signs each message with *sign*, and gives it to *courier*.

    What is signed waits until the loop comes to it, which is told once for all that is: each waking costs.
    """

    def __init__(self, courier: Courier, sign: Callable[[bytes], bytes]) -> None:
        self._courier = courier
        self._sign = sign
        self._threads: list[Thread] = []
        self._waiting: SimpleQueue[Parcel[Any] | None] = SimpleQueue()
        self._signed: deque[tuple[Parcel[Any], bytes | Exception]] = deque()
        self._told = False

    def post(self, parcel: Parcel[Any]) -> None:
        """Hand the message of *parcel* over, as `newsletter.send.courier.Courier` says."""
        if not self._threads:
            self._start(asyncio.get_running_loop())
        self._waiting.put(parcel)

    def _start(self, loop: asyncio.AbstractEventLoop) -> None:
        self._threads = [Thread(target=self._work, args=(loop,), name="sign", daemon=True) for _ in range(THREADS)]
        for thread in self._threads:
            thread.start()

    def _work(self, loop: asyncio.AbstractEventLoop) -> None:
        """Sign what waits, in a thread, until there is None."""
        while parcel := self._waiting.get():
            try:
                self._signed.append((parcel, self._sign(parcel.message.data)))
            except Exception as error:
                self._signed.append((parcel, error))
            if not self._told:
                self._told = True
                loop.call_soon_threadsafe(self._hand_on)

    def _hand_on(self) -> None:
        # Before the first is taken, so that what is signed from now on is told again.
        self._told = False
        while self._signed:
            parcel, made = self._signed.popleft()
            if isinstance(made, Exception):
                parcel.ended(made)
            else:
                parcel.message = parcel.message._replace(data=made)
                self._courier.post(parcel)

    def silence(self) -> Silence:
        """Return what is waited for, as `newsletter.send.courier.Courier` says."""
        return self._courier.silence()

    async def close(self) -> None:
        """Leave politely."""
        for _ in self._threads:
            self._waiting.put(None)
        for thread in self._threads:
            await asyncio.to_thread(thread.join)
        await self._courier.close()
