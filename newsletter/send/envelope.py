"""What opens a message on the wire, and what no server should be asked for. Holds no connection.

Source: RFC 5321 sections 4.1.1 and 4.5; RFC 1870 (SIZE), RFC 6152 (8BITMIME), RFC 6531 (SMTPUTF8).
"""

import re
import sys
from collections.abc import Mapping
from typing import TypeAlias

from newsletter.model import Message, Reply, Stage
from newsletter.send.limits import Limits

#: RFC 5321 section 4.5.3.1.3: a path has at most 256 octets, two of which are its brackets.
LONGEST_ADDRESS = 254

_ADDRESS = re.compile(r"[^\s<>\x00-\x20\x7f]+@[^\s<>\x00-\x20\x7f@]+")
#: What nearly all are, sender and recipient.
_USUAL = re.compile(r"[!-;=?-~]+@[!-;=?A-~]+ [!-;=?-~]+@[!-;=?A-~]+")
_LINE_END = re.compile(rb"\r\n|\r|\n")


#: What opens a message: of each command the stage (None is RSET) and the time limit, and the lines of all.
Opening: TypeAlias = tuple[tuple[Stage | None, ...], tuple[float, ...], bytes]


class Envelopes:
    """Writes envelopes for a server with *extensions*. *data* ends each with DATA; without it a chunk follows."""

    def __init__(self, extensions: Mapping[str, str], limits: Limits, *, data: bool) -> None:
        self._extensions = extensions
        self._sized = "size" in extensions
        most = extensions.get("size", "")
        self._most = (int(most) if most.isdecimal() else 0) or sys.maxsize
        self._end = "DATA\r\n" if data else ""
        self._stages = (Stage.MAIL, Stage.RCPT, Stage.DATA)[: 3 if data else 2]
        self._limits = (limits.mail, limits.rcpt, limits.data)[: len(self._stages)]
        self._reset_stages = (None, *self._stages)
        self._reset_limits = (limits.mail, *self._limits)

    def open(self, message: Message, *, reset: bool) -> Opening | Reply:
        """Return what opens *message*, or the refusal that the server would give, or should not be asked for.

        *reset* clears first what a refused envelope left open: Postfix answers the next MAIL with 503 until then.
        """
        sender, recipient = message.envelope
        size = len(message.data)
        options = f" SIZE={size}" if self._sized else ""
        both = f"{sender} {recipient}"
        if not (message.plain and len(both) <= LONGEST_ADDRESS and _USUAL.fullmatch(both)):
            if refusal := self._unfit(message):
                return refusal
            options += self._more(message)
        if size > self._most:
            text = f"{size} bytes are more than the server takes ({self._most})"
            return Reply(Stage.MAIL, 552, "5.3.4", text)
        lines = f"MAIL FROM:<{sender}>{options}\r\nRCPT TO:<{recipient}>\r\n{self._end}".encode()
        if reset:
            return self._reset_stages, self._reset_limits, b"RSET\r\n" + lines
        return self._stages, self._limits, lines

    def _unfit(self, message: Message) -> Reply | None:
        """Return why *message* cannot be sent to whom or as it is."""
        sender, recipient = message.envelope
        for stage, address in ((Stage.MAIL, sender), (Stage.RCPT, recipient)):
            if not _ADDRESS.fullmatch(address) or len(address) > LONGEST_ADDRESS:
                return Reply(stage, 553, "5.1.3", "no mail can be sent to an address written like this")
            if not address.isascii():
                if len(address.encode("utf-8", "replace")) > LONGEST_ADDRESS:
                    return Reply(stage, 553, "5.1.3", "no mail can be sent to an address written like this")
                if "smtputf8" not in self._extensions:
                    return Reply(stage, 553, "5.6.7", "the server takes no address outside ASCII (SMTPUTF8)")
        if not (message.plain or "smtputf8" in self._extensions or message.data.isascii()):
            # Bodies of ours are ASCII, so it is a header, and RFC 6532 wants SMTPUTF8 for that.
            return Reply(Stage.MAIL, 554, "5.6.9", "the server takes no headers outside ASCII (SMTPUTF8)")
        return None

    def _more(self, message: Message) -> str:
        """Return the options of MAIL for what is not all ASCII."""
        if not (message.plain or message.data.isascii()):
            return " BODY=8BITMIME SMTPUTF8" if "8bitmime" in self._extensions else " SMTPUTF8"
        return "" if all(address.isascii() for address in message.envelope) else " SMTPUTF8"


def canonical(message: Message) -> bytes:
    """Return a message as it goes between DATA and the dot: a line that opens with a dot gets a second one.

    RFC 5321 section 4.5.2. A dot after a bare CR or LF opens a line for some servers, which is how a message is
    smuggled into another (section 2.3.8): where there is one, all line ends are written anew.
    """
    data = message.data
    if message.plain:
        return data
    if data.startswith(b".") or b"\n." in data or b"\r." in data:
        data = _LINE_END.sub(b"\r\n", data)
        data = (b"\r\n" + data).replace(b"\r\n.", b"\r\n..")[2:]
    return data if data.endswith(b"\r\n") else data + b"\r\n"
