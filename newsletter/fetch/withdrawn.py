"""Find out which articles their site shows no more: taken down, made a draft or private, or behind a password."""

import asyncio
from collections.abc import Sequence

from newsletter.errors import NewsletterError
from newsletter.fetch.http import Client, MissingError
from newsletter.reading.charset import decode
from newsletter.reading.words import locked

#: So many pages are asked for in a run: more are no retraction, but a site that was rebuilt.
MOST = 10


async def gone(client: Client, urls: Sequence[str]) -> frozenset[str]:
    """Return which of the first *urls*, which their source lists no more, show their article to nobody."""
    asked = urls[:MOST]
    answers = await asyncio.gather(*(_is_gone(client, url) for url in asked))
    return frozenset(url for url, is_gone in zip(asked, answers, strict=True) if is_gone)


async def _is_gone(client: Client, url: str) -> bool:
    """Whether the page at *url* is not there, or asks for a password; what cannot be read now may be there."""
    try:
        answer = await client.get(url)
    except MissingError:
        return True
    except NewsletterError:
        return False
    return locked.is_locked(decode(answer.data or b"", answer.charset))
