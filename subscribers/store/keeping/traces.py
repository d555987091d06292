"""Leave no trace of what was erased: not in the log, and not in corners of the file where SQLite left a copy.

SQLite's secure_delete overwrites a row that goes. When a page splits, an older copy of a row can stay behind in
the free part of a page, where no statement reaches it: only the bytes tell. Then the file is written anew.
"""

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

from subscribers.address import naming
from subscribers.errors import LockedError
from subscribers.model import Address
from subscribers.store.file.open import connect

#: How much of the file is looked at in one go, in bytes.
_CHUNK = 1 << 22


def scrub(connection: sqlite3.Connection) -> None:
    """Move what was erased out of the write-ahead log too, outside of any transaction.

    Raise LockedError if another program is reading at this moment: the erasure itself stands.
    """
    busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        remedy = "run the same command again when nothing else is running"
        raise LockedError("erased, but another program still reads an older state of the file", remedy=remedy)


def clean(path: Path, address: Address) -> bool:
    """See that no byte of *address* is left in the file; write it anew if one is. Return whether that was needed.

    No connection of this process may be open: see `subscribers.store.file.open` on locks. Raise as `scrub` does.
    """
    words = {word.encode().lower() for word in (address.typed, address.canonical)}
    if not _holds(path, words):
        return False
    connection = connect(path)
    try:
        connection.execute("VACUUM")
        scrub(connection)
    finally:
        connection.close()
    return True


def elsewhere(connection: sqlite3.Connection, address: Address) -> Iterator[tuple[str, str]]:
    """Yield where what is known of somebody else names *address*: whose that is, and the field.

    The field is ``name``, an attribute, or ``consent`` for a line of their ledger, which cannot be changed.
    """
    named = re.compile(naming(address))
    words = {"typed": address.typed.lower(), "canonical": address.canonical.lower()}
    told = "(instr(lower({0}), :typed) OR instr(lower({0}), :canonical))"
    rows = connection.execute(
        f"""SELECT email, name, attributes FROM subscribers
            WHERE status = 'active' AND {told.format("name || ' ' || attributes")} ORDER BY id""",  # noqa: S608
        words,
    )
    for row in rows.fetchall():
        fields = {"name": row["name"], **json.loads(row["attributes"])}
        yield from ((row["email"], key) for key, value in fields.items() if named.search(str(value).lower()))
    rows = connection.execute(
        f"""SELECT s.email, c.source || ' ' || c.wording
            FROM consents c JOIN subscribers s ON s.id = c.subscriber_id
            WHERE s.status = 'active' AND {told.format("c.source || ' ' || c.wording")} ORDER BY c.id""",  # noqa: S608
        words,
    )
    yield from dict.fromkeys((row[0], "consent") for row in rows.fetchall() if named.search(row[1].lower()))


def _holds(path: Path, words: Iterable[bytes]) -> bool:
    """Whether the file, or its log, holds one of *words* (in small letters), in whatever case of ASCII letters."""
    overlap = max(map(len, words))
    for file in (path, path.with_name(f"{path.name}-wal")):
        if not file.exists():
            continue
        with file.open("rb") as opened:
            rest = b""
            while chunk := opened.read(_CHUNK):
                seen = rest + chunk.lower()
                if any(word in seen for word in words):
                    return True
                rest = seen[-overlap:]
    return False
