"""Read log files line by line, packed or not."""

import bz2
import gzip
import lzma
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import IO, cast

from newsletter.errors import NewsletterError, NotFoundError

#: A line is read in pieces of so many bytes at most: what is no log may have no line ends at all.
LONGEST = 64 * 1024


def read(paths: Sequence[str]) -> Iterator[str]:
    """Yield the lines of these files in turn; ``-`` is stdin. Raise NotFoundError, or NewsletterError."""
    for path in paths:
        try:
            with ExitStack() as stack:
                file = sys.stdin.buffer if path == "-" else stack.enter_context(_opened(path))
                while line := file.readline(LONGEST):
                    yield line.decode("utf-8", "replace")
        except FileNotFoundError:
            raise NotFoundError("there is no such file", where=path, remedy="name your server's log") from None
        except (OSError, EOFError, lzma.LZMAError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise NewsletterError(f"the log cannot be read: {reason}", where=path) from None


def _opened(path: str) -> IO[bytes]:
    with open(path, "rb") as file:
        start = file.read(6)
    if start.startswith(b"\x1f\x8b"):
        return cast(IO[bytes], gzip.open(path))
    if start.startswith(b"BZh"):
        return bz2.open(path)
    return lzma.open(path) if start.startswith(b"\xfd7zXZ\x00") else open(path, "rb")
