"""Read in a mail server's log what became of messages. Opens no file.

Source: Postfix writes the Message-ID under a queue id when it reads the header (cleanup), and the queue id again
once the message is whole and its own: "queue active" (qmgr), then the fate of each recipient, then "removed".
The first alone proves nothing: the connection may have broken before the dot. Exim (``<=``) and sendmail
(``from=``, with ``msgid=``) write one line for what they took, and then the fate of each recipient. Around that
stands what syslog (RFC 3164, RFC 5424), systemd's journal (text, export, JSON) or Docker puts.
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

#: More of a line is not read: no server says so much about one message.
LONGEST = 8192

_TAG = re.compile(r"(?:\S+ +){0,8}?[^\s\[\]:]+(?:\[\d+\])?: (?:\[ID \d+ [\w.]+\] )?(.*)")
_TAG_5424 = re.compile(r"(?:<\d{1,3}>)?1 (?:\S+ ){5}(?:-|(?:\[[^\]]*\])+) (?:\ufeff)?(.*)")
#: What Postfix and sendmail say of a queue id.
_QUEUED = re.compile(r"([0-9A-Za-z]{5,20}): (?:message-id=(<[^>\s]+>)$|(from|to)=<|removed$)(.*)")
_STATUS = re.compile(r", status=([\w-]+)(?: \((.*)\)$|, (.*)|$)|(?:, reply=(.*))?, stat=(.*)")
_MSGID = re.compile(r", msgid=(<[^>\s]+>)(?:,|$)")
#: How sendmail begins what it says of a recipient, if the message did not come back.
_WAITS = ("queued", "Deferred")
_DSN = re.compile(r", dsn=(\d\.\d{1,3}\.\d{1,3})")
_EXIM = re.compile(
    r"(?:\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)? (?:[+-]\d{4} )?)?(?:\[\d+\] )?"
    r"([0-9A-Za-z]{6}-[0-9A-Za-z]{6,11}-[0-9A-Za-z]{2,4}) (<=|[=-]>|>>|\*\*|Completed)(.*)"
)
#: Where a record of JSON holds what was said.
_MESSAGE = ("MESSAGE", "log", "message", "msg")
_EXIM_NAME = re.compile(r" id=(\S+@\S+)")


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a message that the server took. *bounced* is why it gave it back, "" if it did not.

    *status* is the enhanced status of that (RFC 3463), if it is told.
    """

    bounced: str = ""
    status: str = ""


class Fates(dict[str, Fate]):
    """What became of messages, by Message-ID. *understood* is how many lines told of any message at all."""

    understood = 0


@dataclass(slots=True)
class _Life:
    """What is known of a queue id until it is removed. Its lines may come in any order."""

    names: set[str]
    taken: bool = False
    passed: bool = False
    fate: Fate = Fate()


def fates(lines: Iterable[str], wanted: Collection[str]) -> Fates:
    """Return what became of those of the Message-IDs *wanted* (with their brackets) that the server took.

    A message that went on to anybody did not bounce: what came back then is about a copy.
    """
    wanted = frozenset(wanted)
    open_: dict[str, _Life] = {}
    told: list[_Life] = []
    known = Fates()
    for said in _sayings(lines):
        if found := _QUEUED.match(said):
            life = open_.setdefault(found[1], _Life(set()))
            over = _queued(life, found)
            # A long queue id never comes again; a short one may, and is then another message's.
            over = over and ("z" not in found[1] or (life.taken and not life.names <= wanted))
        elif found := _EXIM.match(said):
            life = open_.setdefault(found[1], _Life(set()))
            over = _exim(life, found)
        else:
            continue
        known.understood += 1
        if over:
            told += [life] if life.names & wanted else []
            del open_[found[1]]
    by_name: dict[str, list[_Life]] = {}
    for life in (*told, *open_.values()):
        # Two names under one id: the first message broke off, and whose fate is told is not known.
        if life.taken and len(life.names) == 1:
            for name in life.names & wanted:
                by_name.setdefault(name, []).append(life)
    known.update((name, _fate(same)) for name, same in by_name.items())
    return known


def _fate(lives: list[_Life]) -> Fate:
    """Return what became of a message that was queued so many times, as a content filter makes it be."""
    if any(life.passed for life in lives):
        return Fate()
    return next((life.fate for life in lives if life.fate.bounced), Fate())


def _queued(life: _Life, found: re.Match[str]) -> bool:
    """Take in what Postfix or sendmail said of a queue id. Return whether that was the end of it."""
    _, name, field, rest = found.groups()
    if name:
        life.names.add(name)
    elif field:
        status = _STATUS.search(rest)
        named = _MSGID.search(rest) if field == "from" else None
        if named:
            life.names.add(named[1])
        if status or named or (field == "from" and rest.endswith("(queue active)")):
            life.taken = True
        if status:
            _outcome(life, status, _DSN.search(rest[: status.start()]))
    return not (name or field)


def _outcome(life: _Life, status: re.Match[str], dsn: re.Match[str] | None) -> None:
    state, bracketed, plain, reply, sendmail = status.groups()
    if state == "sent" or (sendmail and sendmail.startswith("Sent")):
        life.passed = True
    elif state in ("bounced", "expired", "force-expired"):
        life.fate = Fate(bracketed or plain or state, dsn[1] if dsn else "4.4.7")
    elif sendmail and not sendmail.startswith(_WAITS):
        life.fate = Fate(reply or sendmail, dsn[1] if dsn else "")


def _exim(life: _Life, found: re.Match[str]) -> bool:
    """Take in what Exim said of a message. Return whether that was the end of it."""
    _, mark, rest = found.groups()
    match mark:
        case "<=":
            name = _EXIM_NAME.search(rest)
            life.taken = True
            life.names |= {f"<{name[1]}>"} if name else set()
        case "**":
            life.fate = Fate(rest.partition(": ")[2] or rest.strip())
        case "Completed":
            return True
        case _:
            life.passed = True
    return False


def _sayings(lines: Iterable[str]) -> Iterator[str]:
    """Yield what each record of a log says, as it stands and without the date, host and program in front."""
    for line in _whole(lines):
        said = _of_json(line) if line.startswith("{") else line.removeprefix("MESSAGE=")
        yield said
        if found := _TAG_5424.fullmatch(said) or _TAG.fullmatch(said):
            yield found[1]


def _whole(lines: Iterable[str]) -> Iterator[str]:
    """Yield lines unfolded: what begins with a space goes on with the line above."""
    whole = ""
    for raw in lines:
        line = raw[:LONGEST].rstrip()
        if line[:1] in (" ", "\t") and whole:
            whole = f"{whole} {line.lstrip()}"[:LONGEST]
            continue
        if whole:
            yield whole
        whole = line
    if whole:
        yield whole


def _of_json(line: str) -> str:
    """Return the message of a record as `journalctl -o json`, Docker or a log shipper writes it, or ""."""
    try:
        record = json.loads(line)
        said = next((record[name] for name in _MESSAGE if name in record), "")
    except (ValueError, RecursionError, TypeError):
        return ""
    # What is not UTF-8 stands there as a list of bytes.
    if isinstance(said, list):
        return bytes(each for each in said if isinstance(each, int) and 0 <= each < 256).decode("utf-8", "replace")
    return said.rstrip() if isinstance(said, str) else ""
