"""Read in a mail server's log which messages it took. Opens no file.

Source: Postfix writes the Message-ID under a queue id when it reads the header (cleanup), and the queue id again
once the message is whole and its own (qmgr: "queue active", or the fate of a recipient). The first alone proves
nothing: the connection may have broken before the dot. Exim writes one line (``<=``) for what it took.
"""

import re
from collections.abc import Collection, Iterable

_NAMED = re.compile(r"/cleanup\[\d+\]: ([0-9A-Za-z]+): message-id=(<[^>\s]+>)")
_TAKEN = re.compile(r"/(?:qmgr|smtp|lmtp|local|virtual|pipe|error|discard)\[\d+\]: ([0-9A-Za-z]+): (?:from=|to=<)")
_EXIM = re.compile(r" <= \S+ .*?\bid=(\S+@\S+)")


def taken(lines: Iterable[str], wanted: Collection[str]) -> frozenset[str]:
    """Return those of the Message-IDs *wanted* (with their brackets) that the log proves the server took."""
    queued: dict[str, str] = {}
    found: set[str] = set()
    for line in lines:
        if named := _NAMED.search(line):
            # Short queue ids come again: what stood under this one before is over.
            queued[named[1]] = named[2]
            if named[2] not in wanted:
                del queued[named[1]]
        elif (one := _TAKEN.search(line)) and one[1] in queued:
            found.add(queued[one[1]])
        elif exim := _EXIM.search(line):
            found.update({f"<{exim[1]}>"} & set(wanted))
    return frozenset(found)
