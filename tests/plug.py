"""Run a send in this process and pull the plug, once, at the step that is named.

``python -m tests.plug FILE PORT STEP``; the process ends by SIGKILL, as if the power had failed.
"""

import asyncio
import os
import random
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

from newsletter.model import Envelope, Message
from newsletter.send.pool import Pool
from newsletter.send.run import Run
from subscribers.store.file.writer import Writer
from subscribers.store.ledger import sends
from tests.wire import route

#: So many messages go well before.
AFTER = 7


class Plug:
    """A courier in front of a real one, that kills its own process at a step."""

    def __init__(self, courier, step):
        self.courier = courier
        self.step = step
        self.count = 0

    def at(self, step):
        if step == self.step and self.count > AFTER:
            os.kill(os.getpid(), signal.SIGKILL)

    def post(self, parcel):
        self.count += 1
        self.at("after result")
        self.at("before hello")
        mark, ended = parcel.mark, parcel.ended

        def marked(heard):
            self.at("before commit")

            def stands(error):
                self.at("after commit")
                heard(error)

            mark(stands)

        def over(reply):
            self.at("before result")
            ended(reply)

        parcel.mark, parcel.ended = marked, over
        self.courier.post(parcel)

    def silence(self):
        return self.courier.silence()

    async def close(self):
        await self.courier.close()


def build(row):
    message_id = f"<{row.id}@example.org>"
    data = f"Message-ID: {message_id}\r\n\r\nHello {row.name}\r\n".encode()
    return Message(Envelope("bounce@example.org", row.email), data, message_id)


async def main(path, port, step):
    class Server:
        """What `route` asks for."""

    Server.port = int(port)
    writer = Writer(Path(path))
    send = await writer.run(lambda connection: sends.get(connection, 1))
    run = Run(
        writer=writer,
        courier=Plug(Pool(route(Server, connections=2)), step),
        send=send,
        build=build,
        halt=asyncio.Event(),
        now=lambda: datetime.now(UTC),
        jitter=random.random,
        tell=lambda state, attempt: None,
        say=lambda text: None,
        connections=2,
    )
    await run.go()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
