"""Look up how large pictures are, by their first bytes, and get whole ones. Never decodes one."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace

from newsletter.errors import NewsletterError, SourceError
from newsletter.fetch.http import Client, TooLargeError
from newsletter.model import Picture
from newsletter.reading.picturefile import Shape, shape

#: The first bytes of a picture that are read for its size: cameras put some kilobytes of their own before it.
HEAD = 65_536
#: The most bytes of a picture: what a good camera writes. `articles pictures --shrink` makes it one for a letter.
MOST_BYTES = 20_000_000


async def measured(client: Client, pictures: Iterable[Picture]) -> dict[str, Shape]:
    """Return the shapes of *pictures* by their addresses; one that cannot be read, or is none, is left out."""

    async def one(src: str) -> tuple[str, Shape | None]:
        try:
            answer = await client.get(src, first=HEAD)
        except NewsletterError:
            return src, None
        return src, shape(answer.data or b"")

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(src)) for src in dict.fromkeys(each.src for each in pictures)]
    found = (task.result() for task in tasks)
    return {src: known for src, known in found if known}


async def whole(client: Client, src: str) -> tuple[bytes, str]:
    """Return the picture at *src* and its kind. Raise SourceError if it is none, or too large."""
    try:
        answer = await replace(client, most=MOST_BYTES).get(src)
    except TooLargeError as error:
        remedy = "lay a smaller one into assets/ yourself, 1200 pixels wide"
        raise SourceError(f"this picture is {error.what}", where=src, remedy=remedy) from None
    data = answer.data or b""
    known = shape(data)
    if known is None:
        remedy = "lay the picture into assets/ yourself, as JPEG or PNG"
        raise SourceError("this is no picture that mail programs show", where=src, remedy=remedy)
    return data, known.kind
