"""What opens a message on the wire, and what no server should be asked for. Holds no connection.

Source: RFC 5321 sections 4.1.1 and 4.5; RFC 1870 (SIZE), RFC 6152 (8BITMIME), RFC 6531 (SMTPUTF8).
"""

import re
from collections.abc import Mapping, Sequence

from newsletter.model import Message, Reply, Stage
from newsletter.send.limits import Limits

#: RFC 5321 section 4.5.3.1.3: a path has at most 256 octets, two of which are its brackets.
LONGEST_ADDRESS = 254

_ADDRESS = re.compile(r"[^\s<>\x00-\x20\x7f]+@[^\s<>\x00-\x20\x7f@]+")
_LINE_END = re.compile(rb"\r\n|\r|\n")


def unfit(message: Message, extensions: Mapping[str, str]) -> Reply | None:
    """Return the refusal that a server with *extensions* would give, or that no server should be asked for."""
    sender, recipient = message.envelope
    for stage, address in ((Stage.MAIL, sender), (Stage.RCPT, recipient)):
        if not _ADDRESS.fullmatch(address) or len(address) > LONGEST_ADDRESS:
            return Reply(stage, 553, "5.1.3", "no mail can be sent to an address written like this")
        if not address.isascii():
            if len(address.encode("utf-8", "replace")) > LONGEST_ADDRESS:
                return Reply(stage, 553, "5.1.3", "no mail can be sent to an address written like this")
            if "smtputf8" not in extensions:
                return Reply(stage, 553, "5.6.7", "the server takes no address outside ASCII (SMTPUTF8)")
    data = message.data
    if not (message.plain or "smtputf8" in extensions or data.isascii()):
        # Bodies of ours are ASCII, so it is a header, and RFC 6532 wants SMTPUTF8 for that.
        return Reply(Stage.MAIL, 554, "5.6.9", "the server takes no headers outside ASCII (SMTPUTF8)")
    most = extensions.get("size", "")
    if most.isdecimal() and 0 < int(most) < len(data):
        return Reply(Stage.MAIL, 552, "5.3.4", f"{len(data)} bytes are more than the server takes ({most})")
    return None


def commands(
    message: Message, extensions: Mapping[str, str], limits: Limits, *, reset: bool, data: bool
) -> tuple[Sequence[Stage | None], Sequence[bytes], Sequence[float]]:
    """Return what opens a message: of each command the stage (None is RSET), the line, and the time limit.

    *reset* clears first what a refused envelope left open: Postfix answers the next MAIL with 503 until then.
    *data* ends with DATA; without it a chunk follows.
    """
    sender, recipient = message.envelope
    options = f" SIZE={len(message.data)}" if "size" in extensions else ""
    if not (message.plain or message.data.isascii()):
        options += " BODY=8BITMIME SMTPUTF8" if "8bitmime" in extensions else " SMTPUTF8"
    elif not (sender.isascii() and recipient.isascii()):
        options += " SMTPUTF8"
    stages: list[Stage | None] = [Stage.MAIL, Stage.RCPT]
    lines = [f"MAIL FROM:<{sender}>{options}\r\n".encode(), f"RCPT TO:<{recipient}>\r\n".encode()]
    waits = [limits.mail, limits.rcpt]
    if data:
        stages.append(Stage.DATA)
        lines.append(b"DATA\r\n")
        waits.append(limits.data)
    if reset:
        return [None, *stages], [b"RSET\r\n", *lines], [limits.mail, *waits]
    return stages, lines, waits


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
