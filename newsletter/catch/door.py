"""The end of listening: whoever knocked is let in first, so that they can be told that it ends."""

import asyncio

#: Turns of the loop in which a client that knocked is let in; a few are enough.
TURNS = 10


async def shut(server: asyncio.Server) -> None:
    """Let nobody else in, and wait until those who knocked have met their protocol.

    asyncio lets a client in over several turns, and forgets one whose server is closed meanwhile: nobody would
    close that connection.
    """
    loop = asyncio.get_running_loop()
    for listener in server.sockets:
        loop.remove_reader(listener.fileno())
    for _ in range(TURNS):
        await asyncio.sleep(0)
    server.close()
