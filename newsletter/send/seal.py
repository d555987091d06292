"""A courier that signs what it hands on, in threads: OpenSSL lets the others work meanwhile."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from newsletter.model import Message, Reply
from newsletter.send.courier import Courier
from newsletter.send.parcel import Parcel, carried

#: Threads that sign. Two keep two cores busy (RSA: about 3,000 signatures a second each), and a third would only
#: take the core that talks to the server.
THREADS = 2


class Sealed:
    """Signs each message with *sign*, and gives it to *courier*."""

    def __init__(self, courier: Courier, sign: Callable[[bytes], bytes]) -> None:
        self._courier = courier
        self._sign = sign
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="sign")

    async def deliver(self, message: Message, commit: Callable[[], Awaitable[None]]) -> Reply:
        """Hand *message* over, as `newsletter.send.courier.Courier` says."""
        return await carried(self, message, commit)

    def post(self, parcel: Parcel[Any]) -> None:
        """Hand the message of *parcel* over, as `newsletter.send.courier.Courier` says."""
        signed = asyncio.get_running_loop().run_in_executor(self._threads, self._sign, parcel.message.data)
        signed.add_done_callback(partial(self._signed, parcel))

    def _signed(self, parcel: Parcel[Any], signed: "asyncio.Future[bytes]") -> None:
        error = signed.exception()
        if error:
            parcel.ended(error if isinstance(error, Exception) else RuntimeError(str(error)))
        else:
            parcel.message = parcel.message._replace(data=signed.result())
            self._courier.post(parcel)

    async def close(self) -> None:
        """Leave politely."""
        self._threads.shutdown(wait=False)
        await self._courier.close()
