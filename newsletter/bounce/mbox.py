"""Take a mailbox file apart into its messages (RFC 4155), as mail programs export them."""

import re
from collections.abc import Iterable, Iterator

#: The line in front of each message. What looks like it in a message follows no blank line, or is marked.
_BEGINS = re.compile(rb"From .{1,320} (?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} {1,2}\d{1,2} \d{1,2}:\d\d")


def messages(lines: Iterable[bytes], largest: int) -> Iterator[tuple[int, bytes]]:
    """Yield each message with the number of its first line, from 1.

    Of one, not more than *largest* bytes and a line. What does not begin as a mailbox file does is one message.
    """
    begun, size, held = 1, 0, list[bytes]()
    blank = several = False
    for number, line in enumerate(lines, 1):
        begins = bool(_BEGINS.match(line))
        several = several or (begins and number == 1)
        if begins and blank and several:
            yield begun, b"".join(held)
            begun, size, held = number, 0, []
        if size < largest:
            held.append(line)
            size += len(line)
        blank = not line.strip()
    yield begun, b"".join(held)
