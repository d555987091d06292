"""Give a document to a web address of the operator's own, such as a chat room's. Follows no redirect."""

import httpx

from newsletter import __version__
from newsletter.errors import TryAgainError

#: How long it may take, in seconds: nobody waits for it but the end of a command.
PATIENCE = 10.0

#: Where it fails: the address itself is a secret, since whoever has it may write there.
WHERE, REMEDY = "[feedback] webhook", "look whether its address is right, and whether it still takes messages"


async def post(url: str, document: object) -> None:
    """Send *document* as JSON. Raise TryAgainError if nobody takes it."""
    try:
        async with httpx.AsyncClient(
            timeout=PATIENCE, headers={"User-Agent": f"newsletter/{__version__}"}
        ) as client:
            answer = await client.post(url, json=document)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise TryAgainError(str(error) or type(error).__name__, where=WHERE, remedy=REMEDY) from None
    if answer.status_code >= 300:
        raise TryAgainError(f"the server answers {answer.status_code}", where=WHERE, remedy=REMEDY)
