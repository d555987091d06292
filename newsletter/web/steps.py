"""The steps by which answers leave that must not tell, by their time, whose address somebody typed."""

import asyncio


class Steps:
    """Steps of *length* seconds by the loop's clock; a length of 0 makes no step.

    What an address leads to begins with a step and is answered at the end of one. So when it came within a step
    plays no part, it takes a fraction of a step, and all that end within the same step are answered together.
    """

    def __init__(self, length: float) -> None:
        self._length = length
        self._ended = 0.0
        self._waiting: list[asyncio.Future[None]] = []

    async def over(self) -> None:
        """Return at the end of the step that is under way."""
        if not self._length:
            return
        loop = asyncio.get_running_loop()
        if not self._waiting:
            # A timer may be a little early: a step that has ended is never waited for again.
            passed = max(loop.time() - self._ended, 0.0)
            self._ended += self._length * (passed // self._length + 1)
            loop.call_at(self._ended, self._end)
        future = loop.create_future()
        self._waiting.append(future)
        await future

    def _end(self) -> None:
        waiting, self._waiting = self._waiting, []
        for future in waiting:
            if not future.done():
                future.set_result(None)
